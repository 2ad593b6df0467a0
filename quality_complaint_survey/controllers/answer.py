from odoo.addons.survey.controllers.main import Survey


class ComplaintSurvey(Survey):
    """Whoever holds the personal link of a customer may answer, signed in or not: a
    colleague with a portal account, or the officer who enters what came on paper.
    """

    def _check_validity(
        self,
        survey_sudo,
        answer_sudo,
        answer_token,
        ensure_token=True,
        check_partner=True,
    ):
        code = super()._check_validity(
            survey_sudo,
            answer_sudo,
            answer_token,
            ensure_token=ensure_token,
            check_partner=check_partner,
        )
        asked = answer_token and answer_sudo.complaint_recipient_ids
        return True if code == "answer_wrong_user" and asked else code
