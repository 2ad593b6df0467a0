from io import BytesIO

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..common import ComplaintCase
from ..golden import assert_golden


@tagged("post_install", "-at_install")
class TestCustomerFile(ComplaintCase, HttpCase):
    """The customer's quality file, and the papers it is made of: rows 145, 264, 270,
    271, 277, 282.
    """

    # the engine fetches its styles from a server, whose clock runs on
    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.customer.complaint_class = "A"
        cls.complaint = cls.make_complaint(cls.officer, partner_id=cls.customer.id)
        cls.visit = cls.env["quality.complaint.service"].create(
            {
                "name": "Yearly visit",
                "partner_id": cls.customer.id,
                "product_id": cls.strip.id,
                "company_id": cls.company.id,
                "contact": "Ms Lee",
                "place": "Rolling mill 2",
                "planned_on": "2026-11-24",
                "user_id": cls.handler.id,
                "participant_ids": [Command.set(cls.engineer.ids)],
                "purpose": "Needs and state of the goods",
                "findings": "The coils run well.",
                "needs": "Thinner sheets next year",
                "suggestion": "A smaller drum would help",
            }
        )
        cls.visit.action_done()
        cls.card = cls.env["quality.complaint.customer.requirement"].create(
            {
                "name": "Without oil",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "requirement": "Coils have to come without oil.",
                "proposal": "Possible at 3 % more.",
            }
        )
        cls.card.action_submit()
        cls.env["quality.complaint.certificate"].create(
            {
                "name": "Food contact",
                "number": "FC-7",
                "standard": "GB 4806.9",
                "partner_id": cls.customer.id,
                "product_id": cls.strip.id,
                "company_id": cls.company.id,
                "valid_until": "2027-12-31",
            }
        )
        cls.letter = cls.env["quality.complaint.contact.letter"].create(
            {
                "subject": "Order for Northwind",
                "body": "When can 500 kg be ready?",
                "from_department_id": cls.env["quality.complaint.responsible"]
                .create({"name": "Business"})
                .id,
                "to_department_id": cls.env["quality.complaint.responsible"]
                .create({"name": "Planning"})
                .id,
                "user_id": cls.handler.id,
                "company_id": cls.company.id,
                "partner_id": cls.customer.id,
                "due_on": "2026-11-27 16:00:00",
            }
        )
        cls.letter.action_send()

    def pages(self, report, record, user=None):
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.manager)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(f"quality_complaint.{report}", record.ids)
        )
        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]

    def test_it_opens_on_the_company_of_a_contact(self):
        person = self.env["res.partner"].create(
            {"name": "Ms Lee", "parent_id": self.customer.id}
        )
        action = person.with_user(self.officer).action_view_quality_file()
        self.assertEqual(action["res_id"], self.customer.id)

    def test_customer_file(self):
        assert_golden(
            self,
            "customer_file",
            self.pages("action_report_customer_file", self.customer),
        )

    def test_service_report(self):
        assert_golden(
            self,
            "service_report",
            self.pages("action_report_service_report", self.visit),
        )

    def test_registration_card(self):
        assert_golden(
            self,
            "customer_requirement",
            self.pages("action_report_customer_requirement", self.card),
        )

    def test_contact_letter(self):
        assert_golden(
            self,
            "contact_letter",
            self.pages("action_report_contact_letter", self.letter),
        )

    def test_file_is_not_printed_by_whoever_may_not_read_it(self):
        with self.assertRaises(AccessError):
            self.pages("action_report_customer_file", self.customer, self.employee)
