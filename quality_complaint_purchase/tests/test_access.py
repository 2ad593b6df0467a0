from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.quality_complaint.tests.common import APP

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestAccess(SupplierCase):
    """Officers need no rights in Purchase, Inventory and Invoicing; purchasers see
    their documents and no complaints; companies are apart.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchaser = new_test_user(
            cls.env,
            "qc_purchaser",
            "purchase.group_purchase_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.other_company = cls.env["res.company"].create({"name": "Foreign Works"})
        cls.foreigner = new_test_user(
            cls.env,
            "qc_foreign",
            f"{APP}manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def fresh(self, records, method, *args):
        """Call a button as in a request of its own: nothing is cached from an earlier,
        mightier user.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        return getattr(records, method)(*args)

    def test_officer_works_a_supplier_complaint_alone(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1", user=self.officer)
        action = self.fresh(complaint, "action_supplier_complaint")
        chargeback = (
            self.env["quality.complaint.chargeback"]
            .with_user(self.officer)
            .browse(action["res_id"])
        )
        self.env.invalidate_all()
        with Form(chargeback) as form:
            form.share = 50.0
        self.assertEqual(chargeback.amount, 12.0)
        self.fresh(chargeback, "action_send")
        self.fresh(chargeback, "action_create_vendor_return")
        self.fresh(chargeback, "action_record_answer", "accepted")
        self.fresh(chargeback, "action_create_vendor_credit_note")
        self.assertEqual(chargeback.sudo().vendor_credit_note_ids.amount_untaxed, 12.0)
        chargeback.sudo().vendor_credit_note_ids.invoice_date = "2026-02-01"
        chargeback.sudo().vendor_credit_note_ids.with_user(
            self.accountant
        ).action_post()
        picking = chargeback.sudo().vendor_return_ids.with_user(self.warehouse_worker)
        picking.move_ids.picked = True
        picking.button_validate()
        self.fresh(chargeback, "action_settle")
        self.assertEqual(chargeback.recovered_company, 12.0)
        self.assertEqual(
            self.fresh(
                self.vendor.with_user(self.officer), "mapped", "supplier_recovery_rate"
            ),
            [100.0],
        )

    def test_officer_chooses_among_receipts(self):
        self.buy({"L-1": 10})
        self.buy({"L-1": 5}, vendor=self.other_vendor)
        complaint = self.complained("L-1", user=self.officer)
        action = self.fresh(complaint, "action_supplier_complaint")
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.officer)
            .browse(action["res_id"])
        )
        self.env.invalidate_all()
        self.assertEqual(len(wizard.line_ids.mapped("picking_name")), 2)
        wizard.line_ids[0].selected = True
        self.fresh(wizard, "action_apply")
        self.assertEqual(len(complaint.chargeback_ids), 1)

    def test_purchaser_sees_his_documents_and_no_complaints(self):
        chargeback, order = self.charged()
        chargeback.action_create_vendor_return()
        self.env.invalidate_all()
        self.assertTrue(
            order.with_user(self.purchaser).read(["name", "order_line", "picking_ids"])
        )
        with Form(order.with_user(self.purchaser)) as form:
            form.partner_ref = "OUR-1"
        for records in (chargeback, chargeback.complaint_id):
            with self.assertRaises(AccessError):
                records.with_user(self.purchaser).read(["state"])
        for field in (
            "supplier_complaint_count",
            "complaint_supplier_warning",
            "supplier_recovery_rate",
        ):
            with self.assertRaises(AccessError):
                self.vendor.with_user(self.purchaser).read([field])
        with self.assertRaises(AccessError):
            order.with_user(self.purchaser).read(["supplier_complaint_count"])

    def test_plain_users_read_their_own_and_change_nothing(self):
        chargeback, _order = self.charged()
        team = self.env["quality.complaint.team"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        chargeback.complaint_id.team_id = team
        mine = chargeback.with_user(self.handler)
        self.env.invalidate_all()
        self.assertFalse(mine.search([]))
        chargeback.complaint_id.user_id = self.handler
        self.env.invalidate_all()
        self.assertEqual(mine.search([]), chargeback)
        self.assertTrue(mine.read(["amount", "state", "partner_id"]))
        for method in (
            "action_send",
            "action_mark_sent",
            "action_record_answer",
            "action_create_vendor_return",
            "action_create_vendor_credit_note",
            "action_settle",
            "action_cancel",
        ):
            with self.assertRaises(AccessError, msg=method):
                self.fresh(mine, method)
        with self.assertRaises(AccessError):
            chargeback.complaint_id.with_user(self.handler).action_supplier_complaint()

    def test_other_companies_see_nothing(self):
        self.use_policy("r4")
        chargeback, _order = self.charged(reason_kind="counterfeit")
        self.vendor.with_user(self.manager).action_hold_payments("Counterfeit")
        self.env["quality.complaint.supplier.warning"]._check(self.company, self.vendor)
        decision = self.env["quality.complaint.supplier.decision"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        warning = self.env["quality.complaint.supplier.warning"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        for records in (chargeback, decision, warning):
            self.assertTrue(records, records)
            there = records.with_user(self.foreigner).with_context(
                allowed_company_ids=self.other_company.ids
            )
            self.env.invalidate_all()
            with self.assertRaises(AccessError, msg=records._name):
                there.read(["display_name"])
            self.assertFalse(there.search([("id", "in", records.ids)]))
        abroad = self.vendor.with_user(self.foreigner).with_context(
            allowed_company_ids=self.other_company.ids
        )
        self.assertEqual(
            (
                abroad.supplier_complaint_count,
                abroad.complaint_supplier_warning,
                abroad.supplier_payment_hold,
            ),
            (0, False, False),
        )

    def test_employee_opens_his_complaint_without_the_supplier_part(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1", user=self.employee)
        self.charge(complaint.with_user(self.officer))
        self.env.invalidate_all()
        self.assertTrue(Form(complaint.with_user(self.employee)).name)
        with self.assertRaises(AccessError):
            complaint.with_user(self.employee).read(["chargeback_ids"])

    def test_views_open_for_each_group(self):
        chargeback, _order = self.charged()
        for user in (self.officer, self.engineer, self.manager):
            self.env.invalidate_all()
            self.assertTrue(Form(chargeback.with_user(user)).display_name)
            self.assertTrue(Form(self.vendor.with_user(user)).name)
