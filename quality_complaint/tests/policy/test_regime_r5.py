from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR5Trading(RegimeCase):
    """Trading company (source 003): the channel decides, replies from medium up are
    confirmed, money is approved at the top.
    """

    regime = "r5"
    particulars = {
        "root_cause": "Worn roller",
    }

    def test_level_follows_the_channel_and_says_so(self):
        levels = {
            "light": ("phone", "visit", "sales"),
            "medium": ("letter", "fax"),
            "severe": ("doorstep", "media"),
        }
        for channel, code in [
            (channel, code) for code, channels in levels.items() for channel in channels
        ]:
            complaint = self.complain(
                "2026-03-02 09:00", channel_id=self.channel(channel).id
            )
            self.assertEqual(complaint.severity_code, code, channel)
        self.assertEqual(
            self.complain(
                "2026-03-02 09:00", channel_id=self.channel("letter").id
            ).severity_proposal,
            "Letter or Fax → Medium",
        )

    def test_light_complaint_is_answered_by_phone_without_confirmation(self):
        complaint = self.complain("2026-03-02 09:00", responsible_id=self.department.id)
        self.assertIn(self.head, complaint.sudo().activity_ids.user_id)
        with self.at("2026-03-02 09:30"):
            self.tell(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_letter_with_a_missed_date_and_a_claim_for_money(self):
        complaint = self.complain(
            "2026-03-02 09:00",
            channel_id=self.channel("letter").id,
            customer_due_on=self.utc("2026-03-06 12:00"),
            responsible_id=self.department.id,
        )
        self.assertEqual(
            self.dues(complaint), {"Answer by the customer's date": "2026-03-06 12:00"}
        )
        with self.at("2026-03-03 09:00"):
            complaint.customer_due_on = self.utc("2026-03-09 12:00")
        self.assertEqual(
            self.dues(complaint), {"Answer by the customer's date": "2026-03-09 12:00"}
        )
        with self.at("2026-03-03 10:00"):
            self.investigated(complaint)
            self.plan(complaint, "credit", amount=15.0)
            complaint.action_submit_plan()
            self.assertEqual(
                (complaint.approval_ids.subject, complaint.approval_ids.amount),
                ("money", 15.0),
            )
            with self.assertRaisesRegex(UserError, "General manager"):
                complaint.approval_ids.with_user(self.manager).action_approve()
            complaint.approval_ids.with_user(self.general_manager).action_approve()
            complaint.action_execute()
            complaint.remedy_ids.sudo().credit_note_ids.action_post()
        self.assertEqual(
            self.tell_due("2026-03-07 12:00"),
            [("Olga Officer", "Answer by the customer's date")],
        )
        self.assertEqual(
            self.tell_due("2026-03-09 12:00"),
            [("Lena Leader", "Answer by the customer's date")],
        )
        with self.at("2026-03-10 09:00"):
            reply = self.tell(complaint)
            self.assertEqual(
                (reply.state, complaint.state), ("to_approve", "executing")
            )
            request = complaint.approval_ids.filtered(
                lambda approval: approval.subject == "reply"
            )
            self.assertEqual(
                request.role_id._holders(complaint), self.head | self.management
            )
            request.with_user(self.head).action_approve()
            self.assertEqual((reply.state, complaint.state), ("sent", "replied"))
            self.explain_late(complaint)
            complaint.action_close()
            # row 160: the head signs
            closing = complaint.approval_ids.filtered(
                lambda approval: approval.subject == "closing"
            )
            self.assertEqual(
                (complaint.state, closing.role_id.code), ("replied", "department_head")
            )
            closing.with_user(self.head).action_approve()
        self.assertEqual(
            self.states(complaint)["Answer by the customer's date"], "missed"
        )
        self.assertEqual(complaint.state, "closed")

    def test_claim_for_money_goes_to_the_general_manager_before_money_is_planned(self):
        """Row 158."""
        complaint = self.complain(
            "2026-03-02 09:00",
            responsible_id=self.department.id,
            **self.triggers("compensation"),
        )
        with self.at("2026-03-02 10:00"):
            reply = self.tell(complaint)
            self.assertEqual(
                (reply.state, complaint.approval_ids.role_id.code),
                ("to_approve", "general_manager"),
            )
            self.approve(complaint, self.general_manager)
        self.assertEqual(reply.state, "sent")

    def test_measure_is_signed_by_salesperson_and_head_verified_by_the_salesperson_and_its_effect_signed_by_the_head(  # noqa: E501
        self,
    ):
        """Rows 157, 159 and 160."""
        self.order.user_id = self.general_manager
        complaint = self.complain("2026-03-02 09:00", responsible_id=self.department.id)
        with self.at("2026-03-02 10:00"):
            measure = self.take_measure(complaint, "corrective")
            self.assertEqual(
                set(measure.unsigned_role_ids.mapped("code")),
                {"salesperson", "department_head"},
            )
            with self.assertRaisesRegex(AccessError, "for others to sign"):
                measure.action_sign()
            seller, head = (
                measure.with_user(self.general_manager),
                measure.with_user(self.head),
            )
            seller.effect_note = "Next delivery in order"
            with self.assertRaisesRegex(UserError, "Still to be signed by"):
                seller.action_effective()
            seller.action_sign()
            head.action_sign()
            with self.assertRaisesRegex(AccessError, "is verified by Salesperson"):
                head.action_effective()
            seller.action_effective()
            self.tell(complaint)
            with self.assertRaisesRegex(
                UserError, "to be signed by: Head of the responsible department"
            ):
                complaint.action_close()
            head.invalidate_recordset()
            head.action_sign()
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(
            sorted(measure.signature_ids.mapped("subject")),
            ["effect", "measure", "measure"],
        )

    def test_every_complaint_says_its_order_and_its_cause(self):
        """Row 153: the cause, also of a light one. Row 154: date and number of the
        order, date of the delivery.
        """
        complaint = self.complain("2026-03-02 09:00", root_cause=False)
        with self.at("2026-03-02 10:00"):
            with (
                self.assertRaisesRegex(UserError, "Why It Occurred"),
                self.env.cr.savepoint(),
            ):
                self.tell(complaint)
            complaint.root_cause = "Packed too loosely"
            self.tell(complaint)
            line = complaint.sudo().line_ids
            self.assertEqual(
                (line.sale_id, line.ordered_on), (self.order, self.order.date_order)
            )
            line.write({"move_line_id": False, "sale_line_id": False})
            self.assertEqual(
                [
                    str(name)
                    for name in complaint._missing_fields("close")
                    if "line" in str(name)
                ],
                ["Sales Order of every line", "Delivery of every line"],
            )
            # what is not in the system is written down; what is no goods has no papers
            line.order_as_told = "PO 4711 of 3 February"
            self.assertFalse(complaint._missing_fields("close"))
            line.write({"order_as_told": False, "product_id": False, "lot_id": False})
            self.assertFalse(complaint._missing_fields("close"))
