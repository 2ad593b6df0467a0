from odoo import fields, models


class QualityComplaintSurveyRemark(models.Model):
    """What a customer wrote in a questionnaire; it becomes feedback with one click
    (000-A 4.2b, 000-M 3.1).
    """

    _name = "quality.complaint.survey.remark"
    _description = "Words of a Customer in a Survey"
    _inherit = ["quality.complaint.guarded", "quality.complaint.suggesting"]
    _order = "id desc"
    _rec_name = "question"

    recipient_id = fields.Many2one(
        "quality.complaint.survey.recipient",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    campaign_id = fields.Many2one(
        related="recipient_id.campaign_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="recipient_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="recipient_id.partner_id", string="Customer", store=True
    )
    question = fields.Char(readonly=True, fixed=True)
    text = fields.Text("Words", required=True, readonly=True, fixed=True)

    def _feedback_type(self):
        return self.env.ref("quality_complaint.type_survey")

    def _prepare_feedback(self):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "description": f"{self.question}\n{self.text}",
            "channel_id": self.env.ref("quality_complaint.channel_message").id,
        }
