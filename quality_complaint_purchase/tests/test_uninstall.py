from odoo.tests import tagged

from odoo.addons.quality_complaint.hooks import uninstall_hook as uninstall_complaints
from odoo.addons.quality_complaint_purchase.hooks import uninstall_hook

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestUninstall(SupplierCase):
    """Both addons are uninstalled together: the bridge's hook comes first, then the
    other's, then the tables go.
    """

    def test_supplier_complaints_do_not_hold_the_complaints_back(self):
        self.charged()
        self.env.flush_all()
        uninstall_hook(self.env)
        uninstall_complaints(self.env)
        self.assertFalse(self.env["quality.complaint"].search_count([]))
