import re

from odoo.tests import tagged

from .common import ComplaintCase
from .eight_d import EightDWorld

# how a record, a missing value or a model would look when it leaks into a text
TECHNICAL = re.compile(r"\b(?:quality|res|stock|account|sale|product)\.[a-z_.]+[(,]|NewId|\bFalse\b|\bNone\b|<odoo\.|^[:·,→⟳ ]|[:·,→⟳] *$")
OWN = ("quality.complaint", "quality.8d")


@tagged("post_install", "-at_install")
class TestPlainWords(EightDWorld, ComplaintCase):
    """No screen shows technical text: not for an empty record, not for one with nothing due, not for one that is half filled in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def own_models(self):
        return [self.env[name] for name in sorted(self.env.registry) if name.startswith(OWN) and not self.env[name]._abstract]

    def assertPlain(self, text, where):
        if isinstance(text, str):
            self.assertNotRegex(re.sub(r"<[^>]*>", "", text), TECHNICAL, where)

    def texts(self, record):
        """Computed texts of a record, by field."""
        names = ["display_name", *(
            name for name, field in record._fields.items()
            if field.type in ("char", "text") and (field.compute or field.related) and not name.startswith(("access_", "message_", "activity_"))
        )]
        return {name: record[name] for name in names}

    def test_empty_records_show_no_technical_text(self):
        for model in self.own_models():
            for name, text in self.texts(model.new({})).items():
                self.assertPlain(text, f"{model._name}.{name}")

    def test_records_show_no_technical_text(self):
        lot = self.make_lot("PLAIN-1", quantity=10)
        self.sell({lot: 5})
        complaint, remedy = self.executed(lot, "refund", 2)
        self.inspect(self.receive(remedy))
        self.tell(complaint)
        report = self.start(complaint)
        self.fill(report, "D2")
        self.make_complaint(partner_id=self.customer.id, register=False)
        self.make_complaint(lot_ref="PLAIN-1")
        for model in self.own_models():
            for record in model.with_context(active_test=False).search([], limit=40):
                for name, text in self.texts(record).items():
                    self.assertPlain(text, f"{record}.{name}: {text}")

    def test_complaint_without_running_deadline_says_nothing(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        self.assertIn("left", complaint.next_due_text)
        complaint.action_cancel("mistake", "Entered twice")
        self.assertEqual((complaint.next_due_text, complaint.next_deadline), (False, False))
