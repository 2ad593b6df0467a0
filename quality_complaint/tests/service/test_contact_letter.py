from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestContactLetter(ComplaintCase):
    """Letters between departments, answered until a date (row 264)."""

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        departments = cls.env["quality.complaint.responsible"]
        cls.business = departments.create(
            {"name": "Business", "member_ids": [Command.set(cls.employee.ids)]}
        )
        cls.planning = departments.create(
            {
                "name": "Planning",
                "manager_id": cls.warehouse_worker.id,
                "member_ids": [Command.set(cls.accountant.ids)],
            }
        )

    def make_letter(self, **vals):
        return (
            self.env["quality.complaint.contact.letter"]
            .with_user(self.employee)
            .create(
                {
                    "subject": "Order for Northwind",
                    "body": "When can 500 kg be ready?",
                    "to_department_id": self.planning.id,
                    "company_id": self.company.id,
                    "due_on": "2026-11-27 16:00:00",
                    **vals,
                }
            )
        )

    def test_letter_goes_to_the_head_who_answers_and_the_writer_is_told(self):
        letter = self.make_letter()
        self.assertEqual(
            (letter.from_department_id, letter.user_id),
            (self.business, self.warehouse_worker),
        )
        letter.action_send()
        self.assertEqual(letter.name, "CL/2026/00001")
        self.assertEqual(letter.sudo().activity_ids.user_id, self.warehouse_worker)
        answering = letter.with_user(self.warehouse_worker)
        with self.assertRaisesRegex(UserError, "write the answer first"):
            answering.action_answer()
        answering.answer = "On 4 December"
        answering.action_answer()
        self.assertEqual(
            (letter.state, letter.answered_by_id, letter.done_on),
            ("answered", self.warehouse_worker, datetime(2026, 11, 25, 9, 30)),
        )
        self.assertFalse(letter.sudo().activity_ids)
        told = self.env["mail.message"].search(
            [
                ("model", "=", letter._name),
                ("res_id", "=", letter.id),
                ("partner_ids", "=", self.employee.partner_id.id),
            ]
        )
        self.assertIn("On 4 December", told.body)

    def test_numbers_follow_one_another(self):
        letters = self.make_letter() | self.make_letter()
        letters.action_send()
        self.assertEqual(letters.mapped("name"), ["CL/2026/00001", "CL/2026/00002"])

    def test_only_whom_it_is_for_answers(self):
        letter = self.make_letter()
        letter.action_send()
        with self.assertRaisesRegex(UserError, "is answered by"):
            letter.answer = "I say so myself"
        letter.with_user(self.accountant).answer = "On 5 December"
        letter.with_user(self.accountant).action_answer()
        self.assertEqual(letter.answered_by_id, self.accountant)

    def test_what_was_sent_stays_as_it_is(self):
        letter = self.make_letter()
        letter.action_send()
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            letter.body = "Something else"
        with self.assertRaisesRegex(UserError, "stays in the file"):
            letter.unlink()
        with self.assertRaisesRegex(UserError, "is withdrawn by Emil Employee"):
            letter.with_user(self.warehouse_worker).action_withdraw()
        letter.action_withdraw()
        self.assertFalse(letter.next_notice_on)

    def test_letter_names_who_answers_and_until_when(self):
        letter = self.make_letter(due_on=False, user_id=False)
        with self.assertRaisesRegex(
            UserError, "Still missing: Addressee, Answer Until"
        ):
            letter.action_send()

    def test_late_letter_is_put_before_the_head(self):
        letter = self.make_letter(user_id=self.accountant.id)
        letter.action_send()
        with freeze_time("2026-11-28 17:00:00"):
            self.env["quality.complaint.contact.letter"]._notify_batch()
        self.assertEqual(
            letter.sudo().activity_ids.user_id,
            self.accountant | self.warehouse_worker,
        )

    def test_another_department_is_asked_from_a_complaint(self):
        complaint = self.make_complaint(self.officer, partner_id=self.customer.id)
        action = complaint.action_write_contact_letter()
        letter = (
            self.env["quality.complaint.contact.letter"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create(
                {
                    "body": "Which lots were made that night?",
                    "from_department_id": self.business.id,
                    "to_department_id": self.planning.id,
                }
            )
        )
        self.assertEqual(
            (letter.complaint_id, letter.partner_id, letter.subject),
            (complaint, self.customer, complaint.display_name),
        )

    def test_others_do_not_read_it(self):
        letter = self.make_letter()
        with self.assertRaises(AccessError):
            letter.with_user(self.warehouse_worker).read(["body"])
        letter.action_send()
        self.assertEqual(
            letter.with_user(self.warehouse_worker).subject, "Order for Northwind"
        )
        stranger = self.make_stranger()
        with self.assertRaises(AccessError):
            letter.with_user(stranger).read(["body"])
        self.assertEqual(letter.with_user(self.officer).subject, "Order for Northwind")
