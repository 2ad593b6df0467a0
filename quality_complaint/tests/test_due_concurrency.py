"""Several workers and a crash: real transactions, what is made here stays committed."""

from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from .common import APP, ComplaintWorld


@tagged("post_install", "-at_install")
class TestDueConcurrency(ComplaintWorld, BaseCase):
    """Each reminder is told once, whoever runs the scheduled action and wherever it dies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            cls.env = api.Environment(cr, SUPERUSER_ID, {})
            cls.build_world(f"Due Works {uuid4()}")
            cls.context = dict(cls.env.context)
            # leftovers of earlier runs are not ours to tell
            cls.env["quality.complaint.deadline"].search([("company_id", "!=", cls.company.id)])._advance({"next_notice_on": False})
            company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
            cls.user_id = new_test_user(cls.env, f"due_{uuid4().hex}", f"{APP}officer", **company).id
            cls.policy.limit_ids.other_when = False  # one hour on every day of the week
            received = datetime.now().replace(microsecond=0) - timedelta(minutes=50)
            complaints = [
                cls.make_complaint(partner_id=cls.customer.id, user_id=cls.user_id, received_on=received, team_id=False).id for _number in range(4)
            ]
            cls.complaint_ids = complaints

    @classmethod
    def tearDownClass(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["quality.complaint.deadline"].search([("complaint_id", "in", cls.complaint_ids)])._cancel()
        super().tearDownClass()

    @contextmanager
    def session(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, self.context)

    def due_rows(self, env):
        return env["quality.complaint.deadline"].search(
            [("complaint_id", "in", self.complaint_ids), ("milestone_code", "=", "responded"), ("limit_id", "!=", False)], order="id"
        )

    def told(self, env):
        """Number of reminders of each complaint."""
        kind = env.ref("quality_complaint.mail_activity_deadline")
        activities = env["mail.activity"].search(
            [("res_model", "=", "quality.complaint"), ("res_id", "in", self.complaint_ids), ("activity_type_id", "=", kind.id)]
        )
        return [len(activities.filtered(lambda activity, number=number: activity.res_id == number)) for number in self.complaint_ids]

    def test_crash_loses_and_doubles_nothing_and_two_workers_share_the_work(self):
        with self.session() as env:
            self.assertEqual(self.told(env), [0, 0, 0, 0])
            with patch.object(IrCron, "_commit_progress", side_effect=RuntimeError("the server dies")) as commit, suppress(RuntimeError):
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
            # what the second told and committed is newer than what the first one sees: it starts over by itself
            while first["quality.complaint.deadline"]._notify_batch():
                pass
        with self.session() as env:
            self.assertEqual(self.told(env), [1, 1, 1, 1])
            while env["quality.complaint.deadline"]._notify_batch():
                pass
            self.assertEqual(self.told(env), [1, 1, 1, 1])
