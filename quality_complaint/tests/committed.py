"""A world that stays committed, for what several people or workers do at the same
moment, in real transactions.
"""

from contextlib import contextmanager
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, freeze_time, get_db_name, new_test_user

from .common import DAY, ComplaintWorld


class CommittedWorld(ComplaintWorld, BaseCase):
    """What is made here stays: in a company of its own it does not stand in the way of
    other tests.
    """

    world_name = "Racing Works"
    freeze_time = freeze_time(DAY, tick=True)  # processes wait for each other

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            cls.env = api.Environment(cr, SUPERUSER_ID, {})
            cls.make_world(f"{cls.world_name} {uuid4()}")
            cls.prepare_world()
            cls.context = dict(cls.env.context)

    @classmethod
    def prepare_world(cls):
        """What the tests of a class start from."""

    @classmethod
    def colleague(cls, group):
        """A user of the company, with one group."""
        return new_test_user(
            cls.env,
            f"race_{uuid4().hex}",
            group,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @contextmanager
    def session(self):
        """A transaction of the test's own; committed at its end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, self.context)
