from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed, says_nothing


class QualityComplaintThank(models.TransientModel):
    """Thank those who told us: for an adopted suggestion, or when what they complained
    of is removed. Each is written to in their language, once for a measure.
    """

    _name = "quality.complaint.thank"
    _description = "Thank Those Who Told Us"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "action_id"

    action_id = fields.Many2one(
        "quality.complaint.action", "Measure", ondelete="cascade", readonly=True
    )
    complaint_ids = fields.Many2many(
        "quality.complaint",
        string="Told To",
        compute="_compute_complaint_ids",
        store=True,
        readonly=False,
    )
    text = fields.Text(
        "What We Have Improved",
        compute="_compute_text",
        store=True,
        readonly=False,
        help="In words for customers; sent as it stands here.",
    )
    without_mail = fields.Text(compute="_compute_without_mail")

    @api.depends("action_id")
    def _compute_complaint_ids(self):
        for dialog in self:
            if dialog.action_id:
                dialog.complaint_ids = dialog.action_id._to_be_thanked()
            else:
                dialog.complaint_ids = dialog.complaint_ids

    @api.depends("action_id")
    def _compute_text(self):
        for dialog in self:
            dialog.text = dialog.action_id.public_text or dialog.text

    @api.depends("complaint_ids.email")
    def _compute_without_mail(self):
        for dialog in self:
            without = dialog.complaint_ids.filtered(lambda row: not row.email)
            dialog.without_mail = (
                self.env._(
                    "Without an e-mail address, to be thanked otherwise: %s.",
                    listed(self.env.lang, without.mapped("display_name")),
                )
                if without
                else False
            )

    def action_send(self):
        """Mail each, and keep that they were told.

        :raise UserError: nothing is said, or nobody can be written to
        """
        self.ensure_one()
        if says_nothing(self.text):
            raise UserError(self.env._("Say what is better now."))
        told = self.complaint_ids.filtered("email")
        told.check_access("write")
        if not told:
            raise UserError(
                self.env._("None of them has an e-mail address. Call them instead.")
            )
        for complaint in told:
            complaint._thank(self.text)
        if self.action_id:
            self.action_id._set_thanked(told)
        return {"type": "ir.actions.act_window_close"}
