from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

# below it (%), the share of common wording explains nothing by itself
TELLING_SIMILARITY = 30

from ...tools import listed


class QualityComplaintRepeat(models.Model):
    """An earlier complaint that a complaint may repeat: proposed with its evidence,
    then linked or dismissed by a person.

    Proposals are made by `repeat/search.py`.
    """

    _name = "quality.complaint.repeat"
    _description = "Possible Repeat"
    _inherit = ["quality.complaint.guarded"]
    _order = "score desc, id desc"
    _rec_name = "explanation"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        fixed=True,
    )
    other_id = fields.Many2one(
        "quality.complaint",
        "Earlier Complaint",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        fixed=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    received_on = fields.Datetime(related="complaint_id.received_on")
    state = fields.Selection(
        [
            ("proposed", "To decide"),
            ("linked", "Same trouble"),
            ("dismissed", "Another trouble"),
        ],
        "Decision",
        default="proposed",
        required=True,
        readonly=True,
        index=True,
        guarded=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, guarded=True)
    decided_on = fields.Datetime(readonly=True, guarded=True)

    # --- evidence
    score = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="How likely it is the same trouble, 0 to 100.",
    )
    same_product = fields.Boolean(readonly=True)
    same_family = fields.Boolean(
        "Same Product Family",
        readonly=True,
        help="The same product category, or variants of one product.",
    )
    same_lot = fields.Boolean(readonly=True)
    same_supplier_lot = fields.Boolean(
        readonly=True, help="Lots of the same lot of the supplier."
    )
    same_defect = fields.Boolean(readonly=True)
    same_cause = fields.Boolean(readonly=True)
    text_similarity = fields.Integer(
        "Same Wording (%)", readonly=True, aggregator="avg", help="100: the same text."
    )
    symptoms = fields.Char(
        "Symptoms Both Name", readonly=True, help="Ids of symptoms, by commas."
    )
    other_words = fields.Boolean("Like Trouble in Other Words", readonly=True)
    explanation = fields.Char(
        "Why", compute="_compute_explanation", help="The evidence in words."
    )

    # --- the earlier complaint, as far as the user may see it
    other_partner_id = fields.Many2one(
        "res.partner", "Customer (Earlier)", compute="_compute_other"
    )
    other_received_on = fields.Datetime(
        "Received On (Earlier)", compute="_compute_other"
    )
    other_state = fields.Selection(
        selection="_selection_state",
        string="Status (Earlier)",
        compute="_compute_other",
    )
    other_description = fields.Text("What Happened (Earlier)", compute="_compute_other")

    _pair_uniq = models.Constraint(
        "UNIQUE (complaint_id, other_id)", "This earlier complaint is listed already."
    )
    _pair_order = models.Constraint(
        "CHECK (complaint_id <> other_id)", "A complaint does not repeat itself."
    )

    # === compute ===

    @api.model
    def _selection_state(self):
        return (
            self.env["quality.complaint"]
            ._fields["state"]
            ._description_selection(self.env)
        )

    @api.depends(
        "same_product",
        "same_family",
        "same_lot",
        "same_supplier_lot",
        "same_defect",
        "same_cause",
        "text_similarity",
        "symptoms",
        "other_words",
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        for repeat in self:
            repeat.explanation = listed(
                self.env.lang, repeat._get_evidence(), ","
            ) or self.env._("found by a person")

    def _get_evidence(self):
        """:return: list of translated phrases, the strongest first"""
        self.ensure_one()
        found = []
        if self.same_lot:
            found.append(self.env._("same lot"))
        if self.same_supplier_lot:
            found.append(self.env._("same supplier lot"))
        if self.same_product and not self.same_lot:
            found.append(self.env._("same product"))
        elif self.same_family and not self.same_lot:
            found.append(self.env._("same product family"))
        if self.same_defect:
            found.append(self.env._("same defect"))
        if self.same_cause:
            found.append(self.env._("same cause"))
        named = self._common_symptoms()
        if self.text_similarity == 100:
            found.append(self.env._("same text"))
        elif named:
            text = format_list(self.env, [f"“{name}”" for name in named])
            found.append(
                self.env._(
                    "both name %(symptoms)s, wording %(percent)s %% alike",
                    symptoms=text,
                    percent=self.text_similarity,
                )
                if self.text_similarity >= TELLING_SIMILARITY
                else self.env._("both name %s", text)
            )
        elif self.other_words:
            found.append(self.env._("a similar trouble in other words"))
        elif self.text_similarity >= TELLING_SIMILARITY:
            found.append(self.env._("wording %s %% alike", self.text_similarity))
        return found

    def _common_symptoms(self):
        """:return: names of the symptoms both texts name"""
        ids = [int(part) for part in (self.symptoms or "").split(",") if part]
        terms = (
            self.env["quality.complaint.term"].sudo().with_context(active_test=False)
        )  # sudo: words for everybody
        return terms.search([("id", "in", ids)]).mapped("name")

    @api.depends_context("uid")
    @api.depends(
        "other_id.partner_id",
        "other_id.received_on",
        "other_id.state",
        "other_id.description",
    )
    def _compute_other(self):
        readable = self.other_id._filtered_access("read")
        for repeat in self:
            other = (
                repeat.other_id
                if repeat.other_id in readable
                else repeat.other_id.browse()
            )
            repeat.other_partner_id = other.partner_id
            repeat.other_received_on = other.received_on
            repeat.other_state = other.state
            repeat.other_description = other.description

    @api.depends("complaint_id.name", "other_id.name")
    def _compute_display_name(self):
        for repeat in self.sudo():  # sudo: the numbers of both
            repeat.display_name = " ⟳ ".join(
                filter(
                    None,
                    (repeat.complaint_id.display_name, repeat.other_id.display_name),
                )
            )

    # === deciding ===

    def action_link(self):
        """It is the same trouble: the earlier complaint counts."""
        return self._decide("linked")

    def action_dismiss(self):
        """It is another trouble: the earlier complaint does not count, and is not
        proposed again.
        """
        return self._decide("dismissed")

    def action_undo(self):
        """Take the decision back."""
        return self._decide("proposed")

    def _decide(self, state):
        """
        :raise AccessError: the user may not change the complaint, or not read the
            earlier one
        """
        self._check_may_decide()
        decided = state != "proposed"
        # sudo: rows are written by these buttons only, the rights on the complaints
        # were checked
        rows = self.sudo()
        rows._advance(
            {
                "state": state,
                "decided_by_id": self.env.uid if decided else False,
                "decided_on": fields.Datetime.now() if decided else False,
            }
        )
        for complaint, decisions in rows.grouped("complaint_id").items():
            if decided:
                names = format_list(self.env, decisions.other_id.mapped("display_name"))
                text = (
                    self.env._("The same trouble as %s.", names)
                    if state == "linked"
                    else self.env._("Not the same trouble as %s.", names)
                )
                complaint.message_post(body=text)
        rows.complaint_id._recount_repeats()
        # decided while a complaint is closed: the dialog stays
        dialog = (
            self.env["quality.complaint.close"]
            .browse(self.env.context.get("complaint_close_id"))
            .exists()
        )
        return dialog._show() if dialog else True

    def _check_may_decide(self):
        self.complaint_id.check_access("write")
        self.other_id.check_access("read")

    def action_merge_8d(self):
        """Handle both complaints in one 8D report; an untouched report of one of them
        makes way.

        :return: the action that opens the report
        :raise UserError: both have a report somebody has worked on, or one that is
            finished
        """
        self.ensure_one()
        self._check_may_decide()
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        ):
            raise AccessError(
                self.env._(
                    "An 8D report is started by a complaint officer or a quality "
                    "engineer."
                )
            )
        row = (
            self.sudo()
        )  # sudo: officers start reports, quality engineers work on them
        report = row._shared_8d()
        if not report:
            report = (row.other_id | row.complaint_id)._create_8d()
        else:
            (row.other_id | row.complaint_id).filtered(
                lambda complaint: complaint._covering_8d() != report
            )._join_8d(report)
        if self.state != "linked":
            self._decide("linked")
        return report.sudo(False)._open()  # sudo: back to the user's rights

    def _shared_8d(self):
        """:return: the open report both complaints are to be handled in; an empty one
        when neither has any
        """
        earlier, later = (
            complaint._covering_8d().filtered(lambda report: report.state == "open")
            for complaint in (self.other_id, self.complaint_id)
        )
        if not earlier or not later or earlier == later:
            return earlier or later
        if (
            self.complaint_id.eight_d_id == later
            and self.complaint_id._own_8d_untouched()
        ):
            return earlier
        if self.other_id.eight_d_id == earlier and self.other_id._own_8d_untouched():
            return later
        raise UserError(
            self.env._(
                "%(complaint)s is handled in %(report)s, %(other)s in "
                "%(other_report)s: both are being worked on. Take one complaint out "
                "of its report first.",
                complaint=self.complaint_id.display_name,
                report=later.name,
                other=self.other_id.display_name,
                other_report=earlier.name,
            )
        )
