from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ...tools import AmbiguousNumber, NotANumber, measured_values, written_values
from ..common import ComplaintCase
from ..reply.mailing import Mailing


class InvestigationCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("I-1", quantity=100)
        cls.sell({cls.lot: 10})

    def start(self, method="written", **vals):
        """An investigation by this method on a registered complaint."""
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer, **vals)
        complaint.action_start_investigation()
        complaint.investigation_ids.method = method
        return complaint.investigation_ids

    def finish(self, investigation, **vals):
        investigation.write({"result": "confirmed", "finding": "Worn roller", **vals})
        investigation.action_done()
        return investigation


@tagged("post_install", "-at_install")
class TestMeasuredValues(ComplaintCase):
    """Values as people type them."""

    def test_points_commas_and_several_separators(self):
        self.assertEqual(measured_values("12.1; 12,35  11.9、-0.5；+3"), [12.1, 12.35, 11.9, -0.5, 3.0])
        self.assertEqual(measured_values(" "), [])

    def test_a_comma_that_may_stand_between_thousands_is_refused(self):
        with self.assertRaises(AmbiguousNumber):
            measured_values("1,200")
        self.assertEqual(measured_values("1,200", decimal_point=","), [1.2])
        self.assertEqual(measured_values("0,125"), [0.125])

    def test_words_are_refused_by_name(self):
        for text, word in (("12.1; x2", "x2"), ("1.2.3", "1.2.3"), ("12mm", "12mm")):
            with self.assertRaises(NotANumber) as caught:
                measured_values(text)
            self.assertEqual(caught.exception.args, (word,))

    def test_written_back_without_trailing_zeros(self):
        self.assertEqual(written_values([12.10, 0.000125, 1200.0]), "12.1; 0.000125; 1200")


@tagged("post_install", "-at_install")
class TestMeasurements(InvestigationCase):
    def measure(self, investigation, **vals):
        return self.env["quality.complaint.measurement"].with_user(self.officer).create(
            {"investigation_id": investigation.id, "name": "Thickness", **vals}
        )

    def test_limits_belong_to_what_is_allowed(self):
        investigation = self.start()
        row = self.measure(investigation, lower=0.48, upper=0.52, measured="0.48; 0.5; 0.52")
        self.assertEqual((row.verdict, row.requirement_text, investigation.verdict), ("pass", "0.48 – 0.52", "pass"))
        row.measured = "0.5; 0.521"
        self.assertEqual((row.verdict, investigation.verdict), ("fail", "fail"))
        row.measured = False
        self.assertEqual((row.verdict, investigation.verdict), ("open", "open"))

    def test_values_in_another_unit_are_converted_exactly(self):
        metre, millimetre = self.env.ref("uom.product_uom_meter"), self.env.ref("uom.product_uom_millimeter")
        investigation = self.start()
        row = self.measure(investigation, requirement="at_most", upper=0.0121, uom_id=metre.id, value_uom_id=millimetre.id, measured="12.1")
        self.assertEqual((row.verdict, row.value_text), ("pass", "12.1 mm"))
        row.measured = "12.11"
        self.assertEqual(row.verdict, "fail")
        with self.assertRaisesRegex(ValidationError, "cannot be compared"):
            row.value_uom_id = self.kilo

    def test_one_sided_and_judged(self):
        investigation = self.start()
        at_least = self.measure(investigation, requirement="at_least", lower=0, unit_name="MPa", measured="-0.001")
        self.assertEqual((at_least.verdict, at_least.requirement_text, at_least.value_text), ("fail", "≥ 0 MPa", "-0.001 MPa"))
        eye = self.measure(investigation, name="Surface", requirement="judged", wanted="no scratches")
        self.assertEqual((eye.verdict, eye.requirement_text), ("open", "no scratches"))
        eye.judged = "pass"
        self.assertEqual((eye.verdict, eye.value_text, investigation.verdict), ("pass", "Passes", "fail"))

    def test_what_is_no_number_is_refused_and_nothing_kept(self):
        row = self.measure(self.start(), lower=1, upper=2, measured="1.5")
        with self.assertRaisesRegex(ValidationError, "“about” is no number"):
            row.measured = "about 1.7"
        with self.assertRaisesRegex(ValidationError, "“1,700” may mean two numbers"):
            row.measured = "1,700"
        with self.assertRaisesRegex(ValidationError, "above the upper limit"):
            row.lower = 3

    def test_open_measurements_block_finishing_and_finished_ones_stay(self):
        investigation = self.start()
        row = self.measure(investigation, lower=1, upper=2)
        with self.assertRaisesRegex(UserError, "the values of “Thickness”"):
            self.finish(investigation)
        row.measured = "1.5"
        self.finish(investigation)
        for change in (lambda: row.write({"measured": "9"}), row.unlink, lambda: self.measure(investigation, name="Another")):
            with self.assertRaisesRegex(UserError, "is finished"):
                change()
        self.assertEqual((investigation.done_by_id, row.measured), (self.officer, "1.5"))


