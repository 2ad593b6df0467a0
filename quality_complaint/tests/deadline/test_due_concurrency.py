"""Several workers and a crash: real transactions, what is made here stays committed."""

from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..committed import CommittedWorld
from ..common import APP


@tagged("post_install", "-at_install")
class TestDueConcurrency(CommittedWorld):
    """Each reminder is told once, whoever runs the scheduled action and wherever it
    dies.
    """

    @classmethod
    def prepare_world(cls):
        # leftovers of earlier runs are not ours to tell
        cls.env["quality.complaint.deadline"].search(
            [("company_id", "!=", cls.company.id)]
        )._advance({"next_notice_on": False})
        cls.user_id = cls.colleague(f"{APP}officer").id
        cls.policy.limit_ids.other_when = False  # one hour on every day of the week
        received = datetime.now().replace(microsecond=0) - timedelta(minutes=50)
        cls.complaint_ids = [
            cls.make_complaint(
                partner_id=cls.customer.id,
                user_id=cls.user_id,
                received_on=received,
                team_id=False,
            ).id
            for _number in range(4)
        ]

    @classmethod
    def tearDownClass(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["quality.complaint.deadline"].search(
                [("complaint_id", "in", cls.complaint_ids)]
            )._cancel()
        super().tearDownClass()

    def due_rows(self, env):
        return env["quality.complaint.deadline"].search(
            [
                ("complaint_id", "in", self.complaint_ids),
                ("milestone_code", "=", "responded"),
                ("limit_id", "!=", False),
            ],
            order="id",
        )

    def told(self, env):
        """Number of reminders of each complaint."""
        kind = env.ref("quality_complaint.mail_activity_deadline")
        activities = env["mail.activity"].search(
            [
                ("res_model", "=", "quality.complaint"),
                ("res_id", "in", self.complaint_ids),
                ("activity_type_id", "=", kind.id),
            ]
        )
        return [
            len(
                activities.filtered(
                    lambda activity, number=number: activity.res_id == number
                )
            )
            for number in self.complaint_ids
        ]

    def test_crash_loses_and_doubles_nothing_and_two_workers_share_the_work(self):
        with self.session() as env:
            self.assertEqual(self.told(env), [0, 0, 0, 0])
            with (
                patch.object(
                    IrCron,
                    "_commit_progress",
                    side_effect=RuntimeError("the server dies"),
                ) as commit,
                suppress(RuntimeError),
            ):
                env["quality.complaint.deadline"]._notify_batch()
            commit.assert_called_once()
            self.assertEqual(self.told(env), [1, 1, 1, 1])
            env.cr.rollback()
        with self.session() as env:
            self.assertEqual(self.told(env), [0, 0, 0, 0])
        with self.session() as first, self.session() as second:
            first.cr.execute("SELECT 1")
            second.cr.execute("SELECT 1")
            busy = self.due_rows(first)[:2]
            busy.lock_for_update()  # the first worker is telling these two
            second["quality.complaint.deadline"]._notify_batch()
            self.assertEqual(self.told(second), [0, 0, 1, 1])
            # what the second told and committed is newer than what the first one sees:
            # it starts over by itself
            while first["quality.complaint.deadline"]._notify_batch():
                pass
        with self.session() as env:
            self.assertEqual(self.told(env), [1, 1, 1, 1])
            while env["quality.complaint.deadline"]._notify_batch():
                pass
            self.assertEqual(self.told(env), [1, 1, 1, 1])
