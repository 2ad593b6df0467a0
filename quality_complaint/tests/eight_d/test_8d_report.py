import base64
import copy
import json
from io import BytesIO

from markupsafe import Markup
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...report.eight_d.copy_for import EightDCopy
from ...tools import SchemaError, check_schema
from ..common import APP
from ..golden import assert_golden
from .example import EightDExample

EIGHT_D = "quality_complaint.action_report_eight_d"
CAPA, CAPA_8D, CAPA_COMPLAINT = (
    f"quality_complaint.action_report_capa{suffix}"
    for suffix in ("", "_8d", "_complaint")
)
STEP_TITLES = {
    "D0": "Preparation and emergency response",
    "D3": "Interim containment actions",
    "D4": "Root cause analysis",
    "D5": "Permanent corrective actions",
    "D6": "Implementation and validation",
    "D7": "Prevention of recurrence",
    "D8": "Closure",
}


class ReportWorld(EightDExample):
    def issue(
        self,
        report,
        stage="final",
        language="both",
        complaints=None,
        note="First issue",
    ):
        return report._issue(
            stage,
            language,
            report._covered_complaints() if complaints is None else complaints,
            note,
        )

    def texts(self, attachment):
        """Pages of a kept PDF, read as `printed` reads them."""
        pages = PdfReader(BytesIO(attachment.sudo().raw)).pages
        return [self.plain(page.extract_text()) for page in pages]

    def printed_in(self, language, report, records):
        printer = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, complaint_form_language=language
        )
        return [
            self.plain(page.extract_text())
            for page in PdfReader(
                BytesIO(printer._render_qweb_pdf(report, records.ids)[0])
            ).pages
        ]


