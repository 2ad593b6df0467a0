from uuid import uuid4

from psycopg2 import OperationalError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committed import CommittedWorld
from ..common import APP
from .builders import EightDWorld


@tagged("post_install", "-at_install")
class TestEightDRaces(EightDWorld, CommittedWorld):
    """Two people at the same moment."""

    @classmethod
    def prepare_world(cls):
        cls.engineer, cls.manager, cls.officer, cls.handler = (
            cls.colleague(f"{APP}{group}")
            for group in ("quality", "manager", "officer", "user")
        )
        lot = cls.make_lot(f"RACE-{uuid4()}", quantity=100)
        cls.sell({lot: 30})
        complaint = cls.make_complaint(lot_ref=lot.name)
        case = cls("test_a_cause_is_not_changed_while_d4_is_being_closed")
        cls.report_id = case.start(complaint).id
        report = cls.env["quality.8d"].browse(cls.report_id)
        case.close_up_to(report, "D3")
        case.fill_d4(report)

    def test_a_cause_is_not_changed_while_d4_is_being_closed(self):
        with self.session() as one, self.session() as two:
            one.cr.execute("SELECT 1")
            two.cr.execute("SELECT 1")
            one["quality.8d"].browse(self.report_id)._step("D4").action_done()
            node = two["quality.8d"].browse(self.report_id).node_ids[0]
            two.cr.execute("SET LOCAL lock_timeout = '2s'")
            try:
                with mute_logger("odoo.sql_db"):
                    node.write({"verdict": "suspected", "evidence": False})
                    two.flush_all()
                    one.cr.commit()
                    two.cr.commit()
            except (OperationalError, UserError):  # the other transaction has the row
                two.cr.rollback()
                one.cr.commit()
        with self.session() as env:
            report = env["quality.8d"].browse(self.report_id)
            self.assertTrue(report._step("D4").done_on)
            self.assertEqual(report._missing_d4(), [])