@tagged("post_install", "-at_install")
class TestSample(Mailing, InvestigationCase):
    def ask(self, investigation):
        """Ask the customer for the sample as the officer does."""
        action = investigation.with_user(self.officer).action_ask_sample()
        reply = self.env["quality.complaint.reply"].with_user(self.officer).browse(action["res_id"])
        reply.action_send()
        return reply

    def test_sample_from_request_to_return(self):
        with freeze_time("2026-03-02 09:00:00"):
            investigation = self.start("customer_sample")
            self.assertEqual(investigation.sample_state, "none")
            investigation.write({"sample_quantity": 2})
            reply = self.ask(investigation)
        complaint = investigation.complaint_id
        self.assertIn("2 Units of Copper strip (I-1)", reply.body)
        self.assertEqual((investigation.sample_state, str(investigation.sample_expected_on)), ("asked", "2026-03-09"))
        self.assertEqual(complaint.waiting_for, "sample")
        reminder = complaint.sudo().activity_ids.filtered(lambda activity: "Has the sample arrived" in (activity.summary or ""))
        self.assertEqual((reminder.user_id, str(reminder.date_deadline)), (self.officer, "2026-03-09"))
        with freeze_time("2026-03-06 09:00:00"):
            investigation.action_sample_received()
        self.assertFalse(reminder.exists())
        self.assertEqual((investigation.sample_state, complaint.waiting_for, reply.answer), ("received", False, "accepted"))
        with freeze_time("2026-03-07 09:00:00"):
            self.finish(investigation)
            self.assertEqual(investigation.sample_state, "tested")
            investigation.action_sample_returned()
        self.assertEqual((investigation.sample_state, str(investigation.sample_fate_on)), ("returned", "2026-03-07"))
        codes = complaint.sudo()._reached_codes()
        self.assertTrue({"sample_requested", "sample_received", "reinspected"} <= codes)

    def test_sample_without_a_fate_blocks_closing(self):
        investigation = self.start("retained_sample")
        investigation.action_ask_sample()
        self.assertEqual((investigation.sample_state, investigation.complaint_id.waiting_for), ("asked", False))
        investigation.action_sample_received()
        self.finish(investigation)
        self.assertIn("nobody said what became of it", str(investigation.complaint_id._get_open_ends()))
        investigation.action_sample_kept()
        self.assertNotIn("nobody said what became of it", str(investigation.complaint_id._get_open_ends()))

    def test_sample_that_never_comes_does_not_hold_the_case_for_ever(self):
        investigation = self.start("customer_sample")
        self.ask(investigation)
        with self.assertRaisesRegex(UserError, "the arrival of the sample"):
            self.finish(investigation)
        self.finish(investigation, result="inconclusive", finding="Customer sent nothing", sample_fate="not_sent")
        self.assertFalse(investigation.complaint_id.waiting_for)
        self.assertNotIn("reinspected", investigation.complaint_id.sudo()._reached_codes())
        self.assertEqual(investigation.sample_state, "none")

    def test_goods_received_by_the_warehouse_are_the_sample(self):
        investigation = self.start("customer_sample")
        self.ask(investigation)
        complaint = investigation.complaint_id
        remedy = self.plan(complaint, "return", 2)
        remedy.action_submit()
        remedy.action_execute()
        picking = remedy.sudo().picking_ids.with_user(self.warehouse_worker)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual((investigation.sample_state, complaint.waiting_for), ("received", False))
        self.assertIn("sample_received", complaint.sudo()._reached_codes())

    def test_contradictions_are_refused(self):
        investigation = self.start("customer_sample")
        with self.assertRaisesRegex(ValidationError, "only a sample that arrived"):
            investigation.sample_fate = "kept"
        with self.assertRaisesRegex(ValidationError, "in the future"):
            investigation.sample_received_on = "2190-01-01 00:00:00"
        investigation.method = "phone"
        with self.assertRaisesRegex(UserError, "needs no sample"):
            investigation.action_sample_received()


