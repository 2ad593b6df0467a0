from odoo import fields, models


class QualityComplaintStep(models.TransientModel):
    """Somebody states that a step happened, and when."""

    _name = "quality.complaint.step"
    _description = "Record a Step"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Step",
        required=True,
        ondelete="cascade",
        domain="[('manual', '=', True)]",
    )
    done_on = fields.Datetime("Happened On", required=True, default=fields.Datetime.now)
    note = fields.Char(help="Kept in the thread of the complaint; internal.")

    def action_confirm(self):
        """Stamp the step; all conditions are checked there."""
        self.ensure_one()
        # the field shows no seconds: "now" typed in this minute is not in the future
        self.complaint_id._tick(
            self.milestone_id,
            on=min(self.done_on, fields.Datetime.now())
            if self._is_this_minute()
            else self.done_on,
        )
        if self.note:
            self.complaint_id.message_post(
                body=self.env._(
                    "%(step)s: %(note)s", step=self.milestone_id.name, note=self.note
                ),
                subtype_xmlid="mail.mt_note",
            )
        return {"type": "ir.actions.act_window_close"}

    def _is_this_minute(self):
        return abs((fields.Datetime.now() - self.done_on).total_seconds()) < 60
