import json
from xml.etree import ElementTree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_open

from .regime import RegimeCase

REGIMES = (
    "r1_manufacturer",
    "r2_car_dealer",
    "r3_food",
    "r4_retailer",
    "r5_trading",
    "r6_international",
    "r7_medical",
    "r8_industry_8d",
    "r9_cosmetics",
    "r10_general",
    "r11_vehicles",
    "r12_review",
)


@tagged("post_install", "-at_install")
class TestPolicies(RegimeCase):
    """Policies are versioned: in use they are read-only, a new version takes over,
    running complaints keep theirs until moved.
    """

    regime = "r1"

    def limit(self, policy, code="responded"):
        return policy.limit_ids.filtered(
            lambda limit: limit.to_milestone_id.code == code
        )[:1]

    def test_unused_policy_can_be_changed_and_the_next_complaint_follows(self):
        self.limit(self.policy).with_user(self.manager).amount = 3
        self.assertEqual(
            self.dues(self.complain("2026-03-02 09:00"))["responded"],
            "2026-03-02 12:00",
        )

    def test_policy_in_use_and_all_its_tables_are_read_only(self):
        self.complain("2026-03-02 09:00")
        policy = self.policy.with_user(self.manager)
        self.assertTrue(policy.in_use)
        changes = [
            lambda: policy.write({"retention_years": 9}),
            lambda: self.limit(policy).write({"amount": 3}),
            lambda: self.limit(policy).level_ids[0].write({"amount": 3}),
            lambda: self.limit(policy).unlink(),
            lambda: policy.severity_ids[0].write({"rank": 9}),
            lambda: policy.rule_ids.unlink(),
            lambda: policy.write({"form_ids": [Command.clear()]}),
            lambda: policy.approval_rule_ids.create(
                {
                    "policy_id": policy.id,
                    "subject": "plan",
                    "role_id": self.env.ref("quality_complaint.role_desk").id,
                }
            ),
            policy.unlink,
        ]
        for change in changes:
            with (
                self.assertRaisesRegex(UserError, "New version"),
                self.env.cr.savepoint(),
            ):
                change()
        policy.sequence = 99  # no rule

    def test_new_version_takes_over_companies_and_teams_while_running_complaints_keep_theirs(  # noqa: E501
        self,
    ):
        running = self.complain("2026-03-02 09:00")
        self.team.policy_id = self.policy
        new = (
            self.env[self.policy._name]
            .with_user(self.manager)
            .browse(self.policy.with_user(self.manager).action_new_version()["res_id"])
        )
        self.assertEqual(
            (new.version, new.code, new.active, new.previous_id),
            (self.policy.version + 1, self.policy.code, False, self.policy),
        )
        self.assertEqual(
            len(new.limit_ids.level_ids), len(self.policy.limit_ids.level_ids)
        )
        self.assertEqual(
            new.limit_ids.severity_ids - new.severity_ids, new.severity_ids.browse()
        )
        self.limit(new).amount = 2
        self.assertEqual(self.complain("2026-03-02 09:00").policy_id, self.policy)
        new.action_put_into_force()
        self.assertEqual(
            (
                self.company.complaint_policy_id,
                self.team.policy_id,
                new.active,
                self.policy.active,
            ),
            (new, new, True, False),
        )
        self.assertEqual(
            self.dues(self.complain("2026-03-02 09:00"))["responded"],
            "2026-03-02 11:00",
        )
        self.assertEqual(
            (running.policy_id, self.dues(running)["responded"]),
            (self.policy, "2026-03-02 10:00"),
        )

    def test_new_version_does_not_split_severities(self):
        first = self.complain("2026-03-02 09:00")
        new = self.policy.with_user(self.manager).browse(
            self.policy.with_user(self.manager).action_new_version()["res_id"]
        )
        new.severity_ids.filtered(
            lambda severity: severity.code == "general"
        ).name = "Ordinary"
        new.action_put_into_force()
        second = self.complain("2026-03-02 09:00")
        both = first | second
        self.assertEqual((len(both.severity_id), len(both.severity_group_id)), (2, 1))
        grouped = self.env["quality.complaint"].formatted_read_group(
            [("id", "in", both.ids)], ["severity_group_id"], ["__count"]
        )
        self.assertEqual([group["__count"] for group in grouped], [2])
        score = self.env["quality.complaint.score"].create(
            [
                {
                    "complaint_id": complaint.id,
                    "kind": "complaint",
                    "date": "2026-03-02",
                    "points": -1,
                    "proposed_points": -1,
                }
                for complaint in both
            ]
        )
        self.assertEqual(len(score.severity_id), 1)
        self.assertNotEqual(first.severity_group_id, self.severities["major"].group_id)

    def test_every_screen_groups_severities_of_all_versions(self):
        for view in self.env["ir.ui.view"].search(
            [
                ("model", "=", "quality.complaint"),
                ("type", "in", ("search", "graph", "pivot", "calendar")),
            ]
        ):
            tree = ElementTree.fromstring(view.arch)
            grouping = [node.get("context", "") for node in tree.iter("filter")] + [
                node.get("color", "") for node in tree.iter("calendar")
            ]
            grouping += [
                node.get("name")
                for kind in ("searchpanel", "graph", "pivot")
                for part in tree.iter(kind)
                for node in part.iter("field")
            ]
            self.assertFalse(
                [
                    text
                    for text in grouping
                    if text == "severity_id" or "'severity_id'" in text
                ],
                view.xml_id,
            )

    def test_first_version_may_be_deleted_and_the_next_one_leads(self):
        policy = self.policy.copy({"code": "short_lived", "active": True})
        new = policy.copy()
        newest = new.copy()
        policy.unlink()
        for severity in newest.severity_ids:
            self.assertEqual(severity.group_id.policy_id, new)
        self.assertEqual(newest.severity_ids.group_id, new.severity_ids)

    def test_running_complaints_are_moved_explicitly_and_logged(self):
        running = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.tick(running, "responded")
        new = self.policy.with_user(self.manager).browse(
            self.policy.with_user(self.manager).action_new_version()["res_id"]
        )
        self.limit(new, "investigation_started").amount = 4
        new.action_put_into_force()
        self.assertEqual(new.running_count, 1)
        with self.at("2026-03-02 09:40"):
            new.action_move_running()
        self.assertEqual(
            (running.policy_id, running.severity_id),
            (new, new.severity_ids.filtered(lambda s: s.code == "general")),
        )
        self.assertEqual(
            self.dues(running),
            {
                "investigation_started": "2026-03-06 17:00",
                "Whole case": "2026-03-23 17:00",
            },
        )
        self.assertEqual(self.row_states(running, "responded"), ["met"])
        self.assertIn(new.display_name, running.message_ids[:1].body)
        self.assertIn("1 running complaints", new.message_ids[:1].body)

    def row_states(self, complaint, code):
        return (
            complaint.sudo()
            .deadline_ids.filtered(
                lambda row: row.limit_id and row.milestone_code == code
            )
            .mapped("state")
        )

    def test_moving_needs_a_counterpart_of_every_severity(self):
        self.complain("2026-03-02 09:00")
        new = self.policy.browse(self.policy.action_new_version()["res_id"])
        new.severity_ids.filtered(lambda s: s.code == "general").code = "ordinary"
        new.action_put_into_force()
        with self.assertRaisesRegex(UserError, "General"):
            new.action_move_running()

    def test_role_held_by_nobody_is_reported_when_the_policy_comes_into_force(self):
        role = self.env.ref("quality_complaint.role_general_manager")
        role.user_ids = False
        dealer = (
            self.env.ref("quality_complaint.policy_r2")
            .copy({"active": False})
            .with_company(self.company)
        )
        notice = dealer.action_put_into_force()["params"]
        self.assertEqual((notice["type"], notice["sticky"]), ("warning", True))
        self.assertRegex(
            notice["message"],
            "Nobody holds the role “General manager or deputy”.*Claim for money",
        )
        (
            role | self.env.ref("quality_complaint.role_customer_care")
        ).user_ids = self.general_manager
        self.assertEqual(dealer.action_put_into_force()["params"]["type"], "success")
        self.assertEqual(self.company.complaint_policy_id, dealer)

    def test_policy_chosen_in_the_settings_is_in_force(self):
        food = self.env.ref("quality_complaint.policy_r3").copy({"active": False})
        settings = (
            self.env["res.config.settings"]
            .with_company(self.company)
            .create({"complaint_policy_id": food.id})
        )
        settings.execute()
        self.assertEqual((self.company.complaint_policy_id, food.active), (food, True))

    def test_only_managers_change_policies_and_versions(self):
        for user in (self.officer, self.engineer):
            policy = self.policy.with_user(user)
            for step in (
                policy.action_new_version,
                policy.action_put_into_force,
                policy.action_move_running,
                policy.action_export,
            ):
                with self.assertRaises(AccessError):
                    step()
            with self.assertRaises(AccessError):
                policy.limit_ids[0].amount = 9

    def test_impossible_limits_are_refused(self):
        limit = self.limit(self.policy, "revisited")
        for vals, message in [
            ({"amount": -1}, "negative"),
            ({"amount": 1.5}, "whole"),
            ({"start_milestone_id": False}, "from which"),
            ({"not_before": 9}, "not before"),
            ({"other_when": "outside_hours"}, "unit"),
            ({"start_field": "customer_due_on"}, "one of them"),
            ({"unit": "hour", "not_before": 1}, "days or working days"),
        ]:
            with (
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                limit.write(vals)

    def test_limit_reads_like_the_paper_procedure(self):
        limit = self.limit(self.policy)
        self.assertEqual(limit.summary, "1 h, 4 h when started on a non-working day")
        self.assertEqual(
            limit.escalation,
            "15 min before: the person responsible; when due: Team leader; 1 h after: "
            "Management",
        )
        major = self.limit(self.policy, "lead_named")
        self.assertEqual(
            (major.summary, major.condition_text), ("1 working day", "Major")
        )

    def test_every_shipped_policy_says_where_its_figures_are_and_only_the_default_is_active(  # noqa: E501
        self,
    ):
        codes = []
        for regime in REGIMES:
            with file_open(f"quality_complaint/data/policies/{regime}.xml") as file:
                text = file.read()
            self.assertIn("Elsewhere:", text, regime)
            root = ElementTree.fromstring(text)
            self.assertEqual(root.get("noupdate"), "1")
            policy = self.env.ref(f"quality_complaint.policy_{regime.split('_')[0]}")
            codes.append(policy.code)
            self.assertTrue(policy.severity_ids and policy.limit_ids, regime)
            self.assertTrue(all(limit.level_ids for limit in policy.limit_ids), regime)
        self.assertEqual(codes, [f"R{number}" for number in range(1, 13)])


@tagged("post_install", "-at_install")
class TestPolicyFile(RegimeCase):
    """A policy goes out as a file and comes back the same."""

    regime = "r1"

    def test_every_policy_comes_back_the_same(self):
        for regime in REGIMES:
            policy = self.env.ref(f"quality_complaint.policy_{regime.split('_')[0]}")
            text = policy._export_text()
            back = policy._import_text(text)
            self.assertEqual(
                (back.code, back.active, back.name), (policy.code, False, policy.name)
            )
            self.assertGreater(back.version, policy.version)
            self.assertEqual(json.loads(back._export_text()), json.loads(text), regime)

    def test_translations_travel(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.policy.with_context(lang="zh_CN").name = "制造商"
        back = self.policy._import_text(self.policy._export_text())
        self.assertEqual(
            (
                back.with_context(lang="zh_CN").name,
                back.with_context(lang="en_US").name,
            ),
            ("制造商", "Manufacturer"),
        )

    def test_file_is_downloaded_by_managers(self):
        action = self.policy.with_user(self.manager).action_export()
        self.assertRegex(
            action["url"],
            r"/web/content/quality\.complaint\.policy/\d+/export_file/policy-R1-\d+\.json",
        )
        with self.assertRaises(AccessError):
            self.policy.with_user(self.officer).read(["export_file"])

    def test_wrong_files_are_refused_and_leave_nothing(self):
        before = self.policy.with_context(active_test=False).search_count([])
        good = json.loads(self.policy._export_text())
        unknown_role = json.loads(json.dumps(good))
        unknown_role["tables"]["limit_ids"][0]["level_ids"][1]["role_id"] = "emperor"
        unknown_field = json.loads(json.dumps(good))
        unknown_field["tables"]["severity_ids"][0]["company_secret"] = 1
        forbidden = json.loads(json.dumps(good))
        forbidden["policy"]["create_uid"] = 1
        for text, message in [
            ("nonsense", "not a policy file"),
            ('{"format": "other"}', "not a policy file"),
            ("[]", "not a policy file"),
            (json.dumps(unknown_role), "emperor"),
            (json.dumps(unknown_field), "company_secret"),
            (json.dumps(forbidden), "create_uid"),
        ]:
            with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
                self.policy._import_text(text)
        self.assertEqual(
            self.policy.with_context(active_test=False).search_count([]), before
        )
