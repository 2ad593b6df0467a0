import base64
import unicodedata
from collections import Counter
from datetime import timedelta
from functools import partial
from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, freeze_time, tagged

from ...tools import printed_day
from ..common import OnOneDay
from ..golden import assert_golden
from .test_slips import FormWorld

PREFIX = "quality_complaint.action_report_"
INVESTIGATION, REINSPECTION, CONFIRMATION = (
    f"{PREFIX}investigation_report",
    f"{PREFIX}reinspection_report",
    f"{PREFIX}defect_confirmation",
)
REVISIT, MEDICAL, LETTER = (
    f"{PREFIX}revisit_record",
    f"{PREFIX}medical_report",
    f"{PREFIX}reply_letter",
)
# what text extraction makes of some characters: radicals that look the same
RADICALS = str.maketrans("⻅⻛⻓⻔⻋⻢⻚⻉⻰⻥", "见风长门车马页贝龙鱼")
SECRET = "Nobody outside may read this"


class FilledWorld(FormWorld):
    """A complaint that has something in every field the forms print."""

    @classmethod
    def build_filled(cls, regime="r1"):
        cls.build_forms()
        cls.use_policy(regime)
        if regime == "r1":
            cls.ask_for_no_papers()
        cls.strip.default_code = "CU-1100"
        cls.customer.write(
            {
                "street": "5 Engine Avenue",
                "city": "Ningbo",
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        cls.german = cls.env["res.partner"].create(
            {
                "name": "Rhein Armaturen",
                "city": "Köln",
                "country_id": cls.env.ref("base.de").id,
                "is_company": True,
            }
        )
        cls.sell({cls.lot: 7}, partner=cls.german)
        cls.employees = cls.officer | cls.engineer | cls.handler
        cls.office = cls.env["quality.complaint.team"].create(
            {
                "name": "Desk",
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.employees.ids)],
            }
        )

    @classmethod
    def complain(cls, **vals):
        return cls.make_complaint(
            **{
                "partner_id": cls.customer.id,
                "lot_ref": "S-1",
                "customer_ref": "NM-88",
                "description": "Scratches of 3 cm on the strip",
                "internal_note": f"<p>{SECRET}</p>",
                "team_id": cls.office.id,
                "user_id": cls.officer.id,
                "demand": "replacement",
                "demand_note": "By Friday",
                "usage_scene": "Stamping line 4",
                "found_at": "incoming",
                "loss_amount": 512.5,
                "complainant": "Erik Enduser",
                **vals,
            }
        )

    @classmethod
    def photo(cls, name, size=(1600, 1200), kind="JPEG", description=False):
        content = BytesIO()
        Image.linear_gradient("L").resize(size).convert("RGB").save(content, kind)
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": content.getvalue(), "description": description}
        )

    @classmethod
    def signature(cls):
        content = BytesIO()
        Image.radial_gradient("L").resize((300, 90)).save(content, "PNG")
        return base64.b64encode(content.getvalue())

    @classmethod
    def investigate(cls, complaint, method, **vals):
        """A running investigation with the given facts."""
        if complaint.state == "registered":
            complaint.action_start_investigation()
            complaint.investigation_ids.filtered(
                lambda row: row.round == complaint.round
            ).unlink()
        return cls.env["quality.complaint.investigation"].create(
            {
                "complaint_id": complaint.id,
                "method": method,
                "user_id": cls.engineer.id,
                "product_id": cls.strip.id,
                **vals,
            }
        )

    @classmethod
    def sample_test(cls, complaint, **vals):
        """A finished re-inspection: of three measurements one fails and one is judged
        by eye.
        """
        investigation = cls.investigate(
            complaint,
            "customer_sample",
            **{
                "lot_id": cls.lot.id,
                "sample_asked_on": "2026-03-03 08:00:00",
                "sample_expected_on": "2026-03-08",
                "sample_received_on": "2026-03-09 08:00:00",
                "sample_quantity": 1234567,
                "sample_number": "LABEL-77",
                "sample_condition": "Wet packing",
                "sample_place": "Shelf B4",
                "result": "confirmed",
                "finding": "The edge is burred",
                "proposal": "Grind the slitting knives",
                "measurement_ids": [
                    Command.create(
                        {
                            "name": "Thickness",
                            "standard": "GB/T 2059",
                            "requirement": "between",
                            "lower": 0.48,
                            "upper": 0.52,
                            "unit_name": "mm",
                            "measured": "0.49; 0.57",
                            "note": "At both ends",
                        }
                    ),
                    Command.create(
                        {
                            "name": "Hardness",
                            "standard": "GB/T 4340",
                            "requirement": "at_least",
                            "lower": 90,
                            "unit_name": "HV",
                            "measured": "101",
                        }
                    ),
                    Command.create(
                        {
                            "name": "Surface",
                            "requirement": "judged",
                            "wanted": "No scratches",
                            "judged": "pass",
                        }
                    ),
                ],
                **vals,
            },
        )
        for answer in investigation.answer_ids:
            answer.write(
                {"yes_no": "yes"}
                if answer.kind == "yes_no"
                else {"answer": answer.answer or "Answered"}
            )
        return investigation

    def finish(self, investigation):
        if investigation.needs_team and not investigation.team_named_on:
            self.name_team(investigation.complaint_id)
        for answer in investigation.answer_ids.filtered("is_open"):
            answer.write(
                {"yes_no": "yes"} if answer.kind == "yes_no" else {"answer": "Answered"}
            )
        investigation.action_done()

    def printed(self, report, records):
        """Text of the PDF's pages; without blanks, which come and go where a line is
        broken. `self.pages` keeps them as they are.
        """
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, records.ids)
        )
        self.pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        return list(map(self.plain, self.pages))

    def plain(self, text):
        return "".join(unicodedata.normalize("NFKC", text).translate(RADICALS).split())

    def assertPrinted(self, expected, text):
        for part in expected:
            with self.subTest(part=part):
                self.assertIn(
                    "".join(unicodedata.normalize("NFKC", part).split()), text
                )

    def assertPages(self, count, pages, title, number):
        """So many pages, each with the header and the footer."""
        self.assertEqual(len(pages), count)
        for index, text in enumerate(pages, 1):
            self.assertPrinted(
                [title, "Copper Works", number, f"{index}/{count}"], text
            )

    def assertOneLanguage(self, report, records, complaint, code, english, chinese):
        """The policy's choice of language holds for every label."""
        self.change_form(complaint, code, language="zh_CN", document_number="QR-ZH")
        text = "".join(self.printed(report, records))
        self.assertPrinted([*chinese, "QR-ZH"], text)
        for label in english:
            self.assertNotIn("".join(label.split()), text)
        self.change_form(complaint, code, language="en_US")
        text = "".join(self.printed(report, records))
        self.assertPrinted(english, text)
        for label in chinese:
            self.assertNotIn(label, text)


