from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestAccess(ComplaintCase):
    """Each role does its work with its own rights and nothing more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("A-1", quantity=50)
        cls.sell({cls.lot: 10})
        cls.other_company = cls.env["res.company"].create({"name": "Foreign Works"})
        cls.foreigner = new_test_user(
            cls.env,
            "qc_foreign",
            f"{APP}manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.portal = new_test_user(cls.env, "qc_portal", "base.group_portal")

    def abroad(self, records, user):
        """The records as somebody of the other company sees them."""
        return records.with_user(user).with_context(
            allowed_company_ids=self.other_company.ids
        )

    def step(self, records, method, *args):
        """Call a button as in a request of its own: nothing is cached from an earlier,
        mightier user.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        return getattr(records, method)(*args)

    def test_officer_works_a_case_without_rights_in_stock_and_accounting(self):
        complaint = self.make_complaint(lot_ref="A-1", user=self.officer)
        self.env.invalidate_all()
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        self.step(complaint, "action_submit_plan")
        self.step(complaint, "action_execute")
        self.assertTrue(self.step(remedy, "mapped", "progress")[0])
        self.receive(remedy.with_user(self.warehouse_worker))
        self.env.invalidate_all()
        self.tell(complaint)
        self.assertTrue(self.step(complaint, "_get_open_ends"))
        remedy.sudo().credit_note_ids.with_user(self.accountant).action_post()
        complaint.revisit_ids.score = 90
        self.step(complaint.revisit_ids, "action_done")
        self.step(complaint, "action_close")
        self.assertEqual(complaint.state, "closed")

    def test_warehouse_receives_and_inspects_without_seeing_complaints(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = remedy.picking_ids.with_user(self.warehouse_worker)
        self.env.invalidate_all()
        self.assertEqual(picking.complaint_number, complaint.name)
        self.assertIn("Copper strip", picking.complaint_instruction or "Copper strip")
        self.assertIn(
            picking, picking.search([("move_ids.remedy_line_id", "!=", False)])
        )
        picking.move_ids.picked = True
        picking.button_validate()
        inspection = self.inspect(picking)
        self.assertEqual((inspection.quantity, inspection.lot_id), (4.0, self.lot))
        inspection.write({"condition": "as_new", "no_fault_found": True})
        self.assertEqual(inspection.complaint_number, complaint.name)
        self.assertEqual(complaint.inspection_ids, inspection.sudo())
        self.assertIn("No fault found", complaint.message_ids[0].body)
        with self.assertRaises(AccessError):
            complaint.with_user(self.warehouse_worker).read(["description"])
        with self.assertRaises(AccessError):
            remedy.with_user(self.warehouse_worker).read(["note"])

    def test_accountant_posts_without_seeing_complaints(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy)
        note = remedy.credit_note_ids.with_user(self.accountant)
        self.env.invalidate_all()
        self.assertEqual(note.complaint_number, complaint.name)
        self.assertIn("4", note.complaint_remedy)
        self.assertEqual(note.complaint_count, 0)
        self.assertIn(note, note.search([("line_ids.remedy_line_id", "!=", False)]))
        note.action_post()
        self.assertEqual(remedy.state, "done")
        with self.assertRaises(AccessError):
            complaint.with_user(self.accountant).read(["description"])

    def test_employee_records_by_the_short_form_and_sees_only_his_own(self):
        others = self.make_complaint(partner_id=self.customer.id)
        mine = self.make_complaint(user=self.employee, lot_ref="A-1", register=False)
        self.env.invalidate_all()
        self.assertEqual(mine.partner_id, self.customer)
        mine.action_register()
        self.assertEqual((mine.state, mine.user_id.id), ("registered", False))
        self.assertEqual(mine.search([]), mine)
        for field in ("internal_note", "serious_event_note"):
            with self.assertRaises(AccessError):
                mine.read([field])
        with self.assertRaises(AccessError):
            mine.line_ids.read(["value"])
        with self.assertRaises(AccessError):
            mine.write({"description": "changed after registration"})
        with self.assertRaises(AccessError):
            others.with_user(self.employee).read(["description"])
        mine.with_user(self.officer).action_take()
        self.assertEqual(mine.user_id, self.officer)

    def test_employee_reads_in_plain_words_where_it_stands(self):
        """Handed in, it is theirs to read, not to change."""
        complaint = self.make_complaint(
            user=self.employee, partner_id=self.customer.id, register=False
        )
        self.assertFalse(complaint.is_readonly)
        complaint.action_register()
        self.assertTrue(complaint.is_readonly)
        words = [complaint.plain_state]
        case = complaint.with_user(self.officer)
        self.assertFalse(case.is_readonly)
        case.action_take()
        words.append(complaint.plain_state)
        case.action_start_investigation()
        words.append(complaint.plain_state)
        self.conclude(case)
        words.append(complaint.plain_state)
        self.plan(case, "explanation")
        case.action_submit_plan()
        self.tell(case)
        words.append(complaint.plain_state)
        self.assertEqual(
            words,
            [
                "Handed in. Nobody has taken it over yet.",
                "Olga Officer will look into it.",
                "Olga Officer is looking into it.",
                "It was looked into; Olga Officer is settling it with the customer.",
                "The customer was answered on Nov 25, 2026.",
            ],
        )

    def test_employee_chooses_among_deliveries_without_seeing_prices(self):
        self.sell({self.lot: 3})
        mine = self.make_complaint(user=self.employee, lot_ref="A-1", register=False)
        wizard = (
            self.env["quality.complaint.match"]
            .with_user(self.employee)
            .browse(mine.action_open_match()["res_id"])
        )
        self.assertEqual(len(wizard.line_ids), 2)
        with self.assertRaises(AccessError):
            wizard.line_ids.read(["price"])
        with self.assertRaises(UserError):
            wizard.line_ids[0].write(
                {"move_line_id": wizard.line_ids[1].move_line_id.id}
            )
        with self.assertRaises(AccessError):
            wizard.line_ids.create(
                {
                    "wizard_id": wizard.id,
                    "move_line_id": wizard.line_ids[1].move_line_id.id,
                }
            )
        wizard.line_ids[0].selected = True
        wizard.action_apply()
        self.assertEqual(mine.line_ids.match_state, "matched")
        mine.line_ids.unlink()
        self.assertFalse(
            self.env["quality.complaint.line"]._candidates_of_text("%", self.company)
        )

    def test_user_handles_his_own_and_his_teams_complaints(self):
        team = self.env["quality.complaint.team"].create(
            {"name": "Team", "member_ids": [Command.set(self.handler.ids)]}
        )
        other = self.env["quality.complaint.team"].create({"name": "Other"})
        own = self.make_complaint(
            partner_id=self.customer.id, user_id=self.handler.id, team_id=other.id
        )
        teams = self.make_complaint(partner_id=self.customer.id, team_id=team.id)
        foreign = self.make_complaint(partner_id=self.customer.id, team_id=other.id)
        self.assertEqual(
            self.env["quality.complaint"].with_user(self.handler).search([]),
            own | teams,
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.handler).action_take()

    def test_other_companies_see_nothing(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy)
        self.tell(complaint)
        for records in (
            complaint,
            complaint.line_ids,
            complaint.deadline_ids,
            complaint.investigation_ids,
            remedy,
            remedy.line_ids,
            complaint.reply_ids,
            complaint.revisit_ids,
        ):
            self.assertTrue(records, records)
            with self.assertRaises(AccessError, msg=records._name):
                self.abroad(records, self.foreigner).read(["id", "display_name"])
            self.assertFalse(
                self.abroad(records, self.foreigner).search(
                    [("id", "in", records.ids)]
                ),
                records._name,
            )
        lots = self.abroad(
            self.env["quality.complaint.line"], self.foreigner
        )._candidates_of_text("A-1", self.foreigner.company_ids)
        self.assertFalse(lots)

    def test_foreign_warehouse_sees_no_inspection(self):
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.assertTrue(self.inspect(remedy.picking_ids))
        worker = new_test_user(
            self.env,
            "qc_foreign_wh",
            "stock.group_stock_user",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        self.assertFalse(
            self.abroad(self.env["quality.complaint.inspection"], worker).search([])
        )

    def test_portal_user_reads_nothing_yet(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        for model in (
            "quality.complaint",
            "quality.complaint.line",
            "quality.complaint.reply",
            "quality.complaint.remedy",
        ):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.portal).search([])
        with self.assertRaises(AccessError):
            complaint.with_user(self.portal).read(["name"])

    def test_buttons_check_rights_themselves(self):
        complaint = self.make_complaint(user=self.employee, partner_id=self.customer.id)
        for method in (
            "action_start_investigation",
            "action_take",
            "action_close",
            "action_open_reply",
        ):
            with self.assertRaises(AccessError, msg=method):
                getattr(complaint, method)()
        with self.assertRaises(AccessError):
            complaint.action_cancel("mistake", "Typed twice")
        with self.assertRaises(AccessError):
            self.env["quality.complaint.remedy"].with_user(self.handler).create(
                {"complaint_id": complaint.id, "kind": "explanation"}
            )
        with self.assertRaises(AccessError):
            self.env["quality.complaint.approval"].with_user(self.manager).create(
                {
                    "complaint_id": complaint.id,
                    "subject": "plan",
                    "role_id": self.env.ref("quality_complaint.role_management").id,
                    "requested_by_id": self.officer.id,
                    "requested_on": "2026-01-01",
                }
            )

    def test_other_peoples_files_cannot_be_pulled_into_a_complaint(self):
        png = bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        )
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.accountant)
            .create({"name": "salary.png", "raw": png})
        )
        with self.assertRaises(AccessError):
            self.make_complaint(
                user=self.employee,
                register=False,
                partner_id=self.customer.id,
                attachment_ids=[Command.link(attachment.id)],
            )
        self.assertFalse(attachment.sudo().res_id)

    def test_only_managers_change_policies(self):
        with self.assertRaises(AccessError):
            self.policy.with_user(self.engineer).satisfaction_threshold = 10
        self.policy.with_user(self.manager).satisfaction_threshold = 80
        self.scratch.with_user(self.engineer).name = "Surface defect"
        with self.assertRaises(AccessError):
            self.scratch.with_user(self.officer).name = "x"

    def test_smart_buttons_count_for_handlers_and_stay_away_from_others(self):
        self.make_complaint(lot_ref="A-1")
        picking = self.lot.delivery_ids
        self.env.invalidate_all()
        self.assertEqual(picking.with_user(self.officer).sudo().complaint_count, 1)
        self.env.invalidate_all()
        self.assertEqual(picking.with_user(self.warehouse_worker).complaint_count, 0)
        self.assertEqual(self.customer.with_user(self.officer).complaint_count, 1)
        self.assertEqual(self.strip.with_user(self.officer).complaint_count, 1)
        self.assertEqual(self.lot.with_user(self.officer).complaint_count, 1)
