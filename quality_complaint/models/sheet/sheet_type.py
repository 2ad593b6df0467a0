from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

KINDS = [
    ("text", "In words"),
    ("number", "Number"),
    ("date", "Date"),
    ("choice", "One of several"),
    ("partner", "Person or company"),
    ("file", "File"),
]
# what a sheet may hold up, and the field that says so
STAGES = {
    "conclude": "blocks_conclusion",
    "plan": "blocks_plan",
    "offer": "blocks_offer",
    "close": "blocks_closing",
}


class QualityComplaintSheetType(models.Model):
    """A special case as data: which facts are asked, which steps are taken by whom and
    until when, who is told, who may read it, and what waits for it.

    It is opened by itself where its condition holds, or by hand. What a sheet asks is
    copied into it: sheets that are there stay as they are.
    """

    _name = "quality.complaint.sheet.type"
    _description = "Kind of Case Sheet"
    _inherit = ["quality.complaint.condition", "quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_automatic = fields.Boolean(
        "Opened Automatically",
        default=True,
        help="Where the condition holds. Off: by hand only.",
    )
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        "Only Under",
        ondelete="cascade",
        help="Only where complaints are handled by this policy, in any version.",
    )
    instruction = fields.Text(
        "What to Do", translate=True, help="Shown on top of every sheet."
    )
    lead_role_id = fields.Many2one(
        "quality.complaint.role",
        "Led By",
        ondelete="restrict",
        help="Who leads the special case; empty: the handler of the complaint.",
    )
    told_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_sheet_type_told_rel",
        string="Told",
        help="Who gets an activity when a sheet is opened.",
    )
    reader_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_sheet_type_reader_rel",
        string="Read By",
        help=(
            "Who else than lead and handler may read it; empty: everybody who sees "
            "the complaint."
        ),
    )
    is_confidential = fields.Boolean(
        "Confidential",
        help="Only lead, handler, those told and “Read By” see it.",
    )
    blocks_conclusion = fields.Boolean("Before the Conclusion")
    blocks_plan = fields.Boolean("Before Remedies Are Planned")
    blocks_offer = fields.Boolean("Before an Offer Is Made")
    blocks_closing = fields.Boolean("Before the Case Is Closed", default=True)
    template_id = fields.Many2one(
        "mail.template",
        "First Letter",
        ondelete="set null",
        domain="[('model', '=', 'quality.complaint')]",
        help="Written with one click from the sheet, e.g. thanks to an authority.",
    )
    milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Stamps When Closed",
        domain="[('manual', '=', True)]",
        ondelete="restrict",
        help="This step has happened when the sheet is closed, and not before.",
    )
    question_ids = fields.One2many(
        "quality.complaint.sheet.question", "type_id", "Facts", copy=True
    )
    step_ids = fields.One2many(
        "quality.complaint.sheet.step", "type_id", "Steps", copy=True
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A kind of sheet with this code exists already."
    )

    @api.model
    def _due_for(self, complaint):
        """Kinds whose condition holds and that the complaint has no sheet of.

        :param complaint: one `quality.complaint`
        """
        # sudo: the flow opens sheets, whoever registers
        types = self.sudo().browse(self._automatic(complaint.policy_id.code))
        facts = complaint._facts()
        holding = types.filtered(lambda row: row._says_when() and row._holds(facts))
        return holding and holding - complaint.sudo().sheet_ids.type_id

    @api.model
    @ormcache("policy_code")
    def _automatic(self, policy_code):
        """Ids of the kinds that are opened by themselves under a policy; read once,
        until one changes.
        """
        # sudo: as in `_due_for`
        types = self.sudo().search(
            Domain("is_automatic", "=", True)
            & (
                Domain("policy_id", "=", False)
                | Domain("policy_id.code", "=", policy_code)
            )
        )
        return tuple(types.ids)

    def _holds(self, facts):
        """Of feedback type, channel, circumstance and batch one is enough, where
        several are named.
        """
        wanted = self._wanted()
        named = [
            name for name in ("types", "channels", "triggers") if getattr(wanted, name)
        ]
        if len(named) + bool(wanted.batch) < 2:
            return super()._holds(facts)
        reached = wanted.batch in facts.batch or any(
            getattr(wanted, name) & getattr(facts, name) for name in named
        )
        met = {name: getattr(wanted, name) | getattr(facts, name) for name in named}
        return reached and super()._holds(
            replace(facts, batch={*facts.batch, wanted.batch}, **met)
        )

    def _says_when(self):
        """Whether the condition names anything: one that names nothing opens none."""
        return any(self._wanted())


class QualityComplaintSheetQuestion(models.Model):
    """A fact that a kind of sheet asks."""

    _name = "quality.complaint.sheet.question"
    _description = "Fact of a Case Sheet"
    _inherit = ["quality.complaint.guarded"]
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "quality.complaint.sheet.type",
        "Kind of Sheet",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Fact", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="text")
    choice_ids = fields.One2many(
        "quality.complaint.sheet.choice", "question_id", "Choices", copy=True
    )
    required = fields.Boolean(help="The sheet cannot be closed without it.")
    only_choice_id = fields.Many2one(
        "quality.complaint.sheet.choice",
        "Only If",
        domain="[('question_id.type_id', '=', type_id)]",
        ondelete="set null",
        help="Needed only where this was chosen.",
    )
    repeats = fields.Boolean(
        help="May be entered several times, e.g. one for each sample or letter."
    )
    personal = fields.Boolean(
        "About a Person", help="Removed when the complaint is anonymised."
    )

    def write(self, vals):
        if "kind" in vals and self._is_used():
            raise UserError(
                self.env._(
                    "“%s” is answered on sheets already: its kind stays. Add another "
                    "fact instead.",
                    self[:1].name,
                )
            )
        return super().write(vals)

    def _is_used(self):
        # sudo: whether it is used does not depend on who may read the sheets
        facts = self.env["quality.complaint.sheet.fact"].sudo()
        return bool(facts.search_count([("question_id", "in", self.ids)], limit=1))


class QualityComplaintSheetChoice(models.Model):
    _name = "quality.complaint.sheet.choice"
    _description = "Choice of a Fact"
    _inherit = ["quality.complaint.guarded"]
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "quality.complaint.sheet.question",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)


class QualityComplaintSheetStep(models.Model):
    """A step that a kind of sheet asks for."""

    _name = "quality.complaint.sheet.step"
    _description = "Step of a Kind of Case Sheet"
    _inherit = ["quality.complaint.guarded"]
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "quality.complaint.sheet.type",
        "Kind of Sheet",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True, translate=True)
    role_id = fields.Many2one(
        "quality.complaint.role",
        "Done By",
        ondelete="restrict",
        help="Empty: who leads the sheet.",
    )
    hours = fields.Float(
        "Within (hours)",
        digits=(16, 2),
        most=20000,
        help="After the sheet is opened, clock time; 0: without a limit.",
    )
    only_choice_id = fields.Many2one(
        "quality.complaint.sheet.choice",
        "Only If",
        domain="[('question_id.type_id', '=', type_id)]",
        ondelete="set null",
        help="Needed only where this was chosen.",
    )
    required = fields.Boolean(
        default=True, help="The sheet cannot be closed before it is done."
    )
