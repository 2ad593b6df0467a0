from contextlib import suppress
from functools import partial

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase
from .own_models import own_models


class RolledBackError(Exception):
    """What was made is undone."""


@tagged("post_install", "-at_install")
class TestStamps(ComplaintCase):
    """Stored readonly fields are the flow's: no role forges one by create, write,
    import or a default of the context.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("ST-1", quantity=20)
        cls.sell({cls.lot: 10})
        cls.complaint = cls.investigated(cls.make_complaint(lot_ref=cls.lot.name))
        cls.remedy = cls.plan(cls.complaint, "refund", 1)
        cls.complaint.user_id = cls.officer
        cls.complaint.team_id.member_ids = [
            Command.set((cls.officer | cls.handler | cls.engineer | cls.manager).ids)
        ]
        cls.env["quality.complaint.bearer"].create(
            {"remedy_id": cls.remedy.id, "responsible_id": cls.department.id}
        )
        # something of every kind that people may make themselves, of a policy nobody
        # uses yet
        cls.policy.copy()
        complaint = {"complaint_id": cls.complaint.id}
        cls.complaint.action_start_8d()
        cls.env["quality.complaint.action"].create(
            {**complaint, "name": "Exchange the roller", "kind": "correction"}
        )
        cls.env["quality.complaint.reply"].create({**complaint, "kind": "progress"})
        cls.env["quality.complaint.revisit"].create(
            {**complaint, "planned_on": "2026-12-01"}
        )
        cls.env["quality.complaint.investigation"].create(
            {**complaint, "method": "phone"}
        )
        cls.roles = (
            cls.employee,
            cls.handler,
            cls.officer,
            cls.engineer,
            cls.manager,
            cls.warehouse_worker,
        )

    def stamps(self, model):
        return [
            field
            for field in model._fields.values()
            if field.store
            and field.readonly
            and field.name
            not in ("id", "create_uid", "create_date", "write_uid", "write_date")
        ]

    def forged(self, field):
        """Something the flow would not have written."""
        if field.type in ("integer", "float", "monetary"):
            return 77
        if field.type in ("date", "datetime"):
            return "2020-02-02" if field.type == "date" else "2020-02-02 00:00:00"
        if field.type == "boolean":
            return True
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type == "many2one":
            return (
                self.env[field.comodel_name]
                .sudo()
                .with_context(active_test=False)
                .search([], order="id desc", limit=1)
                .id
            )
        if field.type in ("one2many", "many2many"):
            return [
                Command.set(self.env[field.comodel_name].sudo().search([], limit=1).ids)
            ]
        return "forged"

    def test_every_model_of_ours_guards_them(self):
        guarded = self.env.registry.descendants(
            ["quality.complaint.guarded"], "_inherit"
        )
        self.assertEqual(
            [
                name
                for name in own_models(self.env)
                if name not in guarded and self.stamps(self.env[name])
            ],
            [],
        )

    def test_no_role_writes_one(self):
        written = []
        for name in own_models(self.env):
            record = self.env[name].search([], order="id desc", limit=1)
            for field in self.stamps(record):
                for user in self.roles:
                    try:
                        with self.assertRaises(UserError):
                            record.with_user(user).write(
                                {field.name: self.forged(field)}
                            )
                    except AssertionError:
                        written.append((name, field.name, user.login))
        self.assertEqual(written, [])

    @mute_logger("odoo.sql_db")
    def test_no_role_gives_one_on_creation(self):
        """Remedies, lines, replies, revisits, investigations, bearers and drafts with
        everything forged, also as a default and by import.
        """
        cases = {
            "quality.complaint": {
                "description": "Forged",
                "company_id": self.company.id,
            },
            "quality.complaint.remedy": {
                "complaint_id": self.complaint.id,
                "kind": "explanation",
            },
            "quality.complaint.line": {
                "complaint_id": self.complaint.id,
                "product_id": self.strip.id,
            },
            "quality.complaint.investigation": {
                "complaint_id": self.complaint.id,
                "method": "phone",
            },
            "quality.complaint.revisit": {"complaint_id": self.complaint.id},
            "quality.complaint.reply": {
                "complaint_id": self.complaint.id,
                "kind": "progress",
            },
            "quality.complaint.bearer": {
                "remedy_id": self.remedy.id,
                "percent": 10,
                "responsible_id": self.env.ref(
                    "quality_complaint.responsible_quality"
                ).id,
            },
        }
        for name, vals in cases.items():
            model = self.env[name].with_user(self.officer)
            fixed = model._fields_that_are("fixed") - {"round"}
            stamps = [
                field
                for field in self.stamps(model)
                if field.name not in fixed
                and field.type not in ("one2many", "many2many")
            ]
            plain = model.create(vals)
            expected = {field.name: plain[field.name] for field in stamps}
            plain.sudo().unlink()
            lies = {field.name: self.forged(field) for field in stamps}
            defaults = {f"default_{key}": value for key, value in lies.items()}
            for how, make in (
                ("values", lambda m=model, v=vals, f=lies: m.create({**v, **f})),
                (
                    "defaults",
                    lambda m=model, v=vals, d=defaults: m.with_context(**d).create(v),
                ),
            ):
                record = make()
                for field in stamps:
                    if field.type != "datetime":
                        with self.subTest(model=name, field=field.name, how=how):
                            self.assertEqual(record[field.name], expected[field.name])
                    elif record[field.name]:
                        self.assertGreater(
                            record[field.name],
                            fields.Datetime.to_datetime("2021-01-01"),
                        )
                record.sudo().unlink()

    def example(self, model):
        """Values a person could give a new record of a model, as the last one has
        them.
        """
        record = model.search([], order="id desc", limit=1)
        names = [
            name
            for name, field in model._fields.items()
            if field.store
            and not field.readonly
            and field.type
            not in (
                "one2many",
                "many2many",
                "binary",
                "properties",
                "properties_definition",
            )
        ]
        vals = {
            name: record._fields[name].convert_to_write(record[name], record)
            for name in names
            if record[name]
        }
        return {
            name: f"{value} again" if model._fields[name].type == "char" else value
            for name, value in vals.items()
        }  # names and codes occur once

    def creations(self, model, vals, lies):
        """Three ways to smuggle values into a new record."""

        def loaded():
            given = {**vals, **lies}
            names = [
                f"{name}/.id" if model._fields[name].type == "many2one" else name
                for name in given
            ]
            ids = model.load(names, [[str(value) for value in given.values()]])["ids"]
            return model.browse(ids or ())

        yield "values", lambda: model.create({**vals, **lies})
        yield (
            "defaults",
            lambda: model.with_context(
                **{f"default_{name}": value for name, value in lies.items()}
            ).create(vals),
        )
        yield "import", loaded

    def attempted(self, make, stamps):
        """{field: value} of what was made, and unmade again; nothing when it was
        refused.
        """
        values = {}
        with suppress(UserError, IntegrityError, RolledBackError), self.cr.savepoint():
            record = make().sudo()
            values = (
                {
                    field.name: field.convert_to_write(record[field.name], record)
                    for field in stamps
                }
                if record
                else {}
            )
            raise RolledBackError
        self.env.invalidate_all(flush=False)
        return values

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_no_role_gives_one_on_creation_of_anything(self):
        """Of all models of ours, by create, default and import."""
        forged, made = [], set()
        for name in own_models(self.env):
            fixed = self.env[name]._fields_that_are("fixed")
            stamps = [
                field
                for field in self.stamps(self.env[name])
                if field.type not in ("one2many", "many2many")
                and field.name not in fixed
            ]
            vals, lies = (
                self.example(self.env[name]),
                {field.name: self.forged(field) for field in stamps},
            )
            for user in self.roles:
                model = self.env[name].with_user(user)
                honest = self.attempted(partial(model.create, vals), stamps)
                for how, make in self.creations(model, vals, lies):
                    found = self.attempted(make, stamps)
                    made |= {(name, how)} if found else set()
                    forged += [
                        (name, key, how, user.login)
                        for key, value in found.items()
                        if str(value) == str(lies[key]) != str(honest.get(key))
                    ]
        self.assertEqual(forged, [])
        self.assertGreaterEqual(
            len(made), 36, sorted(made)
        )  # the others nobody of them may make at all

    def test_an_import_stamps_nothing(self):
        model = self.env["quality.complaint.remedy"].with_user(self.officer)
        result = model.load(
            ["complaint_id/.id", "kind", "round", "state"],
            [[str(self.complaint.id), "Explanation only", "7", "Approved"]],
        )
        remedy = model.browse(result["ids"] or [])
        self.assertEqual([(row.round, row.state) for row in remedy], [(1, "draft")])

    def test_a_default_does_not_reach_what_a_button_makes(self):
        """The approval of a plan was created approved by a default of the context, with
        the rights of the flow.
        """
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.complaint.with_user(self.officer).with_context(
            default_state="approved", default_decided_by_id=self.manager.id
        ).action_submit_plan()
        self.assertEqual(set(self.complaint.approval_ids.mapped("state")), {"pending"})
        self.assertFalse(self.complaint.approval_ids.decided_by_id)

    def test_a_draft_is_not_handed_to_a_company_one_does_not_work_in(self):
        draft = self.make_complaint(self.employee, register=False)
        other = self.env["res.company"].create({"name": "Foreign Works"})
        with self.assertRaisesRegex(UserError, "You do not work in Foreign Works"):
            draft.company_id = other
