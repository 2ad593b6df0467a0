from odoo import fields, models


class QualityComplaintSupplierAnswer(models.TransientModel):
    """What the supplier answered."""

    _name = "quality.complaint.supplier.answer"
    _description = "Answer of a Supplier"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "chargeback_id"

    chargeback_id = fields.Many2one(
        "quality.complaint.chargeback", required=True, ondelete="cascade"
    )
    answer = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("partly", "Accepted in part"),
            ("refused", "Refused"),
            ("none", "No answer"),
        ],
        required=True,
        default="accepted",
    )
    agreed_share = fields.Float(
        "Agreed Share (%)",
        digits=(5, 2),
        help="Part of the price paid that the supplier bears.",
    )
    answered_on = fields.Datetime(default=fields.Datetime.now, required=True)
    note = fields.Text("Answer in Words")

    def action_confirm(self):
        """Record it; all conditions are checked there."""
        self.ensure_one()
        self.chargeback_id.action_record_answer(
            self.answer, self.agreed_share, self.note, self.answered_on
        )
        return {"type": "ir.actions.act_window_close"}
