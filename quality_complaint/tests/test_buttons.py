import re
from pathlib import Path

from lxml import etree

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common import ComplaintCase, ComplaintWorld
from .eight_d.builders import EightDWorld

ROOT = Path(__file__).parents[2]
OURS = "quality_complaint"


@tagged("post_install", "-at_install")
class TestViews(ComplaintCase):
    """What Odoo passes over in silence in views: buttons nobody ever pressed, a second
    header, what a browser does not save.
    """

    def own_views(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "=like", f"{OURS}%")]
        )
        return (
            self.env["ir.ui.view"]
            .browse(data.mapped("res_id"))
            .exists()
            .filtered("model")
        )

    def test_every_button_is_pressed_in_some_test(self):
        sources = "\n".join(
            path.read_text()
            for pattern in (
                f"{OURS}*/tests/**/*.py",
                f"{OURS}*/static/tests/tours/*.js",
            )
            for path in sorted(ROOT.glob(pattern))
        )
        names = {}
        for view in self.own_views():
            for button in etree.fromstring(view.arch).iter("button", "a"):
                if button.get("type") == "object":
                    names.setdefault(button.get("name"), set()).add(view.model)
        self.assertGreater(len(names), 100)
        never = {
            name: models
            for name, models in names.items()
            if not re.search(rf"""[."'=]{name}\b""", sources)
        }
        self.assertFalse(never, "pressed in no test")

    def test_views_have_one_header(self):
        """Of several headers of a list, Odoo shows the last one only."""
        for view in self.own_views():
            root = view
            while root.inherit_id and root.mode != "primary":
                root = root.inherit_id
            tree = etree.fromstring(root.get_combined_arch())
            for part in tree.iter("list", "form"):
                self.assertLessEqual(
                    len(part.findall("header")), 1, f"{root.xml_id} ({part.tag})"
                )

    def test_list_of_complaints_keeps_both_buttons(self):
        arch = etree.fromstring(
            self.env["quality.complaint"]
            .with_user(self.env.ref("base.user_admin"))
            .get_view(view_type="list")["arch"]
        )
        names = {button.get("name") for button in arch.findall("header/button")}
        self.assertLessEqual({"action_start_8d"}, names)
        full = etree.fromstring(
            self.env.ref(
                "quality_complaint.quality_complaint_view_list"
            ).get_combined_arch()
        )
        self.assertEqual(
            {button.get("name") for button in full.findall("header/button")},
            {"action_start_8d", "action_anonymise"},
        )


class Pressing:
    """Presses buttons as the web client does: through the public method, then the page
    that it opens, as the person who sees it.
    """

    def press(self, record, name, user, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env[record._name].with_user(user)
        action = call_kw(
            model, name, [record.ids], {"context": {**self.env.context, **context}}
        )
        if isinstance(action, dict) and action.get("res_model"):
            self.open(action, user)
        return action

    def open(self, action, user):
        model = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**(action.get("context") or {}))
        )
        views = action.get("views") or [
            (False, mode) for mode in (action.get("view_mode") or "form").split(",")
        ]
        model.get_views(views)
        if action.get("res_id"):
            Form(model.browse(action["res_id"]))
        elif views[0][1] == "form":
            Form(model)
        else:
            model.search(action.get("domain") or [], limit=5).mapped("display_name")


