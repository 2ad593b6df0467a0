import sys

from odoo.tests import BaseCase, tagged

from .common import OnOneDay


@tagged("post_install", "-at_install")
class TestTestsThemselves(OnOneDay, BaseCase):
    """What every test of this addon and its bridges keeps to."""

    def test_no_test_sees_what_day_it_is(self):
        ours = [module for name, module in list(sys.modules.items()) if name.startswith("odoo.addons.quality_complaint") and ".tests" in name]
        found = {
            value for module in ours for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, BaseCase) and value.__module__ == module.__name__
        }
        self.assertTrue(found)
        self.assertFalse(sorted(case.__qualname__ for case in found if not issubclass(case, OnOneDay)), "They want OnOneDay as their first base.")
