from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP, ComplaintWorld
from .holds import HoldCase

RUN = "quality_complaint.ir_cron_recall"


class RecallCase(HoldCase):
    """A lot two customers have; a recall proposed by the officer, decided by the
    manager.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.distributor.write({"lang": "en_US", "email": "office@traders.example"})
        cls.move_lot(cls.bad, 8, cls.stock, cls.customers, partner=cls.customer)
        cls.move_lot(cls.bad, 5, cls.stock, cls.customers, partner=cls.distributor)
        cls.move_lot(cls.bad, 2, cls.customers, cls.stock, partner=cls.customer)
        role = cls.env.ref("quality_complaint.role_management")
        cls.role = role.copy({"name": "Recall board", "code": "board"})
        cls.role.user_ids = cls.manager

    @classmethod
    def make_recall(cls, recall_class="food_1", **vals):
        source = cls.env.ref(f"quality_complaint.recall_class_{recall_class}")
        source.role_id = cls.role
        return (
            cls.env["quality.complaint.recall"]
            .with_user(cls.officer)
            .create(
                {
                    "name_of_goods": "Copper strip 0.5 mm",
                    "class_id": source.id,
                    "hazard": "Sharp edges may cut",
                    "instruction": "Put it aside and send it back",
                    "contact": "Olga Officer, +1 555",
                    "root_lot_ids": [Command.set(cls.bad.ids)],
                    **vals,
                }
            )
        )

    @classmethod
    def decided(cls, **vals):
        recall = cls.make_recall(**vals)
        recall.action_propose()
        recall.with_user(cls.manager).action_decide()
        return recall

    def run_job(self):
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_more: 60.0):
            self.env["quality.complaint.recall"]._cron_recall()
        self.env.invalidate_all()

    def row(self, recall, partner):
        return recall.consignee_ids.filtered(lambda row: row.partner_id == partner)

    def asked(self, recall):
        recall.action_send_notices()
        self.run_job()


@tagged("post_install", "-at_install")
class TestDecision(RecallCase):
    def test_decision_holds_freezes_and_starts_the_times(self):
        with freeze_time("2026-11-25 09:30:00"):
            recall = self.decided()
        self.assertEqual(
            (recall.state, recall.decided_by_id), ("running", self.manager)
        )
        self.assertTrue(recall.name.startswith("QR/2026/"))
        self.assertEqual(
            (recall.hold_id.state, recall.hold_id.lot_ids.lot_id),
            ("standing", self.bad),
        )
        self.assertEqual(recall.action_view_hold()["res_id"], recall.hold_id.id)
        self.assertEqual(recall.action_trace()["params"]["lot_ids"], self.bad.ids)
        lot = recall.lot_ids
        self.assertEqual(
            [lot.in_quantity, lot.here_quantity, lot.shipped_quantity],
            # what came back is among what is here
            [20, 9, 11],
        )
        self.assertEqual(
            {
                row.partner_id: row.line_ids.shipped_quantity
                for row in recall.consignee_ids
            },
            {self.customer: 6, self.distributor: 5},
        )
        due = {row.kind: row.due_on for row in recall.report_ids}
        self.assertEqual(due["notify"], Datetime.to_datetime("2026-11-26 09:30:00"))
        self.assertEqual(
            due["start_report"], Datetime.to_datetime("2026-11-26 09:30:00")
        )
        self.assertEqual(due["finish"].date().isoformat(), "2026-12-09")
        self.assertEqual(set(due), {"notify", "start_report", "finish"})

    def test_what_is_missing_is_named(self):
        recall = self.make_recall(hazard=False, contact="-")
        with self.assertRaisesRegex(UserError, "Defect and Hazard and Contact"):
            recall.action_propose()

    def test_only_the_role_decides_and_nobody_their_own(self):
        recall = self.make_recall()
        recall.action_propose()
        for user in (self.officer, self.engineer):
            with self.assertRaisesRegex(UserError, "Mona Manager"):
                recall.with_user(user).action_decide()
        self.role.user_ids = self.manager | self.officer
        recall.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Mona Manager"):
            recall.action_decide()
        recall.with_user(self.manager).action_decide()
        with self.assertRaises(UserError):
            recall.with_user(self.manager).action_decide()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            recall.root_lot_ids = self.good

    def test_refused_needs_a_reason(self):
        recall = self.make_recall()
        recall.action_propose()
        recall = recall.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "give a reason"):
            recall.action_refuse()
        recall.conclusion = "Only the label is wrong"
        recall.action_refuse()
        self.assertEqual((recall.state, recall.hold_id.id), ("refused", False))

    def test_a_hold_that_stands_serves(self):
        hold = self.hold(self.bad)
        self.assertEqual(self.decided().hold_id, hold)

    def test_what_is_found_later_is_added_with_its_day(self):
        used = self.move_lot(self.bad, 1, self.stock, self.production)
        recall = self.decided()
        with self.assertRaisesRegex(UserError, "nothing has been found"):
            recall.action_amend()
        made = self.make_lot("MADE-9")
        finished = self.move_lot(made, 1, self.production, self.stock)
        # booked late: what had gone into it before the hold
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        recall.action_amend()
        self.assertEqual(recall.lot_ids.lot_id, self.bad | made)


@tagged("post_install", "-at_install")
class TestNotices(RecallCase):
    def test_notices_go_to_all_once_and_are_kept(self):
        recall = self.decided()
        self.asked(recall)
        self.assertEqual(recall.consignee_ids.mapped("state"), ["notified"] * 2)
        self.assertEqual(len(recall.notice_ids), 2)
        notice = recall.notice_ids.filtered(
            lambda row: row.consignee_id.partner_id == self.customer
        )
        self.assertEqual(
            notice.subject, f"Recall of Copper strip 0.5 mm ({recall.name})"
        )
        for words in ("Sharp edges", "BAD-1", "6 Units", "Put it aside", "+1 555"):
            self.assertIn(words, notice.body)
        self.assertNotIn("voluntar", notice.body.lower())
        self.assertEqual(recall.notified_percent, 100)
        done = recall.report_ids.filtered(lambda row: row.kind == "notify")
        self.assertTrue(done.done_on)
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            recall.action_send_notices()
        self.run_job()
        self.assertEqual(len(recall.notice_ids), 2)

    def test_chinese_customers_read_chinese(self):
        self.customer.lang = "zh_CN"
        recall = self.decided()
        chinese = self.env["res.lang"]._lang_get("zh_CN").name
        self.assertIn(f"read {chinese}. Write", recall.unwritten)
        recall.with_context(lang="zh_CN").hazard = "边缘锋利，可能割伤"
        recall.invalidate_recordset()
        self.assertIn(chinese, recall.unwritten)
        recall.with_context(lang="zh_CN").instruction = "封存并退回"
        recall.invalidate_recordset()
        self.assertFalse(recall.unwritten)
        self.asked(recall)
        notice = recall.notice_ids.filtered(
            lambda row: row.consignee_id.partner_id == self.customer
        )
        self.assertIn("边缘锋利", notice.body)
        self.assertIn("召回", notice.subject)
        self.assertIn(f"/zh_CN/my/recall/{notice.consignee_id.id}?", notice.body)

    def test_who_does_not_answer_is_reminded_so_often(self):
        with freeze_time("2026-11-25 09:30:00"):
            recall = self.decided()
            self.asked(recall)
        for hours, count in ((11, 2), (13, 4), (14, 4), (26, 6), (40, 8), (80, 8)):
            moment = Datetime.to_datetime("2026-11-25 09:30:00")
            with freeze_time(moment + timedelta(hours=hours)):
                self.run_job()
            self.assertEqual(len(recall.notice_ids), count, hours)

    def test_told_by_telephone_counts(self):
        self.distributor.email = False
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.distributor)
        self.assertEqual((row.state, recall.notified_percent), ("open", 50))
        row.action_told()
        self.assertEqual((row.state, row.notified_by), ("notified", "phone"))

    def test_sale_may_go_on(self):
        recall = self.decided()
        self.asked(recall)
        with self.assertRaisesRegex(UserError, "BAD-1 is still on hold"):
            recall.action_send_release()
        self.lift(recall.hold_id)
        self.move_lot(self.bad, 2, self.customers, self.stock, partner=self.customer)
        recall.action_send_release()
        self.run_job()
        with self.assertRaisesRegex(UserError, "all were told"):
            recall.action_send_release()
        theirs = recall.notice_ids.filtered(
            lambda row: (
                row.kind == "release" and row.consignee_id.partner_id == self.customer
            )
        )
        self.assertIn("4 Units", theirs.body)
        last = recall.notice_ids[:1]
        self.assertEqual(last.kind, "release")
        self.assertIn("may be sold", last.body)
        self.assertNotIn("Sharp edges", last.body)


@tagged("post_install", "-at_install")
class TestEnd(RecallCase):
    def answered(self):
        recall = self.decided()
        self.asked(recall)
        for row in recall.consignee_ids:
            row.line_ids.stock_quantity = row.shipped_quantity
            row.confirmed_by = "Ann"
            row.action_confirm()
        return recall

    def test_ratios_apart(self):
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.customer)
        row.line_ids.write({"used_quantity": 2, "stock_quantity": 4})
        with self.assertRaisesRegex(UserError, "who of them said it"):
            row.action_confirm()
        row.write({"confirmed_by": "Ann", "confirmed_via": "letter"})
        row.action_confirm()
        self.assertEqual((row.confirmed_by, row.confirmed_via), ("Ann", "letter"))
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            row.confirmed_by = "Somebody else"
        self.move_lot(self.bad, 3, self.customers, self.stock, partner=self.customer)
        self.env.invalidate_all()
        self.assertEqual(
            [
                round(recall[name], 1)
                for name in (
                    "notified_percent",
                    "confirmed_percent",
                    "recovered_percent",
                    "explained_percent",
                    "known_percent",
                )
            ],
            [100, 50, 27.3, 100, 54.5],
        )
        self.assertEqual(row.recovered_quantity, 3)

    def test_more_than_they_got_is_refused(self):
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.customer)
        row.line_ids.write({"used_quantity": 4, "stock_quantity": 3})
        with self.assertRaisesRegex(UserError, "7 Units together, but 6"):
            row.action_confirm()
        row.line_ids.write({"stock_quantity": 0, "passed_quantity": 2})
        with self.assertRaisesRegex(UserError, "to whom"):
            row.action_confirm()

    def test_finished_and_closed_only_with_everything(self):
        recall = self.decided()
        with self.assertRaisesRegex(UserError, "notices to: Northwind Motors"):
            recall.action_finish()
        self.asked(recall)
        with self.assertRaisesRegex(UserError, "answers of"):
            recall.action_finish()
        for row in recall.consignee_ids:
            row.line_ids.stock_quantity = row.shipped_quantity
            row.confirmed_by = "Ann"
            row.action_confirm()
        recall.action_finish()
        self.assertEqual(recall.state, "finished")
        recall = recall.with_user(self.engineer)
        with self.assertRaisesRegex(UserError, "acted on .0 of 1.") as error:
            recall.action_close()
        for words in ("start", "end", "Summary"):
            self.assertIn(words, str(error.exception))
        recall.with_user(self.officer).action_resume()
        self.assertEqual((recall.state, recall.finished_on), ("running", False))
        recall.with_user(self.officer).action_finish()
        recall.check_ids = [
            Command.create(
                {"consignee_id": recall.consignee_ids[0].id, "arrived": True}
            )
        ]
        # told, but nothing was done: no proof
        with self.assertRaisesRegex(UserError, "acted on .0 of 1."):
            recall.action_close()
        recall.check_ids.acted = True
        for row in recall.report_ids.filtered(lambda row: not row.done_on):
            with self.assertRaisesRegex(UserError, "what was reported"):
                row.action_done()
            row.text = "Told the office by letter"
            row.action_done()
        recall.conclusion = "All of it sorted"
        recall.action_close()
        self.assertEqual(recall.state, "closed")
        with self.assertRaises(UserError):
            recall.conclusion = "Other"

    def test_who_cannot_be_reached_stands_there_with_what_was_tried(self):
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.customer)
        with self.assertRaisesRegex(UserError, "what was tried"):
            row.action_unreachable()
        row.remark = "Rang three times, letter came back"
        row.action_unreachable()
        self.assertEqual(row.state, "unreachable")

    def test_access(self):
        recall = self.answered()
        for user in (self.employee, self.warehouse_worker, self.accountant):
            with self.assertRaises(AccessError):
                recall.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            recall.with_user(self.handler).action_finish()
        other = self.env["res.company"].create({"name": "Sister Works"})
        stranger = new_test_user(
            self.env,
            "sister",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for name in (
            "consignee_ids", "lot_ids", "notice_ids", "report_ids",
        ):  # fmt: skip
            with self.subTest(name), self.assertRaises(AccessError):
                recall[name].with_user(stranger).read(["recall_id"])


@tagged("post_install", "-at_install")
class TestConsumerGoods(RecallCase):
    """Interim Provisions on the Administration of Consumer Product Recalls: report in
    two working days, the end in ten after it is finished.
    """

    def test_from_friday_to_the_final_report(self):
        with freeze_time("2026-11-27 14:00:00"):  # a Friday
            recall = self.decided(recall_class="consumer", strategy="consumers")
        due = {row.kind: row.due_on.date().isoformat() for row in recall.report_ids}
        self.assertEqual(due, {"start_report": "2026-12-01", "notify": "2026-12-04"})
        with freeze_time("2026-11-30 08:00:00"):
            self.asked(recall)
            start = recall.report_ids.filtered(lambda row: row.kind == "start_report")
            self.assertFalse(start.is_overdue)
        with freeze_time("2026-12-02 08:00:00"):
            start.invalidate_recordset()
            self.assertTrue(start.is_overdue)
            start.text = "Reported to the market regulator"
            start.action_done()
        with freeze_time("2026-12-11 08:00:00"):
            for row in recall.consignee_ids:
                row.line_ids.used_quantity = row.shipped_quantity
                row.confirmed_by = "Ann"
                row.action_confirm()
            recall.action_finish()
        final = recall.report_ids.filtered(lambda row: row.kind == "final")
        self.assertEqual(final.due_on.date().isoformat(), "2026-12-25")
        self.assertEqual((recall.known_percent, recall.recovered_percent), (100, 0))


@tagged("post_install", "-at_install")
class TestRecallPage(RecallCase, ComplaintWorld, HttpCase):
    """What a recipient reads and states, with the link or signed in."""

    def test_recipient_states_how_much_is_where(self):
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.customer)
        line = row.line_ids
        self.env.flush_all()
        url = f"/my/recall/{row.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open(f"{url}?access_token=x").status_code, 404)
        page = self.url_open(f"{url}?access_token={row.access_token}")
        self.assertEqual(page.status_code, 200)
        for words in ("Sharp edges", "BAD-1", "6 Units"):
            self.assertIn(words, page.text)

        def post(**vals):
            token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
            return self.url_open(
                url,
                data={"csrf_token": token, "access_token": row.access_token, **vals},
            )

        answer = post(**{f"used_{line.id}": "4", f"stock_{line.id}": "9", "who": "Ann"})
        self.assertIn("13 Units together, but 6", answer.text)
        self.assertFalse(row.confirmed_on)
        for unclear in ("1,200", "-5", "none"):
            answer = post(**{f"used_{line.id}": unclear, "who": "Ann"})
            self.assertIn(f"“{unclear}” is not clear", answer.text)
            self.assertIn(f'value="{unclear}"', answer.text)
        answer = post(**{f"used_{line.id}": "5", "who": "Ann"})
        self.assertIn("of 6 Units, 1 are not accounted for", answer.text)
        self.assertFalse(row.confirmed_on)
        answer = post(
            **{
                f"used_{line.id}": "1,5",
                f"stock_{line.id}": "2",
                f"passed_{line.id}": "2.5",
                f"to_{line.id}": "Corner Shop, +1 555 77",
                "who": "Ann",
                "remark": "Come and get it",
            }
        )
        self.assertEqual(answer.status_code, 200)
        row.invalidate_recordset()
        line.invalidate_recordset()
        self.assertEqual(
            (row.state, row.confirmed_by, row.confirmed_via, row.remark),
            ("confirmed", "Ann", "portal", "Come and get it"),
        )
        self.assertEqual(
            [line.used_quantity, line.stock_quantity, line.passed_quantity],
            [1.5, 2, 2.5],
        )
        told = recall.message_ids[:1]
        self.assertEqual(told.partner_ids, self.officer.partner_id)
        for words in ("used 1.5, in stock 2, passed on 2.5 Units", "Come and get it"):
            self.assertIn(words, told.body)
        task = recall.activity_ids.filtered(
            lambda row: "Name who has what" in (row.summary or "")
        )
        # who answered without a login is of another company, and cannot be read
        self.assertEqual(
            (task.user_id, task.create_uid),
            (self.officer, self.env.ref("base.user_root")),
        )
        with self.assertRaisesRegex(UserError, "passed on by: Northwind Motors"):
            recall.action_finish()
        other = self.row(recall, self.distributor)
        self.assertEqual(
            self.url_open(
                f"/my/recall/{other.id}?access_token={row.access_token}"
            ).status_code,
            404,
        )


@tagged("post_install", "-at_install")
class TestRecallPapers(RecallCase):
    """Form 15, and the ways to a recall."""

    def test_file_and_notice_in_both_languages(self):
        recall = self.decided()
        self.asked(recall)
        render = self.env["ir.actions.report"].with_user(self.officer)._render_qweb_html
        file = render("quality_complaint.recall_file", recall.ids)[0].decode()
        for words in (recall.name, "BAD-1", "Northwind Motors", "Sharp edges"):
            self.assertIn(words, file)
        notice = render(
            "quality_complaint.recall_notice", recall.consignee_ids[:1].ids
        )[0].decode()
        for words in (recall.name, "BAD-1", "Put it aside", "批号"):
            self.assertIn(words, notice)

    def test_complaint_report_and_hold_lead_to_a_recall(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create({"product_id": self.strip.id, "lot_id": self.bad.id})
            ],
        )
        report = complaint._create_8d()
        hold = self.hold(self.bad, complaint_id=complaint.id)
        recalls = self.env["quality.complaint.recall"].with_user(self.officer)
        for record in (complaint, report, hold):
            with self.subTest(record._name):
                context = record.with_user(self.officer).action_start_recall()[
                    "context"
                ]
                recall = recalls.with_context(**context).create(
                    {"class_id": self.env.ref("quality_complaint.recall_class_own").id}
                )
                self.assertEqual(
                    (recall.root_lot_ids, recall.name_of_goods),
                    (self.bad, "Copper strip"),
                )