@tagged("post_install", "-at_install")
class TestEightDReport(ReportWorld, HttpCase):
    """Form 5 tells all the report knows up to its stage; a customer's copy names no
    other customer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_example()

    def finished(self):
        with self.at():
            report = self.example()
            self.close_up_to(report, "D8")
        report.write(
            {
                "customer_score": 87,
                "accepted_cost": 1234.5,
                "accepted_currency_id": self.env.ref("base.EUR").id,
            }
        )
        return report

    def test_every_fact_in_both_languages(self):
        report = self.finished()
        pages = self.printed(EIGHT_D, report)
        assert_golden(self, "05_eight_d", self.pages)
        self.assertPages(len(pages), pages, "8D Report", report.name)
        self.assertLessEqual(len(pages), 6)
        self.assertPrinted(
            [
                "8D报告",
                "8D-05",
                "8D报告编号",
                report.name,
                self.first.name,
                self.second.name,
                "Northwind Motors",
                "Rhein Armaturen",
                "NM-88",
                "RA-4711",
                "Copper pipe 22 mm",
                "B-77",
                "30 Units",
                "12 Units",
                "Quentin Quality",
                "Mona Manager",
                "Lot B-77 since 2 March",
                "停止发货决定",
                "Hans Handler",
                "Process engineering",
                "+86 574 1001",
                "Willi Works",
                "Laboratory",
                "读写权限",
                "inner radius of the bend",
                "Assembly line 4",
                "标准要求(应为)",
                "wall 0.78 mm",
                "3 of 30 (10 %)",
                "是/不是分析",
                "Other bending tool",
                "Crack at the inner radius",
                "bend.jpg",
                "At the customer",
                "Hall 2",
                "108",
                "Green dot on the label",
                "B-81, Mar 4, 2026",
                "合格起点",
                "合格品标识",
                "No cracked pipe since 4 March",
                "Block lot B-77",
                "Blocked in the system",
                "Apr 1, 2026",
                "Tool release does not check",
                "70 %",
                "流出点",
                "First-article inspection",
                "Excluded",
                "24 °C, as always",
                "Remove: Tool release",
                "Cannot be bypassed",
                "50 parts, none misplaced",
                "选择理由",
                "事前验证",
                "Installed, report 77",
                "[proof.gif]",
                "Mar 10, 2026",
                "断点",
                "1,286.00",
                "DOC-pfmea",
                "Covered by the control plan",
                "横向展开",
                "Pipe 22 mm",
                "A change of a tool needs",
                "2,000 parts without a crack",
                "措施有效性",
                "Three months and 1,000 pipes",
                "Thank you all",
                "表彰小组",
                "倡导者(批准)",
                "关键部件",
                "Drawn tube 22 mm",
                "H-2231",
                "Tube Mill Siegen",
                "TM-220",
                "评价得分",
                "87 / 100",
                "认可费用",
                "1,234.50",
            ],
            "".join(pages),
        )
        self.assertNotIn("Workingcopy", "".join(pages))

    def test_languages(self):
        report = self.finished()
        text = "".join(self.printed_in("zh_CN", EIGHT_D, report))
        self.assertPrinted(
            [
                "8D报告",
                "临时(围堵)措施",
                "根本原因分析",
                "永久纠正措施",
                "预防再发生",
                "经验教训",
            ],
            text,
        )
        for title in STEP_TITLES.values():
            self.assertNotIn("".join(title.split()), text)
        text = "".join(self.printed_in("en_US", EIGHT_D, report))
        self.assertPrinted(STEP_TITLES.values(), text)
        self.assertNotIn("措施", text)

    def test_stage_ends_the_report_where_it_was_issued(self):
        report = self.finished()
        for stage, last, absent in (
            ("d3", "D3", ["D4", "D5", "D8"]),
            ("d5", "D5", ["D6", "D7", "D8"]),
            ("final", "D8", []),
        ):
            issue = self.issue(report, stage, "en_US", self.first)
            text = "".join(self.texts(issue.attachment_id))
            with self.subTest(stage=stage):
                self.assertPrinted(
                    [
                        STEP_TITLES.get(last, ""),
                        dict(issue._fields["stage"].selection)[stage],
                    ],
                    text,
                )
                for code in absent:
                    self.assertNotIn("".join(STEP_TITLES[code].split()), text)
        self.assertNotIn(
            "Toolreleasedoesnotcheck",
            "".join(
                self.texts(
                    report.issue_ids.filtered(
                        lambda row: row.stage == "d3"
                    ).attachment_id
                )
            ),
        )

    def test_customers_copy_names_no_other_customer(self):
        report = self.finished()
        report.with_user(self.engineer).message_post(body=Markup("note"))
        copies = self.issue(report)
        foreign = {
            self.first: ["Rhein", "RA-4711", "Schulz", self.second.name],
            self.second: ["Northwind", "NM-88", self.first.name, "Enduser"],
        }
        for copy_ in copies:
            text = "".join(self.texts(copy_.attachment_id))
            with self.subTest(customer=copy_.complaint_id.partner_id.name):
                for word in foreign[copy_.complaint_id]:
                    self.assertNotIn("".join(word.split()), text)
                # of what lies at customers their own only, what lies at ours with its
                # place
                self.assertPrinted(
                    [
                        copy_.complaint_id.partner_id.name,
                        copy_.complaint_id.name,
                        "Hall 2",
                        "checked at both customers",
                    ],
                    text,
                )
                rows = EightDCopy(report.sudo(), copy_.sudo()).containment()
                own = [
                    row["suspect"] for row in rows if row["place"].place == "customer"
                ]
                self.assertEqual(own, [30 if copy_.complaint_id == self.first else 12])
                # what it costs us, who supplied the part, and what is agreed with one
                # of several
                for word in ("1,286.00", "Mill", "87/100", "1,234.50"):
                    self.assertNotIn(word, text)
                self.assertPrinted(["Drawn tube 22 mm", "H-2231"], text)
                self.assertPrinted(["客户签字"], text)
        self.assertPrinted(
            ["also at another customer 其他客户"],
            "".join(self.texts(copies[0].attachment_id)),
        )

    def test_only_customer_reads_his_score_and_the_cost_accepted(self):
        self.patch(type(self), "second", self.first)
        report = self.finished()
        self.assertPrinted(
            ["87 / 100", "1,234.50"],
            "".join(self.texts(self.issue(report).attachment_id)),
        )

    def test_serial_numbers_stand_apart_from_lots(self):
        self.first.line_ids.product_id.sudo().tracking = "serial"
        with self.at():
            report = self.start(self.first)
        header = self.env["report.quality_complaint.eight_d_report"]
        self.assertEqual(
            [header._lots(self.first, serial) for serial in (True, False)], ["B-77", ""]
        )
        self.assertPrinted(["序列号", "B-77"], "".join(self.printed(EIGHT_D, report)))

    def test_names_written_otherwise_and_short_numbers(self):
        with self.at():
            report = self.example()
            self.german.name = "Rhein Armaturen GmbH & Co. KG"
            self.second.customer_ref = "7"
            report.actual = "RHEIN ARMATUREN sees 7 cracks <b>&</b> Rheinbach none"
            self.close_up_to(report, "D3")
        copy_ = self.issue(report, "d3", "en_US", self.first)
        self.assertPrinted(
            ["another customer sees 7 cracks <b>&</b> Rheinbach none"],
            "".join(self.texts(copy_.attachment_id)),
        )

    def test_names_in_diagrams_and_texts_without_a_break(self):
        """A name is taken out before it is broken into lines; texts as long as they get
        stay in their columns.
        """
        with self.at():
            report = self.example()
            self.close_up_to(report, "D3")
            self.node(
                report,
                "The pallets of the forwarder of Rhein Armaturen were dropped twice "
                "on the way",
                is_root=False,
                share=0,
            )
            self.node(
                report,
                "裂纹由弯管模具芯棒位置偏移引起且更换模具后未重新进行首件检验导致批量流出"
                * 3,
                "escape",
                evidence="W" * 180,
            )
            report.escape_point = "X" * 200
            report.sudo()._step("D5")._set_done()
        copy_ = self.issue(report, "d5", "both", self.first)
        text = "".join(self.texts(copy_.attachment_id))
        self.assertNotIn("Rhein", text)
        self.assertNotIn("Armaturen", text)
        self.assertPrinted(
            ["Cause-and-effect diagram", "鱼骨图", "5 Why图", "W" * 20, "X" * 60], text
        )

    def test_valid_overrides_are_printed_with_reason_and_name(self):
        with self.at():
            report = self.example()
            self.close_up_to(report, "D3")
            report._step("D4").with_user(self.manager).action_override(
                "The customer wants it today"
            )
        text = "".join(self.printed(EIGHT_D, report))
        self.assertPrinted(
            [
                "Closed by override",
                "强制关闭",
                "a verified root cause why it occurred",
                "The customer wants it today",
                "Mona Manager",
                "Working copy",
            ],
            text,
        )
        report._step("D4").action_reopen("Causes are known now")
        self.assertNotIn("Closedbyoverride", "".join(self.printed(EIGHT_D, report)))

    def test_empty_report_prints(self):
        report = self.start(self.first)
        pages = self.printed(EIGHT_D, report)
        self.assertPrinted(
            ["Working copy: not issued.", "none", report.name], "".join(pages)
        )

    def test_nobody_abroad_prints(self):
        report = self.start(self.first)
        for form in (EIGHT_D, CAPA_8D):
            self.refused_abroad(form, report)
        with self.assertRaises(AccessError):
            self.html(EIGHT_D, report.with_user(self.employee))

    def test_case_file_holds_the_report_and_the_customers_only_what_was_sent(self):
        report = self.finished()
        parts = {
            part.title: part.records
            for part in self.first.sudo()._case_file_parts("full")
        }
        self.assertEqual(parts["title_eight_d"], report)
        self.assertNotIn(
            "title_eight_d",
            [part.title for part in self.first.sudo()._case_file_parts("customer")],
        )
        issue = self.issue(report, "final", "en_US", self.first)
        self.assertFalse(
            [
                row
                for row in self.first.sudo()._case_file_attachments(
                    "customer", lambda key, inline=False: key
                )
            ]
        )
        issue.reply_id.sudo().write({"send_as": "letter"})
        issue.reply_id.sudo().action_send()
        names = [
            row.name
            for row in self.first.sudo()._case_file_attachments(
                "customer", lambda key, inline=False: key
            )
        ]
        self.assertEqual(names, [issue.attachment_id.name])
        full = [
            row.owner
            for row in self.first.sudo()._case_file_attachments(
                "full", lambda key, inline=False: key
            )
        ]
        self.assertIn(f"title_eight_d: {report.name}", full)


@tagged("post_install", "-at_install")
class TestCapaForm(ReportWorld, HttpCase):
    """Form 6 tells what is done against a trouble and whether it works, for a report, a
    complaint, or chosen actions.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_example()

    def test_of_an_8d_report(self):
        with self.at():
            report = self.example()
            self.close_up_to(report, "D8")
        pages = self.printed(CAPA_8D, report)
        assert_golden(self, "06_capa", self.pages)
        self.assertPages(
            len(pages), pages, "Corrective and Preventive Action Form", report.name
        )
        self.assertLessEqual(len(pages), 3)
        self.assertPrinted(
            [
                "纠正和预防措施报告",
                "8D-06",
                "不合格描述及来源",
                "Production",
                "Wall of the tube",
                "已验证的根本原因",
                "应急处理",
                "Block lot B-77",
                "Blocked in the system",
                "Remove: Tool release",
                "Mandrel stop for the 15 mm tool",
                "责任人",
                "Installed, report 77",
                "Effective",
                "是否有效",
                "2,000 parts without a crack",
                "验证人",
                "Quentin Quality",
                "编制",
                "批准",
            ],
            "".join(pages),
        )
        self.assertNotIn("Coolant", "".join(pages))
        chinese = "".join(self.printed_in("zh_CN", CAPA_8D, report))
        self.assertPrinted(
            ["纠正和预防措施报告", "原因分析", "实施及有效性验证"], chinese
        )
        self.assertNotIn("Nonconformity", chinese)
        self.assertNotIn("原因分析", "".join(self.printed_in("en_US", CAPA_8D, report)))

    def test_of_a_complaint_and_of_chosen_actions(self):
        with self.at():
            complaint = self.complain(received_on="2026-03-02 01:00:00")
            complaint.write(
                {"root_cause": "A worn roller", "escape_cause": "No check of the coil"}
            )
            actions = self.env["quality.complaint.action"].create(
                [
                    {
                        "complaint_id": complaint.id,
                        "name": "Grind the roller",
                        "kind": "corrective",
                        "user_id": self.officer.id,
                    },
                    {
                        "complaint_id": complaint.id,
                        "name": "Sort the stock",
                        "kind": "containment",
                        "user_id": self.officer.id,
                    },
                ]
            )
        text = "".join(self.printed(CAPA_COMPLAINT, complaint))
        texts = [
            "Scratches of 3 cm",
            "A worn roller",
            "No check of the coil",
            "Grind the roller",
            "Sort the stock",
            "发生原因",
        ]
        self.assertPrinted([complaint.name, *texts], text)
        report = self.start(self.first)
        other = report.env["quality.complaint.action"].create(
            {"eight_d_id": report.id, "name": "Harden the tool", "kind": "preventive"}
        )
        pages = self.printed(CAPA, actions[0] | other)
        self.assertEqual(len(pages), 2)
        self.assertNotIn("Sortthestock", "".join(pages))
        self.assertPrinted(["Grind the roller"], pages[0])
        self.assertPrinted(["Harden the tool", report.name], pages[1])

    def test_actions_are_printed_by_those_who_may_open_what_they_belong_to(self):
        complaint = self.complain()
        action = self.env["quality.complaint.action"].create(
            {"complaint_id": complaint.id, "name": "Grind", "user_id": self.handler.id}
        )
        self.office.member_ids -= self.handler
        self.refused_abroad(CAPA, action)
        self.refused_abroad(CAPA_COMPLAINT, complaint)


