from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.complaint_text import Vocabulary
from ..common import ComplaintCase

NOW = "2026-03-02 08:00:00"


class RepeatCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("R-1", quantity=50)
        cls.sell({cls.lot: 10})
        cls.rod = cls.make_product(
            "Copper rod", tracking="lot"
        )  # never delivered: no lot is found for it

    @classmethod
    def complain(cls, text, user=None, register=True, lines=None, **vals):
        """A registered complaint; its line names the copper rod unless told
        otherwise.
        """
        lines = [{"product_id": cls.rod.id}] if lines is None else lines
        return cls.make_complaint(
            user,
            register,
            description=text,
            partner_id=cls.customer.id,
            line_ids=[Command.create(line) for line in lines],
            **vals,
        )

    def evidence(self, first, second):
        """What is said of two complaints about the scratched coil: different texts, so
        never 100 %.
        """
        percent = second.repeat_ids.filtered(
            lambda row: row.other_id == first
        ).text_similarity
        self.assertTrue(50 < percent < 100, percent)
        return f"same lot, same defect, both name “{self.env.ref('quality_complaint.term_scratch').name}”, wording {percent} % alike"  # noqa: E501

    def proposed(self, complaint):
        """[(earlier complaint, explanation)] in the order of the score"""
        return [(row.other_id, row.explanation) for row in complaint.repeat_ids]


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRepeatProposals(RepeatCase):
    """On registration, earlier complaints of the same trouble are proposed, ranked and
    explained; nothing is blocked.
    """

    def test_same_lot_and_defect_are_proposed_with_the_evidence(self):
        line = {
            "product_id": self.strip.id,
            "lot_id": self.lot.id,
            "defect_id": self.scratch.id,
        }
        first = self.complain("Deep scratches on the upper side", lines=[line])
        second = self.complain(
            "Deep scratches on the upper side of the coil", lines=[line]
        )
        self.assertFalse(first.repeat_ids)
        self.assertEqual(self.proposed(second), [(first, self.evidence(first, second))])
        self.assertEqual(
            (second.state, second.repeat_ids.state, second.repeat_ids.company_id),
            ("registered", "proposed", self.company),
        )
        self.assertEqual(second.repeat_count, 1)
        self.assertEqual(
            second.repeat_message,
            f"It counts as a repeat of {first.name} ({self.evidence(first, second)}).",
        )
        second._advance({"repeat_of_id": False})
        self.assertEqual(
            second.repeat_message,
            f"It may repeat {first.name} ({self.evidence(first, second)}).",
        )

    def test_paraphrases_are_recognised_by_their_symptom(self):
        first = self.complain("Rust spots after two days in the warehouse")
        self.assertEqual(
            self.proposed(self.complain("The whole coil is corroded"))[0][0], first
        )

    def test_only_the_same_text_is_called_the_same(self):
        first = self.complain("Deep scratches on the upper side")
        other = self.complain("scratches everywhere")
        row = other.repeat_ids.filtered(lambda row: row.other_id == first)
        self.assertIn("both name “", row.explanation)
        self.assertNotIn("100 %", row.explanation)
        self.assertLess(row.text_similarity, 60)
        same = self.complain("Deep  scratches on the UPPER side")
        self.assertIn(
            "same text",
            same.repeat_ids.filtered(lambda row: row.other_id == first).explanation,
        )

    def test_singular_and_plural(self):
        texts = []
        for _number in range(4):
            complaint = self.complain("Deep scratches on the upper side")
            texts.append(complaint.repeat_message or "")
        self.assertEqual(texts[0], "")
        self.assertTrue(texts[1].endswith(")."), texts[1])
        self.assertTrue(texts[2].endswith(", or another one."), texts[2])
        self.assertTrue(texts[3].endswith(", or one of 2 others."), texts[3])

    def test_chinese_is_recognised_and_compared_with_english(self):
        first = self.complain("铜带表面有划痕,每卷都有")
        second = self.complain("整卷被刮花,没法用")
        self.assertEqual([other for other, _why in self.proposed(second)], [first])
        third = self.complain("Scratched on both sides")
        self.assertEqual(
            {other for other, _why in self.proposed(third)}, {first, second}
        )

    def test_another_trouble_of_the_same_lot_is_not_proposed(self):
        line = {"product_id": self.strip.id, "lot_id": self.lot.id}
        self.complain("Deep scratches on the upper side", lines=[line])
        self.assertFalse(
            self.complain("Your invoice shows the wrong price", lines=[line]).repeat_ids
        )
        self.assertFalse(
            self.complain("The strip is too thick, 0.62 mm", lines=[line]).repeat_ids
        )

    def test_denied_symptoms_do_not_count(self):
        self.complain("Water leaks out")
        self.assertFalse(self.complain("No leak, but the colour is wrong").repeat_ids)

    def test_same_text_about_other_goods_is_not_proposed(self):
        self.complain("Deep scratches on the upper side")
        category = self.env["product.category"].create({"name": "Wire"})
        wire = self.make_product("Copper wire", categ_id=category.id)
        self.assertFalse(
            self.complain(
                "Deep scratches on the upper side", lines=[{"product_id": wire.id}]
            ).repeat_ids
        )

    def test_complaints_without_goods_are_found_by_their_text(self):
        first = self.complain(
            "The coil we got last week has deep scratches on the upper side", lines=[]
        )
        second = self.complain(
            "The coil we got last week has deep scratches on the upper side", lines=[]
        )
        self.assertEqual(self.proposed(second), [(first, "same text")])

    def test_same_reference_of_the_lots_is_the_same_supplier_lot(self):
        other = self.make_product(
            "Copper bar",
            tracking="lot",
            categ_id=self.env["product.category"].create({"name": "Bars"}).id,
        )
        lots = self.lot | self.make_lot("B-7", other)
        lots.ref = "CATHODE-4711"
        first = self.complain(
            "Cracks when bending",
            lines=[{"product_id": self.strip.id, "lot_id": lots[0].id}],
        )
        second = self.complain(
            "It cracked in our press",
            lines=[{"product_id": other.id, "lot_id": lots[1].id}],
        )
        self.assertEqual(self.proposed(second)[0][0], first)
        self.assertTrue(second.repeat_ids.same_supplier_lot)
        self.assertFalse(second.repeat_ids.same_product)

    def test_better_evidence_comes_first(self):
        line = {
            "product_id": self.strip.id,
            "lot_id": self.lot.id,
            "defect_id": self.scratch.id,
        }
        weak = self.complain(
            "Scratched",
            lines=[{"product_id": self.strip.id, "lot_id": self.make_lot("R-2").id}],
        )
        strong = self.complain("Scratched by the rollers", lines=[line])
        rows = self.complain("Scratched by the rollers again", lines=[line]).repeat_ids
        self.assertEqual(rows.other_id, strong | weak)
        self.assertGreater(rows[0].score, rows[1].score)

    def test_window_of_the_policy_except_for_the_same_lot(self):
        lot_line = {
            "product_id": self.rod.id,
            "lot_id": self.make_lot("R-3", self.rod).id,
        }
        old = self.complain("Deep scratches", received_on="2025-03-01 08:00:00")
        old_lot = self.complain(
            "Deep scratches", received_on="2025-02-01 08:00:00", lines=[lot_line]
        )
        recent = self.complain("Deep scratches", received_on="2025-03-03 08:00:00")
        self.assertEqual(recent.repeat_ids.other_id, old | old_lot)
        later = self.complain("Deep scratches", lines=[lot_line])
        self.assertEqual(later.repeat_ids.other_id, recent | old_lot)

    def test_threshold_of_the_policy(self):
        self.policy.repeat_threshold = 90
        self.complain("Deep scratches")
        self.assertFalse(self.complain("Deep scratches").repeat_ids)

    def test_drafts_cancelled_and_batch_cases_are_not_proposed(self):
        self.complain("Deep scratches", register=False)
        self.complain("Deep scratches").action_cancel("mistake", "Wrong file")
        self.assertFalse(self.complain("Deep scratches").repeat_ids)

    def test_other_companies_are_not_proposed(self):
        other = self.env["res.company"].create({"name": "Other Works"})
        strip = self.make_product("Shared strip")
        self.make_complaint(
            description="Deep scratches",
            company_id=other.id,
            partner_id=self.customer.id,
            team_id=False,
            line_ids=[Command.create({"product_id": strip.id})],
        )
        self.assertFalse(
            self.complain("Deep scratches", lines=[{"product_id": strip.id}]).repeat_ids
        )

    def test_more_earlier_complaints_need_no_more_queries(self):
        def queries():
            complaint = self.complain("Deep scratches", register=False)
            complaint._advance({"state": "registered", "name": f"Q/{complaint.id}"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            complaint._repeat_candidates()
            complaint._scored_repeats()
            return self.cr.sql_log_count - before

        for number in range(3):
            self.complain(f"Deep scratches {number}")
        few = queries()
        for number in range(12):
            self.complain(f"Deep scratches {number}")
        self.assertEqual(queries(), few)

    def test_added_expressions_are_used_at_once(self):
        first = self.complain("It has the wobblies")
        self.env["quality.complaint.term"].create(
            {"name": "Wobblies", "words": "wobblies, shimmies"}
        )
        self.assertEqual(self.complain("Shimmies all over").repeat_ids.other_id, first)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRepeatDecisions(RepeatCase):
    """A click says that it is the same trouble or another one; what was decided stays
    decided and is counted.
    """

    def setUp(self):
        super().setUp()
        self.line = {"product_id": self.rod.id, "defect_id": self.scratch.id}
        self.first = self.complain("Deep scratches", lines=[self.line])
        self.second = self.complain("Deep scratches again", lines=[self.line])
        self.row = self.second.repeat_ids

    def test_dismissed_is_not_counted_and_not_proposed_again(self):
        self.assertEqual(
            (self.second.repeat_rank, self.second.repeat_of_id, self.second.fault_rank),
            (2, self.first, 2),
        )
        self.row.with_user(self.officer).action_dismiss()
        self.assertEqual(
            (self.row.state, self.row.decided_by_id, str(self.row.decided_on)),
            ("dismissed", self.officer, NOW),
        )
        self.assertEqual(
            (self.second.repeat_rank, self.second.repeat_of_id, self.second.fault_rank),
            (1, self.first.browse(), 1),
        )
        self.second.action_find_repeats()
        self.assertEqual(self.second.repeat_ids, self.row)
        self.assertFalse(self.second.repeat_message)
        self.row.action_undo()
        self.assertEqual((self.row.state, self.second.repeat_rank), ("proposed", 2))

    def test_linked_counts_also_before_the_window(self):
        old = self.complain("Scratches", lines=[], received_on="2022-01-01 08:00:00")
        row = self.env["quality.complaint.repeat"].create(
            {"complaint_id": self.second.id, "other_id": old.id}
        )
        row.action_link()
        self.assertEqual(
            (self.second.repeat_rank, self.second.repeat_of_id), (3, self.first)
        )
        self.assertIn("The same trouble as", self.second.message_ids[0].body)
        old.action_cancel("mistake", "Wrong file")
        self.second._detect_repeat()
        self.assertEqual(self.second.repeat_rank, 2)

    def test_the_counted_repeat_is_dismissed_without_a_proposal(self):
        self.row.sudo().unlink()
        self.second.with_user(self.officer).action_dismiss_repeat_of()
        self.assertEqual(
            (self.second.repeat_ids.state, self.second.repeat_rank), ("dismissed", 1)
        )

    def test_a_pair_is_listed_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.row.create({"complaint_id": self.second.id, "other_id": self.first.id})

    def test_changes_after_registration_are_looked_at(self):
        third = self.complain("Something is wrong with it", lines=[])
        self.assertFalse(third.repeat_ids)
        third.description = "Hairlines where it was rolled, like scratches"
        self.assertFalse(third.repeat_ids)
        third.line_ids = [Command.create({"product_id": self.rod.id})]
        self.assertEqual(
            (third.repeat_ids.other_id, third.repeat_rank),
            (self.first | self.second, 1),
        )
        third.line_ids.defect_id = self.scratch
        self.assertEqual(third.repeat_rank, 3)
        third.description = "Late delivery"
        third.line_ids = [Command.clear()]
        self.assertEqual((third.repeat_ids, third.repeat_rank), (self.row.browse(), 1))

    def test_nothing_is_looked_for_when_nothing_relevant_changed(self):
        self.row.sudo().unlink()
        self.second.write(
            {
                "description": self.second.description,
                "usage_scene": "Stamping",
                "loss_amount": 5,
            }
        )
        self.second.line_ids.write({"defect_id": self.scratch.id, "quantity": 2})
        self.assertFalse(self.second.repeat_ids)

    def test_both_in_one_8d(self):
        self.row.with_user(self.officer).action_merge_8d()
        report = self.first.eight_d_id
        self.assertEqual(
            (report.complaint_ids, self.row.state), (self.first | self.second, "linked")
        )
        third = self.complain("Deep scratches", lines=[self.line])
        row = third.repeat_ids.filtered(lambda row: row.other_id == self.second)
        row.action_merge_8d()
        self.assertEqual(third.eight_d_id, report)

    def test_two_reports_that_are_worked_on_stay_apart(self):
        for complaint in self.first | self.second:
            report = complaint._create_8d()
            report.stop_ship = "no"
        with self.assertRaisesRegex(UserError, "both are being worked on"):
            self.row.action_merge_8d()

    def test_an_untouched_report_makes_way(self):
        own = self.second._create_8d()
        report = self.first._create_8d()
        self.row.action_merge_8d()
        self.assertEqual((self.second.eight_d_id, own.state), (report, "cancelled"))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRepeatRights(RepeatCase):
    """Proposals are seen with the complaint; of an earlier one that may not be read,
    only the number is.
    """

    def setUp(self):
        super().setUp()
        self.team = self.env["quality.complaint.team"].create(
            {"name": "Other team", "company_id": self.company.id}
        )
        self.first = self.complain(
            "Deep scratches", user_id=self.officer.id, team_id=self.team.id
        )
        self.second = self.complain(
            "Deep scratches", user_id=self.handler.id, team_id=self.team.id
        )
        self.row = self.second.repeat_ids

    def test_content_of_the_earlier_complaint_is_hidden(self):
        row = self.row.with_user(self.handler)
        self.assertEqual(
            (row.explanation, row.score), (self.row.explanation, self.row.score)
        )
        self.assertFalse(row.other_partner_id)
        self.assertFalse(row.other_description)
        shown = row.web_read({"other_id": {"fields": {"display_name": {}}}})
        self.assertEqual(shown[0]["other_id"]["display_name"], self.first.name)
        self.assertEqual(
            self.row.with_user(self.officer).other_description, "Deep scratches"
        )

    def test_decided_only_by_who_may_change_one_and_read_the_other(self):
        with self.assertRaises(AccessError):
            self.row.with_user(self.handler).action_link()
        with self.assertRaises(AccessError):
            self.row.with_user(self.employee).action_link()
        self.first.user_id = self.handler
        self.row.with_user(self.handler).action_link()
        self.assertEqual(self.row.state, "linked")
        with self.assertRaisesRegex(AccessError, "started by a complaint officer"):
            self.row.with_user(self.handler).action_merge_8d()

    def test_rows_are_written_by_buttons_only(self):
        with self.assertRaises(UserError):
            self.row.with_user(self.manager).write({"score": 1})
        with self.assertRaises(UserError):
            self.row.write({"state": "linked"})

    def test_other_people_and_companies_see_no_proposals(self):
        stranger = self.handler.copy({"login": "stranger"})
        repeats = self.env["quality.complaint.repeat"]
        self.assertFalse(repeats.with_user(stranger).search([("id", "=", self.row.id)]))
        company = self.env["res.company"].create({"name": "Other Works"})
        self.officer.company_ids += company
        elsewhere = repeats.with_user(self.officer).with_context(
            allowed_company_ids=company.ids
        )
        self.assertFalse(elsewhere.search([("id", "=", self.row.id)]))

    def test_employees_register_repeats_without_rights_on_them(self):
        third = self.complain("Deep scratches", user=self.employee)
        self.assertEqual(third.sudo().repeat_ids.other_id, self.first | self.second)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRepeatConsequences(RepeatCase):
    """From the nth complaint of the same trouble on, the policy raises the severity,
    once, and asks for an 8D report.
    """

    def again(self):
        return self.complain(
            "Deep scratches",
            lines=[{"product_id": self.rod.id, "defect_id": self.scratch.id}],
        )

    def test_severity_is_raised_once(self):
        self.policy.repeat_severity_from = 2
        first, second = self.again(), self.again()
        self.assertEqual(
            (first.severity_id, second.severity_id), (self.general, self.major)
        )
        self.assertEqual(
            (second.repeat_raised, second.severity_reason),
            (True, "Complaint no. 2 of the same trouble"),
        )
        second.write({"severity_id": self.general.id, "severity_reason": "A trifle"})
        second.action_find_repeats()
        self.assertEqual(second.severity_id, self.general)

    def test_zero_never_raises(self):
        self.again()
        self.assertEqual(
            (self.again().severity_id, self.policy.repeat_8d_from), (self.general, 0)
        )

    def test_8d_from_the_nth_on(self):
        self.policy.repeat_8d_from = 3
        complaints = [self.again() for _number in range(3)]
        self.assertEqual(
            [complaint.needs_8d for complaint in complaints], [False, False, True]
        )
        self.assertEqual(complaints[2].eight_d_id.state, "open")

    def test_people_are_told_once_of_the_report_of_the_same_trouble(self):
        self.policy.write({"repeat_severity_from": 2, "repeat_8d_from": 2})
        self.major.needs_8d = True
        report = self.again().sudo()._create_8d()
        second = self.again()

        def told():
            return len(
                second.message_ids.filtered(
                    lambda message: (
                        f"The same trouble is handled in {report.name}" in message.body
                    )
                )
            )

        self.assertEqual(
            (second.severity_id, second.eight_d_id, told()),
            (self.major, report.browse(), 1),
        )
        second.line_ids.lot_name = "R-9"
        second._start_needed_8d()
        self.assertEqual(told(), 1)

    def test_linking_may_make_the_8d_mandatory(self):
        self.policy.repeat_8d_from = 2
        self.complain("Deep scratches")
        second = self.complain("Deep scratches")
        self.assertFalse(second.needs_8d)
        second.repeat_ids.action_link()
        self.assertTrue(second.eight_d_id)

    def test_regime_of_industrial_suppliers_asks_for_an_8d_from_the_second(self):
        self.assertEqual(self.env.ref("quality_complaint.policy_r8").repeat_8d_from, 2)

    def test_figures_travel_with_the_policy(self):
        self.policy.write(
            {"repeat_threshold": 70, "repeat_severity_from": 3, "repeat_8d_from": 4}
        )
        imported = self.env["quality.complaint.policy"]._import_text(
            self.policy._export_text()
        )
        self.assertEqual(
            (
                imported.repeat_threshold,
                imported.repeat_severity_from,
                imported.repeat_8d_from,
            ),
            (70, 3, 4),
        )

    def test_the_nth_of_the_same_fault_is_one_figure(self):
        line = {
            "product_id": self.strip.id,
            "lot_id": self.lot.id,
            "defect_id": self.scratch.id,
        }
        other = {
            **line,
            "defect_id": self.env.ref("quality_complaint.defect_dimension").id,
        }
        self.complain("Deep scratches", lines=[line])
        second = self.complain("Too thick", lines=[other])
        self.assertEqual((second.fault_rank, second.repeat_rank), (2, 2))
        template = (
            self.env.ref("quality_complaint.registration_form").arch_db
            if self.env.ref("quality_complaint.registration_form", False)
            else ""
        )
        self.assertNotIn("repeat_rank", template)

    def test_which_complaint_of_contract_product_and_fault(self):
        order = self.sell({self.lot: 3})
        line = {
            "product_id": self.strip.id,
            "sale_line_id": order.order_line.id,
            "defect_id": self.scratch.id,
        }
        other = self.env.ref("quality_complaint.defect_dimension")
        self.complain("Deep scratches", lines=[{**line, "sale_line_id": False}])
        self.complain("Too thick", lines=[{**line, "defect_id": other.id}])
        third = self.complain("Deep scratches", lines=[line])
        self.assertEqual(
            (third.contract_rank, third.product_rank, third.fault_rank), (2, 3, 2)
        )
        self.assertEqual(third.same_contract_count, 1)


@tagged("post_install", "-at_install")
class TestComplaintText(ComplaintCase):
    """Texts are compared by the symptoms they name, in any language, and by wording."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vocabulary = Vocabulary(
            [
                ("leak", "water", "goods", "leak*, drip*, loses … water, 漏, 渗"),
                ("seal", "water", "goods", "seal … open*, 封口…开"),
                ("noise", "", "goods", "nois*, 异响"),
                ("paper", "", "papers", "invoice*, 发票"),
                ("lid", "", "part", "lid, 盖"),
                ("none", "", "none", "noise level"),
            ]
        )

    def symptoms(self, text):
        return self.vocabulary.analyse(text).symptoms

    def test_words_phrases_and_gaps(self):
        self.assertEqual(self.symptoms("It is LEAKING."), {"leak"})
        self.assertEqual(self.symptoms("The pump loses a lot of water"), {"leak"})
        self.assertEqual(self.symptoms("It loses power, water is cold"), frozenset())
        self.assertEqual(self.symptoms("一开机就漏,还有异响"), {"leak", "noise"})
        self.assertEqual(self.symptoms("封口全部裂开"), {"seal"})

    def test_what_is_denied_is_no_symptom_of_goods(self):
        self.assertEqual(self.symptoms("No visible leak, it doesn't drip"), frozenset())
        self.assertEqual(self.symptoms("没有漏,发票没有"), {"paper"})
        self.assertEqual(self.symptoms("no invoice"), {"paper"})
        self.assertEqual(self.symptoms("noise level within limits"), frozenset())

    def test_similarity_across_languages_and_kinds(self):
        def similarity(one, other):
            return round(
                self.vocabulary.similarity(
                    self.vocabulary.analyse(one), self.vocabulary.analyse(other)
                ),
                2,
            )

        self.assertEqual(similarity("It drips", "漏水"), 0.75)
        self.assertEqual(similarity("It drips", "seal is open"), 0.6)
        self.assertEqual(similarity("It drips from the lid", "盖子渗水"), 1.0)
        self.assertEqual(similarity("It drips", "Noise"), 0.0)
        self.assertEqual(
            similarity("Error E41 on the display", "Display says E-41 always"), 0.75
        )

    def test_names_of_the_goods_say_nothing(self):
        analysis = self.vocabulary.analyse("The strip is greasy", about="Copper strip")
        self.assertEqual(analysis.latin, {"grea"})


@tagged("post_install", "-at_install")
class TestUndecidedRepeatsOnClosing(RepeatCase):
    """Closing shows what nobody has decided, one click each; leaving it open is
    allowed, and recorded.
    """

    def setUp(self):
        super().setUp()
        self.first = self.complain("Deep scratches on the upper side")
        self.second = self.complain("Deep scratches on the upper side of the coil")
        self.investigated(self.second)
        self.plan(self.second, "explanation", note="Polished")
        self.second.action_submit_plan()
        self.tell(self.second)
        if self.second.state == "replied":
            self.second.revisit_ids.score = 90
            self.second.revisit_ids.action_done()

    def dialog(self):
        action = self.second.action_ask_close()
        self.assertEqual(action["res_model"], "quality.complaint.close")
        return self.env["quality.complaint.close"].browse(action["res_id"])

    def test_decided_in_the_dialog(self):
        dialog = self.dialog()
        self.assertEqual(dialog.repeat_ids.other_id, self.first)
        # the dialog stays until the complaint is closed; elsewhere nothing opens
        shown = dialog.repeat_ids.with_context(
            complaint_close_id=dialog.id
        ).action_dismiss()
        self.assertEqual(
            (shown["res_model"], shown["res_id"], shown["target"]),
            ("quality.complaint.close", dialog.id, "new"),
        )
        self.assertIs(dialog.repeat_ids.action_dismiss(), True)
        dialog.action_confirm()
        self.assertEqual(self.second.state, "closed")
        self.assertNotIn(
            "without a decision", "".join(self.second.message_ids.mapped("body"))
        )

    def test_left_open_is_recorded(self):
        self.dialog().action_confirm()
        self.assertEqual(
            (self.second.state, self.second.repeat_ids.state), ("closed", "proposed")
        )
        bodies = "".join(self.second.message_ids.mapped("body"))
        self.assertIn(
            f"Closed without a decision whether it repeats {self.first.display_name}",
            bodies,
        )

    def test_nothing_undecided_closes_at_once(self):
        self.second.repeat_ids.action_link()
        self.assertIs(self.second.action_ask_close(), True)
        self.assertEqual(self.second.state, "closed")
