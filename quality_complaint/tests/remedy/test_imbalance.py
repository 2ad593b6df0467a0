from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestRemedyImbalance(ComplaintCase):
    """Documents that do not do what was planned, whoever changed them: the state is
    right, the complaint shows it, its handler is told once.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.handler = new_test_user(
            cls.env, "imbalance_handler", f"{APP}officer", **company
        )
        cls.lot = cls.make_lot("B-1", quantity=100)
        cls.order = cls.sell({cls.lot: 10})
        cls.delivery = cls.order.picking_ids

    def executed(self, *args, **vals):
        complaint, remedy = super().executed(*args, **vals)
        complaint.user_id = self.handler
        complaint.activity_ids.unlink()
        self.assert_balanced(remedy)
        return complaint, remedy

    def credited(self, **vals):
        """A refund whose goods are here and whose credit note is a draft."""
        complaint, remedy = self.executed(self.lot, quantity=4, **vals)
        self.receive(remedy)
        self.assert_balanced(remedy)
        return complaint, remedy, remedy.credit_note_ids

    def told(self, complaint):
        """Summaries of the alerts the handler got, oldest first; as if the transaction
        ended here.
        """
        self.env.cr.flush()
        alerts = complaint.activity_ids.filtered(
            lambda a: (
                a.activity_type_id == self.env.ref("mail.mail_activity_data_warning")
            )
        )
        self.assertLessEqual(alerts.user_id, self.handler)
        return alerts.sorted("id").mapped("summary")

    def assert_balanced(self, remedy):
        self.assertFalse(remedy.imbalance)
        self.assertEqual(self.told(remedy.complaint_id), [])
        self.assertFalse(remedy.imbalance_told)

    def assert_imbalance(self, remedy, state, *sentences):
        """The remedy is in this state, shows exactly these sentences, and so does its
        complaint; the handler was told all of it, once.
        """
        complaint = remedy.complaint_id
        self.assertEqual(
            (remedy.state, remedy.imbalance), (state, "\n".join(sentences))
        )
        self.assertEqual(
            complaint.imbalance,
            "\n".join(f"“{remedy.description}”: {sentence}" for sentence in sentences),
        )
        ends = [text for text, record in complaint._get_open_ends() if record == remedy]
        for sentence in sentences:
            self.assertIn(f"“{remedy.description}”: {sentence}", ends)
        self.assertEqual(self.told(complaint), [" ".join(sentences)])
        remedy._sync_state()  # the next event changes nothing of it
        self.assertEqual(self.told(complaint), [" ".join(sentences)])

    def return_again(self, picking):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = picking.move_ids.quantity
        again = wizard._create_return()
        again.move_ids.picked = True
        again.button_validate()
        return again

    # === goods ===

    def test_cancelled_return(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = remedy.picking_ids
        picking.action_cancel()
        self.assert_imbalance(
            remedy,
            "approved",
            f"The return {picking.name} was cancelled: 4 Units are still to come.",
        )
        self.assertEqual(complaint.next_step, "execute")
        remedy.action_execute()
        self.env.cr.flush()
        self.assertEqual(
            (remedy.state, remedy.imbalance, remedy.imbalance_told),
            ("executing", False, False),
        )

    def test_deleted_return_is_told_as_the_cancelled_one(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = remedy.picking_ids
        picking.action_cancel()
        told = self.told(complaint)
        picking.unlink()
        self.assertEqual(
            (remedy.state, remedy.imbalance),
            ("approved", "There is no return any more: 4 Units are still to come."),
        )
        self.assertEqual(self.told(complaint), told)

    def test_open_return_deleted_at_once(self):
        _complaint, remedy = self.executed(self.lot, quantity=4)
        remedy.picking_ids.unlink()
        self.assert_imbalance(
            remedy,
            "approved",
            "There is no return any more: 4 Units are still to come.",
        )

    def test_cancelled_once_more_is_told_once_more(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        first = remedy.picking_ids
        first.action_cancel()
        self.assertEqual(len(self.told(complaint)), 1)
        remedy.action_execute()
        self.assertEqual(len(self.told(complaint)), 1)
        (remedy.picking_ids - first).action_cancel()
        self.assertEqual(len(self.told(complaint)), 2)

    def test_less_received_and_the_rest_given_up(self):
        complaint, remedy = self.executed(self.lot, quantity=10)
        picking = self.receive(remedy, quantity=3)
        self.assert_imbalance(
            remedy,
            "executing",
            f"{picking.name}: 3 Units received instead of the 10 planned.",
        )
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(len(self.told(complaint)), 1)

    def test_rest_on_its_way_is_no_imbalance(self):
        _complaint, remedy = self.executed(self.lot, quantity=10)
        self.receive(remedy, quantity=3, backorder=True)
        self.assert_balanced(remedy)

    def test_cancelled_rest(self):
        _complaint, remedy = self.executed(self.lot, quantity=10)
        first = self.receive(remedy, quantity=3, backorder=True)
        (remedy.picking_ids - first).action_cancel()
        self.assert_imbalance(
            remedy,
            "executing",
            f"{first.name}: 3 Units received instead of the 10 planned.",
        )

    def test_warehouse_expects_less_than_planned(self):
        _complaint, remedy = self.executed(self.lot, quantity=4)
        remedy.picking_ids.move_ids.product_uom_qty = 3
        self.assert_imbalance(
            remedy,
            "executing",
            f"{remedy.picking_ids.name}: 3 Units come back instead of the 4 planned.",
        )

    def test_more_received_is_told_once(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = self.receive(remedy, quantity=5)
        self.assertEqual(
            (remedy.state, remedy.imbalance),
            ("executing", f"{picking.name}: 5 Units received, 4 planned."),
        )
        self.assertEqual(
            self.told(complaint), [f"{picking.name}: 5 Units received, 4 planned."]
        )

    def test_another_lot_is_told_once(self):
        other = self.make_lot("B-2", quantity=10)
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = self.receive(remedy, lot=other)
        self.assertEqual(
            remedy.imbalance, f"{picking.name}: lot B-2 was received instead of B-1."
        )
        self.assertEqual(
            self.told(complaint),
            [f"{picking.name}: lot B-2 was received instead of B-1."],
        )

    def test_goods_sent_to_the_customer_again(self):
        _complaint, remedy, note = self.credited()
        note.action_post()
        self.assert_balanced(remedy)
        again = self.return_again(remedy.picking_ids)
        self.assert_imbalance(
            remedy,
            "done",
            f"4 Units received on {remedy.picking_ids.name} went out to the customer "
            f"again on {again.name}.",
            f"{note.name}: 4 Units ($\xa040.00) credited instead of 0 Units "
            "($\xa00.00).",
        )

    # === money ===

    def test_deleted_draft(self):
        _complaint, remedy, note = self.credited()
        note.unlink()
        self.assert_imbalance(
            remedy,
            "executing",
            "There is no credit note any more: $\xa040.00 are still to be credited.",
        )
        remedy.action_execute()
        self.env.cr.flush()
        self.assertFalse(remedy.imbalance)

    def test_deleted_draft_where_the_goods_stay(self):
        _complaint, remedy = self.executed(
            self.lot, quantity=4, goods="keep", when="on_approval"
        )
        remedy.credit_note_ids.unlink()
        self.assert_imbalance(
            remedy,
            "approved",
            "There is no credit note any more: $\xa040.00 are still to be credited.",
        )

    def test_cancelled_draft(self):
        _complaint, remedy, note = self.credited()
        note.button_cancel()
        self.assert_imbalance(
            remedy,
            "executing",
            "The draft credit note was cancelled: $\xa040.00 are still to be credited.",
        )

    def test_posted_credit_note_reset_to_draft(self):
        complaint, remedy, note = self.credited()
        note.action_post()
        self.assertEqual(remedy.state, "done")
        note.button_draft()
        self.assert_imbalance(
            remedy,
            "executing",
            f"{note.name} was reset to draft: $\xa040.00 are not booked any more.",
        )
        note.action_post()
        self.env.cr.flush()
        self.assertEqual(
            (remedy.state, remedy.imbalance, remedy.imbalance_told),
            ("done", False, False),
        )
        self.assertFalse(complaint.imbalance)

    def test_refund_posted_with_another_price(self):
        _complaint, remedy, note = self.credited()
        note.invoice_line_ids.price_unit = 7.5
        note.action_post()
        self.assert_imbalance(
            remedy,
            "executing",
            f"{note.name}: $\xa030.00 credited instead of the $\xa040.00 planned.",
        )

    def test_price_reduction_posted_with_less(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=40.0)
        note = remedy.credit_note_ids
        note.invoice_line_ids.price_unit = 30.0
        note.action_post()
        self.assert_imbalance(
            remedy,
            "executing",
            f"{note.name}: $\xa030.00 credited instead of the $\xa040.00 planned.",
        )

    def test_price_reduction_posted_with_more(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=40.0)
        note = remedy.credit_note_ids
        note.invoice_line_ids.price_unit = 50.0
        note.action_post()
        self.assert_imbalance(
            remedy,
            "done",
            f"{note.name}: $\xa050.00 credited instead of the $\xa040.00 planned.",
        )

    def test_changed_quantity(self):
        _complaint, remedy, note = self.credited()
        note.invoice_line_ids.quantity = 3
        self.assert_imbalance(
            remedy,
            "executing",
            "The draft credit note: 3 Units ($\xa030.00) credited instead of 4 Units "
            "($\xa040.00).",
        )

    def test_quantity_changed_by_the_accountant_in_the_form(self):
        accountant = new_test_user(
            self.env,
            "imbalance_accountant",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        _complaint, remedy, note = self.credited()
        with (
            Form(note.with_user(accountant)) as form,
            form.invoice_line_ids.edit(0) as row,
        ):
            row.quantity = 2
        self.assert_imbalance(
            remedy,
            "executing",
            "The draft credit note: 2 Units ($\xa020.00) credited instead of 4 Units "
            "($\xa040.00).",
        )

    def test_removed_line(self):
        _complaint, remedy, note = self.credited()
        note.invoice_line_ids = [
            Command.delete(note.invoice_line_ids.id),
            Command.create({"name": "Goodwill", "price_unit": 10.0}),
        ]
        self.assert_imbalance(
            remedy,
            "executing",
            "There is no credit note any more: $\xa040.00 are still to be credited.",
        )

    def test_what_differs_between_two_steps_of_a_transaction_is_not_told(self):
        complaint, _remedy, note = self.credited()
        note.invoice_line_ids.quantity = 3
        note.invoice_line_ids.quantity = 4
        self.assertEqual(self.told(complaint), [])

    def test_failed_credit_note_shows_its_reason_only(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        complaint.line_ids.invoice_id.button_draft()
        self.receive(remedy)
        self.assertIn("not a posted invoice", remedy.failure)
        self.assertFalse(remedy.imbalance)
        self.assertEqual(len(self.told(complaint)), 1)
        remedy._try_follow_up()  # what the scheduled action does every hour
        self.assertEqual(len(self.told(complaint)), 1)

    # === the end ===

    def test_nothing_differs_before_anything_is_executed(self):
        complaint = self.investigated(self.make_complaint(lot_ref="B-1"))
        remedy = self.plan(complaint, quantity=4)
        complaint.action_submit_plan()
        self.assertEqual((remedy.state, remedy.imbalance), ("approved", False))

    def test_accepting_ends_the_difference(self):
        complaint, remedy = self.executed(self.lot, "credit", amount=40.0)
        note = remedy.credit_note_ids
        note.invoice_line_ids.price_unit = 30.0
        note.action_post()
        remedy.action_accept()
        self.env.cr.flush()
        self.assertEqual(
            (remedy.state, remedy.imbalance, remedy.imbalance_told),
            ("done", False, False),
        )
        self.assertFalse(
            [text for text, record in complaint._get_open_ends() if record == remedy]
        )

    def test_finished_with_less_can_be_accepted_and_closed_only_then(self):
        complaint, remedy = self.executed(self.lot, quantity=10)
        self.receive(remedy, quantity=3)
        remedy.credit_note_ids.action_post()
        self.tell(complaint)
        complaint.revisit_ids._set_cancelled()
        with self.assertRaisesRegex(
            UserError, "3 Units received instead of the 10 planned"
        ):
            complaint.action_close()
        remedy.with_user(self.handler).action_accept()
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))
        self.assertTrue(
            complaint.message_ids.filtered(
                lambda message: "Accepted as booked" in message.body
            )
        )

    def test_change_after_accepting_is_a_new_difference(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=40.0)
        note = remedy.credit_note_ids
        note.invoice_line_ids.price_unit = 30.0
        note.action_post()
        remedy.action_accept()
        note.button_draft()
        self.assertEqual(
            (remedy.state, remedy.imbalance),
            (
                "executing",
                f"{note.name} was reset to draft: $\xa030.00 are not booked any more.",
            ),
        )
        note.action_post()
        self.assertEqual(
            (remedy.state, remedy.imbalance), ("done", False), "again what was accepted"
        )
        note.button_draft()
        note.invoice_line_ids.price_unit = 20.0
        note.action_post()
        self.assertEqual(
            (remedy.state, remedy.imbalance),
            (
                "executing",
                f"{note.name}: $\xa020.00 credited instead of the $\xa040.00 planned.",
            ),
        )

    def test_several_lines_name_their_product(self):
        self.policy.rule_ids.unlink()  # several lots would need management's approval
        other = self.make_lot("B-3", quantity=10)
        order = self.sell({self.lot: 5, other: 5})
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        wizard.line_ids.filtered(
            lambda row: row.picking_name == order.picking_ids.name
        ).selected = True
        wizard.action_apply()
        complaint.user_id = self.handler
        self.investigated(complaint)
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "line_ids": [
                    Command.create({"complaint_line_id": line.id})
                    for line in complaint.line_ids
                ],
            }
        )
        complaint.action_submit_plan()
        remedy.action_execute()
        picking = remedy.picking_ids
        self.assert_balanced(remedy)
        picking.move_ids.filtered(
            lambda move: move.remedy_line_id.lot_id == other
        )._action_cancel()
        label = remedy.line_ids.complaint_line_id.filtered(
            lambda line: line.lot_id == other
        )._label()
        self.assert_imbalance(
            remedy,
            "executing",
            f"{label}: The return {picking.name} was cancelled: 5 Units are still to "
            "come.",
        )

    def test_many_remedies_are_compared_in_one_go(self):
        """Showing a list takes the same number of queries whatever its length."""
        remedies = self.env["quality.complaint.remedy"]
        for number in range(6):
            _complaint, remedy = self.executed(self.lot, quantity=1)
            remedies |= remedy
            if number % 2:
                self.receive(remedy)
                remedy.credit_note_ids.invoice_line_ids.price_unit = 5.0
            else:
                remedy.picking_ids.action_cancel()

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("imbalance")
            return self.cr.sql_log_count - before

        queries(remedies)
        self.assertEqual(queries(remedies), queries(remedies[:2]))
        self.assertTrue(all(remedies.mapped("imbalance")))

    def test_screens_show_it(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        remedy.picking_ids.action_cancel()
        with Form(remedy.with_user(self.handler)) as form:
            self.assertIn("was cancelled", form.imbalance)
        with Form(complaint.with_user(self.handler)) as form:
            self.assertIn("was cancelled", form.imbalance)
            self.assertIn("was cancelled", form.remedy_ids.edit(0).imbalance)
        self.env.cr.flush()
        self.assertEqual(
            self.env["quality.complaint.remedy"].search(
                [("imbalance_told", "!=", False), ("complaint_id", "=", complaint.id)]
            ),
            remedy,
        )