@tagged("post_install", "-at_install")
class TestIssue(ReportWorld, HttpCase):
    """An issue keeps what was told: gates, one revision for all copies, a letter each,
    acceptance on the steps.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_example()

    def contained(self):
        with self.at():
            report = self.example()
            self.close_up_to(report, "D3")
        return report

    def wizard(self, report, user=None, **vals):
        report = report.with_user(user or self.engineer)
        action = report.action_issue()
        return (
            report.env["quality.8d.issue.wizard"]
            .with_context(**action["context"])
            .create(vals)
        )

    def test_a_stage_waits_for_its_step(self):
        report = self.start(self.first | self.second)
        with self.assertRaisesRegex(
            UserError,
            "“Interim report D3” cannot be issued yet: .*D3 Containment is not closed",
        ):
            report.action_issue()
        report.sudo()._step("D3")._set_done()
        for stage, step in (("d5", "D5"), ("final", "D8")):
            with self.assertRaisesRegex(UserError, f"{step} .* is not closed"):
                self.issue(report, stage)
        self.assertEqual(len(self.issue(report, "d3")), 2)
        report.action_cancel("A mistake")
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.issue(report, "d3")

    def test_two_customers_one_revision_and_a_draft_for_each(self):
        report = self.contained()
        self.wizard(report, note="First issue").action_issue()
        issues = report.issue_ids
        self.assertEqual(report.revision, 1)
        self.assertEqual(issues.mapped("revision"), [1, 1])
        self.assertEqual(
            (issues.complaint_id, set(issues.mapped("stage")), issues.issued_by_id),
            (self.first | self.second, {"d3"}, self.engineer),
        )
        for issue in issues:
            reply = issue.reply_id
            self.assertEqual(
                (reply.state, reply.kind, reply.complaint_id),
                ("draft", "progress", issue.complaint_id),
            )
            self.assertEqual(reply.attachment_ids.raw, issue.attachment_id.raw)
            self.assertIn(report.name, reply.subject)
            self.assertIn("revision 1", reply.body)
        self.assertEqual(len(set(issues.attachment_id.mapped("name"))), 2)
        self.assertEqual(
            issues.attachment_id.mapped("res_model"), ["quality.8d.issue"] * 2
        )
        again = self.issue(report, "d3", "en_US", self.second, "Quantities corrected")
        self.assertEqual((again.revision, report.revision), (2, 2))
        self.assertPrinted(
            ["What changed", "First issue", "Quantities corrected"],
            "".join(self.texts(again.attachment_id)),
        )
        # the first customer did not get the second revision
        third = self.issue(report, "d3", "en_US", self.first, "Both again")
        self.assertNotIn(
            "Quantitiescorrected", "".join(self.texts(third.attachment_id))
        )

    def test_dialog_says_who_gets_no_copy(self):
        report = self.contained()
        wizard = self.wizard(report)
        self.assertFalse(wizard.left_out)
        wizard.complaint_ids -= self.second
        self.assertEqual(
            wizard.left_out,
            f"No copy for: {self.second.display_name}. Add a line if that customer "
            "should get one.",
        )

    def test_two_clicks_make_one_revision(self):
        report = self.contained()
        wizard = self.wizard(report)
        wizard.action_issue()
        with self.assertRaisesRegex(UserError, "issued meanwhile as revision 1"):
            wizard.action_issue()
        self.assertEqual(report.revision, 1)

    def test_what_the_wizard_proposes(self):
        report = self.contained()
        wizard = self.wizard(report)
        self.assertEqual(
            (wizard.stage, wizard.language, wizard.complaint_ids, wizard.next_revision),
            ("d3", "both", self.first | self.second, 1),
        )
        self.change_form(self.first, "eight_d", language="user")
        report.sudo().policy_id = self.first.policy_id
        self.customer.lang = self.german.lang = "zh_CN"
        self.assertEqual(self.wizard(report).language, "zh_CN")
        self.german.lang = "en_US"
        self.assertEqual(self.wizard(report).language, "both")
        self.customer.lang = "en_US"
        self.assertEqual(self.wizard(report).language, "en_US")

    def test_letter_in_the_customers_language(self):
        report = self.contained()
        self.customer.lang = "zh_CN"
        issue = self.issue(report, "d3", "zh_CN", self.first)
        self.assertEqual(issue.reply_id.lang, "zh_CN")
        self.assertPrinted(
            ["8D报告", "临时(围堵)措施"], "".join(self.texts(issue.attachment_id))
        )

    def test_own_copy_without_customers(self):
        report = self.contained()
        issue = self.issue(report, "d3", "en_US", self.first.browse())
        self.assertFalse(issue.complaint_id or issue.reply_id)
        self.assertPrinted(
            ["Northwind Motors", "Rhein Armaturen"],
            "".join(self.texts(issue.attachment_id)),
        )
        with self.assertRaisesRegex(UserError, "copy of our own"):
            issue.action_open_reply()
        self.assertIn(str(issue.attachment_id.id), issue.action_download()["url"])

    def test_batch_case_is_issued_for_the_complaints_in_it(self):
        case = self.complain(is_batch=True)
        child = self.make_complaint(
            partner_id=self.customer.id,
            parent_id=case.id,
            team_id=self.office.id,
            line_ids=[
                Command.create(
                    {"product_id": self.pipe.id, "lot_id": self.lot.id, "quantity": 4}
                )
            ],
        )
        report = self.start(case)
        self.assertEqual(report._covered_complaints(), child)

    def test_complaint_of_another_report_is_refused(self):
        report = self.contained()
        stranger = self.complain()
        with self.assertRaisesRegex(UserError, "that it covers"):
            self.issue(report, "d3", complaints=stranger)
        wizard = self.wizard(report)
        wizard.complaint_ids = stranger
        with self.assertRaisesRegex(UserError, "that it covers"):
            wizard.action_issue()
        self.assertFalse(report.issue_ids)

    def test_who_may_issue_and_read(self):
        report = self.contained()
        outsider = new_test_user(
            self.env,
            "qc_outsider",
            f"{APP}user",
            name="Otto Outsider",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        issue = self.issue(report, "d3", "en_US", self.first)
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (outsider, self.foreigner):
            there = issue.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            self.assertFalse(there.search([("id", "=", issue.id)]))
            with self.assertRaises(AccessError):
                there.eight_d_id.browse(report.id)._issue(
                    "d3", "en_US", self.first.browse()
                )
            with self.assertRaises(AccessError):
                there.attachment_id.browse(issue.attachment_id.id).read(["datas"])
        # a member of the team reads and does not issue; officers neither
        for user in (self.handler, self.officer):
            self.assertEqual(issue.with_user(user).revision, 1)
            self.assertFalse(report.with_user(user).may_issue)
            with self.assertRaisesRegex(AccessError, "Only its leader, its champion"):
                report.with_user(user)._issue("d3", "en_US", self.first.browse())
        self.assertTrue(report.with_user(self.engineer).may_issue)
        # nobody writes what was issued
        for user in (self.handler, self.engineer, self.manager):
            with self.assertRaises(UserError):
                issue.with_user(user).note = "Nothing changed"
            with self.assertRaises(AccessError):
                issue.with_user(user).attachment_id.write({"raw": b"other"})
            with self.assertRaises(AccessError):
                issue.with_user(user).unlink()
        for vals in ({"revision": 7}, {"attachment_id": False}):
            with self.assertRaises(UserError):
                issue.sudo().write(vals)
        with self.assertRaises(UserError):
            issue.sudo().unlink()

    def test_leader_without_rights_on_the_complaints_issues_for_those_he_sees(self):
        report = self.contained()
        leader = new_test_user(
            self.env,
            "qc_leader",
            f"{APP}user",
            name="Lea Leader",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        report.sudo()._advance({"leader_id": leader.id})
        self.first.sudo().user_id = leader
        self.env.flush_all()
        self.env.invalidate_all()
        seen = report.with_user(leader)._covered_complaints()
        self.assertEqual(seen, self.first)
        issue = report.with_user(leader)._issue("d3", "en_US", seen)
        self.assertEqual(issue.reply_id.complaint_id, self.first)
        with self.assertRaises(AccessError):
            report.with_user(leader)._issue("d3", "en_US", self.second)

    def test_acceptance_is_stamped_on_the_steps_of_the_stage_and_goes_with_reopening(
        self,
    ):
        report = self.contained()
        issues = self.issue(report, "d3")
        reply = issues.filtered(
            lambda row: row.complaint_id == self.first
        ).reply_id.sudo()
        reply.send_as = "letter"
        reply.action_send()
        reply.write({"answered_by": "Frau Meier", "answer_note": "Agreed"})
        with self.at("2026-03-05 08:00:00"):
            reply.action_accepted()
        accepted = report.step_ids.filtered("accepted_on")
        self.assertEqual(set(accepted.mapped("code")), {"D0", "D1", "D2", "D3"})
        self.assertEqual(
            (str(accepted[0].accepted_on), accepted[0].accepted_by),
            ("2026-03-05", "Frau Meier, Northwind Motors"),
        )
        copies = {
            row.complaint_id: "".join(self.texts(row.attachment_id))
            for row in self.issue(report, "d3", "en_US")
        }
        self.assertIn("FrauMeier", copies[self.first])
        self.assertNotIn("FrauMeier", copies[self.second])
        report._step("D3").action_reopen("Another place")
        self.assertFalse(report._step("D3").accepted_on)
        self.assertTrue(report._step("D1").accepted_on)

    def test_final_acceptance(self):
        report = self.contained()
        for code in ("D4", "D5", "D6", "D7", "D8"):
            report.sudo()._step(code)._set_done()
        reply = self.issue(report, "final", complaints=self.first).reply_id.sudo()
        self.assertTrue(reply.expects_answer)
        self.assertIn("whether you accept it", reply.body)
        reply.send_as = "letter"
        reply.action_send()
        reply.action_accepted()
        self.assertTrue(report.customer_accepted_on)
        self.assertEqual(report.customer_accepted_by, "Northwind Motors")
        self.assertEqual(
            set(report.step_ids.filtered("accepted_on").mapped("code")),
            {"D6", "D7", "D8"},
        )

    def test_pdf_goes_with_the_personal_data(self):
        report = self.contained()
        mine, other = self.issue(report, "d3", "en_US")
        mine.complaint_id.sudo()._anonymise_one()
        self.assertFalse(mine.attachment_id)
        self.assertTrue(other.attachment_id)
        with self.assertRaisesRegex(UserError, "retention of its complaint is over"):
            mine.action_download()

    def test_letter_with_a_report_is_not_the_reply(self):
        report = self.contained()
        letter = self.issue(report, "d3", "en_US", self.first).reply_id
        other = self.env["quality.complaint.reply"].browse(
            self.first.action_open_reply()["res_id"]
        )
        self.assertNotEqual(letter, other)
        self.assertFalse(other.attachment_ids)


@tagged("post_install", "-at_install")
class TestFile(ReportWorld, HttpCase):
    """A report goes to a file and back without loss; what does not fit is refused by
    name and leaves nothing behind.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_example()

    def filled(self):
        with self.at():
            report = self.example()
            self.close_up_to(report, "D8")
        report.sudo()._step("D4")._advance({"user_id": self.handler.id})
        return report

    def taken_in(self, data):
        return (
            self.env["quality.8d"]
            .with_user(self.engineer)
            ._import_text(data if isinstance(data, str) else json.dumps(data))
        )

    def test_round_trip(self):
        # of several with one name none is taken, and other tests keep their customers
        self.customer.name = "Northwind Motors of Round Trip"
        report = self.filled()
        data = json.loads(json.dumps(report._export_json()))
        check_schema(data, report._json_schema())
        again = self.taken_in(data)
        self.assertNotEqual(again.name, report.name)
        self.assertEqual(
            (again.state, again.company_id, again.step_ids.filtered("done_on")),
            ("open", self.company, again.step_ids.browse()),
        )
        self.assertEqual(set(again.action_ids.mapped("state")), {"open"})
        self.assertFalse(again.complaint_ids)
        second = json.loads(json.dumps(again._export_json()))
        self.assertEqual({**second, "state": None}, {**data, "state": None})
        told = again.message_ids[0].body
        self.assertIn(f"Imported from a file of {report.name}", told)
        self.assertIn(
            "D4 was closed there on 2026-03-02T01:00:00Z by Quentin Quality", told
        )
        self.assertIn("Installed, report 77", told)
        # what was taken over can be worked on
        self.assertEqual(
            [outline for _node, outline in again._cause_tree()],
            [outline for _node, outline in report._cause_tree()],
        )
        again.with_user(self.engineer)._step("D0").action_done()

    def test_file_of_before_has_no_component(self):
        data = self.filled()._export_json()
        self.assertEqual(
            data["report"].pop("component"),
            {
                "product": {"code": "DT-22", "name": "Drawn tube 22 mm"},
                "lot": None,
                "lot_number": "H-2231",
                "supplier": "Tube Mill Siegen",
                "supplier_code": "TM-220",
            },
        )
        self.assertFalse(self.taken_in(data).component_id)

    def test_supplier_who_is_not_here_is_told(self):
        data = self.filled()._export_json()
        data["report"]["component"]["supplier"] = "Nobody's Mill"
        report = self.taken_in(data)
        self.assertEqual(
            (report.component_id, report.supplier_id, report.supplier_code),
            (self.tube, self.mill.browse(), "TM-220"),
        )
        self.assertIn("left out: Nobody's Mill", report.message_ids[0].body)

    def test_what_the_file_says(self):
        data = self.filled()._export_json()
        self.assertEqual(
            data["report"]["product"], {"code": "CP-22", "name": "Copper pipe 22 mm"}
        )
        self.assertEqual(
            data["d3"]["locations"][0]["lot"],
            {"name": "B-77", "product": {"code": "CP-22", "name": "Copper pipe 22 mm"}},
        )
        self.assertEqual(
            [cause["parent"] for cause in data["d4"]["causes"]],
            [None, "c1", "c2", None, None, None, None],
        )
        self.assertEqual(
            {row["customer"] for row in data["state"]["complaints"]},
            {"Northwind Motors", "Rhein Armaturen"},
        )
        self.assertEqual(data["actions"][1]["cause"], "c3")

    def test_schema_knows_every_choice(self):
        schema = self.env["quality.8d"]._json_schema()
        parts = schema["properties"]

        def choices(model, name):
            return [
                value
                for value, _label in self.env[model]
                ._fields[name]
                ._description_selection(self.env)
            ]

        def row(part, name):
            return parts[part]["properties"][name]["items"]["properties"]

        self.assertEqual(
            parts["report"]["properties"]["kind"]["enum"], choices("quality.8d", "kind")
        )
        self.assertEqual(
            row("d2", "is_and_is_not")["aspect"]["enum"],
            choices("quality.8d.isnot", "aspect"),
        )
        self.assertEqual(
            row("d3", "locations")["place"]["enum"],
            choices("quality.8d.containment", "place"),
        )
        for name in ("kind", "category", "verdict"):
            self.assertEqual(
                row("d4", "causes")[name]["enum"],
                choices("quality.complaint.cause.node", name),
            )
        self.assertEqual(
            row("d7", "documents")["kind"]["enum"],
            choices("quality.8d.document", "kind"),
        )
        self.assertEqual(
            row("d7", "read_across")["affected"]["enum"],
            choices("quality.8d.readacross", "affected"),
        )
        self.assertEqual(
            parts["actions"]["items"]["properties"]["kind"]["enum"],
            choices("quality.complaint.action", "kind"),
        )
        self.assertEqual(
            schema["$defs"]["step"]["enum"], choices("quality.8d.step", "code")
        )
        response = self.url_open("/quality_complaint/static/8d.schema.json")
        self.assertEqual(response.json(), schema)

    def test_colleagues_who_are_not_here(self):
        data = self.filled()._export_json()
        for part in (
            data["d1"]["members"][0]["user"],
            data["d1"]["champion"],
            data["actions"][0]["owner"],
        ):
            part.update(login="nobody@elsewhere.example", name="Nora Nobody")
        data["d1"]["members"][0]["person"] = "Nora Nobody"
        report = self.taken_in(data)
        self.assertEqual(
            (report.member_ids[0].name, report.member_ids[0].user_id),
            ("Nora Nobody", self.handler.browse()),
        )
        self.assertFalse(
            report.champion_id or report.action_ids.sorted("id")[0].user_id
        )
        self.assertIn(
            "Not found here and left out: Nora Nobody", report.message_ids[0].body
        )

    def refused(self, data, message):
        before = self.env["quality.8d"].search_count([])
        with self.assertRaisesRegex(UserError, message):
            self.taken_in(data)
        self.assertEqual(self.env["quality.8d"].search_count([]), before)

    def test_refusals_name_the_place(self):
        good = json.loads(json.dumps(self.filled()._export_json()))
        refusals = [
            ("not a JSON file", "{"),
            ("not a JSON file", "[" * 100000),
            ("not an 8D report of the format", "[]"),
            ("not an 8D report of the format", {**good, "format": "other/1"}),
        ]
        for message, data in refusals:
            with self.subTest(message=message):
                self.refused(data, message)

        def changed(path, value):
            data = copy.deepcopy(good)
            part = data
            for name in path[:-1]:
                part = part[name]
            if value is KeyError:
                del part[path[-1]]
            else:
                part[path[-1]] = value
            return data

        cases = [
            (
                ("d3", "locations", 0, "suspect"),
                -1,
                r"d3\.locations\[0\]\.suspect” is less than 0",
            ),
            (("d3", "locations", 0, "bad"), float("inf"), r"has to be: number"),
            (("d3", "locations", 0, "bad"), float("nan"), r"has to be: number"),
            (("d3", "locations", 0, "bad"), 999, "nor more bad ones than sorted ones"),
            (
                ("d3", "locations", 0, "place"),
                "moon",
                r"d3\.locations\[0\]\.place” has to be one of: customer",
            ),
            (("d3", "clean_from"), "2026-02-30", r"d3\.clean_from” is no date"),
            (("d3", "clean_from"), "20260203", r"d3\.clean_from” is no date"),
            (("d3", "locations", 0, "unit"), "Furlong", "Unit.* “Furlong”"),
            (("d3", "locations", 0, "lot", "name"), "NO-LOT", "“NO-LOT”"),
            (("report", "product"), {"code": "X-1", "name": "Nothing"}, "“X-1”"),
            (("report", "responsible"), "Elves", "“Elves”"),
            (("report", "subject"), "  ", r"report\.subject” is empty"),
            (("report", "subject"), "x" * 2001, "is longer than 2000 characters"),
            (("d2", "what"), "x" * 100001, "is longer than 100000 characters"),
            (("d2", "what"), "a\x00b", "cannot be stored"),
            (("d2", "what"), "a\ud800b", "cannot be stored"),
            (("d2", "what"), 7, r"d2\.what” has to be: string"),
            (("d1",), KeyError, "“d1” is missing"),
            (("d9",), {}, "“d9” is not known"),
            (("d4", "causes", 0, "share"), 101, "is more than 100"),
            (("d4", "causes", 0, "share"), True, "has to be: number"),
            (("d4", "causes", 0, "parent"), "c3", "explains itself"),
            (("d4", "causes", 0, "parent"), "c1", "explains itself"),
            (("d4", "causes", 1, "parent"), "c99", "does not have: c99"),
            (("d4", "causes", 1, "id"), "c1", "same id"),
            (("d4", "causes", 1, "kind"), "escape", "another kind"),
            (("actions", 1, "cause"), "c98", "does not have: c98"),
            (("actions", 1, "id"), "a1", "two actions have the same id"),
            (("actions", 0, "kind"), "prayer", r"actions\[0\]\.kind” has to be one of"),
            (("actions", 0, "due_on"), "tomorrow", "is no date or time"),
            (("d1", "members"), [good["d1"]["members"][0]] * 501, "more than 500 rows"),
        ]
        for path, value, message in cases:
            with self.subTest(path=path, value=str(value)[:20]):
                self.refused(changed(path, value), message)
        self.refused("x" * (5 * 2**20 + 1), "larger than 5 MB")

    def test_wizard_and_rights(self):
        report = self.filled()
        action = report.action_export()
        self.authenticate("qc_engineer", "qc_engineer")
        content = self.url_open(action["url"]).content
        self.assertEqual(json.loads(content)["state"]["number"], report.name)
        wizard = (
            self.env["quality.8d.import"]
            .with_user(self.engineer)
            .create(
                {"file": base64.b64encode(b"\xef\xbb\xbf" + content), "file_name": "x"}
            )
        )
        made = self.env["quality.8d"].browse(wizard.action_import()["res_id"])
        self.assertEqual(made.subject, report.subject)
        wizard.file = base64.b64encode(b"\xff\xfe\x00")
        with self.assertRaisesRegex(UserError, "not a text file"):
            wizard.action_import()
        for user in (self.officer, self.handler):
            with self.assertRaises(AccessError):
                self.env["quality.8d"].with_user(user)._import_text(content.decode())
        with self.assertRaises(AccessError):
            report.with_user(self.employee).action_export()

    def test_checker_follows_the_schema(self):
        schema = {
            "type": "object",
            "properties": {
                "a": {"type": "integer"},
                "b": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            },
        }
        check_schema({"a": 3, "b": None, "c": []}, schema)
        check_schema({"a": 3.0}, schema)
        for value, keyword in (({"a": 3.5}, "type"), ({"b": 1}, "type"), ([], "type")):
            with self.assertRaises(SchemaError) as caught:
                check_schema(value, schema)
            self.assertEqual(caught.exception.keyword, keyword)
