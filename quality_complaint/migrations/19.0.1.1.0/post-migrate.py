"""Policies of 1.0 get what 1.1 added to their own records; their new tables come with
the data files.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"install_mode": True})
    major = env.ref("quality_complaint.severity_r1_major", raise_if_not_found=False)
    management = env.ref("quality_complaint.role_management", raise_if_not_found=False)
    if major and management and not major.notify_role_ids:
        major.notify_role_ids = management