@tagged("post_install", "-at_install")
class TestInvestigationReport(FilledWorld, HttpCase):
    """The investigation report tells who looked into the complaint, how, what was found
    and what follows (form 3).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled()

    def filled(self, **vals):
        """A concluded complaint with a visit and a re-inspection."""
        with freeze_time("2026-03-10 02:00:00"):
            complaint = self.complain(received_on="2026-03-02 01:00:00", **vals)
            visit = self.investigate(
                complaint,
                "on_site",
                place="Hall 3 in Ningbo",
                confirmed_with="Frau Meier",
                checked_quantity=20,
                bad_quantity=3,
                lot_id=self.lot.id,
                on_spot_handling="Sorted by hand",
                customer_opinion="Wants it faster",
                result="confirmed",
                finding="Scratches on the inner coil",
                due_on="2026-03-12 08:00:00",
                proposal="Replace three coils",
                attachment_ids=[
                    Command.set(
                        (
                            self.photo("coil.jpg", description="Inner coil")
                            | self.photo("b.png", (300, 500), "PNG")
                            | self.photo("edge.jpg")
                        ).ids
                    )
                ],
                member_ids=[
                    Command.create(
                        {
                            "name": "Paul Press",
                            "department_id": self.department.id,
                            "task": "Checks the rollers",
                        }
                    )
                ],
                answer_ids=[
                    Command.create(
                        {
                            "question": "Was the packing intact?",
                            "answer": "Torn at one corner",
                        }
                    )
                ],
            )
            visit.attachment_ids += self.env["ir.attachment"].create(
                {"name": "notes.txt", "raw": b"text"}
            )
            test = self.sample_test(complaint)
            for investigation in (visit, test):
                self.finish(investigation)
            test.sample_fate = "kept"
            complaint.line_ids.confirmed_quantity = 3
            complaint.write(
                {
                    "validity": "valid",
                    "validity_reason": "Seen on the sample",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                    "root_cause": "A worn roller",
                    "escape_cause": "No check of the inner coil",
                    "responsible_evidence": "Log of press 2",
                    "explanation": "It happened at ours",
                }
            )
            complaint.action_conclude()
        return complaint

    def test_every_fact_in_both_languages(self):
        complaint = self.filled()
        pages = self.printed(INVESTIGATION, complaint)
        assert_golden(self, "03_investigation", self.pages)
        text = "".join(pages)
        self.assertPages(len(pages), pages, "Investigation Report", complaint.name)
        self.assertLessEqual(len(pages), 4)
        self.assertPrinted(
            [
                "调查分析报告",
                "QR-CC-03",
                "NM-88",
                "Northwind Motors",
                "Mar 2, 2026",
                "Olga Officer",
                "Scratches of 3 cm",
                "CU-1100",
                "S-1",
                "By Friday",
                "On site",
                "Hall 3 in Ningbo",
                "Frau Meier",
                "Quentin Quality",
                "Mar 12, 2026",
                "Paul Press",
                "Checks the rollers",
                "Production",
                "Scratches on the inner coil",
                "20 Units",
                "17 Units",
                "3 Units",
                "Sorted by hand",
                "Wants it faster",
                "Replace three coils",
                "Was the packing intact?",
                "Torn at one corner",
                "Inner coil",
                "b.png",
                "edge.jpg",
                "notes.txt",
                "Sample sent by the customer",
                "Mar 3, 2026",
                "Mar 8, 2026",
                "Mar 9, 2026",
                "LABEL-77",
                "1234567 Units",
                "Wet packing",
                "Shelf B4",
                "Kept",
                "(Mar 10, 2026)",
                "Thickness",
                "GB/T 2059",
                "0.48 – 0.52 mm",
                "0.49; 0.57 mm",
                "At both ends",
                "≥ 90 HV",
                "No scratches",
                "Fails",
                "The edge is burred",
                "Grind the slitting knives",
                "China, Ningbo",
                "Germany, Köln",
                "Rhein Armaturen",
                "17 Units",
                "Valid: our quality problem",
                "Seen on the sample",
                "A worn roller",
                "No check of the inner coil",
                "Log of press 2",
                "It happened at ours",
                "现场及调查情况",
                "调查小组",
                "调查组长",
                "批次数据",
                "处理建议",
                "流出原因",
                "责任判定证据",
                "编制",
                "审核",
                "批准",
            ],
            text,
        )
        self.assertNotIn("Preliminary", text)
        self.assertNotIn("Nobodyoutside", text)

    def test_language_of_the_report_follows_the_policy(self):
        complaint = self.filled()
        self.assertOneLanguage(
            INVESTIGATION,
            complaint,
            complaint,
            "investigation",
            ["Facts found", "Lot data", "Cause of escape", "Prepared by"],
            ["调查分析报告", "现场及调查情况", "批次数据", "流出原因", "编制"],
        )

    def test_three_photos_take_two_rows_and_little_room(self):
        complaint = self.filled()
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(INVESTIGATION, complaint.ids)
        )
        images = [
            image.image.size
            for page in PdfReader(BytesIO(pdf)).pages
            for image in page.images
        ]
        self.assertEqual(len(images), 3)
        self.assertLessEqual(max(max(size) for size in images), 900)

    def test_file_that_only_claims_to_be_a_picture_is_named(self):
        complaint = self.filled()
        broken = self.env["ir.attachment"].create(
            {
                "name": "broken.heic",
                "raw": b"\x00\x00\x00\x18ftypheic",
                "mimetype": "image/heic",
            }
        )
        self.env.cr.execute(
            "INSERT INTO quality_complaint_investigation_attachment_rel VALUES (%s, "
            "%s)",
            (complaint.investigation_ids[0].id, broken.id),
        )
        self.env.invalidate_all()
        self.assertIn("broken.heic", self.html(INVESTIGATION, complaint))

    def test_earlier_rounds_come_behind_the_current_one(self):
        complaint = self.filled()
        complaint.sudo()._advance({"state": "replied"})
        complaint.action_reopen("Still scratched")
        complaint.investigation_ids.filtered(lambda row: row.round == 2).unlink()
        self.investigate(complaint, "phone", finding="Asked again")
        text = "".join(self.printed(INVESTIGATION, complaint))
        self.assertPrinted(["Earlier round 此前轮次 1", "初步报告"], text)
        self.assertLess(text.index("Askedagain"), text.index("Scratchesontheinnercoil"))

    def test_not_investigated_with_reason_name_and_similar_complaint(self):
        earlier = self.filled()
        with freeze_time("2026-03-11 02:00:00"):
            complaint = self.complain(received_on="2026-03-11 01:00:00")
            complaint.with_user(self.officer).action_skip_investigation(
                "The same coil as before", earlier
            )
        pages = self.printed(INVESTIGATION, complaint)
        self.assertPages(1, pages, "Investigation Report", complaint.name)
        self.assertPrinted(
            [
                "Not investigated 未调查",
                "The same coil as before",
                "Olga Officer, Mar 11, 2026",
                earlier.name,
                "不调查的理由",
            ],
            pages[0],
        )

    def test_batch_case_lists_its_complaints_and_they_its_investigation(self):
        case = self.complain(is_batch=True)
        children = self.env["quality.complaint"]
        for partner, quantity in ((self.customer, 4), (self.german, 2)):
            children |= self.make_complaint(
                partner_id=partner.id,
                parent_id=case.id,
                team_id=self.office.id,
                line_ids=[
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "lot_id": self.lot.id,
                            "quantity": quantity,
                        }
                    )
                ],
            )
        self.finish(self.sample_test(case))
        self.assertAll(
            [
                *children.mapped("name"),
                "Northwind Motors",
                "Rhein Armaturen",
                "4 Units 单位 (S-1)",
                "2 Units 单位 (S-1)",
            ],
            self.html(INVESTIGATION, case),
        )
        self.assertAll(
            ["Investigated in the batch case", case.name, "The edge is burred"],
            self.html(INVESTIGATION, children[0]),
        )
        # a handler who may not open the case reads its number, not what it says on
        # other customers
        children[0].user_id = self.handler_outside_the_team()
        self.env.flush_all()
        self.env.invalidate_all()
        text = self.html(INVESTIGATION, children[0].with_user(children[0].user_id))
        self.assertIn(case.name, text)
        self.assertNotIn("The edge is burred", text)

    def handler_outside_the_team(self):
        """Somebody of the complaints' users outside the team."""
        self.office.member_ids -= self.handler
        return self.handler

    def test_long_finding_flows_over_pages_with_header_and_footer(self):
        complaint = self.filled()
        self.investigate(
            complaint,
            "written",
            finding="What was seen at length. " * 600 + "The very end.",
        )
        pages = self.printed(INVESTIGATION, complaint)
        self.assertGreater(len(pages), 3)
        self.assertPages(len(pages), pages, "Investigation Report", complaint.name)
        self.assertPrinted(["The very end."], "".join(pages))

    def test_who_prints_the_report(self):
        complaint = self.filled()
        complaint._advance({"reported_by_id": self.employee.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "The edge is burred",
            self.html(INVESTIGATION, complaint.with_user(self.officer)),
        )
        self.refused_abroad(INVESTIGATION, complaint)
        # who only reported it may open the complaint, not what was found
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.html(INVESTIGATION, complaint.with_user(self.employee))


@tagged("post_install", "-at_install")
class TestReinspectionReport(FilledWorld, HttpCase):
    """The re-inspection report tells what sample was tested, by what and with which
    result (form 4).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled()

    def test_every_fact_in_both_languages(self):
        with freeze_time("2026-03-10 02:00:00"):
            complaint = self.complain(received_on="2026-03-02 01:00:00")
            test = self.sample_test(
                complaint,
                attachment_ids=[
                    Command.set(self.photo("burr.jpg", description="The burr").ids)
                ],
            )
            self.finish(test)
            test.sample_fate = "returned"
        pages = self.printed(REINSPECTION, test)
        assert_golden(self, "04_reinspection", self.pages)
        self.assertPages(1, pages, "Re-inspection Report", complaint.name)
        self.assertPrinted(
            [
                "复检报告",
                "QR-CC-04",
                "NM-88",
                "Northwind Motors",
                "Copper strip",
                "CU-1100",
                "S-1",
                "Scratches of 3 cm",
                "Sample sent by the customer",
                "LABEL-77",
                "Mar 9, 2026",
                "1234567 Units",
                "Wet packing",
                "Shelf B4",
                "GB/T 2059; GB/T 4340",
                "Thickness",
                "0.48 – 0.52 mm",
                "0.49; 0.57 mm",
                "Fails",
                "At both ends",
                "Hardness",
                "≥ 90 HV",
                "101 HV",
                "Passes",
                "Surface",
                "No scratches",
                "Confirmed",
                "Mar 10, 2026",
                "The edge is burred",
                "Returned to the customer",
                "The burr",
                "Quentin Quality",
                "样品来源",
                "收样日期",
                "检验依据",
                "实测值",
                "综合判定",
                "检验员",
                "审核",
                "样品去向",
            ],
            pages[0],
        )
        self.assertNotIn("Preliminary", pages[0])
        self.assertNotIn("Nobodyoutside", pages[0])
        self.assertOneLanguage(
            REINSPECTION,
            test,
            complaint,
            "reinspection",
            ["Origin of the sample", "Inspector"],
            ["复检报告", "样品来源", "检验员"],
        )

    def test_sheet_for_the_laboratory_before_the_test(self):
        complaint = self.complain()
        test = self.investigate(complaint, "retained_sample")
        pages = self.printed(REINSPECTION, test)
        self.assertPages(1, pages, "Re-inspection Report", complaint.name)
        self.assertPrinted(["Retained sample", "初步报告"], pages[0])

    def test_investigation_without_a_sample_is_refused(self):
        visit = self.investigate(self.complain(), "on_site")
        with self.assertRaisesRegex(UserError, "tests no sample"):
            self.html(REINSPECTION, visit)

    def test_who_prints_the_report(self):
        test = self.sample_test(self.complain())
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("LABEL-77", self.html(REINSPECTION, test.with_user(self.officer)))
        self.refused_abroad(REINSPECTION, test)


@tagged("post_install", "-at_install")
class TestDefectConfirmation(FilledWorld, HttpCase):
    """What was seen at the customer's, confirmed by him; before the visit a form to
    fill in (form 8).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled()

    def visited(self, **vals):
        return self.investigate(
            self.complain(),
            "on_site",
            **{
                "place": "Hall 3 in Ningbo",
                "confirmed_with": "Frau Meier",
                "checked_quantity": 20,
                "bad_quantity": 3,
                "lot_id": self.lot.id,
                "on_spot_handling": "Sorted by hand",
                "customer_opinion": "Wants it faster",
                "result": "confirmed",
                "finding": "Scratches on the inner coil",
                "customer_signature": self.signature(),
                "customer_signed_on": "2026-03-10 06:30:00",
                "attachment_ids": [
                    Command.set(
                        (
                            self.photo("coil.jpg", description="Inner coil")
                            | self.photo("edge.jpg")
                        ).ids
                    )
                ],
                **vals,
            },
        )

    def test_every_fact_in_both_languages(self):
        visit = self.visited()
        with freeze_time("2026-03-11 02:00:00"):
            self.finish(visit)
        pages = self.printed(CONFIRMATION, visit)
        assert_golden(self, "08_confirmation", self.pages)
        complaint = visit.complaint_id
        self.assertPages(1, pages, "After-Sales Defect Confirmation", complaint.name)
        self.assertPrinted(
            [
                "售后不良信息确认表",
                "QR-CC-08",
                "NM-88",
                "Northwind Motors",
                "+1 555 0100",
                "5 Engine Avenue",
                "Hall 3 in Ningbo",
                "Frau Meier",
                "Copper strip",
                "S-1",
                complaint.line_ids.picking_id.name,
                "20 Units",
                "17 Units",
                "3 Units",
                "Scratches of 3 cm",
                "Scratches on the inner coil",
                "Inner coil",
                "edge.jpg",
                "Sorted by hand",
                "Wants it faster",
                "Mar 10, 2026",
                "Mar 11, 2026",
                "Quentin Quality",
                "检查数量",
                "良品数量",
                "不良数量",
                "不良现象",
                "现场处置",
                "客户意见",
                "客户签字",
            ],
            pages[0],
        )
        self.assertNotIn("Nobodyoutside", pages[0])
        self.assertEqual(
            self.html(CONFIRMATION, visit).count("data:image/"), 3
        )  # two photos and the signature
        self.assertOneLanguage(
            CONFIRMATION,
            visit,
            complaint,
            "defect_confirmation",
            ["Bad quantity", "Our representative"],
            ["不良数量", "我方代表"],
        )

    def test_nothing_bad_among_the_checked_is_a_number(self):
        self.assertIn("0 Units", self.html(CONFIRMATION, self.visited(bad_quantity=0)))

    def test_blank_form_for_the_visit(self):
        complaint = self.complain()
        visit = self.investigate(complaint, "on_site", user_id=False)
        pages = self.printed(CONFIRMATION, visit)
        self.assertPages(1, pages, "After-Sales Defect Confirmation", complaint.name)
        self.assertPrinted(
            ["________ Units", "Signature of the customer 客户签字"], pages[0]
        )
        html = self.html(CONFIRMATION, visit)
        self.assertNotIn("data:image/", html)
        for height in (190, 170, 120):
            self.assertIn(f"height: {height}px", html)

    def test_who_prints_the_form(self):
        visit = self.visited()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "Sorted by hand", self.html(CONFIRMATION, visit.with_user(self.officer))
        )
        self.refused_abroad(CONFIRMATION, visit)


