import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SupplierCase

KINDS = [
    "no_answer",
    "counterfeit",
    "failed_test",
    "return_rate",
    "customer_return_rate",
    "service_complaints",
    "uncooperative",
]


@tagged("post_install", "-at_install")
class TestPolicy(SupplierCase):
    """Supplier rules are data of the policy: shipped for R4, versioned, carried in its
    file.
    """

    def test_r4_ships_the_seven_rules_with_their_figures(self):
        rules = self.env.ref("quality_complaint.policy_r4").supplier_rule_ids
        self.assertEqual(rules.mapped("kind"), KINDS)
        self.assertEqual(
            rules.mapped("summary"),
            [
                "No answer within 2 days",
                "Counterfeit",
                "Failed an official test",
                "Return rate above 2 % in 3 months running",
                (
                    "A product returned or exchanged by customers above 2 % in 3 "
                    "months running"
                ),
                "2 complaints about service in a month without improvement",
                "Does not cooperate",
            ],
        )
        self.assertEqual(
            self.env.ref("quality_complaint.policy_r4").supplier_answer_days, 2
        )

    def test_copy_and_new_version_take_the_rules_along(self):
        self.use_policy("r4")
        self.policy.supplier_rule_ids.filtered(
            lambda rule: rule.kind == "return_rate"
        ).percent = 3.5
        new = self.policy.copy({"active": False})
        self.assertEqual(new.supplier_rule_ids.mapped("kind"), KINDS)
        self.assertEqual(new.supplier_rule_ids[3].percent, 3.5)

    def test_file_carries_rules_and_days(self):
        self.use_policy("r4")
        self.policy.supplier_answer_days = 4
        text = self.policy._export_text()
        self.assertEqual(len(json.loads(text)["tables"]["supplier_rule_ids"]), 7)
        again = self.env["quality.complaint.policy"]._import_text(text)
        self.assertEqual(again.supplier_answer_days, 4)
        self.assertEqual(
            again.supplier_rule_ids.mapped("summary"),
            self.policy.supplier_rule_ids.mapped("summary"),
        )

    def test_file_of_a_database_without_this_bridge_is_read(self):
        self.use_policy("r4")
        data = json.loads(self.policy._export_text())
        del data["tables"]["supplier_rule_ids"], data["policy"]["supplier_answer_days"]
        again = self.env["quality.complaint.policy"]._import_text(json.dumps(data))
        self.assertEqual(
            (again.supplier_answer_days, len(again.supplier_rule_ids)), (2, 0)
        )

    def test_rules_of_a_policy_in_use_cannot_be_changed(self):
        self.use_policy("r4")
        rule = self.policy.supplier_rule_ids[0]
        self.make_complaint(partner_id=self.customer.id)
        self.policy.invalidate_recordset(["in_use"])
        with self.assertRaisesRegex(UserError, "New version"):
            rule.days = 9

    def test_figures_must_make_sense(self):
        self.use_policy("r4")
        rules = {rule.kind: rule for rule in self.policy.supplier_rule_ids}
        wrong = [
            ("no_answer", {"days": 0}),
            ("return_rate", {"percent": 0.0}),
            ("return_rate", {"months": 13}),
            ("customer_return_rate", {"percent": 100.0}),
            ("service_complaints", {"count": 0}),
        ]
        for kind, vals in wrong:
            with self.assertRaises(ValidationError, msg=vals):
                rules[kind].write(vals)