@tagged("post_install", "-at_install")
class TestButtons(Pressing, EightDWorld, ComplaintCase):
    """Each button of each view works for the person who sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.officer.group_ids += cls.env.ref("stock.group_stock_user") | cls.env.ref(
            "account.group_account_invoice"
        )
        cls.officer.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.lot = cls.make_lot("P-1", quantity=40)
        cls.order = cls.sell({cls.lot: 10})

    def complain(self, **vals):
        return self.make_complaint(user=self.officer, lot_ref="P-1", **vals)

    def test_documents_of_a_complaint(self):
        complaint, remedy = self.executed(self.lot, "refund", 2)
        complaint.user_id = self.officer
        self.receive(remedy)
        for name in (
            "action_view_deliveries",
            "action_view_invoices",
            "action_view_returns",
            "action_view_credit_notes",
            "action_view_children",
            "action_view_repeats",
            "action_view_late",
            "action_view_costs",
        ):
            with self.subTest(name):
                self.press(complaint, name, self.officer)
        self.press(complaint, "action_view_similar", self.officer)
        for name in (
            "action_view_pickings",
            "action_view_credit_notes",
            "action_view_sales",
        ):
            self.press(remedy, name, self.officer)
        self.press(remedy, "action_link_document", self.officer)

    def test_complaints_from_every_document(self):
        complaint = self.complain()
        line = complaint.line_ids.sudo()
        for record in (
            line.product_id,
            line.product_id.product_tmpl_id,
            line.sale_id,
            complaint.partner_id,
            line.lot_id,
            line.picking_id,
            line.invoice_id,
        ):
            with self.subTest(record._name):
                action = self.press(record, "action_view_complaints", self.officer)
                self.assertIn(complaint, complaint.search(action["domain"]))
        for record in (line.sale_id, line.picking_id, line.invoice_id):
            self.press(record, "action_create_complaint", self.officer)

    def test_dialogs_of_a_complaint(self):
        complaint = self.complain()
        for name in (
            "action_open_cancel",
            "action_open_skip_investigation",
            "action_open_step",
            "action_open_pause",
            "action_open_case_file",
        ):
            with self.subTest(name):
                self.press(complaint, name, self.officer)
        deadline = complaint.limit_deadline_ids.filtered("can_tick")[:1]
        self.press(deadline, "action_open_complaint", self.officer)
        self.press(deadline, "action_tick", self.officer)
        self.assertEqual(deadline.state, "met")
        complaint.with_user(self.officer).action_start_8d()
        self.press(complaint, "action_open_8d", self.officer)

    def test_refused_approval_and_remedy_are_taken_up_again(self):
        self.policy.severity_ids.plan_role_id = self.env[
            "quality.complaint.role"
        ].create(
            {
                "name": "Plan desk",
                "code": "plan_desk",
                "holder": "users",
                "user_ids": [Command.set(self.manager.ids)],
            }
        )
        complaint = self.investigated(self.complain())
        remedy = self.plan(complaint, "refund", 2)
        complaint.action_submit_plan()
        approval = complaint.approval_ids
        self.press(approval, "action_open_complaint", self.manager)
        action = self.press(approval, "action_open_refuse", self.manager)
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "Too much"})
        )
        self.press(dialog, "action_confirm", self.manager)
        self.assertEqual((approval.state, remedy.state), ("refused", "draft"))
        remedy.sudo()._advance({"state": "refused"})
        self.press(remedy, "action_revise", self.officer)
        self.assertEqual(remedy.state, "draft")

    def test_inspection_reply_and_sample(self):
        complaint, remedy = self.executed(self.lot, "refund", 2)
        result = self.inspect(self.receive(remedy).with_user(self.warehouse_worker))
        self.press(result, "action_open_form", self.warehouse_worker)
        reply = self.tell(complaint)
        action = self.press(reply, "action_print", self.manager)
        self.assertEqual(action["type"], "ir.actions.report")
        other = self.complain()
        investigation = other.env["quality.complaint.investigation"].create(
            {
                "complaint_id": other.id,
                "method": "customer_sample",
                "user_id": self.officer.id,
            }
        )
        investigation.action_sample_received()
        self.press(investigation, "action_sample_destroyed", self.officer)
        self.assertEqual(investigation.sample_state, "destroyed")

    def test_8d_report(self):
        report = self.start(self.complain())
        node = self.node(report, "Operator error")
        action = self.correct(report, node, "Training")
        self.press(node, "action_ask_why", self.engineer)
        self.press(report, "action_view_actions", self.engineer)
        for name, record, context in (
            ("action_open_reason", report.step_ids[0], {"purpose": "override"}),
            ("action_open_reason", node, {}),
            ("action_open_accept", action, {}),
        ):
            with self.subTest(name=name, record=record):
                self.press(record, name, self.manager, **context)


@tagged("post_install", "-at_install")
class TestIssueFromTheBrowser(Pressing, EightDWorld, ComplaintCase):
    """An 8D report is issued as often as its stages want: what the dialog shows is what
    it sends back.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        with freeze_time("2026-03-02 08:00:00"):
            cls.lot = cls.produce("ISS-1", "2026-02-01 08:00:00", 100)
            cls.sell({cls.lot: 30})
            cls.complaint = cls.make_complaint(
                lot_ref="ISS-1", description="Pipe cracked"
            )

    def issue(self, report, stage):
        action = report.action_issue()
        form = Form(report.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.next_revision, report.revision + 1)
        form.stage = stage
        self.press(form.save(), "action_issue", self.engineer)

    def test_interim_then_interim_then_final(self):
        with freeze_time("2026-03-03 08:00:00"):
            report = self.start()
            self.close_up_to(report, "D3")
            self.issue(report, "d3")
            self.issue(report, "d3")
            for step in report.sudo().step_ids.filtered(lambda step: not step.done_on):
                step._set_done()
            self.issue(report, "final")
        self.assertEqual(report.revision, 3)
        self.assertEqual(
            report.issue_ids.sorted("revision").mapped("stage"), ["d3", "d3", "final"]
        )


@tagged("post_install", "-at_install")
class TestButtonTours(ComplaintWorld, HttpCase):
    """Both buttons above the list of complaints, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.make_users()

    def test_one_8d_for_several_complaints_beside_anonymise(self):
        lot = self.make_lot("HEAD-1", quantity=20)
        self.sell({lot: 5})
        complaints = self.make_complaint(lot_ref="HEAD-1") | self.make_complaint(
            lot_ref="HEAD-1"
        )
        self.start_tour(
            "/odoo/complaints", "quality_complaint_one_8d", login="qc_manager"
        )
        self.assertEqual(len(complaints.eight_d_id), 1)
        self.assertTrue(all(complaint.eight_d_id for complaint in complaints))
