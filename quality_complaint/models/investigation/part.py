from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed


class QualityComplaintInvestigationPart(models.AbstractModel):
    """A row of an investigation: it belongs to the file as soon as the investigation is
    finished.
    """

    _name = "quality.complaint.investigation.part"
    _description = "Part of an Investigation"
    _inherit = ["quality.complaint.closed", "quality.complaint.guarded"]

    investigation_id = fields.Many2one(
        "quality.complaint.investigation", required=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(
        related="investigation_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="investigation_id.company_id", store=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        # before: who is in a team may do more afterwards than he might to put himself
        # there
        default = self.env.context.get("default_investigation_id")
        investigations = self.env["quality.complaint.investigation"].browse(
            {vals.get("investigation_id", default) for vals in vals_list}
            - {None, False}
        )
        investigations.check_access("write")
        parts = super().create(vals_list)
        parts._check_running()
        return parts

    def write(self, vals):
        if "investigation_id" in vals:
            raise UserError(
                self.env._(
                    "%s: what belongs to an investigation stays there.",
                    listed(self.env.lang, self.investigation_id.mapped("display_name")),
                )
            )
        self._check_running()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_finished(self):
        self._check_running()

    def _check_running(self):
        """
        :raise UserError: the investigation is finished
        """
        for investigation in self.investigation_id.filtered("done_on"):
            raise UserError(
                self.env._(
                    "%s is finished: what it found belongs to the file and cannot be "
                    "changed.",
                    investigation.display_name,
                )
            )
