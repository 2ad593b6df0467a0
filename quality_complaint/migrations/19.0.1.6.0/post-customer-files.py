from odoo import SUPERUSER_ID, api

from odoo.addons.quality_complaint.hooks import share_customer_files


def migrate(cr, version):
    """Customers have a quality file now, which all users of Complaints read."""
    share_customer_files(api.Environment(cr, SUPERUSER_ID, {}))
