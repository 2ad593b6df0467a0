"""Records of 1.3 get what 1.4 added to them; new records come with the data files."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"install_mode": True})
    env["res.company"].search([])._create_complaint_defaults()
    if policy := env.ref("quality_complaint.policy_r8", raise_if_not_found=False):
        policy.repeat_8d_from = 2
