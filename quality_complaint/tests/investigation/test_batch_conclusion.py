from odoo.exceptions import UserError
from odoo.tests import tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestBatchConclusion(InvestigationCase):
    """One investigation on the case; conclusion and reply reach every customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.customer.lang = "en_US"
        cls.distributor.lang = "zh_CN"
        cls.shop = cls.env["res.partner"].create(
            {
                "name": "Corner Shop",
                "email": "shop@shop.example",
                "is_company": True,
                "lang": "en_US",
            }
        )
        cls.sell({cls.lot: 5}, partner=cls.distributor)
        cls.sell({cls.lot: 3}, partner=cls.shop)

    def batch(self, *partners):
        wizard = (
            self.env["quality.complaint.batch"]
            .with_user(self.officer)
            .with_context(allowed_company_ids=self.company.ids)
        )
        wizard = wizard.create({"lot_id": self.lot.id, "description": "Blisters"})
        wizard.line_ids.filtered(
            lambda line: line.partner_id not in partners
        ).selected = False
        return (
            self.env["quality.complaint"]
            .with_user(self.officer)
            .browse(wizard.action_create()["res_id"])
        )

    def conclude(self, case):
        case.action_start_investigation()
        case.investigation_ids.filtered(lambda i: not i.done_on).write(
            {"result": "confirmed", "finding": "Furnace too hot"}
        )
        case.investigation_ids.filtered(lambda i: not i.done_on).action_done()
        self.name_team(case)
        case.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
                "root_cause": "Sensor failed",
                "escape_cause": "No check of temperature",
            }
        )
        case.action_conclude()

    def test_conclusion_flows_to_all_but_those_with_an_investigation_of_their_own(self):
        case = self.batch(self.customer, self.distributor)
        own, other = case.child_ids.sorted(
            lambda child: child.partner_id != self.customer
        )
        own.action_start_investigation()
        own.investigation_ids.finding = "Looked at ours"
        self.conclude(case)
        self.assertEqual((other.state, other.cause_id), ("planning", self.cause))
        self.assertEqual(
            (other.root_cause, other.escape_cause),
            ("Sensor failed", "No check of temperature"),
        )
        self.assertTrue(
            {"investigation_started", "concluded"} <= other.sudo()._reached_codes()
        )
        self.assertEqual((own.state, own.validity), ("investigating", "valid"))
        self.finish(own.investigation_ids)
        own.action_conclude()
        self.assertEqual(own.state, "planning")

    def test_customer_added_later_gets_the_conclusion(self):
        case = self.batch(self.customer)
        self.conclude(case)
        context = case.action_add_customers()["context"]
        wizard = (
            self.env["quality.complaint.batch"]
            .with_user(self.officer)
            .with_context(**context, allowed_company_ids=self.company.ids)
            .create({})
        )
        self.assertEqual(
            wizard.line_ids.partner_id, self.distributor | self.shop
        )  # who is in the case already is not offered
        wizard.line_ids.filtered(
            lambda line: line.partner_id == self.shop
        ).selected = False
        wizard.action_create()
        added = case.child_ids.filtered(
            lambda child: child.partner_id == self.distributor
        )
        self.assertEqual(
            (
                len(case.child_ids),
                added.state,
                added.root_cause,
                added.line_ids.quantity,
            ),
            (2, "planning", "Sensor failed", 5.0),
        )

    def test_reply_is_written_once_per_language(self):
        case = self.batch(self.customer, self.distributor, self.shop)
        self.conclude(case)
        case.investigation_ids.tell_customer = True
        shared = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(case.action_open_reply()["res_id"])
        )
        self.assertIn("Furnace too hot", shared.body)
        shared.write(
            {
                "kind": "final",
                "lang": "en_US",
                "body": "<p>The furnace was too hot.</p>",
            }
        )
        with self.assertRaisesRegex(UserError, "batch case"):
            shared.action_send()
        shared.action_distribute()
        drafts = case.child_ids.reply_ids
        self.assertEqual(drafts.complaint_id.partner_id, self.customer | self.shop)
        mine = drafts.filtered(
            lambda draft: draft.complaint_id.partner_id == self.customer
        )
        self.assertIn("Dear Northwind Motors", mine.body)
        self.assertIn(mine.complaint_id.name, mine.body)
        self.assertIn("<p>The furnace was too hot.</p>", mine.body)
        self.assertTrue(
            case.sudo().message_ids.filtered(
                lambda message: "Customers in other languages" in (message.body or "")
            )
        )
        shared.body = "<p>Second version</p>"
        shared.action_distribute()
        self.assertEqual(len(case.child_ids.reply_ids), 2)
        self.assertIn("Second version", mine.body)
        shared.write({"lang": "zh_CN", "body": "<p>炉温过高。</p>"})
        shared.action_distribute()
        chinese = case.child_ids.reply_ids.filtered(lambda draft: draft.lang == "zh_CN")
        self.assertEqual(chinese.complaint_id.partner_id, self.distributor)
        self.assertIn("炉温过高", chinese.body)
