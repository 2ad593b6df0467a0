from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestInvestigationAccess(InvestigationCase):
    def test_other_companies_and_outsiders_see_nothing(self):
        investigation = self.start()
        investigation.member_ids = [Command.create({"name": "Ms Li"})]
        self.env["quality.complaint.measurement"].create(
            {"investigation_id": investigation.id, "name": "Width"}
        )
        self.env["quality.complaint.answer"].create(
            {"investigation_id": investigation.id, "question": "Why?"}
        )
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "qc_foreign_engineer",
            "quality_complaint.group_quality_complaint_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (
            investigation,
            investigation.member_ids,
            investigation.measurement_ids,
            investigation.answer_ids,
        ):
            for user in (foreigner, self.handler, self.employee, self.warehouse_worker):
                with self.assertRaises(
                    AccessError, msg=f"{record._name} by {user.name}"
                ):
                    record.with_user(user).read(["display_name"])
            self.assertTrue(record.with_user(self.engineer).read(["display_name"]))

    def test_quality_engineers_keep_the_questions_officers_only_read_them(self):
        question = self.env["quality.complaint.question"].search([], limit=1)
        with self.assertRaises(AccessError):
            question.with_user(self.officer).required = True
        question.with_user(self.engineer).required = True
        self.assertTrue(question.required)
