import math

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCase
from .own_models import own_fields, own_models

NUMBERS = (math.nan, math.inf, -math.inf, 1e308, "nan", "1e400", 10**30)
DATES = {
    "date": ("0001-01-01", "9999-12-31", "1066-10-14"),
    "datetime": ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
}
COUNTS = (10**10, math.nan, "inf", 1e308)


class RolledBackError(Exception):
    """What was taken is undone."""


@tagged("post_install", "-at_install")
class TestSensibleValues(ComplaintCase):
    """What makes no sense as a number, date or text is refused in words on every field
    of every model of ours; none of it is stored.
    """

    def nonsense(self):
        for name in own_models(self.env) + own_models(self.env, transient=True):
            model = self.env[name]
            for field in own_fields(model, "float", "monetary"):
                yield from ((model, field, value) for value in NUMBERS)
            for field in own_fields(model, "integer"):
                yield from ((model, field, value) for value in COUNTS)
            for field in own_fields(model, "date", "datetime"):
                yield from ((model, field, value) for value in DATES[field.type])
            for field in own_fields(model, "char", "text"):
                yield model, field, "a\x00b"

    @staticmethod
    def is_stamp(model, field):
        return field.name == "round" or (
            hasattr(model, "_fields_that_are")
            and field.name in model._fields_that_are("guarded")
        )

    def test_every_model_of_ours_checks(self):
        for name in own_models(self.env) + own_models(self.env, transient=True):
            with self.subTest(name):
                self.assertIn(
                    name,
                    self.env.registry.descendants(
                        ["quality.complaint.sensible"], "_inherit"
                    ),
                )

    def test_create_and_write_refuse_it(self):
        accepted = []
        for model, field, value in self.nonsense():
            calls = [model.search([], limit=1).write]
            if not self.is_stamp(
                model, field
            ):  # a stamp is not taken from anybody, whatever it is
                calls.append(model.create)
            for call in calls:
                try:
                    with self.cr.savepoint(flush=False):
                        call({field.name: value})
                        accepted.append((model._name, field.name, value))
                        raise RolledBackError
                except (
                    RolledBackError,
                    UserError,
                ):  # also what may not be written at all, or not by this person
                    continue
        self.assertEqual(accepted, [])

    def test_import_refuses_it(self):
        accepted = []
        for model, field, value in self.nonsense():
            if (
                model._transient
                or field.type in ("char", "text")
                or self.is_stamp(model, field)
            ):
                continue
            result = model.load([field.name], [[str(value)]])
            told = " ".join(message["message"] for message in result["messages"])
            if result["ids"] or not told or "Unknown error" in told:
                accepted.append((model._name, field.name, value, told))
        self.assertEqual(accepted, [])

    def test_words_name_field_and_bounds(self):
        lot = self.make_lot("S-1", quantity=5)
        self.sell({lot: 2})
        complaint = self.make_complaint(lot_ref=lot.name)
        with self.assertRaisesRegex(
            ValidationError,
            "“Quantity” of .*Copper strip.*nan is no number that makes sense "
            "here.*1,000,000,000,000",
        ):
            complaint.line_ids.write({"quantity": math.nan})
        with self.assertRaisesRegex(
            ValidationError, "“Customer Wants Answer By”.*between 1900 and 2199"
        ):
            complaint.customer_due_on = "9999-12-31 00:00:00"
        with self.assertRaisesRegex(ValidationError, "“Loss of the Customer”"):
            complaint.with_context(default_loss_amount=math.inf).create(
                {"description": "x"}
            )

    def test_years_of_retention_are_years(self):
        """999999 years were accepted, and the day until which a file is kept could not
        be computed any more.
        """
        with self.assertRaisesRegex(ValidationError, "Retention.*at most 100"):
            self.policy.retention_years = 999999

    def test_fields_of_the_trade_take_no_nonsense_either(self):
        line = self.make_complaint(partner_id=self.customer.id).line_ids.create(
            {
                "complaint_id": self.make_complaint(partner_id=self.customer.id).id,
                "product_id": self.strip.id,
            }
        )
        with self.assertRaises(ValidationError):
            line.write(
                {
                    "properties": [
                        {
                            "name": "mileage",
                            "type": "float",
                            "string": "Mileage",
                            "definition_changed": True,
                            "value": math.nan,
                        }
                    ]
                }
            )
