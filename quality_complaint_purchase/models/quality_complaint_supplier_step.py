from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
STEPS = [
    ("D1", "D1 Team"),
    ("D2", "D2 Problem"),
    ("D3", "D3 Containment"),
    ("D4", "D4 Root cause"),
    ("D5", "D5 Corrective actions chosen"),
    ("D6", "D6 Corrective actions introduced"),
    ("D7", "D7 Recurrence prevented"),
    ("D8", "D8 Closing"),
]


class QualityComplaintSupplierStep(models.Model):
    """A step of the 8D report that a supplier owes us: they fill it in on their portal,
    we accept it or return it with what is missing.

    Source: VDA 8D problem solving in 8 disciplines, supplier's report.
    """

    _name = "quality.complaint.supplier.step"
    _description = "8D Step of a Supplier"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files"]
    _order = "chargeback_id, code"
    _rec_name = "code"

    chargeback_id = fields.Many2one(
        "quality.complaint.chargeback",
        "Supplier Complaint",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    complaint_id = fields.Many2one(
        related="chargeback_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="chargeback_id.company_id", store=True, index=True
    )
    code = fields.Selection(STEPS, "Step", required=True, fixed=True)
    text = fields.Text("What the Supplier Says", readonly=True, guarded=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_supplier_step_attachment_rel",
        string="Proof",
        readonly=True,
        guarded=True,
        bypass_search_access=True,
    )
    state = fields.Selection(
        [
            ("open", "To be filled in"),
            ("submitted", "To be checked"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
        ],
        "Status",
        default="open",
        required=True,
        readonly=True,
        guarded=True,
    )
    submitted_on = fields.Datetime(readonly=True, guarded=True)
    submitted_by = fields.Char(readonly=True, guarded=True)
    note = fields.Text("What Is Missing", help="Told to the supplier with the return.")
    decided_on = fields.Datetime(readonly=True, guarded=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, guarded=True)

    _code_uniq = models.UniqueIndex("(chargeback_id, code)")

    def _check_submitted(self):
        self.check_access("write")
        for step in self:
            if step.state != "submitted":
                raise UserError(
                    self.env._(
                        "%(step)s of %(number)s was not handed in, or is decided "
                        "already.",
                        step=step.code,
                        number=step.chargeback_id.display_name,
                    )
                )

    def _decide(self, state):
        # sudo: the rights were checked before
        self.sudo()._advance(
            {
                "state": state,
                "decided_on": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )

    def action_accept(self):
        self._check_submitted()
        self._decide("accepted")

    def action_return(self):
        """Back to the supplier, with what is missing."""
        self._check_submitted()
        for step in self:
            if not (step.note or "").strip():
                raise UserError(
                    self.env._(
                        "Write under “What Is Missing” why %s goes back.", step.code
                    )
                )
        self._decide("returned")
        for chargeback in self.chargeback_id:
            chargeback._tell_returned(
                self.filtered(lambda step, row=chargeback: step.chargeback_id == row)
            )

    @api.model
    def _writable(self):
        return ("open", "returned")

    def _submit(self, text, who, files=()):
        """The supplier hands it in.

        :param str text: plain
        :param str who: name of the person
        :param files: (name, bytes) pairs
        :raise UserError: it is not asked for, or empty
        """
        self.ensure_one()
        self.lock_for_update()
        text = (text or "").strip()[:20_000]
        if self.state not in self._writable():
            raise UserError(
                self.env._("%s is handed in already and is being checked.", self.code)
            )
        if not text:
            raise UserError(
                self.env._("Please fill in %s before you send it.", self.code)
            )
        attachments = self._attach(files)
        self._advance(
            {
                "text": text,
                "state": "submitted",
                "submitted_on": fields.Datetime.now(),
                "submitted_by": who,
                "attachment_ids": [Command.link(file.id) for file in attachments],
            }
        )
        self.chargeback_id._tell_handler(
            _lt("The supplier has handed in %s", self.code)
        )
