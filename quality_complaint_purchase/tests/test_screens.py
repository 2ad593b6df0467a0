from odoo.tests import HttpCase, tagged

from odoo.addons.quality_complaint.tests.common import APP

from .common import SupplierWorld


@tagged("post_install", "-at_install")
class TestScreens(SupplierWorld, HttpCase):
    """The screens open in a browser without a client error, for the people they are
    for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.build_suppliers()
        cls.use_policy("r4")
        cls.order = cls.buy({"L-1": 10})
        cls.chargeback = cls.charge(cls.complained("L-1"), reason_kind="counterfeit")

    def opens(self, url, selector, login):
        self.browser_js(
            url,
            "console.log('test successful');",
            ready=f"document.querySelector({selector!r}) !== null",
            login=login,
            cookies={"cids": str(self.company.id)},
        )

    def test_supplier_complaint_list_and_form(self):
        self.opens("/odoo/supplier-complaints", ".o_list_view", "qc_officer")
        self.opens(
            f"/odoo/supplier-complaints/{self.chargeback.id}",
            "button[name=action_send]",
            "qc_officer",
        )
        self.chargeback.action_mark_sent()
        self.opens(
            f"/odoo/supplier-complaints/{self.chargeback.id}",
            "button[name=action_record_answer]",
            "qc_officer",
        )

    def test_complaint_shows_its_supplier_complaints(self):
        self.opens(
            f"/odoo/complaints/{self.chargeback.complaint_id.id}",
            "button[name=action_view_chargebacks]",
            "qc_officer",
        )

    def test_standing_of_the_supplier(self):
        self.chargeback.action_mark_sent()
        self.assertTrue(self.manager.has_group(f"{APP}manager"))
        self.opens(
            f"/odoo/res.partner/{self.vendor.id}",
            "button[name=action_view_supplier_complaints]",
            "qc_manager",
        )
