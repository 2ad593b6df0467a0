"""What uninstalling must do beyond what Odoo does."""

from odoo.tools import SQL


def uninstall_hook(env):
    """Supplier complaints go before the complaints they belong to: Odoo calls the hooks
    of all addons first, then drops their tables.
    """
    env.cr.execute(SQL("DELETE FROM quality_complaint_chargeback"))
    env.invalidate_all()
