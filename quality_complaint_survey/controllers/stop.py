from odoo import http
from odoo.http import request


class ComplaintSurveyStop(http.Controller):
    """The link in every questionnaire's mail that ends them; it changes something only
    when the button is pressed, since mail programs open links by themselves.
    """

    @http.route(
        "/complaint/survey/stop/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def complaint_survey_stop(self, token, **_kw):
        # sudo: whoever holds the token of an answer is who was asked
        answer = (
            request.env["survey.user_input"]
            .sudo()
            .search([("access_token", "=", token)], limit=1)
        )
        recipient = answer.complaint_recipient_ids[:1]
        if not recipient:
            raise request.not_found()
        done = request.httprequest.method == "POST"
        if done:
            # sudo: only this, and only for who was written to
            recipient.contact_id.sudo().complaint_survey_stop = True
            if recipient.contact_id.email == recipient.partner_id.email:
                recipient.partner_id.sudo().complaint_survey_stop = True
        return request.render(
            "quality_complaint_survey.survey_stop",
            {
                "company": recipient.company_id,
                # whose logo and name are on the page
                "res_company": recipient.company_id,
                "done": done,
            },
        )
