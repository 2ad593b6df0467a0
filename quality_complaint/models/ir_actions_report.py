from odoo import models

from ..tools import without_remote


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """A case file is printed in ten pieces without scripts, an 8D report for many
        customers: no wait of a second for each, unless asked for.
        """
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        # sudo: as the method this extends
        if self.env.context.get("complaint_case_file") and not self.env[
            "ir.config_parameter"
        ].sudo().get_param("report.print_delay"):
            command[command.index("--javascript-delay") + 1] = "100"
        return command

    def _prepare_html(self, html, report_model=False):
        """Our printed forms fetch nothing from the network, whatever stands in a letter
        somebody pasted together.
        """
        if report_model and report_model.startswith("quality."):
            # sudo: as the method this extends
            param = self.env["ir.config_parameter"].sudo().get_param
            html = without_remote(
                html,
                own=[
                    param("report.url") or "",
                    param("web.base.url") or "",
                    self._get_report_url(),
                ],
            )
        return super()._prepare_html(html, report_model)
