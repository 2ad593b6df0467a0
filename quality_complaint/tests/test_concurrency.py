from uuid import uuid4

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed import CommittedWorld


@tagged("post_install", "-at_install")
class TestConcurrency(CommittedWorld):
    """Executing happens once, also when two people click at the same moment."""

    @classmethod
    def prepare_world(cls):
        cls.ids = [
            cls.prepare(f"CON-{uuid4()}", quantities) for quantities in ([4], [4])
        ]
        cls.draft_ids = [
            cls.make_complaint(
                partner_id=cls.env["res.partner"].create({"name": name}).id,
                description=f"Draft of {name}",
                register=False,
            ).id
            for name in ("First caller", "Second caller", "Third caller")
        ]

    @classmethod
    def prepare(cls, name, quantities):
        """Planned complaints on one delivered lot of ten; ids of their remedies."""
        lot = cls.make_lot(name, quantity=10)
        cls.sell({lot: 10})
        complaints = [
            cls.investigated(cls.make_complaint(lot_ref=name))
            for _quantity in quantities
        ]
        return [
            cls.plan(complaint, "refund", quantity).id
            for complaint, quantity in zip(complaints, quantities, strict=True)
        ]

    def remedies(self, env, index):
        return env["quality.complaint.remedy"].browse(self.ids[index])

    def test_who_registers_at_the_same_time_takes_the_next_number(self):
        """Nobody has to do it all again because somebody else was faster, and a number
        that was given back is not missing.
        """

        def register(env, index):
            draft = env["quality.complaint"].browse(self.draft_ids[index])
            draft.action_register()
            return int(draft.name[-5:])

        with self.session() as first, self.session() as second, self.session() as third:
            second.cr.execute("SELECT 1")
            third.cr.execute("SELECT 1")  # both began before the first one's number
            number = register(first, 0)
            first.cr.commit()
            self.assertEqual(register(second, 1), number + 1)
            second.cr.rollback()
            self.assertEqual(register(third, 2), number + 1)
            third.cr.commit()

    def test_second_click_on_stale_data_makes_no_second_return(self):
        with self.session() as env:
            self.remedies(env, 0).complaint_id.action_submit_plan()
        with self.session() as early, self.session() as late:
            early.cr.execute("SELECT 1")
            late.cr.execute("SELECT 1")  # both see the remedy not executed
            self.remedies(early, 0).action_execute()
            early.cr.commit()
            with mute_logger("odoo.service.model", "odoo.sql_db"):
                retrying(lambda: self.remedies(late, 0).action_execute(), late)
        with self.session() as env:
            remedy = self.remedies(env, 0)
            self.assertEqual((len(remedy.picking_ids), remedy.state), (1, "executing"))

    def test_click_while_somebody_else_executes_is_told_so(self):
        with self.session() as env:
            self.remedies(env, 1).complaint_id.action_submit_plan()
        with self.session() as first, self.session() as second:
            self.remedies(first, 1).action_execute()
            with self.assertRaisesRegex(UserError, "Somebody else"):
                self.remedies(second, 1).action_execute()
            second.cr.rollback()
            first.cr.commit()
