from dataclasses import replace

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR3Food(RegimeCase):
    """Food producer (source 000): minutes between the desks, two hours for a batch."""

    regime = "r3"
    particulars = {
        "phone": "+86 21 5555 0000",
    }

    def test_classes_by_what_is_known_the_highest_wins(self):
        for triggers, code in [
            ((), "general"),
            (("slight_fault",), "minor"),
            (("retail_chain", "slight_fault"), "retail_chain"),
            (("malicious",), "special"),
            (("foreign_matter", "malicious"), "major"),
            (("injury", "foreign_matter"), "critical"),
            (("authority",), "critical"),
        ]:
            complaint = self.complain("2026-03-02 09:00", **self.triggers(*triggers))
            self.assertEqual(complaint.severity_code, code, triggers)
        self.assertEqual(
            self.complain(
                "2026-03-02 09:00", channel_id=self.channel("media").id
            ).severity_code,
            "critical",
        )

    def test_foreign_matter_from_receipt_to_closing_with_a_late_handing_over(self):
        complaint = self.complain(
            "2026-03-02 09:00", "2026-03-02 09:10", **self.triggers("foreign_matter")
        )
        self.assertEqual(
            self.dues(complaint),
            {
                "To the sales centre": "2026-03-02 09:30",
                "Handling form to Quality": "2026-03-02 09:40",
                "Whole case": "2026-03-16 17:00",
            },
        )
        self.assertIn(self.general_manager, complaint.sudo().activity_ids.user_id)
        self.assertEqual(
            self.tell_due("2026-03-02 09:25"), [("Olga Officer", "To the sales centre")]
        )
        self.assertEqual(
            self.tell_due("2026-03-02 09:30"), [("Lena Leader", "To the sales centre")]
        )
        with self.at("2026-03-02 09:35"):
            self.tick(complaint, "handed_over")
            self.tick(complaint, "passed_to_quality")
        self.assertEqual(self.dues(complaint)["manager_informed"], "2026-03-02 09:45")
        self.assertNotIn("Investigation of the batch", self.dues(complaint))
        with self.at("2026-03-02 09:45"):
            self.tick(complaint, "manager_informed")
            # row 342: recorded with the goods
            complaint.line_ids.properties = {
                "produced": "2026-02-01",
                "bought_at": "Market hall",
            }
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            # rows 346 and 347: the business manager signs the form, money or not
            self.assertEqual(
                (complaint.state, complaint.approval_ids.role_id.code),
                ("planning", "regional_manager"),
            )
            complaint.with_user(self.general_manager).action_approve_plan()
            complaint.action_execute()
        # row 349: Quality reports to the general manager of the plant
        self.assertEqual(self.dues(complaint)["plant_informed"], "2026-03-03 17:00")
        with self.at("2026-03-02 11:00"):
            self.tick(complaint, "plant_informed")
        with self.at("2026-03-16 17:00"):
            self.tell(complaint)
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(
            self.states(complaint),
            {
                "To the sales centre": "missed",
                "Handling form to Quality": "met",
                "Whole case": "met",
                "manager_informed": "met",
                "plant_informed": "met",
            },
        )
        self.assertEqual(complaint.state, "closed")

    def test_batch_is_investigated_within_two_hours(self):
        with self.at("2026-03-02 09:00"):
            case = self.make_complaint(
                user_id=self.officer.id,
                channel_id=self.channel("phone").id,
                team_id=self.team.id,
                is_batch=True,
                complainant="Distributor",
                line_ids=[(0, 0, {"product_id": self.strip.id, "lot_id": self.lot.id})],
            ).with_user(self.officer)
        self.assertEqual(case.severity_code, "critical")
        with self.at("2026-03-02 09:20"):
            self.tick(case, "passed_to_quality")
        self.assertEqual(
            self.dues(case)["Investigation of the batch"], "2026-03-02 11:20"
        )
        told = self.tell_due("2026-03-02 11:20")
        self.assertLessEqual(
            {
                ("Lena Leader", "Investigation of the batch"),
                ("Olga Officer", "Investigation of the batch"),
            },
            set(told),
        )
        with self.at("2026-03-02 11:30"):
            case.action_start_investigation()
            checks = {
                answer.question_id.get_external_id()[answer.question_id.id].split(
                    "_r3_"
                )[1]: answer
                for answer in case.investigation_ids.answer_ids
            }
            self.assertEqual(
                sorted(checks),
                sorted(
                    [
                        "lot_quantity",
                        "stock",
                        "shipments",
                        "customers",
                        "retained",
                        "records",
                        "process",
                        "material",
                        "disinfection",
                        "moisture",
                        "microbiology",
                        "returned_sample",
                        "department",
                    ]
                ),
            )
            # figures of the lot come from the stock moves by themselves
            self.assertEqual(
                (checks["stock"].answer, checks["customers"].answer),
                ("L-1: 50 Units", "L-1: Northwind Motors 50 Units"),
            )
            case.investigation_ids.write(
                {"result": "confirmed", "finding": "Mould in the moist corner"}
            )
            with self.assertRaisesRegex(UserError, "Moisture and water activity"):
                case.investigation_ids.action_done()
            for answer in case.investigation_ids.answer_ids.filtered("is_open"):
                answer.write(
                    {"yes_no": "yes"}
                    if answer.kind == "yes_no"
                    else {"answer": "Done, see report"}
                )
            case.investigation_ids.action_done()
            case.write(
                {
                    "validity": "valid",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                }
            )
            # row 361: a task force
            with self.assertRaisesRegex(UserError, "the team of the investigation"):
                case.action_conclude()
            force = case.investigation_ids
            force.member_ids = [
                (
                    0,
                    0,
                    {
                        "name": "From Quality",
                        "department_id": self.env.ref(
                            "quality_complaint.responsible_quality"
                        ).id,
                    },
                )
            ]
            force.action_name_team()
            case.action_conclude()
        self.assertNotIn(
            "Whole case", self.dues(case)
        )  # its children answer their customers
        self.assertEqual(self.states(case)["Investigation of the batch"], "missed")

    def test_mould_is_spoiled_not_foreign_matter(self):
        """Rows 378 and 379: a mouldy product is treated as a spoiled one, once its
        value, exceptionally up to five times. Row 338: it is major.
        """
        self.assertEqual(
            self.env.ref("quality_complaint.trigger_foreign_matter").name,
            "Foreign matter",
        )
        self.assertEqual(
            self.env.ref("quality_complaint.trigger_spoiled").name,
            "Spoiled or mouldy goods",
        )
        complaint = self.complain("2026-03-02 09:00", **self.triggers("spoiled"))
        self.assertEqual(complaint.severity_code, "major")
        ceiling = complaint.sudo().policy_id.ceiling_ids.filtered(
            lambda row: row.purpose == "ceiling" and row._holds(complaint._facts())
        )[:1]
        self.assertEqual(
            (ceiling.form, ceiling.multiple, ceiling.exception_multiple),
            ("product", 1.0, 5.0),
        )
        self.assertFalse(
            complaint.sudo().policy_id.bearer_rule_ids.filtered(
                lambda row: row._holds(complaint._facts())
            )
        )

    def test_production_date_and_place_of_purchase_are_asked_for(self):
        """Row 342."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("slight_fault"))
        with (
            self.at("2026-03-02 10:00"),
            self.assertRaisesRegex(
                UserError, "Production date / 生产日期 and Place of purchase / 购物地点"
            ),
        ):
            self.investigated(complaint)

    def test_injury_of_one_customer_needs_no_task_force(self):
        """Row 361: the task force is for a batch."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("injury"))
        self.assertEqual(
            (complaint.severity_code, complaint._needs_team()), ("critical", False)
        )

    def test_notice_of_an_authority_is_critical_by_whatever_way_it_came(self):
        """Row 340."""
        for kind in ("media", "regulator"):
            complaint = self.complain(
                "2026-03-02 09:00",
                type_id=self.env.ref(f"quality_complaint.type_{kind}").id,
            )
            self.assertEqual(complaint.severity_code, "critical", kind)

    def test_sampling_and_a_whole_lot_are_critical(self):
        """Rows 335, 350 and 361: and the goods are sealed, whichever way it is said."""
        for code in ("sampling", "whole_lot"):
            complaint = self.complain("2026-03-02 09:00", **self.triggers(code))
            self.assertEqual(complaint.severity_code, "critical", code)
        self.assertIn(
            "distributor_batch", complaint.sudo().sheet_ids.type_id.mapped("code")
        )
        kind = self.env.ref("quality_complaint.sheet_type_distributor_batch")
        facts = complaint._facts()
        self.assertTrue(kind._holds(replace(facts, triggers=set(), batch={"case"})))
        self.assertFalse(kind._holds(replace(facts, triggers=set(), batch={"no"})))

    def test_batch_of_ours_is_closed_only_when_a_recall_was_decided_on(self):
        """Row 362."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("whole_lot"))
        ours = replace(complaint._facts(), conclusions={"valid", "ours"})
        asked = complaint.policy_id.requirement_ids.filtered(
            lambda row: row.field_name == "recall_id"
        )
        self.assertEqual(
            [bool(row._holds(ours)) for row in asked.sorted("id")], [True, False]
        )
        case = replace(ours, triggers=set(), batch={"yes", "case"})
        self.assertEqual(
            [bool(row._holds(case)) for row in asked.sorted("id")], [False, True]
        )
        self.assertEqual(asked._missing(complaint, ours), ["Recall"])

    def test_what_the_chain_finds_itself_is_settled_by_contract(self):
        """Row 384: ceilings are for consumers."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("spoiled"))
        self.assertEqual(
            complaint._ceiling_of("product")[0].name,
            "Spoiled: once the value, up to five times to calm the customer",
        )
        complaint.trigger_ids |= self.env.ref("quality_complaint.trigger_staff_find")
        self.assertEqual(
            [complaint._ceiling_of(form)[1] for form in ("product", "cash")],
            [None, None],
        )

    def test_same_goods_are_worth_what_was_paid(self):
        """Row 378: also given beside the line complained of."""
        complaint = self.complain(
            "2026-03-02 09:00",
            **self.triggers("spoiled"),
        )
        line = complaint.line_ids
        line.quantity = 2
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [
                    Command.create({"product_id": line.product_id.id, "quantity": 2})
                ],
            }
        )
        self.assertEqual(remedy.line_ids.amount, 20.0)
        self.assertFalse(remedy.above_ceiling)

    def test_who_is_told_and_who_takes_over_is_recorded(self):
        """Rows 328 and 344: sales centre, then the manager of the region."""
        region = self.env.ref("base.main_company").country_id or self.env.ref("base.cn")
        self.customer.country_id = region
        self.env["quality.complaint.routing"].create(
            {"country_ids": [(6, 0, region.ids)], "region_manager_id": self.head.id}
        )
        self.env.ref("quality_complaint.role_sales_centre").user_ids = self.leader
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(complaint.region_manager_id, self.head)
        with self.at("2026-03-02 09:20"):
            self.tick(complaint, "handed_over")
        self.assertEqual(self.told(complaint, "Take over"), self.leader)
        # the sales centre informs the regional manager: it stands among its to-dos
        self.assertEqual(self.told(complaint, "To do"), self.leader)
        row = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id and row.milestone_code == "manager_informed"
        )
        self.assertEqual(row.user_id, self.leader)
        with self.at("2026-03-02 09:25"):
            self.assertIn("Sales centre", complaint.hand_over_text)
            with self.assertRaisesRegex(UserError, "Nothing of QC/2026/00001"):
                complaint.with_user(self.handler).action_take_over()
            complaint.with_user(self.leader).action_take_over()
            self.tick(complaint.with_user(self.leader), "manager_informed")
        taken = complaint.sudo().deadline_ids.filtered("taken_on")
        self.assertEqual(
            (taken.milestone_code, taken.taken_by_id, self.local(taken.taken_on)),
            ("handed_over", self.leader, "2026-03-02 09:25"),
        )
        self.assertEqual(self.told(complaint, "Take over"), self.head)

    def test_sales_centre_hears_again_and_again_how_a_malicious_claim_goes(self):
        """Row 375: every two working days (our choice)."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("malicious"))
        self.assertEqual(complaint.severity_code, "special")
        for day, following in (("03", "05"), ("05", "09"), ("09", "11")):
            with self.at(f"2026-03-{day} 10:00"):
                self.tick(complaint, "progress_reported")
            self.assertEqual(
                self.dues(complaint)["progress_reported"],
                f"2026-03-{following} 17:00",
            )
        reports = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id.again and row.done_on
        )
        self.assertEqual(reports.mapped("state"), ["met"] * 3)

    def test_exception_is_times_the_value_also_where_an_amount_bounds_the_rule(self):
        ceiling = self.policy.ceiling_ids[:1].sudo()
        exception = {
            "exception_multiple": 5.0,
            "exception_role_id": self.env.ref("quality_complaint.role_management").id,
        }
        with self.assertRaisesRegex(ValidationError, "more times the value"):
            ceiling.copy({"multiple": 0.0, "amount": 100.0, **exception})
        bounded = ceiling.copy({"multiple": 2.0, "amount": 30.0, **exception})
        complaint = self.complain("2026-03-02 09:00")
        value = complaint._goods_value()
        self.assertEqual(
            [
                bounded._role_above(complaint, given).code
                for given in (value * 5, value * 5 + 0.01)
            ],
            ["management", bounded.exceed_role_id.code],
        )

    def test_what_comes_again_goes_on_when_the_severity_rises(self):
        limit = self.policy.limit_ids.filtered("again")
        major = self.severities["major"]
        other = limit.sudo().copy(
            {"severity_ids": [Command.set(major.ids)], "amount": limit.amount + 1}
        )
        complaint = self.complain("2026-03-02 09:00", **self.triggers("malicious"))
        with self.at("2026-03-03 10:00"):
            self.tick(complaint, "progress_reported")
            complaint.trigger_ids |= self.env.ref(
                "quality_complaint.trigger_foreign_matter"
            )
        self.assertEqual(complaint.severity_id, major)
        running = complaint.sudo().deadline_ids.filtered(
            lambda row: (
                row.milestone_code == "progress_reported" and row.state == "running"
            )
        )
        self.assertEqual(running.limit_id, other)

    def test_malicious_claim_is_not_bargained_about_before_the_evidence(self):
        """Row 369."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("malicious"))
        complaint.sudo().guide_done_ids = False
        self.assertEqual(
            [name.split("”")[0] for name in complaint._missing_guide("plan")],
            ["“Do Not: Bargain before sample and receipt are seen"],
        )

    def test_guide_at_the_phone_says_what_to_record_and_to_take_along(self):
        """Rows 370 and 371."""
        complaint = self.complain(
            "2026-03-02 09:00", **self.triggers("malicious", "foreign_matter")
        )
        texts = " ".join(complaint.sudo().guide_ids.mapped("text"))
        for word in ("place of purchase", "receipt", "camera", "several sides"):
            self.assertIn(word, texts)

    def test_batch_tells_the_sales_centre_and_its_write_off_is_confirmed_by_marketing(
        self,
    ):
        """Rows 350 and 360; row 394: every step has its person."""
        centre = self.env.ref("quality_complaint.role_sales_centre")
        self.assertIn(centre, self.severities["critical"].notify_role_ids)
        rule = self.policy.approval_rule_ids.filtered(
            lambda row: row.role_id.code == "marketing"
        )
        self.assertEqual((rule.subject, rule.batch), ("money", "yes"))
        doers = {
            limit.to_milestone_id.code: limit.doer_role_id.code
            for limit in self.policy.limit_ids
            if limit.doer_role_id
        }
        self.assertEqual(
            doers,
            {
                "manager_informed": "sales_centre",
                "plant_informed": "quality_manager",
                "progress_reported": "regional_manager",
            },
        )
