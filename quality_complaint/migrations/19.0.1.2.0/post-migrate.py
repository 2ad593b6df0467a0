"""Policies of 1.1 get what 1.2 added to their own records; their new tables come with
the data files.
"""

from odoo import SUPERUSER_ID, api

FLAGS = {"policy_r3": "product_before_cash", "policy_r4": "ask_agreement"}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"install_mode": True})
    for name, field in FLAGS.items():
        policy = env.ref(f"quality_complaint.{name}", raise_if_not_found=False)
        if policy:
            policy[field] = True
    rule = env.ref("quality_complaint.rule_r3_minor", raise_if_not_found=False)
    triggers = [
        env.ref(f"quality_complaint.trigger_{code}", raise_if_not_found=False)
        for code in ("short_count", "bad_seal")
    ]
    if rule:
        rule.trigger_ids |= env["quality.complaint.trigger"].union(
            *filter(None, triggers)
        )
