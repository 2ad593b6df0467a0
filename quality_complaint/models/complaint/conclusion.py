from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ...tools import Missing, says_nothing

# what a batch case decides for the complaints in it
SHARED_CONCLUSION = (
    "validity",
    "validity_reason",
    "explanation",
    "cause_id",
    "root_cause",
    "escape_cause",
    "responsible_id",
    "responsible_evidence",
)
USERS = "quality_complaint.group_quality_complaint_user"
# responsible parties that are not ours
OTHERS = ("carrier", "customer", "none")


class QualityComplaint(models.Model):
    """The conclusion of the investigations: valid or not, why it occurred and escaped,
    who is at fault, with evidence.

    Not ours: the evidence and an explanation for the customer are mandatory (R1).
    Nothing to investigate: only with reason and name (R7, ISO 13485 8.2.2).
    A batch case concludes for all complaints in it.
    """

    _inherit = "quality.complaint"

    explanation = fields.Text(
        "Explanation to the Customer",
        copy=False,
        help=(
            "Why it is not ours, in words for the customer; printed in the reply. "
            "Evidence belongs into its own field."
        ),
    )
    escape_cause = fields.Text(
        "Why It Escaped",
        copy=False,
        groups=USERS,
        help="Why it was not found before it left us (non-detection).",
    )
    responsible_evidence = fields.Text(
        "Evidence of Responsibility",
        copy=False,
        groups=USERS,
        help="What shows that this party is at fault.",
    )
    needs_explanation = fields.Boolean(
        compute="_compute_needs_explanation",
        help="Not ours: evidence and explanation are needed.",
    )
    risk_input = fields.Text("Input to Risk Management", copy=False, groups=USERS)
    design_input = fields.Text("Input to Design Change", copy=False, groups=USERS)
    review_input = fields.Text("Input to Management Review", copy=False, groups=USERS)

    # --- not investigated
    not_investigated_reason = fields.Text(
        "Why Not Investigated", readonly=True, copy=False, guarded=True
    )
    not_investigated_by_id = fields.Many2one(
        "res.users",
        "Not Investigated Decided By",
        readonly=True,
        copy=False,
        guarded=True,
    )
    not_investigated_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    not_investigated_round = fields.Integer(readonly=True, copy=False, guarded=True)
    similar_id = fields.Many2one(
        "quality.complaint",
        "Similar Complaint Investigated",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        guarded=True,
    )

    @api.depends("validity", "responsible_id.kind")
    def _compute_needs_explanation(self):
        for complaint in self:
            complaint.needs_explanation = (
                complaint.validity == "invalid"
                or complaint.responsible_id.kind in OTHERS
            )

    def _conclusions(self):
        """What the conclusion says so far, as conditions of policies ask for it.

        :return: set of `valid`, `ours`, `not_ours`; empty while nobody has judged
        """
        self.ensure_one()
        if self.validity == "invalid" or self.responsible_id.kind in OTHERS:
            return {"not_ours"} | ({"valid"} if self.validity == "valid" else set())
        if self.validity != "valid":
            return set()
        return {"valid", "ours"} if self.responsible_id else {"valid"}

    # === what is missing ===

    def _missing_investigation(self):
        """What is missing of the investigations of this round; a batch case
        investigates for its complaints.
        """
        # sudo: the investigation of the case counts for those who see only their
        # complaint
        case = self.sudo().parent_id
        if self._is_not_investigated() or (case and case._is_not_investigated()):
            return []
        own = self.investigation_ids.filtered(lambda row: row.round == self.round)
        shared = case.investigation_ids.filtered("done_on").sudo(False)
        missing = []
        if not (own | shared):
            missing.append(
                Missing(
                    self.env._("a finished investigation with its result"),
                    "investigation_ids",
                )
            )
        missing += [
            Missing(
                self.env._("the result of the investigation “%s”", row.display_name),
                "investigation_ids",
            )
            for row in own.filtered(lambda row: not row.done_on)
        ]
        if self._needs_team() and not case and not own.filtered("team_named_on"):
            missing.append(
                Missing(
                    self.env._("the team of the investigation (“Name team”)"),
                    "investigation_ids",
                )
            )
        return missing

    # === not investigated ===

    def _is_not_investigated(self):
        """Somebody has decided that there is nothing to investigate in this round."""
        self.ensure_one()
        return (
            bool(self.not_investigated_on) and self.not_investigated_round == self.round
        )

    def _begun_investigations(self):
        """Those of this round on which somebody has worked."""
        self.ensure_one()
        return self.investigation_ids.filtered(
            lambda row: row.round == self.round and not row._is_untouched()
        )

    def action_open_skip_investigation(self):
        return self._open_reason("skip_investigation", self.env._("Do Not Investigate"))

    def action_skip_investigation(self, reason, similar=None):
        """Decide that there is nothing to investigate; the user answers for it with
        their name.

        :param str reason: mandatory
        :param similar: the `quality.complaint` that was investigated and shows the
            same, optional
        :raise UserError: no reason, work on an investigation has begun, or the similar
            complaint has no finished investigation
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_state("registered", "investigating")
            if not self.env.su and not self.env.user.has_group(
                "quality_complaint.group_quality_complaint_officer"
            ):
                raise UserError(
                    self.env._(
                        "Only a complaint officer can decide that %s is not "
                        "investigated.",
                        complaint.display_name,
                    )
                )
            complaint._refuse(
                self.env._(
                    "%(complaint)s cannot go on without an investigation yet. Still "
                    "missing: %(missing)s."
                ),
                [self.env._("a reason")] if says_nothing(reason) else [],
            )
            if similar and (
                similar == complaint
                or not similar.sudo().investigation_ids.filtered("done_on")
            ):  # sudo: only whether there is one
                raise UserError(
                    self.env._(
                        "%s has no finished investigation to refer to.",
                        similar.display_name,
                    )
                )
            begun = complaint._begun_investigations()
            if begun:
                raise UserError(
                    self.env._(
                        "The investigation has begun: finish or delete %s first.",
                        format_list(self.env, begun.mapped("display_name")),
                    )
                )
            complaint.investigation_ids.filtered(
                lambda row, c=complaint: row.round == c.round
            ).sudo().unlink()  # sudo: empty ones; handlers may not delete
            complaint._advance(
                {
                    "state": "investigating",
                    "not_investigated_reason": reason,
                    "not_investigated_by_id": self.env.uid,
                    "not_investigated_on": fields.Datetime.now(),
                    "not_investigated_round": complaint.round,
                    "similar_id": similar.id if similar else False,
                }
            )
            complaint._reach("not_investigated")
            # sudo: what will not happen is not due any more
            rows = complaint.sudo().deadline_ids.filtered(
                lambda row: (
                    row.milestone_code == "investigation_started"
                    and row.state in ("running", "paused")
                )
            )
            rows._cancel()
            complaint.message_post(
                body=self.env._(
                    "Not investigated: %(reason)s %(similar)s",
                    reason=reason,
                    similar=f"({similar.name})" if similar else "",
                )
            )
        return True

    # === batch case ===

    def action_add_customers(self):
        """More customers who got the lot of a batch case, from the stock moves."""
        self.ensure_one()
        self.check_access("write")
        return self.env["quality.complaint.batch"]._get_records_action(
            name=self.env._("Add Customers"),
            target="new",
            context={
                "default_parent_id": self.id,
                "default_recall_id": self.recall_id.id,
                "default_lot_id": not self.recall_id and self.lot_id.id,
                "default_description": self.description,
                "default_defect_id": self.defect_id.id,
            },
        )

    def _conclude_children(self):
        """Hand the conclusion of a batch case to its complaints: those nobody
        investigates on their own are concluded with it.
        """
        for parent in self:
            shared = {
                name: self._fields[name].convert_to_write(parent[name], parent)
                for name in SHARED_CONCLUSION
            }
            # sudo: whoever concludes the case concludes for customers of other
            # handlers, too
            children = parent.sudo().child_ids.filtered(
                lambda child: (
                    child.state in ("registered", "investigating")
                    and child.validity == "unknown"
                )
            )
            children.write(shared)
            left = children.browse()
            for child in children:
                own = child.investigation_ids.filtered(
                    lambda row, c=child: row.round == c.round and not row.done_on
                )
                own.filtered(lambda row: row._is_untouched()).unlink()
                if child.state == "registered":
                    child._advance({"state": "investigating"})
                    child._reach("investigation_started", source=parent)
                if child._missing_to_conclude():
                    left |= child
                    continue
                child._advance({"state": "planning"})
                child._reach("concluded", source=parent)
            for child in children - left:
                child.message_post(
                    body=self.env._(
                        "Concluded with the batch case %s.", parent.display_name
                    )
                )
            for child in left:
                parent.message_post(
                    body=self.env._(
                        "%(complaint)s got the conclusion but waits for: %(missing)s.",
                        complaint=child.display_name,
                        missing=format_list(self.env, child._missing_to_conclude()),
                    )
                )

    def _check_conclusion_open(self, vals):
        """
        :raise UserError: the customer was told what would be changed
        """
        answered = self.filtered(
            lambda c: (
                c.state in ("replied", "closed", "cancelled")
                and "concluded" in c._reached_codes()
            )
        )
        self._lock_fields(vals, set(SHARED_CONCLUSION), answered)

    def _missing_conclusion(self):
        """What the conclusion itself lacks, as in `_missing_to_conclude`."""
        missing = self._missing_investigation()
        if self.validity == "unknown":
            missing.append(
                Missing(self.env._("whether the complaint is valid"), "validity")
            )
        if not self.cause_id:
            missing.append(Missing(self.env._("the cause"), "cause_id"))
        if not self.responsible_id:
            missing.append(
                Missing(self.env._("the responsible party"), "responsible_id")
            )
        if self.needs_explanation and not (
            self.responsible_evidence
            if self.validity == "valid"
            else self.validity_reason
        ):
            missing.append(
                Missing(
                    self.env._("the evidence that it is not ours"),
                    "responsible_evidence"
                    if self.validity == "valid"
                    else "validity_reason",
                )
            )
        if self.needs_explanation and not self.explanation:
            missing.append(
                Missing(
                    self.env._("the explanation to the customer why it is not ours"),
                    "explanation",
                )
            )
        # sudo: the question about injuries is guarded by a field group
        if self.policy_id.ask_serious_event and self.sudo().serious_event == "unknown":
            missing.append(
                self.env._("the customer's answer on serious injury or death")
            )
        return missing
