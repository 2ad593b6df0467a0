from lxml import etree

from odoo.tests import TransactionCase, tagged

from .common import OnOneDay
from .own_models import own_models

# what the activity menu asks a list for
FILTERS = {
    "filter_activities_my",
    "activities_overdue",
    "activities_today",
    "activities_upcoming_all",
}


@tagged("post_install", "-at_install")
class TestActivities(OnOneDay, TransactionCase):
    """From the clock in the corner a person comes to their own work, not to all."""

    def test_lists_know_what_the_activity_menu_asks_for(self):
        for name in own_models(self.env):
            model = self.env[name]
            if "my_activity_date_deadline" not in model._fields:
                continue
            with self.subTest(model._name):
                arch = etree.fromstring(model.get_view(view_type="search")["arch"])
                names = {node.get("name") for node in arch.iter("filter")}
                self.assertLessEqual(FILTERS, names)
