import base64

from odoo import api, fields, models

from ...tools import listed


class QualityComplaintCaseFile(models.TransientModel):
    """Ask for whom and in which form case files are made; make and download them."""

    _name = "quality.complaint.case.file"
    _description = "Make a Case File"
    _inherit = ["quality.complaint.sensible"]

    complaint_ids = fields.Many2many(
        "quality.complaint",
        "quality_complaint_case_file_complaint_rel",
        string="Complaints",
        required=True,
        default=lambda self: self._default_complaints(),
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")
    audience = fields.Selection(
        [
            ("full", "Audit and court: everything"),
            ("customer", "The customer: what they gave and were told"),
        ],
        "Made For",
        required=True,
        default="full",
        help=(
            "The customer's copy holds nothing internal: no findings, approvals, "
            "cost, time limits or notes."
        ),
    )
    format = fields.Selection(
        [("pdf", "One PDF"), ("zip", "Archive (zip) with the original files")],
        required=True,
        default="pdf",
        help="Several complaints always make an archive, with a folder for each.",
    )
    keep = fields.Boolean(
        "Keep a Copy with the Complaint",
        help=(
            "The file is archived as it is now; complaint officers find it on the tab "
            "“Deadlines and Internal”."
        ),
    )
    file = fields.Binary(readonly=True, attachment=False)

    @api.model
    def _default_complaints(self):
        return (
            self.env.context.get("active_ids")
            if self.env.context.get("active_model") == "quality.complaint"
            else False
        )

    @api.depends("complaint_ids")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = listed(
                self.env.lang, wizard.complaint_ids.mapped("display_name")
            )

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for wizard in self:
            wizard.complaint_count = len(wizard.complaint_ids)

    def action_make(self):
        """Make the file and download it; a full one is kept with the complaint when
        asked for.
        """
        self.ensure_one()
        name, content = self.complaint_ids._make_case_file(self.audience, self.format)
        if self.keep and self.audience == "full":
            for complaint in self.complaint_ids:
                # several make one archive to download, but each keeps its own file
                own = (
                    (name, content)
                    if len(self.complaint_ids) == 1
                    else complaint._make_case_file("full", self.format)
                )
                complaint._keep_case_file(*own)
        self.file = base64.b64encode(content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "download",
        }
