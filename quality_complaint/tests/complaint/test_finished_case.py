from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.mixins.closed import STILL_WRITTEN, THREAD
from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestFinishedCase(ComplaintCase):
    """A closed or cancelled case stays as it was: what may still be written is one
    named set, the rest is derived from it and refused.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("F-1", quantity=20)
        cls.sell({cls.lot: 10})

    def finished(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        self.plan(complaint, "explanation", note="Explained")
        refund = self.plan(complaint, "refund", 1)
        refund.action_cancel()
        complaint.action_submit_plan()
        self.tell(complaint)
        complaint.revisit_ids.score = 90
        complaint.revisit_ids.action_done()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        return complaint

    def parts(self, complaint):
        return [
            complaint,
            complaint.line_ids,
            complaint.remedy_ids,
            complaint.remedy_ids.line_ids,
            complaint.reply_ids,
            complaint.revisit_ids,
            complaint.investigation_ids,
        ]

    def another(self, record, field):
        """A value the field does not have."""
        value = record[field.name]
        if field.type in ("char", "text", "html"):
            return f"{value or ''} changed"
        if field.type == "boolean":
            return not value
        if field.type in ("integer", "float", "monetary"):
            return (value or 0) + 1
        if field.type in ("date", "datetime"):
            return "2020-02-02 00:00:00"[: 10 if field.type == "date" else 19]
        if field.type == "selection":
            return next(
                (option for option in field.get_values(self.env) if option != value),
                False,
            )
        if field.type == "many2one":
            return (
                self.env[field.comodel_name]
                .sudo()
                .search([("id", "!=", value.id)], limit=1)
                .id
            )
        if field.type in ("one2many", "many2many"):
            return [Command.clear()]
        return False

    def test_nothing_of_it_is_written(self):
        complaint = self.finished()
        open_ends = []
        for records in self.parts(complaint):
            record = records[:1]
            self.assertTrue(record, records._name)
            forbidden = [
                field
                for field in record._fields.values()
                if field.store
                and field.name
                not in ("id", "create_uid", "create_date", "write_uid", "write_date")
                and not field.name.startswith(THREAD)
                and field.name not in STILL_WRITTEN.get(record._name, ())
            ]
            for field in forbidden:
                for user in (self.env.user, self.manager):
                    try:
                        with self.assertRaises(UserError):
                            records[:1].with_user(user).write(
                                {field.name: self.another(record, field)}
                            )
                    except AssertionError:
                        open_ends.append((record._name, field.name, user.login))
        self.assertEqual(open_ends, [])

    def test_a_person_writes_not_even_what_the_flow_may(self):
        complaint = self.finished()
        for records in self.parts(complaint):
            for name in STILL_WRITTEN.get(records._name, frozenset()) - {
                "access_token"
            }:
                with (
                    self.subTest(model=records._name, field=name),
                    self.assertRaises(UserError),
                ):
                    records[:1].with_user(self.manager).write(
                        {name: self.another(records[:1], records._fields[name])}
                    )

    def test_nothing_is_taken_from_it_or_added_to_it(self):
        complaint = self.finished()
        for records in self.parts(complaint):
            with self.subTest(records._name), self.assertRaises(UserError):
                records[:1].with_user(self.manager).unlink()
        for model, vals in (
            ("line", {"product_id": self.strip.id}),
            ("remedy", {"kind": "explanation"}),
            ("investigation", {"method": "phone"}),
            ("reply", {"kind": "final"}),
        ):
            with self.subTest(model), self.assertRaisesRegex(UserError, "is finished"):
                self.env[f"quality.complaint.{model}"].with_user(self.manager).create(
                    {"complaint_id": complaint.id, **vals}
                )

    def test_the_lines_are_not_reached_by_way_of_the_complaint(self):
        complaint = self.finished().with_user(self.officer)
        for command in (
            Command.update(complaint.line_ids.id, {"quantity": 3}),
            Command.delete(complaint.line_ids.id),
            Command.create({"quantity": 1}),
        ):
            with self.assertRaises(UserError):
                complaint.write({"line_ids": [command]})

    def test_people_still_talk_about_it_and_ask_the_customer_again(self):
        complaint = self.finished().with_user(self.officer)
        complaint.message_post(body=Markup("Asked by audit"))
        complaint.message_subscribe(self.manager.partner_id.ids)
        complaint.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.officer.id
        )
        revisit = (
            self.env["quality.complaint.revisit"]
            .with_user(self.officer)
            .create({"complaint_id": complaint.id})
        )
        revisit.comment = "Still fine"
        complaint.action_reopen("New facts")
        complaint.description = "Scratches on both sides"
        self.assertEqual(complaint.state, "investigating")

    def test_a_cancelled_case_is_finished_too(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        complaint.action_cancel("mistake", "Entered twice")
        for records, vals in (
            (complaint, {"description": "x"}),
            (complaint.line_ids, {"quantity": 2}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed any more"):
                records.with_user(self.manager).write(vals)
        with self.assertRaisesRegex(UserError, "nothing can be added"):
            self.env["quality.complaint.revisit"].create({"complaint_id": complaint.id})

    def test_corrections_before_keep_what_stood_there(self):
        complaint = self.make_complaint(lot_ref=self.lot.name).with_context(
            tracking_disable=False, mail_notrack=False
        )
        complaint.line_ids.quantity = 7
        self.assertIn("10 Units → 7 Units", complaint.message_ids[0].body)
        complaint.description = "Dented"
        self.env.flush_all()
        self.cr.precommit.run()  # tracking is written before the commit
        self.env.invalidate_all()
        tracked = complaint.message_ids.sudo().tracking_value_ids.filtered(
            lambda row: row.field_id.name == "description"
        )
        self.assertEqual(
            (tracked.old_value_text, tracked.new_value_text),
            ("Scratched surface", "Dented"),
        )


@tagged("post_install", "-at_install")
class TestInspectionRights(ComplaintCase):
    """What the warehouse found is read by those whose complaint it is, and by the
    warehouse.
    """

    def test_inspections_follow_the_complaint(self):
        self.make_users()
        lot = self.make_lot("I-1", quantity=20)
        self.sell({lot: 10})
        complaint, remedy = self.executed(lot, quantity=4)
        complaint.user_id = self.handler
        self.receive(remedy)
        inspection = self.env["quality.complaint.inspection"].create(
            {
                "picking_id": remedy.picking_ids[:1].id,
                "product_id": self.strip.id,
                "condition": "used",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(inspection.complaint_id, complaint)
        for user in (self.handler, self.officer, self.warehouse_worker):
            inspection.with_user(user).check_access("read")
        stranger = self.engineer.copy(
            {
                "login": "qc_other_handler",
                "group_ids": [Command.set(self.handler.group_ids.ids)],
            }
        )
        with self.assertRaises(AccessError):
            inspection.with_user(stranger).check_access("read")
