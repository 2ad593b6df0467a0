from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed


class Quality8dPart(models.AbstractModel):
    """A row of an 8D report: it belongs to the file as soon as its step is done."""

    _name = "quality.8d.part"
    _description = "Part of an 8D Report"
    _inherit = "quality.complaint.guarded"
    # the step a row belongs to
    _step = None

    eight_d_id = fields.Many2one(
        "quality.8d", "8D Report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="eight_d_id.company_id", store=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        # before: who is in a team may do more afterwards than he might to put himself
        # there
        default = self.env.context.get("default_eight_d_id")
        vals_list = [{"eight_d_id": default, **vals} for vals in vals_list]
        self.env["quality.8d"].browse(
            {vals["eight_d_id"] for vals in vals_list} - {None, False}
        ).check_access("write")
        parts = super().create(vals_list)
        parts._check_open_step()
        return parts

    def write(self, vals):
        if "eight_d_id" in vals:
            raise UserError(
                self.env._(
                    "%s: what belongs to an 8D report stays there.",
                    listed(self.env.lang, self.eight_d_id.mapped("display_name")),
                )
            )
        self._check_open_step()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_from_open_steps(self):
        self._check_open_step()

    def _check_open_step(self):
        """
        :raise UserError: the step these rows belong to is done, or the report is closed
        """
        for report in self.eight_d_id:
            report._check_changeable(self._step)


class Quality8dMember(models.Model):
    """Somebody in the team of an 8D report (D1)."""

    _name = "quality.8d.member"
    _description = "Member of an 8D Team"
    _inherit = ["quality.8d.part", "quality.complaint.team.member"]
    _order = "eight_d_id, sequence, id"
    _check_company_auto = True
    _step = "D1"
    _team_of = "eight_d_id"

    function = fields.Char()
    phone = fields.Char(
        compute="_compute_phone", store=True, readonly=False, precompute=True
    )
    may_write = fields.Boolean(
        default=True, help="May fill in the report; otherwise reads it."
    )

    @api.depends("user_id")
    def _compute_phone(self):
        for member in self:
            member.phone = member.user_id.phone or member.phone


ASPECTS = [
    ("what", "What"),
    ("where", "Where"),
    ("when", "When"),
    ("extent", "How much"),
]


class Quality8dIsNot(models.Model):
    """What the problem is and what it could be but is not (D2)."""

    _name = "quality.8d.isnot"
    _description = "Is and Is Not"
    _rec_name = "aspect"
    _inherit = ["quality.8d.part"]
    _order = "eight_d_id, sequence, id"
    _step = "D2"

    sequence = fields.Integer(default=10)
    aspect = fields.Selection(
        ASPECTS,
        required=True,
        default="what",
    )
    is_text = fields.Char("Is")
    is_not_text = fields.Char("Is Not")
    distinction = fields.Char(help="What is different where it is; what changed.")

    @api.depends("aspect", "is_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        aspects = dict(self._fields["aspect"]._description_selection(self.env))
        for row in self:
            row.display_name = listed(
                self.env.lang, (aspects.get(row.aspect), row.is_text), ":"
            )

    def _filled(self):
        """Every report asks for the four aspects: those that were answered."""
        return self.filtered(
            lambda row: row.is_text or row.is_not_text or row.distinction
        )


class Quality8dDocument(models.Model):
    """A document brought up to date (D7), or why it need not be."""

    _name = "quality.8d.document"
    _description = "Document Updated by an 8D Report"
    _inherit = ["quality.8d.part"]
    _order = "eight_d_id, sequence, id"
    _step = "D7"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("pfmea", "Process FMEA"),
            ("dfmea", "Design FMEA"),
            ("control_plan", "Control plan"),
            ("instruction", "Work instruction"),
            ("inspection", "Inspection standard"),
            ("drawing", "Drawing"),
            ("other", "Other document"),
        ],
        required=True,
    )
    decision = fields.Selection(
        [("open", "To decide"), ("updated", "Updated"), ("none", "Does not apply")],
        compute="_compute_decision",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    document = fields.Char()
    revision = fields.Char()
    date = fields.Date()
    reason = fields.Char("Why It Does Not Apply")

    @api.depends("kind", "document")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = row.document or kinds.get(row.kind, "")

    @api.depends("document", "revision", "date")
    def _compute_decision(self):
        for row in self:
            # who names the document with its new revision and date says that it was
            # updated
            named = not any(
                row._is_blank(name) for name in ("document", "revision", "date")
            )
            row.decision = (
                "updated"
                if named and row.decision in (False, "open")
                else row.decision or "open"
            )

    def _is_complete(self):
        """Decided: updated, with its revision and date, or why it does not apply."""
        self.ensure_one()
        if self.decision == "none":
            return not self._is_blank("reason")
        return self.decision == "updated" and not any(
            self._is_blank(name) for name in ("document", "revision", "date")
        )


class Quality8dReadAcross(models.Model):
    """Another product or plant that may have the same trouble (D7)."""

    _name = "quality.8d.readacross"
    _description = "Read-across of an 8D Report"
    _inherit = ["quality.8d.part"]
    _order = "eight_d_id, id"
    _check_company_auto = True
    _step = "D7"

    product_id = fields.Many2one(
        "product.product", check_company=True, ondelete="restrict"
    )
    name = fields.Char("Product, Process or Plant", required=True)
    affected = fields.Selection(
        [("open", "To be checked"), ("yes", "Has it"), ("no", "Does not have it")],
        required=True,
        default="open",
    )
    note = fields.Char("Result")
