from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .builders import EightDCase


@tagged("post_install", "-at_install")
class TestEightDGates(EightDCase):
    """Ways around the gates."""

    def test_the_only_action_against_a_root_cause_cannot_be_given_up_after_d5(self):
        report = self.start()
        self.close_up_to(report, "D5")
        one = report._corrective()[0]
        one.action_cancel("Too expensive")
        self.assertEqual(
            (report.current_step, report._step("D5")._missing()),
            ("D5", [f"a corrective action against “{one.node_id.name}”"]),
        )

    def test_a_planned_action_cannot_be_deleted_after_d5(self):
        report = self.start()
        self.close_up_to(report, "D5")
        with self.assertRaises(UserError):
            report._corrective()[0].unlink()

    def test_a_done_action_cannot_be_given_up_after_d6(self):
        report = self.start()
        self.close_up_to(report, "D7")
        one = report._corrective()[0]
        try:
            one.action_cancel("Removed again")
        except UserError:
            return
        self.assertFalse(
            report._step("D5").done_on,
            "D5 to D7 stay closed although a root cause has no action any more",
        )

    def test_no_report_is_closed_over_an_open_action(self):
        report = self.start()
        self.close_up_to(report, "D7")
        try:
            self.correct(
                report,
                report.node_ids[:0],
                name="Sort the stock again",
                kind="containment",
            )
        except UserError:
            return
        self.fill_d8(report)
        with self.assertRaises(UserError):
            report._step("D8").action_done()

    def test_the_effect_of_preventive_actions_is_verified_before_d8(self):
        report = self.start()
        self.close_up_to(report, "D6")
        action = self.correct(
            report, report.node_ids[:0], name="Other lines too", kind="preventive"
        )
        self.carry_out(action)
        self.close_up_to(report, "D7")
        gaps = report._step("D8")._missing()
        self.assertIn(f"action “{action.name}” (effect to be verified)", gaps)

    def test_blanks_are_no_reason_and_no_check(self):
        report = self.start()
        self.close_up_to(report, "D4")
        for node in report._roots():
            self.correct(
                report,
                node,
                name=f"Against {node.name}",
                choice_reason=" ",
                pre_check="  ",
            )
        self.assertTrue(report._step("D5")._missing())

    def test_blanks_are_no_document(self):
        report = self.start()
        row = report.document_ids[0]
        row.write({"document": " ", "revision": " ", "date": "2026-03-20"})
        self.assertFalse(row._is_complete())

    def test_a_product_that_has_the_trouble_too_needs_something_done(self):
        report = self.start()
        self.close_up_to(report, "D6")
        for row in report.document_ids:
            row.write({"document": "X", "revision": "B", "date": "2026-03-20"})
        report.readacross_ids = [Command.create({"name": "Plant 2", "affected": "yes"})]
        self.assertTrue(report._step("D7")._missing())

    def test_the_kind_of_a_cause_follows_what_it_explains(self):
        report = self.start()
        top = self.node(report, "Crack", is_root=False, share=0)
        self.node(report, "Tilts", parent_id=top.id)
        with self.assertRaises(ValidationError):
            top.kind = "escape"

    def test_shares_in_thirds_add_up(self):
        report = self.start()
        for number in range(3):
            self.node(report, f"Fixture {number} lets the part tilt", share=33.3)
        self.assertFalse([gap for gap in report._missing_d4() if "Occurrence" in gap])

    def test_a_cancelled_report_does_not_come_back_through_an_action(self):
        report = self.start()
        self.close_up_to(report, "D6")
        report.action_cancel("Not ours")
        action = report.action_ids.filtered(lambda a: a.state == "done")[0]
        try:
            action.with_user(self.engineer).effect_note = "Bad"
            action.with_user(self.engineer).action_ineffective()
        except UserError:
            return
        self.assertEqual(report.state, "cancelled")

    def test_a_cancelled_report_does_not_come_back_when_an_action_is_done_again(self):
        report = self.start()
        self.close_up_to(report, "D6")
        report.action_cancel("Not ours")
        try:
            report.action_ids[0].with_user(self.engineer).action_reopen("Again")
        except UserError:
            return
        self.assertEqual(report.state, "cancelled")

    def weak(self, texts, kind):
        return [
            text
            for text in texts
            if self.env["quality.8d.weak.term"]._is_weak(text, kind)
        ]

    def test_an_archived_word_stays_archived_whoever_asks_first(self):
        term = self.env["quality.8d.weak.term"].create(
            {"kind": "cause", "name": "gremlins", "active": False}
        )
        self.assertFalse(term.active)
        report = self.start()
        self.node(report, "Gremlins")
        self.assertTrue(report.with_context(active_test=False)._step("D4").missing)
        report._step("D4").invalidate_recordset(["missing"])
        self.assertNotIn("Gremlins", report._step("D4").missing)

    WEAK_CAUSES = (
        "Human-error",
        "Human  error",
        "Human factor",
        "Personnel error",
        "Work instruction was ignored",
        "SOP not followed",
        "Did not follow work instruction",
        "Operator did not follow the SOP",
        "The operator installed the part wrong",
        "Operator did not perform the check",
        "Lack of experience",
        "Inspector missed the defect",
        "Worker was tired",
        "作业人员没有按SOP作业",
        "未按照作业指导书操作",
        "没有按作业指导书操作",
        "员工操作不熟练",
        "新员工技能不足",
        "操作人员责任心差",
        "作业员未按标准作业",
        "操作失誤",
        "人為疏忽",
        "员工未严格按工艺要求操作",
    )
    REAL_CAUSES = (
        "图纸错误",
        "模具设计错误",
        "参数设置错误",
        "PLC程序错误",
        "焊机偶发漏焊",
        "检具漏检",
        "Typing mistake in drawing",
        "Handling error of robot gripper",
        "Staff gauge worn",
        "Unknown alloy supplied",
        "BOM mistake",
    )
    WEAK_ACTIONS = (
        "Operators will be trained again according to the work instruction",
        "Provide training session to the operators about correct assembly",
        "Refresher course",
        "Quality meeting held",
        "One point lesson posted",
        "对操作工进行作业指导书培训",
        "组织员工学习作业指导书",
        "召开质量会议",
        "开早会时进行宣讲",
        "加强员工的作业标准化培训和质量意识教育",
        "對員工進行培訓",
    )
    REAL_ACTIONS = (
        "Warning light on the press",
        "Operator presence sensor",
        "增加报警提醒",
        "修改图纸要求",
        "MES自动警告",
        "人员防护互锁",
        "Coach bolts replaced",
        "扭矩枪考核校准",
    )

    def test_weak_causes_are_not_let_through(self):
        self.assertEqual(
            sorted(set(self.WEAK_CAUSES) - set(self.weak(self.WEAK_CAUSES, "cause"))),
            [],
        )

    def test_technical_causes_are_not_called_weak(self):
        self.assertEqual(self.weak(self.REAL_CAUSES, "cause"), [])

    def test_weak_actions_are_not_let_through(self):
        self.assertEqual(
            sorted(
                set(self.WEAK_ACTIONS) - set(self.weak(self.WEAK_ACTIONS, "action"))
            ),
            [],
        )

    def test_technical_actions_are_not_called_weak(self):
        self.assertEqual(self.weak(self.REAL_ACTIONS, "action"), [])
