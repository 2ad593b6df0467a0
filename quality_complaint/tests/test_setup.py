import re
import threading
from unittest.mock import patch

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.hooks import uninstall_hook

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCompanySetup(ComplaintCase):
    """Every company works without set-up: those there at installation and those made
    later.
    """

    def test_later_company_gets_its_own_numbers(self):
        other = self.env["res.company"].create({"name": "Later Works"})
        own = self.make_complaint(partner_id=self.customer.id)
        complaint = self.env["quality.complaint"].create(
            {"company_id": other.id, "partner_id": self.customer.id, "description": "x"}
        )
        complaint.action_register()
        self.assertTrue(complaint.name.endswith("/00001"))
        self.assertTrue(own.name.endswith("/00001"))

    def test_missing_sequence_is_set_up_again(self):
        self.env["ir.sequence"].search(
            [("code", "=", "quality.complaint"), ("company_id", "=", self.company.id)]
        ).unlink()
        self.assertTrue(self.make_complaint(partner_id=self.customer.id).name)

    def test_later_warehouse_gets_its_returns_location(self):
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Plant 3", "code": "P3", "company_id": self.company.id}
        )
        location = warehouse.complaint_return_location_id
        self.assertEqual(
            (location.usage, location.company_id), ("internal", self.company)
        )
        self.assertNotEqual(location, self.warehouse.complaint_return_location_id)
        self.assertNotIn(
            str(warehouse.view_location_id.id), location.parent_path.split("/")
        )

    def test_deleted_returns_location_is_made_again(self):
        self.warehouse.complaint_return_location_id = False
        lot = self.make_lot("S-1", quantity=5)
        self.sell({lot: 5})
        _complaint, remedy = self.executed(lot, quantity=1)
        self.assertTrue(self.warehouse.complaint_return_location_id)
        self.assertEqual(
            remedy.picking_ids.location_dest_id,
            self.warehouse.complaint_return_location_id,
        )

    def test_configured_returns_location_is_used(self):
        location = self.env["stock.location"].create(
            {"name": "Cage", "usage": "internal", "company_id": self.company.id}
        )
        self.warehouse.complaint_return_location_id = location
        lot = self.make_lot("S-2", quantity=5)
        self.sell({lot: 5})
        _complaint, remedy = self.executed(lot, quantity=1)
        self.assertEqual(remedy.picking_ids.move_ids.location_dest_id, location)

    def test_company_chooses_its_policy_and_a_team_may_have_its_own(self):
        mine = self.policy.copy({"code": "X1", "name": "Mine"})
        teams = self.policy.copy({"code": "X2", "name": "Team's"})
        self.assertEqual(self.make_complaint(register=False).policy_id, self.policy)
        self.company.complaint_policy_id = mine
        complaint = self.make_complaint(register=False)
        self.assertEqual(
            (complaint.policy_id, complaint.severity_id.policy_id), (mine, mine)
        )
        team = self.env["quality.complaint.team"].create(
            {"name": "T", "policy_id": teams.id}
        )
        self.assertEqual(
            self.make_complaint(register=False, team_id=team.id).policy_id, teams
        )

    def test_running_complaint_keeps_its_policy(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        self.company.complaint_policy_id = self.policy.copy({"code": "X3"})
        self.assertEqual(complaint.policy_id, self.policy)

    def test_standard_return_without_a_complaint_is_unchanged(self):
        lot = self.make_lot("S-3", quantity=5)
        order = self.sell({lot: 5})
        picking = order.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        self.assertEqual(
            back.location_dest_id, self.warehouse.in_type_id.default_location_dest_id
        )
        self.assertFalse(back.complaint_number)

    def asked_by_an_order(self, lot):
        """:return: our tables, as often as an order, its delivery and its invoice ask
        for them
        """
        asked, thread = [], threading.current_thread()
        self.env.flush_all()
        with patch.object(
            thread,
            "query_hooks",
            [lambda _cr, query, *_rest: asked.append(str(query))],
            create=True,
        ):
            self.sell({lot: 2})
            self.env.flush_all()
        self.assertTrue(asked)
        return [
            table
            for query in asked
            for table in re.findall(r'FROM "(quality_\w+)', query)
        ]

    def test_ordinary_documents_ask_for_no_complaint_where_there_is_none(self):
        # tests of races leave rows of theirs behind: here there are none
        self.addCleanup(self.env.registry.clear_cache)
        for name in self.env["quality.complaint.spared"]._inherit_children:
            rows = self.env[name]
            type(rows)._any_row.__cache__.add_value(rows, cache_value=False)
        lots = [self.make_lot(f"O-{n}", quantity=5) for n in range(3)]
        self.sell({lots[0]: 2})  # fills the caches
        self.assertEqual(self.asked_by_an_order(lots[1]), [])
        self.make_complaint(lot_ref="O-0")
        self.assertTrue(self.env["quality.complaint.line"]._any_row())
        asked = self.asked_by_an_order(lots[2])
        self.assertLessEqual(
            set(asked),
            {
                "quality_complaint",
                "quality_complaint_line",
                "quality_complaint_inspection",
                "quality_complaint_chargeback",
            },
        )
        self.assertLessEqual(len(asked), 9, asked)

    def test_uninstall_hook_keeps_only_locations_with_history(self):
        unused = self.env["stock.warehouse"].create(
            {"name": "Plant 4", "code": "P4", "company_id": self.company.id}
        )
        empty = unused.complaint_return_location_id
        used = self.warehouse.complaint_return_location_id
        self.make_lot("S-4", quantity=5, location=used)
        move = self.env["stock.move"].create(
            {
                "product_id": self.strip.id,
                "product_uom_qty": 5,
                "location_id": used.id,
                "location_dest_id": self.stock.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        uninstall_hook(self.env)
        self.assertFalse(empty.exists())
        self.assertTrue(used.exists())
        self.assertFalse(used.active)
        self.assertFalse(
            self.env["ir.sequence"].search([("code", "=", "quality.complaint")])
        )


@tagged("post_install", "-at_install")
class TestPerformance(ComplaintCase):
    """Query counts of what people do all day; they must not grow with the number of
    records.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def _make_many(self, number):
        lot = self.make_lot(f"Q-{number}", quantity=500)
        self.sell({lot: 10})
        complaints = self.env["quality.complaint"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "description": "x",
                    "company_id": self.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.strip.id,
                                "lot_id": lot.id,
                                "defect_id": self.scratch.id,
                            }
                        )
                    ],
                }
                for _index in range(number)
            ]
        )
        complaints.action_register()
        return complaints

    def _read_as_client(self, complaints, view_type):
        records = complaints.with_user(self.officer)
        view = (
            self.env["quality.complaint"]
            .with_user(self.officer)
            .get_views([(False, view_type)])
        )
        fields = view["models"]["quality.complaint"]["fields"]
        arch_fields = [
            name
            for name in self._arch_fields(view["views"][view_type]["arch"])
            if name in fields
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        records.web_read(
            {
                name: {"fields": {"display_name": {}}}
                if fields[name]["type"] == "many2one"
                else {}
                for name in arch_fields
            }
        )
        return self.cr.sql_log_count - start

    def _arch_fields(self, arch):
        tree = etree.fromstring(arch)
        return {
            node.get("name")
            for node in tree.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }

    def test_list_of_eighty_costs_no_query_per_record(self):
        complaints = self._make_many(80)
        self._read_as_client(complaints, "list")
        few, many = (
            self._read_as_client(complaints[:10], "list"),
            self._read_as_client(complaints, "list"),
        )
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 18)

    def test_opening_the_form(self):
        complaint = self._make_many(3)[:1]
        self._read_as_client(complaint, "form")
        self.assertLessEqual(self._read_as_client(complaint, "form"), 30)

    def test_tables_read_at_once_are_those_of_the_fields(self):
        complaint = self._make_many(1)
        self.env["quality.complaint.action"].create(
            [
                {"complaint_id": complaint.id, "name": name, "due_on": day}
                for name, day in (("Later", "2026-12-20"), ("Sooner", "2026-12-10"))
            ]
        )
        tables = [
            name
            for name, field in complaint._fields.items()
            if field.type in ("one2many", "many2many") and field.store
        ]
        for user in (self.officer, self.engineer, self.warehouse_worker, self.employee):
            record = complaint.with_user(user)
            if not record.has_access("read"):
                continue
            readable = [
                name
                for name in tables
                if record._has_field_access(record._fields[name], "read")
                and self.env[record._fields[name].comodel_name]
                .with_user(user)
                .has_access("read")
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            [expected] = record.read(readable, load=None)
            self.env.invalidate_all()
            [found] = record.web_read({name: {} for name in readable})
            self.assertEqual(found, expected, user.login)
        self.assertEqual(
            complaint.action_ids.mapped("name"), ["Sooner", "Later"], "in their order"
        )

    def test_registering(self):
        self._make_many(1)
        draft = self.make_complaint(
            register=False, partner_id=self.customer.id, lot_ref="Q-1"
        ).with_user(self.officer)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(128):
            draft.action_register()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTranslation(ComplaintCase):
    """Who works in Chinese reads Chinese; that no term is missing is checked by `make
    lint`.
    """

    def test_chinese_user_reads_chinese(self):
        chinese = self.env["quality.complaint"].with_context(lang="zh_CN")
        self.assertNotEqual(
            dict(chinese._fields["state"]._description_selection(chinese.env))[
                "registered"
            ],
            "Registered",
        )
        self.assertIn(
            "投诉",
            self.env.ref("quality_complaint.action_complaint")
            .with_context(lang="zh_CN")
            .name,
        )
