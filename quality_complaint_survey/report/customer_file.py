from odoo import api, models

from ..models.quality_complaint_survey_grade import signed


class ReportCustomerFile(models.AbstractModel):
    """Surveys the customer answered stand in their quality file."""

    _inherit = "report.quality_complaint.customer_file"

    @api.model
    def _satisfaction(self, doc, page):
        answered = self._rows(
            "quality.complaint.survey.recipient",
            doc,
            domain=[("returned_on", "!=", False)],
            order="returned_on desc",
        )
        return super()._satisfaction(doc, page) + [
            [
                page["day"](row.returned_on),
                row.campaign_id.name
                # sudo: only what the questionnaire is called
                or row.survey_id.sudo().title
                or "",
                f"{signed(row.score)} · {page['term'](row.grade_id, 'name')}"
                if row.is_scored
                else "–",
                "\n".join(row.remark_ids.mapped("text")),
            ]
            for row in answered
        ]
