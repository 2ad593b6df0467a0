from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP, ComplaintCase

MONDAY = "2026-03-02 09:00:00"


@tagged("post_install", "-at_install")
class TestSheets(ComplaintCase):
    """Special cases are data: opened where the rules say so, with facts, steps and
    people; what waits for them waits.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        for code in ("management", "marketing", "legal"):
            role = cls.env.ref(f"quality_complaint.role_{code}")
            role.write({"holder": "users", "user_ids": [Command.set(cls.manager.ids)]})
        lot = cls.make_lot("SH-1", quantity=20)
        cls.sell({lot: 10})

    def case(self, *triggers, **vals):
        return self.make_complaint(
            user=self.officer,
            lot_ref="SH-1",
            user_id=self.officer.id,
            trigger_ids=[
                Command.set(
                    [
                        self.env.ref(f"quality_complaint.trigger_{t}").id
                        for t in triggers
                    ]
                )
            ],
            **vals,
        )

    def kinds(self, complaint):
        return complaint.sudo().sheet_ids.type_id.mapped("code")

    def fact(self, sheet, question, entry=1):
        return sheet.fact_ids.filtered(
            lambda row: row.question == question and row.entry == entry
        )

    def fill(self, sheet):
        """Answer what is required, and do the steps."""
        for row in sheet.fact_ids.filtered(lambda row: row.required and row.is_open):
            if row.kind == "choice":
                row.choice_id = row.question_id.choice_ids[0]
            elif row.kind == "partner":
                row.partner_id = self.distributor
            elif row.kind == "file":
                row.attachment_ids = [
                    Command.create({"name": "paper.txt", "raw": b"paper"})
                ]
            else:
                row.answer = {"number": "1", "date": "2026-03-02"}.get(row.kind, "Yes")
        sheet.task_ids.action_done()

    def test_an_ordinary_complaint_has_none(self):
        complaint = self.case()
        self.assertEqual((self.kinds(complaint), complaint.sheet_count), ([], 0))

    def test_opened_by_circumstance_or_by_channel_once(self):
        complaint = self.case("authority")
        self.assertEqual(self.kinds(complaint), ["authority"])
        self.assertEqual(
            complaint.action_view_sheets()["res_id"], complaint.sheet_ids.id
        )
        complaint.trigger_ids += self.env.ref("quality_complaint.trigger_media")
        self.assertEqual(self.kinds(complaint), ["authority", "media"])
        complaint.trigger_ids += self.env.ref("quality_complaint.trigger_media")
        complaint.description = "More"
        self.assertEqual(complaint.sheet_count, 2)
        passed_on = self.case(
            channel_id=self.env.ref("quality_complaint.channel_regulator").id
        )
        self.assertEqual(self.kinds(passed_on), ["authority"])

    def test_notice_of_an_authority_opens_it_by_whatever_channel(self):
        """Row 195."""
        notice = self.make_complaint(
            self.officer,
            partner_id=self.customer.id,
            type_id=self.env.ref("quality_complaint.type_regulator").id,
            channel_id=self.env.ref("quality_complaint.channel_letter").id,
        )
        self.assertIn("authority", notice.sudo().sheet_ids.type_id.mapped("code"))

    def test_kinds_of_other_policies_stay_closed(self):
        self.assertNotIn("distributor_batch", self.kinds(self.case("whole_lot")))
        self.use_policy("r3")
        self.ask_for_no_papers()
        self.assertIn("distributor_batch", self.kinds(self.case("whole_lot")))

    def test_steps_have_their_people_and_times(self):
        with freeze_time(MONDAY):
            complaint = self.case("media")
            sheet = complaint.sheet_ids
            self.assertEqual(sheet.user_id, self.manager)
            self.assertEqual(
                [
                    (task.user_id, str(task.due_on), task.next_notice_on < task.due_on)
                    for task in sheet.task_ids
                ],
                [
                    (self.manager, "2026-03-02 13:00:00", True),
                    (self.manager, "2026-03-02 13:00:00", True),
                    (self.manager, "2026-03-03 09:00:00", True),
                    # the general manager's: nobody holds the role here
                    (self.manager, "2026-03-04 09:00:00", True),
                ],
            )
            told = complaint.sudo().activity_ids.filtered(
                lambda row: "Media" in (row.summary or "")
            )
            self.assertEqual(told.user_id, self.manager)
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)
        tasks = sheet.task_ids.sudo()
        with freeze_time("2026-03-02 13:01:00"):
            tasks._notify_batch()
            self.assertEqual(
                tasks.mapped("is_overdue"), [True, True, False, False], "Told, and late"
            )
            self.assertEqual([bool(task.missed_on) for task in tasks][:2], [True] * 2)
            tasks[:2].with_user(self.manager).action_done()
            self.assertFalse(tasks[:2].notice_activity_ids.exists())
            self.assertEqual(tasks[0].done_by_id, self.manager)

    def test_what_waits_for_it_waits(self):
        complaint = self.investigated(self.case("malicious"))
        sheet = complaint.sudo().sheet_ids
        remedy = self.plan(complaint, "credit", amount=5)
        for step in (complaint.action_submit_plan, remedy.action_submit):
            with self.assertRaisesRegex(UserError, "“Malicious Claim”, which is open"):
                step()
        offer = self.env["quality.complaint.reply"].create(
            {
                "complaint_id": complaint.id,
                "kind": "offer",
                "method": "oral",
                "body": "<p>Five</p>",
            }
        )
        with self.assertRaisesRegex(UserError, "“Malicious Claim”, which is open"):
            offer.action_send()
        self.assertIn(
            "Malicious Claim", str([text for text, _row in complaint._get_open_ends()])
        )
        with self.assertRaisesRegex(
            UserError, "What it was found to be.*the step “Secure receipt"
        ):
            sheet.action_close()
        self.fill(sheet)
        sheet.action_close()
        complaint.action_submit_plan()
        self.assertEqual(complaint.state, "executing")

    def test_facts_are_of_their_kind(self):
        sheet = self.case("authority").sheet_ids
        day = self.fact(sheet, "Their deadline")
        with self.assertRaisesRegex(ValidationError, "is not a date"):
            day.answer = "soon"
        day.answer = "2026-04-30"
        self.assertEqual(str(day.day), "2026-04-30")
        sample = self.case("sampling").sheet_ids
        number = self.fact(sample, "Samples taken")
        with self.assertRaisesRegex(ValidationError, "is not a number"):
            number.answer = "a few"
        number.answer = "1,200"
        self.assertEqual(number.number, 1200.0)
        result = self.fact(sample, "Result of the test")
        other = self.fact(sample, "Representative").question_id.choice_ids[0]
        with self.assertRaisesRegex(ValidationError, "its own choices"):
            result.choice_id = other

    def test_what_repeats_is_entered_again(self):
        sheet = self.case("sampling").sheet_ids
        self.assertFalse(self.fact(sheet, "Samples taken", entry=2))
        sheet.action_add_entry()
        self.fact(sheet, "Samples taken", entry=2).answer = "3"
        self.assertFalse(self.fact(sheet, "Agency", entry=2))
        sheet.action_add_entry()
        self.assertTrue(self.fact(sheet, "Samples taken", entry=3))

    def test_closed_sheets_and_cases_stay_as_they_are(self):
        complaint = self.case("authority")
        sheet = complaint.sheet_ids
        self.fill(sheet)
        sheet.action_close()
        self.assertEqual((sheet.state, sheet.closed_by_id), ("closed", self.officer))
        fact = self.fact(sheet, "Their number").with_user(self.officer)
        with self.assertRaisesRegex(UserError, "is closed. Reopen it"):
            fact.answer = "Other"
        sheet.action_reopen()
        fact.answer = "Other"
        with self.assertRaisesRegex(UserError, "buttons only"):
            sheet.with_user(self.officer).state = "closed"
        running = sheet.task_ids.sudo()
        running._advance({"done_on": False})
        running._schedule_notices()
        complaint.action_cancel("mistake", "Entered twice")
        self.assertFalse([when for when in running.mapped("next_notice_on") if when])
        with self.assertRaises(UserError):
            fact.answer = "Later"

    def test_confidential_ones_are_read_by_their_people_alone(self):
        sheet = self.case("lawyer").sudo().sheet_ids
        self.assertTrue(sheet.is_confidential)
        other = new_test_user(
            self.env,
            "qc_second_officer",
            f"{APP}officer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user, sees in ((self.manager, 1), (self.officer, 1), (other, 0)):
            here = self.env(
                user=user, context={"allowed_company_ids": self.company.ids}
            )
            found = here["quality.complaint.sheet"]
            domain = [("id", "=", sheet.id)]
            self.assertEqual(found.search_count(domain), sees, user.login)
            for model in ("fact", "task"):
                rows = here[f"quality.complaint.sheet.{model}"]
                self.assertEqual(
                    bool(rows.search_count([("sheet_id", "=", sheet.id)])), bool(sees)
                )
        with self.assertRaises(AccessError):
            here["quality.complaint.sheet"].browse(sheet.id).read(["conclusion"])
        # it stands in the way of those, too, who may not read it
        ends = here["quality.complaint"].browse(sheet.complaint_id.id)
        ends = ends._missing_on_sheets("close")
        self.assertIn("Lawyer or Court", str(ends))
        with self.assertRaises(AccessError):
            sheet.with_user(self.employee).read(["state"])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = new_test_user(
            self.env,
            "qc_elsewhere",
            f"{APP}manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        abroad = self.env(user=foreign, context={"allowed_company_ids": company.ids})
        self.assertFalse(
            abroad["quality.complaint.sheet"].search([("id", "=", sheet.id)])
        )

    def test_a_confidential_one_is_opened_by_hand_too(self):
        complaint = self.case()
        kind = self.env.ref("quality_complaint.sheet_type_court")
        here = self.env(
            user=self.officer, context={"allowed_company_ids": self.company.ids}
        )
        sheet = here["quality.complaint.sheet"].create(
            {"complaint_id": complaint.id, "type_id": kind.id}
        )
        self.assertIn(self.officer, sheet.sudo().reader_ids)
        self.assertEqual(complaint.sheet_count, 1)
        self.assertTrue(sheet.read(["state"]))

    def test_a_company_makes_a_kind_of_its_own_and_works_it(self):
        trigger = self.env["quality.complaint.trigger"].create(
            {"name": "Influencer", "code": "influencer"}
        )
        kind = (
            self.env["quality.complaint.sheet.type"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Influencer",
                    "code": "influencer",
                    "trigger_ids": [Command.set(trigger.ids)],
                    "blocks_conclusion": True,
                    "question_ids": [
                        Command.create(
                            {"name": "Followers", "kind": "number", "required": True}
                        )
                    ],
                    "step_ids": [
                        Command.create({"name": "Call them", "hours": 2}),
                        Command.create({"name": "Some time", "required": False}),
                    ],
                }
            )
        )
        with freeze_time(MONDAY):
            complaint = self.case()
            complaint.trigger_ids = trigger
            sheet = complaint.sheet_ids
        self.assertEqual(sheet.type_id, kind)
        first, free = sheet.task_ids
        self.assertEqual(first.due_on - sheet.opened_on, timedelta(hours=2))
        self.assertFalse(free.due_on or free.next_notice_on)
        self.assertIn("Influencer", str(complaint._missing_to_conclude()))
        self.fact(sheet, "Followers").answer = "120000"
        first.action_done()
        sheet.action_close()
        self.assertNotIn("Influencer", str(complaint._missing_to_conclude()))
        with self.assertRaisesRegex(UserError, "its kind stays"):
            kind.question_ids.kind = "text"
        with self.assertRaises(AccessError):
            kind.with_user(self.officer).name = "Other"

    def test_first_letter_thanks_the_authority(self):
        """Row 92."""
        complaint = self.case("authority")
        action = complaint.sheet_ids.action_write_letter()
        letter = self.env["quality.complaint.reply"].browse(action["res_id"])
        self.assertEqual(letter.kind, "authority")
        self.assertIn("Thank you for passing this on", str(letter.body))
        with self.assertRaisesRegex(UserError, "No first letter"):
            self.case("media").sheet_ids.action_write_letter()

    def test_every_delivered_kind_blocks_tells_or_times_something(self):
        kinds = self.env["quality.complaint.sheet.type"].search([])
        self.assertEqual(len(kinds), 10)
        for kind in kinds:
            with self.subTest(kind=kind.code):
                self.assertTrue(kind.blocks_closing)
                self.assertTrue(kind.step_ids.filtered("hours"))
                self.assertTrue(kind.question_ids.filtered("required"))
                if kind.is_automatic:
                    self.assertTrue(kind._says_when())
                    self.assertTrue(kind.told_role_ids)
                for question in kind.question_ids:
                    self.assertEqual(
                        question.kind == "choice", bool(question.choice_ids)
                    )

    def test_what_depends_on_a_choice_is_asked_only_then(self):
        """Rows 304 and 307: an event that need not be reported has no authority, and
        no change nobody who reviewed it.
        """
        kind = self.env.ref("quality_complaint.sheet_type_adverse_event")
        complaint = self.make_complaint(partner_id=self.customer.id)
        sheet = self.env["quality.complaint.sheet"].create(
            {"complaint_id": complaint.id, "type_id": kind.id}
        )
        facts = {fact.question_id.name: fact for fact in sheet.fact_ids}
        choices = {
            "To be reported to the authority": "No",
            "Change of the product": "Change is reviewed",
        }
        for name, choice in choices.items():
            fact = facts[name]
            fact.choice_id = fact.question_id.choice_ids.filtered(
                lambda row, choice=choice: row.name == choice
            )
        missing = sheet._missing_to_close()
        self.assertNotIn("“Reported to”", missing)
        self.assertNotIn("the step “Report it to the authority”", missing)
        self.assertIn("“Change reviewed by”", missing)
        facts["To be reported to the authority"].choice_id = self.env.ref(
            "quality_complaint.sheet_adverse_event_choice_10_1"
        )
        self.assertIn("“Reported to”", sheet._missing_to_close())

    def test_delivered_kinds_ask_what_their_sources_ask(self):
        """Rows 335, 364, 365, 366, 367 and 368 (sampling); rows 125, 126, 127 and 374
        (media); row 128 (court); row 97 (injury); rows 304 and 307 (adverse event);
        rows 95, 120 and 121 (outside examiner).
        """
        for code, facts in {
            "sampling": {
                "Product and lot",
                "State of the package",
                "Representative",
                "Re-test asked for on",
                "Certificates handed over",
                "Original report",
                "Result of the test",
            },
            "media": {
                "Name of the medium",
                "Is it true",
                "Whose fault",
                "Consequence",
                "Take-down asked for on",
            },
            "court": set(),
            "injury": {"Hospital", "Medical file", "Visited on"},
            "adverse_event": {
                "Class of the event",
                "Known risk",
                "Causality",
                "Reported to",
                "Number of the report",
                "Change of the product",
            },
            "examiner": {"Examiner", "Verdict of the examiner", "Papers of origin"},
        }.items():
            kind = self.env["quality.complaint.sheet.type"].search(
                [("code", "=", code)]
            )
            self.assertLessEqual(facts, set(kind.question_ids.mapped("name")), code)
        media, court = (
            self.env["quality.complaint.sheet.type"].search([("code", "=", code)])
            for code in ("media", "court")
        )
        self.assertIn("marketing", media.told_role_ids.mapped("code"))
        self.assertEqual(court.lead_role_id.code, "legal")

    def test_printed_in_both_languages_and_part_of_the_case_file(self):
        complaint = self.case("sampling")
        sheet = complaint.sheet_ids
        self.fact(sheet, "Samples taken").answer = "12"
        result = self.fact(sheet, "Result of the test")
        result.choice_id = result.question_id.choice_ids[0]
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "quality_complaint.action_report_sheet", sheet.ids
        )
        for text in ("Samples taken", "12", "Conforms", "Decide on a re-test"):
            self.assertIn(text, str(html))
        parts = {
            part.title: part.records for part in complaint._case_file_parts("full")
        }
        self.assertEqual(parts["title_sheet"], sheet)
        secret = self.case("lawyer").sheet_ids
        stranger = self.env(user=self.engineer)
        found = stranger["quality.complaint"].browse(secret.complaint_id.id).sudo()
        self.assertFalse(found._case_file_sheets())
        customer = found._case_file_parts("customer")
        self.assertNotIn("title_sheet", [part.title for part in customer])
