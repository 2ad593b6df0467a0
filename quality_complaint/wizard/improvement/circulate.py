from odoo import api, fields, models


class QualityComplaintCirculate(models.TransientModel):
    """To whom an analysis is sent; heads of departments and leaders of teams by
    default.
    """

    _name = "quality.complaint.circulate"
    _description = "Circulate an Analysis"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "analysis_id"

    analysis_id = fields.Many2one(
        "quality.complaint.analysis", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="analysis_id.company_id")
    user_ids = fields.Many2many(
        "res.users",
        string="Readers",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        compute="_compute_user_ids",
        store=True,
        readonly=False,
        help="They get it by mail as PDF and Excel, and are asked to acknowledge it.",
    )

    @api.depends("analysis_id")
    def _compute_user_ids(self):
        for dialog in self:
            analysis = dialog.analysis_id
            # sudo: who has got it already
            got = analysis.sudo().reader_ids.user_id
            dialog.user_ids = analysis._proposed_readers() - got

    def action_send(self):
        self.ensure_one()
        self.analysis_id._circulate(self.user_ids)
        return {"type": "ir.actions.act_window_close"}