@tagged("post_install", "-at_install")
class TestRevisitRecord(FilledWorld, HttpCase):
    """What the customer said afterwards; before the talk a sheet for the caller (form
    11).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled("r1")
        cls.policy.new_number = True

    def answered(self):
        complaint = self.complain()
        self.investigated(complaint)
        self.plan(complaint, "credit", amount=17)
        complaint.action_submit_plan()
        complaint.approval_ids.filtered(lambda row: row.state == "pending").with_user(
            self.manager
        ).action_approve()
        complaint.action_execute()
        self.tell(complaint)
        return complaint

    def revisit(self, complaint, **vals):
        complaint.revisit_ids.filtered(lambda row: row.state == "planned").unlink()
        return self.env["quality.complaint.revisit"].create(
            {
                "complaint_id": complaint.id,
                "user_id": self.officer.id,
                "planned_on": "2026-03-16",
                **vals,
            }
        )

    def test_every_fact_in_both_languages(self):
        complaint = self.answered()
        revisit = self.revisit(
            complaint,
            method="visit",
            spoken_with="Frau Meier",
            implemented="partly",
            recurred="yes",
            score_speed="4",
            score_attitude="5",
            score_competence="3",
            score_result="1",
            recommends="6",
            comment="Too slow",
            other_needs="Thicker strip",
            reason="Came back twice",
            measures="New rollers",
            signature=self.signature(),
        )
        revisit._advance({"attempts": 2})
        revisit.action_done()
        self.assertEqual((revisit.result, complaint.round), ("unsatisfied", 2))
        pages = self.printed(REVISIT, revisit)
        assert_golden(self, "11_revisit", self.pages)
        self.assertPages(1, pages, "Customer Revisit Record", complaint.name)
        self.assertPrinted(
            [
                "客户回访记录表",
                "QR-CC-11",
                "Northwind Motors",
                "+1 555 0100",
                "Copper strip",
                "S-1",
                "Scratches of 3 cm",
                "17.00",
                "Olga Officer",
                "Frau Meier",
                "☑ Visit",
                "☐ Phone",
                "☑ Partly",
                "☐ No",
                "☑ Yes",
                "☑ 6",
                "☑ Not satisfied",
                "65",
                f"{revisit.threshold:.12g}",
                "Too slow",
                "Thicker strip",
                "Came back twice",
                "New rollers",
                complaint.handling_number,
                printed_day(self.env, revisit.planned_on),
                printed_day(self.env, revisit.done_on),
                "新处理表编号",
                "措施落实",
                "是否复发",
                "响应速度",
                "服务态度",
                "专业度",
                "处理结果",
                "新需求",
                "推荐意愿",
                "未联系上次数",
                "客户签字",
            ],
            pages[0],
        )
        self.assertTrue(complaint.handling_number.endswith("-2"))
        self.assertNotIn("Nobodyoutside", pages[0])
        self.assertIn("data:image/", self.html(REVISIT, revisit))
        self.assertOneLanguage(
            REVISIT,
            revisit,
            complaint,
            "revisit",
            ["Visitor", "Other needs"],
            ["客户回访记录表", "新需求"],
        )

    def test_number_of_the_round_it_belongs_to(self):
        complaint = self.answered()
        self.revisit(complaint, score=10, reason="Bad", measures="Better").action_done()
        second = self.env["quality.complaint.revisit"].create(
            {"complaint_id": complaint.id, "planned_on": "2026-03-20"}
        )
        html = self.html(REVISIT, second)
        self.assertIn(f"{complaint.name}-2", html)
        page = self.env["report.quality_complaint.revisit_record"]
        self.assertEqual(page._number_of_round(complaint, 1), complaint.name)
        self.assertEqual(page._number_of_round(complaint, 3), "")

    def test_window_of_the_policy(self):
        complaint = self.answered()
        revisit = complaint.revisit_ids
        self.assertIn(
            f"≤ {printed_day(self.env, revisit.latest_on)}", self.html(REVISIT, revisit)
        )
        page = self.env["report.quality_complaint.revisit_record"]
        revisit.invalidate_recordset()
        window = revisit._window()
        window._advance({"not_before": window.due_on - timedelta(days=2)})
        day = partial(printed_day, self.env)
        self.assertEqual(
            page._window_in_words(revisit, {"day": day}),
            f"{day(revisit.not_before)} – {day(revisit.latest_on)}",
        )

    def test_blank_sheet_for_the_call(self):
        complaint = self.answered()
        revisit = self.revisit(complaint, user_id=False)
        pages = self.printed(REVISIT, revisit)
        self.assertPages(1, pages, "Customer Revisit Record", complaint.name)
        self.assertEqual(
            pages[0].count("☑"), 1
        )  # the way, by phone unless said otherwise
        self.assertEqual(
            self.html(REVISIT, revisit).count("☐"), 2 + 3 + 2 + 4 * 5 + 11 + 3
        )

    def test_who_prints_the_record(self):
        revisit = self.revisit(self.answered(), comment="Too slow")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("Too slow", self.html(REVISIT, revisit.with_user(self.officer)))
        self.refused_abroad(REVISIT, revisit)


@tagged("post_install", "-at_install")
class TestMedicalReport(FilledWorld, HttpCase):
    """The complaint as device makers have to keep it, from receipt to conclusion (form
    2).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled("r7")
        cls.policy.severity_ids.reply_role_id = (
            False  # the form is about facts, not about who approves the reply
        )
        cls.policy.property_ids = [
            Command.create(
                {
                    "code": "sterile",
                    "name": "Sterile",
                    "kind": "boolean",
                    "sequence": 98,
                }
            ),
            Command.create(
                {
                    "code": "use",
                    "name": "Use of device",
                    "kind": "selection",
                    "choices": "single;many",
                    "sequence": 99,
                }
            ),
        ]

    def filled(self):
        with freeze_time("2026-03-03 02:00:00"):
            complaint = self.complain(
                received_on="2026-03-02 01:00:00",
                channel_id=self.env.ref("quality_complaint.channel_phone").id,
                customer_due_on="2026-03-20 00:00:00",
                contact_name="Jo Hart",
                address="5 Nanjing Road",
                trigger_ids=[
                    Command.set(
                        self.env["quality.complaint.trigger"].search([], limit=1).ids
                    )
                ],
            )
            complaint.line_ids.defect_id = self.scratch
            complaint.line_ids.properties = {
                "model": "MX-5",
                "udi": "(01)0069",
                "sterile": True,
                "use": "many",
            }
            complaint.write(
                {
                    "serious_event": "yes",
                    "serious_event_note": "Dr Wu, by phone: in hospital",
                }
            )
            complaint._reach("adverse_event_reported")
            complaint._reach("adverse_event_evaluated")
            self.finish(
                self.investigate(
                    complaint, "phone", result="confirmed", finding="A valve sticks"
                )
            )
            complaint.write(
                {
                    "validity": "valid",
                    "validity_reason": "Seen in the records",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                    "root_cause": "A worn roller",
                    "escape_cause": "No check",
                    "responsible_evidence": "Log of press 2",
                    "risk_input": "Raise risk 4",
                    "design_input": "New seal",
                    "review_input": "Report in June",
                }
            )
            complaint.action_conclude()
            self.plan(complaint, "credit", amount=17)
            complaint.action_submit_plan()
            complaint.approval_ids.filtered(
                lambda row: row.state == "pending"
            ).with_user(self.manager).action_approve()
            complaint.action_execute()
            reply = self.tell(
                complaint,
                subject="Our answer",
                body="<p>We are sorry for the <b>valve</b>.</p>",
            )
            reply.answer_note = "Agrees by phone"
            reply.action_accepted()
        return complaint

    def test_every_fact_in_both_languages(self):
        complaint = self.filled()
        pages = self.printed(MEDICAL, complaint)
        assert_golden(self, "02_medical", self.pages)
        self.assertPages(2, pages, "Complaint/Feedback Report", complaint.name)
        self.assertPrinted(
            [
                "客户投诉/反馈报告",
                "QR-MD-02",
                "Oral",
                "NM-88",
                "Mar 20, 2026",
                "Mar 2, 2026",
                "Olga Officer",
                "Northwind Motors",
                "Erik Enduser",
                "+1 555 0100",
                "quality@northwind.example",
                "5 Nanjing Road",
                "Copper strip",
                "CU-1100",
                "S-1",
                "MX-5",
                "(01)0069",
                "Sterile",
                "Yes 是",
                "Use of device",
                "many",
                complaint.line_ids.picking_id.name,
                self.scratch.name,
                complaint.severity_id.name,
                complaint.trigger_ids.name,
                "Scratches of 3 cm",
                "Stamping line 4",
                "Incoming inspection",
                "512.50",
                "Replacement",
                "By Friday",
                "Dr Wu, by phone: in hospital",
                "Mar 3, 2026",
                "Adverse event evaluated",
                "A valve sticks",
                "Quentin Quality",
                "Confirmed",
                "17.00",
                "Our answer",
                "We are sorry for the valve.",
                "Agrees by phone",
                "Accepted",
                "Valid: our quality problem",
                "Seen in the records",
                "A worn roller",
                "No check",
                "Log of press 2",
                "Raise risk 4",
                "New seal",
                "Report in June",
                "来源形式",
                "是否发生严重伤害或死亡",
                "不良事件评价",
                "纠正与纠正措施",
                "风险管理输入",
                "设计变更输入",
                "管理评审输入",
            ],
            "".join(pages),
        )
        self.assertNotIn("Nobodyoutside", "".join(pages))
        self.assertOneLanguage(
            MEDICAL,
            complaint,
            complaint,
            "medical",
            ["Form of the source", "Input to design change"],
            ["来源形式", "设计变更输入"],
        )

    def test_not_investigated_because_of_a_similar_complaint(self):
        earlier = self.filled()
        complaint = self.complain()
        complaint.with_user(self.officer).action_skip_investigation(
            "Known valve", earlier
        )
        self.assertPrinted(
            ["Known valve", "Olga Officer", earlier.name, "已调查的类似投诉"],
            "".join(self.printed(MEDICAL, complaint)),
        )

    def test_report_of_a_complaint_just_received(self):
        complaint = self.complain(line_ids=[], lot_ref=False)
        pages = self.printed(MEDICAL, complaint)
        self.assertPages(len(pages), pages, "Complaint/Feedback Report", complaint.name)

    def test_who_prints_the_report(self):
        complaint = self.filled()
        complaint._advance({"reported_by_id": self.employee.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "Raise risk 4", self.html(MEDICAL, complaint.with_user(self.officer))
        )
        self.refused_abroad(MEDICAL, complaint)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.html(MEDICAL, complaint.with_user(self.employee))


@tagged("post_install", "-at_install")
class TestReplyLetter(FilledWorld, HttpCase):
    """A letter goes to its recipient, in the language of its text, and says whom to ask
    (form 10).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_filled()
        cls.authority = cls.env["res.partner"].create(
            {
                "name": "Market Supervision Bureau",
                "street": "1 State Square",
                "city": "Hangzhou",
            }
        )
        cls.officer.partner_id.write(
            {"phone": "+86 571 1234", "email": "olga@copper.example"}
        )

    def letter(self, **vals):
        values = {
            "complaint_id": self.complain().id,
            "send_as": "letter",
            "subject": "Our findings",
            "body": "<p>A roller was worn.</p>",
            **vals,
        }
        return self.env["quality.complaint.reply"].create(values)

    def test_letter_to_the_customer(self):
        file = self.photo("roller.jpg")
        letter = self.letter(
            kind="final", reference="NW/2026/5", attachment_ids=[Command.set(file.ids)]
        )
        pages = self.printed(LETTER, letter)
        assert_golden(self, "10_letter", self.pages)
        self.assertPages(1, pages, "Reply Letter", letter.complaint_id.name)
        self.assertPrinted(
            [
                "QR-CC-10",
                "Northwind Motors",
                "5 Engine Avenue",
                "NW/2026/5 / NM-88",
                "Our findings",
                "A roller was worn.",
                "Olga Officer, +86 571 1234",
                "olga@copper.example",
                "roller.jpg",
                "Copper Works",
            ],
            pages[0],
        )

    def test_letter_to_an_authority(self):
        letter = self.letter(
            kind="authority",
            recipient_id=self.authority.id,
            reference="2026-118",
            lang="zh_CN",
        )
        text = "".join(self.printed(LETTER, letter))
        self.assertPrinted(
            [
                "致监管部门的投诉回复函",
                "Market Supervision Bureau",
                "1 State Square",
                "Hangzhou",
                "贵方来文号",
                "2026-118",
                "联系人",
            ],
            text,
        )
        for other in ("Engine", "NM-88", "Contactperson", "Yourreference"):
            self.assertNotIn(other, text)

    def test_language_is_that_of_the_letter(self):
        self.customer.lang = "zh_CN"
        letter = self.letter(kind="final", lang="en_US")
        self.assertIn("Contact person", self.html(LETTER, letter))
        letter.lang = "zh_CN"
        html = self.html(LETTER, letter)
        self.assertIn("投诉回复函", html)
        self.assertNotIn("Contact person", html)

    def test_who_prints_the_letter(self):
        letter = self.letter(kind="final")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "A roller was worn", self.html(LETTER, letter.with_user(self.officer))
        )
        self.assertNotIn(SECRET, self.html(LETTER, letter))
        self.refused_abroad(LETTER, letter)


@tagged("post_install", "-at_install")
class TestLabels(OnOneDay, TransactionCase):
    def test_a_key_has_one_label(self):
        """Nine forms wrote into one table, and the last one loaded won."""
        keys = Counter(
            key
            for _module, table in self.env[
                "quality.complaint.form.labels"
            ]._label_tables()
            for key in table
        )
        self.assertEqual([key for key, times in keys.items() if times > 1], [])
