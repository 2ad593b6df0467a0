from odoo import api, fields, models


class QualityComplaintCirculate(models.TransientModel):
    """To whom an analysis is sent; heads of departments and leaders of teams by
    default.
    """

    _name = "quality.complaint.circulate"
    _description = "Circulate an Analysis"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "analysis_id"

    analysis_id = fields.Many2one("quality.complaint.analysis", ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
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
    def _compute_company_id(self):
        for dialog in self:
            dialog.company_id = dialog.analysis_id.company_id

    @api.depends("analysis_id")
    def _compute_user_ids(self):
        self.user_ids = False
        for dialog in self.filtered("analysis_id"):
            analysis = dialog.analysis_id
            # sudo: who has got it already
            got = analysis.sudo().reader_ids.user_id
            dialog.user_ids = analysis.company_id._complaint_readers() - got

    def action_send(self):
        self.ensure_one()
        self.analysis_id._circulate(self.user_ids)
        return {"type": "ir.actions.act_window_close"}
