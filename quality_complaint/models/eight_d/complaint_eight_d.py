from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import listed


class QualityComplaint(models.Model):
    """The 8D report of a complaint: when one is needed, started from it, shared with
    other complaints of the same trouble.
    """

    _inherit = "quality.complaint"

    eight_d_issue_ids = fields.One2many(
        "quality.8d.issue", "complaint_id", "Issued 8D Reports", readonly=True
    )
    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        guarded=True,
    )
    eight_d_told_id = fields.Many2one(
        "quality.8d",
        "8D Report Told Of",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Open report of the same trouble that people were told of, once.",
        guarded=True,
    )
    needs_8d = fields.Boolean(
        "8D Needed",
        compute="_compute_needs_8d",
        help="By the severity, or because the same trouble came again.",
    )
    eight_d_state = fields.Selection(
        related="eight_d_id.state",
        string="8D Status",
        related_sudo=True,
        tracking=False,
    )

    @api.depends(
        "severity_id", "repeat_rank", "policy_id", "state", "parent_id.eight_d_id"
    )
    def _compute_needs_8d(self):
        for complaint in self:
            policy = (
                complaint.policy_id.sudo()
            )  # sudo: rules of the policy hold for everybody
            nth = policy.repeat_8d_from
            repeated = bool(nth and complaint.repeat_rank >= nth)
            live = (
                complaint.state not in ("new", "cancelled")
                and complaint.type_id.uses_severity
            )
            complaint.needs_8d = live and (
                complaint.severity_id.sudo().needs_8d or repeated
            )  # sudo: as above

    def _covering_8d(self):
        """The report that covers a complaint: its own, or that of its batch case."""
        self.ensure_one()
        complaint = self.sudo()  # sudo: whether there is one
        reports = complaint.eight_d_id | complaint.parent_id.eight_d_id
        return (
            reports.filtered(lambda report: report.state != "cancelled")[:1]
            or reports[:1]
        )

    # === start, join, leave ===

    def action_start_8d(self):
        """Start the 8D report of these complaints and open it.

        :raise UserError: one of them has a report already
        """
        self.check_access("write")
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        ):
            raise AccessError(
                self.env._(
                    "An 8D report is started by a complaint officer or a quality "
                    "engineer."
                )
            )
        # sudo: officers start reports, quality engineers work on them
        return (
            self.sudo()._create_8d().sudo(False)._open()
        )  # sudo: back to the user's rights

    def action_open_8d(self):
        """Open the report."""
        self.ensure_one()
        return (
            self._covering_8d().sudo(False)._open()
        )  # sudo: opened with the rights of the user

    def _check_may_join(self):
        for complaint in self:
            if complaint.state in ("new", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is a draft or cancelled: it has no 8D report.",
                        complaint.display_name,
                    )
                )
            if complaint.eight_d_id and not complaint._own_8d_untouched():
                # sudo: its number only
                raise UserError(
                    self.env._(
                        "%(complaint)s has the report %(report)s already.",
                        complaint=complaint.display_name,
                        report=complaint.eight_d_id.sudo().name,
                    )
                )

    def _own_8d_untouched(self):
        """Its report serves no other complaint, and nobody has worked on it: it may
        make way.
        """
        report = self.sudo().eight_d_id  # sudo: as in `_covering_8d`
        rows = (
            report.step_ids.filtered("done_on")
            or report.node_ids
            or report.action_ids
            or report.member_ids
            or report.containment_ids
            or report.isnot_ids._filled()
            or report.readacross_ids
            or report.document_ids.filtered(
                lambda row: row.document or row.reason or row.decision != "open"
            )
        )
        worked = rows or any(
            report[name]
            for name in (
                "stop_ship",
                "how_many",
                "specification",
                "actual",
                "who_found",
                "how_found",
                "why_problem",
                "lessons",
            )
        )
        alone = report.complaint_ids == self.sudo()  # sudo: as above
        return report.state == "cancelled" or (
            report.state == "open" and alone and not worked
        )

    def _create_8d(self):
        """A new 8D report for these complaints.

        :return: the `quality.8d`
        :raise UserError: several companies, or one of them has a report already
        """
        if len(self.company_id) != 1:
            raise UserError(
                self.env._(
                    "An 8D report belongs to one company: choose complaints of the "
                    "same one."
                )
            )
        # locked, so that two clicks make one report
        self._claim()
        self.invalidate_recordset(["eight_d_id"])
        first = self.sorted("id")[:1]
        for complaint in self.filtered(
            lambda complaint: complaint.sudo().eight_d_id.state == "open"
        ):  # sudo: whether there is one
            raise UserError(
                # sudo: its number only
                self.env._(
                    "%(complaint)s has the report %(report)s already.",
                    complaint=complaint.display_name,
                    report=complaint.sudo().eight_d_id.name,
                )
            )
        report = self.env["quality.8d"].create(first._prepare_8d_vals())
        self._join_8d(report)
        return report

    def _prepare_8d_vals(self):
        self.ensure_one()
        product = self.product_id.display_name
        subject = ": ".join(
            filter(
                None,
                (
                    product,
                    self.defect_id.name
                    or (self.description or "").strip().split("\n")[0][:80],
                ),
            )
        )
        return {
            "subject": subject or self.display_name,
            "company_id": self.company_id.id,
            "policy_id": self.policy_id.id,
            "team_id": self.team_id.id,
            # sudo: its time limits
            "variant_id": self.commercial_partner_id.sudo().eight_d_variant_id.id,
            "responsible_id": self.responsible_id.id,
            "leader_id": self.user_id.id
            if self.user_id
            and self.user_id.has_group(
                "quality_complaint.group_quality_complaint_quality"
            )
            else False,
            "what": self.description,
            "when_found": fields.Date.to_string(
                fields.Date.context_today(self, self.received_on)
            ),
            "where_found": dict(
                self._fields["found_at"]._description_selection(self.env)
            ).get(self.found_at)
            or self.usage_scene,
            "reference_id": self.repeat_of_id.sudo()
            .eight_d_id.filtered(lambda report: report.state == "closed")
            .id,  # sudo: its number only
        }

    def _join_8d(self, report):
        """Handle these complaints in a report; an untouched report of their own is
        cancelled.

        :param report: one open `quality.8d`
        :raise UserError: another company, a finished report, or a report of their own
            somebody has worked on
        """
        if report.state != "open":
            raise UserError(
                self.env._(
                    "%s is finished. Start a new report, or reopen it.",
                    report.display_name,
                )
            )
        if self.company_id - report.company_id:
            raise UserError(
                self.env._("%s belongs to another company.", report.display_name)
            )
        joining = self.filtered(lambda complaint: complaint.eight_d_id != report)
        joining._check_may_join()
        for complaint in joining:
            left = complaint.sudo().eight_d_id  # sudo: an empty report makes way
            complaint._advance({"eight_d_id": report.id})
            if left.state == "open":
                left.action_cancel(self.env._("Handled in %s.", report.name))
            # sudo: its actions go with it, whoever joins
            complaint.sudo().action_ids.filtered("eight_d_id")._advance(
                {"eight_d_id": report.id, "node_id": False}
            )
            complaint.message_post(
                body=self.env._("Handled in the 8D report %s.", report.name)
            )
        joining.sudo()._follow_containment(report)  # sudo: as above

    def _follow_containment(self, report):
        """D3 is closed already: complaints about the same lots are contained, others
        open it again.
        """
        step = report._step("D3")
        if not step.done_on:
            return
        for complaint in self:
            new = complaint.line_ids.lot_id - report.containment_ids.lot_id
            if new and report.containment_ids:
                names = listed(self.env.lang, new.mapped("name"))
                report._reopen_from(
                    "D3",
                    self.env._(
                        "%(complaint)s brings other lots: %(lots)s",
                        complaint=complaint.name,
                        lots=names,
                    ),
                )
        if step.done_on:
            self._learn_contained(report)

    def _learn_contained(self, report):
        """The containment of a report is a step of its complaints, and of those in its
        batch cases.

        :param report: the `quality.8d` whose D3 is closed
        """
        (self | self.child_ids).filtered(
            lambda complaint: complaint.state not in ("new", "closed", "cancelled")
        )._reach("contained", source=report)

    def _leave_8d(self):
        """Take the complaints out of their open report."""
        for complaint in self:
            complaint.eight_d_id._check_changeable(False)
            if complaint.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is finished: its report belongs to its file.",
                        complaint.display_name,
                    )
                )
            name = complaint.eight_d_id.name
            # sudo: what is done for this complaint stays its own
            complaint.sudo().action_ids.filtered("eight_d_id")._advance(
                {"eight_d_id": False, "node_id": False}
            )
            complaint._advance({"eight_d_id": False})
            complaint.message_post(
                body=self.env._("No longer handled in the 8D report %s.", name)
            )

    def _start_needed_8d(self):
        """Start the reports that severity or repetition ask for; where the earlier
        complaint has an open one, people decide.
        """
        for (
            complaint
        ) in self.sudo():  # sudo: what the policy asks for is started whoever registers
            covered = complaint._covering_8d()
            if (
                not complaint.needs_8d
                or (covered and covered.state != "cancelled")
                or complaint.parent_id
            ):
                continue  # complaints of a batch case share its report
            same = complaint.repeat_of_id.eight_d_id.filtered(
                lambda report: report.state == "open"
            )
            if same and same == complaint.eight_d_told_id:
                continue
            if same:
                complaint._advance({"eight_d_told_id": same.id})
                complaint.message_post(
                    body=self.env._(
                        "An 8D report is needed. The same trouble is handled in %s: "
                        "join it, or start another one.",
                        same.name,
                    )
                )
            else:
                complaint._create_8d()

    def _take_over_causes(self, report):
        """The root causes of the report are written into complaints that are being
        investigated, where nobody has written anything.

        :param report: the `quality.8d` whose causes are verified
        """
        texts = {
            "root_cause": report._roots("occurrence"),
            "escape_cause": report._roots("escape"),
            "cause_id": report._roots("occurrence").cause_id[:1],
        }
        for complaint in self.filtered(
            lambda complaint: complaint.state in ("registered", "investigating")
        ):
            vals = {
                name: value.id
                if name == "cause_id"
                else "\n".join(value.mapped("name"))
                for name, value in texts.items()
                if value and not complaint[name]
            }
            if vals:
                complaint.write(vals)

    # === cancelled, reopened, closed ===

    def _cancel_untouched_8d(self):
        """A report that nobody has worked on goes with its complaint."""
        for (
            complaint
        ) in self.sudo():  # sudo: the report is cancelled whoever may open it
            report = complaint.eight_d_id
            if report.state == "open" and complaint._own_8d_untouched():
                report.action_cancel(self.env._("%s is cancelled.", complaint.name))

    def _reopen_8d(self, reason):
        """A report that was closed has to be closed again: the customer says that the
        trouble is not gone.
        """
        for complaint in self.sudo().filtered(
            lambda complaint: complaint.needs_8d
        ):  # sudo: as above
            report = complaint._covering_8d()
            if report.state == "closed":
                report._reopen_from(
                    "D8",
                    self.env._(
                        "%(complaint)s reopened: %(reason)s",
                        complaint=complaint.name,
                        reason=reason,
                    ),
                )

    def _8d_ends(self):
        """The 8D report as in `_get_open_ends`."""
        report = self._covering_8d() if self.needs_8d else self.env["quality.8d"]
        if self.needs_8d and (not report or report.state == "cancelled"):
            return [
                (
                    self.env._(
                        "the 8D report, which this severity or the repetition asks for"
                    ),
                    None,
                )
            ]
        if report and report.state != "closed":
            return [
                (self.env._("8D report %s", report.display_name), report.sudo(False))
            ]  # sudo: it was looked up with all rights
        return []