@tagged("post_install", "-at_install")
class TestQuestions(InvestigationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        questions = cls.env["quality.complaint.question"]
        questions.search([]).active = False
        cls.scratches, cls.phone, cls.foreign = questions.create(
            [
                {"name": "How long is the scratch?", "defect_ids": [Command.set(cls.scratch.ids)], "required": True},
                {"name": "Whom did you speak to?", "investigation_method": "phone"},
                {"name": "Only elsewhere", "policy_id": cls.env.ref("quality_complaint.policy_r3").id},
            ]
        )
        cls.stock_figure = questions.create({"name": "Still in stock", "kind": "figure", "figure": "stock", "investigation_method": "production_records"})

    def test_questions_follow_defect_and_method(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        complaint.line_ids.defect_id = self.scratch
        complaint.action_start_investigation()
        investigation = complaint.investigation_ids
        self.assertEqual(investigation.answer_ids.mapped("question"), ["How long is the scratch?"])
        investigation.method = "phone"
        self.assertEqual(sorted(investigation.answer_ids.mapped("question")), ["How long is the scratch?", "Whom did you speak to?"])
        investigation.answer_ids.filtered(lambda answer: answer.question_id == self.phone).answer = "Mr Wang"
        investigation.method = "written"
        # an answer that was given stays, whatever the method
        self.assertEqual(sorted(investigation.answer_ids.mapped("question")), ["How long is the scratch?", "Whom did you speak to?"])
        with self.assertRaisesRegex(UserError, "the answer to “How long is the scratch"):
            self.finish(investigation)
        investigation.answer_ids.filtered("required").answer = "12 mm"
        self.finish(investigation)

    def test_figures_come_from_stock_and_are_taken_anew(self):
        investigation = self.start("production_records")
        self.assertEqual(investigation.answer_ids.answer, "I-1: 90 Units")
        self.sell({self.lot: 15})
        investigation.action_take_lot_facts()
        self.assertEqual(investigation.answer_ids.answer, "I-1: 75 Units")

    def test_question_with_a_figure_must_say_which(self):
        with self.assertRaisesRegex(ValidationError, "choose the figure"):
            self.phone.kind = "figure"


@tagged("post_install", "-at_install")
class TestLotFacts(InvestigationCase):
    """Figures of a lot in the unit of its product, of one company, from what was really moved."""

    def test_produced_shipped_per_region_returned_and_in_stock(self):
        states = self.env["res.country.state"]
        texas = self.env.ref("base.state_us_44")
        france = self.env.ref("base.fr")
        lot = self.make_lot("F-9")
        supplier = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.strip.id, "product_uom_qty": 10, "product_uom": self.dozen.id, "location_id": supplier.id,
                "location_dest_id": self.stock.id, "company_id": self.company.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.strip.id, "lot_id": lot.id, "quantity": 10, "product_uom_id": self.dozen.id,
                            "location_id": supplier.id, "location_dest_id": self.stock.id, "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        move.picked = True
        move._action_done()
        self.customer.write({"country_id": texas.country_id.id, "state_id": texas.id})
        self.distributor.write({"country_id": france.id, "state_id": states.id, "city": "Lyon"})
        self.sell({lot: 24})
        self.sell({lot: 12}, partner=self.distributor)
        self.sell({lot: 1}, uom=self.dozen, partner=self.distributor)
        complaint = self.make_complaint(partner_id=self.customer.id, line_ids=[Command.create({"product_id": self.strip.id, "lot_id": lot.id, "quantity": 4})])
        complaint.line_ids._match_documents()
        remedy = self.plan(complaint, "return", 4)
        remedy.action_submit()
        remedy.action_execute()
        self.receive(remedy)
        facts = self.env["quality.complaint.lot.facts"]._collect(lot, self.company)
        self.assertEqual(
            facts,
            [
                {
                    "lot": "F-9", "product": "Copper strip", "unit": "Units", "produced": 120.0, "stock": 76.0, "shipped": 48.0, "returned": 4.0,
                    "regions": [["France, Lyon", 24.0, 1], ["United States, Texas", 20.0, 1]],
                    "customers": [[self.distributor.id, "Metal Traders", 24.0, 0.0], [self.customer.id, "Northwind Motors", 24.0, 4.0]],
                }
            ],
        )
        self.assertEqual(self.env["quality.complaint.lot.facts"]._collect(lot, self.env["res.company"].create({"name": "Other"}))[0]["shipped"], 0.0)

    def test_finished_investigation_keeps_the_figures_of_its_day(self):
        investigation = self.finish(self.start("production_records"))
        self.assertEqual(investigation.lot_facts[0]["stock"], 90.0)
        self.sell({self.lot: 30})
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            investigation.action_take_lot_facts()
        self.assertEqual(investigation.lot_facts[0]["stock"], 90.0)
        self.assertIn("90", investigation.lot_facts_html)


@tagged("post_install", "-at_install")
class TestTeam(InvestigationCase):
    def major_case(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer, loss_amount=500)
        complaint.action_start_investigation()
        return complaint.investigation_ids

    def members(self, *names):
        return [
            Command.create({"name": name, "department_id": self.env.ref(f"quality_complaint.responsible_{name}").id, "task": f"Task of {name}"})
            for name in names
        ]

    def test_management_names_leader_and_four_departments_before_anything_is_concluded(self):
        investigation = self.major_case()
        investigation.member_ids = self.members("sales", "quality", "technology")
        with self.assertRaisesRegex(AccessError, "named by the role “Management"):
            investigation.action_name_team()
        with self.assertRaisesRegex(UserError, "a member from Production"):
            investigation.with_user(self.manager).action_name_team()
        investigation.with_user(self.manager).member_ids = [
            Command.create({"user_id": self.handler.id, "department_id": self.department.id, "task": "Look at the rollers"})
        ]
        complaint = investigation.complaint_id
        complaint.write({"validity": "valid", "cause_id": self.cause.id, "responsible_id": self.department.id})
        with self.assertRaisesRegex(UserError, "Name team"):
            complaint.action_conclude()
        investigation.with_user(self.manager).action_name_team()
        self.assertEqual(investigation.team_named_by_id, self.manager)
        self.assertIn("lead_named", complaint.sudo()._reached_codes())
        told = complaint.sudo().activity_ids.filtered(lambda activity: activity.summary == f"Investigate {complaint.name}")
        self.assertEqual(told.user_id, self.officer | self.handler)
        self.finish(investigation)
        complaint.action_conclude()
        self.assertEqual(complaint.state, "planning")

    def test_members_of_other_teams_see_and_fill_in_what_they_investigate(self):
        investigation = self.major_case()
        stranger = investigation.with_user(self.handler)
        with self.assertRaises(AccessError):
            stranger.finding = "x"
        investigation.member_ids = [Command.create({"user_id": self.handler.id})]
        self.assertIn(self.handler, investigation.complaint_id.sudo().worker_ids)
        stranger.finding = "Roller 3 is worn"
        self.assertEqual(investigation.complaint_id.with_user(self.handler).name, investigation.complaint_id.name)
        investigation.member_ids.unlink()
        with self.assertRaises(AccessError):
            stranger.invalidate_recordset()
            stranger.finding = "y"

    def test_nobody_joins_a_team_through_a_default_in_the_context(self):
        investigation = self.major_case()
        members = self.env["quality.complaint.investigation.member"].with_user(self.handler).with_context(default_investigation_id=investigation.id)
        with self.assertRaises(AccessError):
            members.create({"user_id": self.handler.id})
        self.assertFalse(investigation.sudo().member_ids)

    def test_member_has_a_name(self):
        with self.assertRaisesRegex(ValidationError, "name every member"):
            self.major_case().member_ids = [Command.create({"task": "Somebody"})]

    def test_team_of_the_round_before_is_proposed(self):
        complaint = self.investigated(self.make_complaint(lot_ref="I-1", loss_amount=500))
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        complaint.approval_ids.with_user(self.manager).action_approve()
        self.tell(complaint)
        complaint.action_reopen("Again")
        second = complaint.investigation_ids.filtered(lambda row: row.round == 2)
        self.assertEqual(len(second.member_ids), 4)
        self.assertFalse(second.team_named_on)


@tagged("post_install", "-at_install")
class TestConclusion(InvestigationCase):
    def test_responsibility_of_others_needs_evidence_and_explanation(self):
        complaint = self.finish(self.start()).complaint_id
        complaint.write({"validity": "valid", "cause_id": self.cause.id, "responsible_id": self.env.ref("quality_complaint.responsible_customer").id})
        with self.assertRaisesRegex(UserError, "the evidence that it is not ours and the explanation"):
            complaint.action_conclude()
        complaint.write({"responsible_evidence": "Photos of the wrong mounting", "explanation": "It was mounted upside down."})
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = self.env["quality.complaint.reply"].browse(complaint.action_open_reply()["res_id"])
        self.assertIn("mounted upside down", reply.body)
        self.assertNotIn("Photos of the wrong mounting", reply.body)

    def test_not_investigated_only_with_reason_and_name(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "a reason"):
            complaint.action_skip_investigation(" ")
        with self.assertRaisesRegex(UserError, "Only a complaint officer"):
            complaint.user_id = self.handler
            complaint.with_user(self.handler).action_skip_investigation("Lazy")
        complaint.action_skip_investigation("Known: batch I-1 was investigated")
        self.assertEqual((complaint.state, complaint.not_investigated_by_id), ("investigating", self.officer))
        self.assertEqual(complaint.sudo().deadline_ids.filtered(lambda r: r.limit_id and r.milestone_code == "investigation_started").state, "cancelled")
        complaint.write({"validity": "valid", "cause_id": self.cause.id, "responsible_id": self.department.id})
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        complaint.revisit_ids.write({"score": 95})
        complaint.revisit_ids.action_done()
        complaint.sudo().deadline_ids.filtered("missed_on").late_reason = "x"
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_begun_investigation_cannot_be_skipped_and_similar_one_must_be_finished(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        other = self.make_complaint(lot_ref="I-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "no finished investigation to refer to"):
            complaint.action_skip_investigation("Same", other)
        complaint.action_start_investigation()
        complaint.investigation_ids.finding = "Something"
        with self.assertRaisesRegex(UserError, "finish or delete"):
            complaint.action_skip_investigation("Same")
        complaint.investigation_ids.finding = False
        other.action_start_investigation()
        self.finish(other.investigation_ids)
        complaint.action_skip_investigation("Same", other)
        self.assertEqual((complaint.similar_id, len(complaint.investigation_ids)), (other, 0))

    def test_policy_asks_for_fields_before_registering_concluding_and_closing(self):
        letter = self.env.ref("quality_complaint.channel_letter").id
        self.policy.requirement_ids = [
            Command.create({"field_name": "customer_ref", "before": "register", "channel_ids": [Command.set([letter])]}),
            Command.create({"field_name": "line.defect_id", "before": "conclude"}),
            Command.create({"field_name": "escape_cause", "before": "close"}),
        ]
        with self.assertRaisesRegex(UserError, "Customer's Complaint No."), self.env.cr.savepoint():
            self.make_complaint(lot_ref="I-1", channel_id=letter)
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        complaint.action_start_investigation()
        self.finish(complaint.investigation_ids)
        complaint.write({"validity": "valid", "cause_id": self.cause.id, "responsible_id": self.department.id})
        with self.assertRaisesRegex(UserError, "Defect of every line"):
            complaint.action_conclude()
        complaint.line_ids.defect_id = self.scratch
        complaint.action_conclude()
        self.assertIn("Why It Escaped", str(complaint._get_open_ends()))
        complaint.escape_cause = "Not checked at the end of the line"
        self.assertNotIn("Why It Escaped", str(complaint._get_open_ends()))


@tagged("post_install", "-at_install")
class TestBatchConclusion(InvestigationCase):
    """One investigation on the case; conclusion and reply reach every customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.customer.lang = "en_US"
        cls.distributor.lang = "zh_CN"
        cls.shop = cls.env["res.partner"].create({"name": "Corner Shop", "email": "shop@shop.example", "is_company": True, "lang": "en_US"})
        cls.sell({cls.lot: 5}, partner=cls.distributor)
        cls.sell({cls.lot: 3}, partner=cls.shop)

    def batch(self, *partners):
        wizard = self.env["quality.complaint.batch"].with_user(self.officer).with_context(allowed_company_ids=self.company.ids)
        wizard = wizard.create({"lot_id": self.lot.id, "description": "Blisters"})
        wizard.line_ids.filtered(lambda line: line.partner_id not in partners).selected = False
        return self.env["quality.complaint"].with_user(self.officer).browse(wizard.action_create()["res_id"])

    def conclude(self, case):
        case.action_start_investigation()
        case.investigation_ids.filtered(lambda i: not i.done_on).write({"result": "confirmed", "finding": "Furnace too hot"})
        case.investigation_ids.filtered(lambda i: not i.done_on).action_done()
        self.name_team(case)
        case.write(
            {
                "validity": "valid", "cause_id": self.cause.id, "responsible_id": self.department.id, "root_cause": "Sensor failed",
                "escape_cause": "No check of temperature",
            }
        )
        case.action_conclude()

    def test_conclusion_flows_to_all_but_those_with_an_investigation_of_their_own(self):
        case = self.batch(self.customer, self.distributor)
        own, other = case.child_ids.sorted(lambda child: child.partner_id != self.customer)
        own.action_start_investigation()
        own.investigation_ids.finding = "Looked at ours"
        self.conclude(case)
        self.assertEqual((other.state, other.cause_id), ("planning", self.cause))
        self.assertEqual((other.root_cause, other.escape_cause), ("Sensor failed", "No check of temperature"))
        self.assertTrue({"investigation_started", "concluded"} <= other.sudo()._reached_codes())
        self.assertEqual((own.state, own.validity), ("investigating", "valid"))
        self.finish(own.investigation_ids)
        own.action_conclude()
        self.assertEqual(own.state, "planning")

    def test_customer_added_later_gets_the_conclusion(self):
        case = self.batch(self.customer)
        self.conclude(case)
        context = case.action_add_customers()["context"]
        wizard = self.env["quality.complaint.batch"].with_user(self.officer).with_context(**context, allowed_company_ids=self.company.ids).create({})
        self.assertEqual(wizard.line_ids.partner_id, self.distributor | self.shop)  # who is in the case already is not offered
        wizard.line_ids.filtered(lambda line: line.partner_id == self.shop).selected = False
        wizard.action_create()
        added = case.child_ids.filtered(lambda child: child.partner_id == self.distributor)
        self.assertEqual((len(case.child_ids), added.state, added.root_cause, added.line_ids.quantity), (2, "planning", "Sensor failed", 5.0))

    def test_reply_is_written_once_per_language(self):
        case = self.batch(self.customer, self.distributor, self.shop)
        self.conclude(case)
        case.investigation_ids.tell_customer = True
        shared = self.env["quality.complaint.reply"].with_user(self.officer).browse(case.action_open_reply()["res_id"])
        self.assertIn("Furnace too hot", shared.body)
        shared.write({"kind": "final", "lang": "en_US", "body": "<p>The furnace was too hot.</p>"})
        with self.assertRaisesRegex(UserError, "batch case"):
            shared.action_send()
        shared.action_distribute()
        drafts = case.child_ids.reply_ids
        self.assertEqual(drafts.complaint_id.partner_id, self.customer | self.shop)
        mine = drafts.filtered(lambda draft: draft.complaint_id.partner_id == self.customer)
        self.assertIn("Dear Northwind Motors", mine.body)
        self.assertIn(mine.complaint_id.name, mine.body)
        self.assertIn("<p>The furnace was too hot.</p>", mine.body)
        self.assertTrue(case.sudo().message_ids.filtered(lambda message: "Customers in other languages" in (message.body or "")))
        shared.body = "<p>Second version</p>"
        shared.action_distribute()
        self.assertEqual(len(case.child_ids.reply_ids), 2)
        self.assertIn("Second version", mine.body)
        shared.write({"lang": "zh_CN", "body": "<p>炉温过高。</p>"})
        shared.action_distribute()
        chinese = case.child_ids.reply_ids.filtered(lambda draft: draft.lang == "zh_CN")
        self.assertEqual(chinese.complaint_id.partner_id, self.distributor)
        self.assertIn("炉温过高", chinese.body)


@tagged("post_install", "-at_install")
class TestInvestigationAccess(InvestigationCase):
    def test_other_companies_and_outsiders_see_nothing(self):
        investigation = self.start()
        investigation.member_ids = [Command.create({"name": "Ms Li"})]
        self.env["quality.complaint.measurement"].create({"investigation_id": investigation.id, "name": "Width"})
        self.env["quality.complaint.answer"].create({"investigation_id": investigation.id, "question": "Why?"})
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env, "qc_foreign_engineer", "quality_complaint.group_quality_complaint_manager", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        for record in (investigation, investigation.member_ids, investigation.measurement_ids, investigation.answer_ids):
            for user in (foreigner, self.handler, self.employee, self.warehouse_worker):
                with self.assertRaises(AccessError, msg=f"{record._name} by {user.name}"):
                    record.with_user(user).read(["display_name"])
            self.assertTrue(record.with_user(self.engineer).read(["display_name"]))

    def test_quality_engineers_keep_the_questions_officers_only_read_them(self):
        question = self.env["quality.complaint.question"].search([], limit=1)
        with self.assertRaises(AccessError):
            question.with_user(self.officer).required = True
        question.with_user(self.engineer).required = True
        self.assertTrue(question.required)
