from odoo import api, models
from odoo.exceptions import UserError

CONTENT = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "res_model",
    "res_id",
    "url",
    "type",
    "mimetype",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & vals.keys():
            self._check_complaint_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_complaint_evidence(self):
        self._check_complaint_evidence()

    def _check_complaint_evidence(self):
        """Evidence of what is closed is neither taken away nor replaced by other
        content.

        :raise UserError: naming the record it belongs to
        """
        if self.env.su:
            return  # the flow itself removes files when the retention is over
        models_of_files = self.env.registry.descendants(
            ["quality.complaint.files"], "_inherit"
        )
        files = self.filtered(lambda file: file.res_model in models_of_files)
        for name, some in files.grouped("res_model").items():
            # sudo: whether a file may go does not depend on what its owner may see
            for record in (
                self.env[name].sudo().search([("attachment_ids", "in", some.ids)])
            ):
                if record._has_locked_files():
                    raise UserError(
                        self.env._(
                            "“%(file)s” belongs to %(record)s, which is closed: it "
                            "can neither be deleted nor replaced.",
                            file=some[:1].name,
                            record=record.display_name,
                        )
                    )
