from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...tools import AmbiguousNumber, NotANumber, measured_values, written_values
from ..common import ComplaintCase
from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestMeasuredValues(ComplaintCase):
    """Values as people type them."""

    def test_points_commas_and_several_separators(self):
        self.assertEqual(
            measured_values("12.1; 12,35  11.9、-0.5；+3"),
            [12.1, 12.35, 11.9, -0.5, 3.0],
        )
        self.assertEqual(measured_values(" "), [])

    def test_a_comma_that_may_stand_between_thousands_is_refused(self):
        with self.assertRaises(AmbiguousNumber):
            measured_values("1,200")
        self.assertEqual(measured_values("1,200", decimal_point=","), [1.2])
        self.assertEqual(measured_values("0,125"), [0.125])

    def test_words_are_refused_by_name(self):
        for text, word in (("12.1; x2", "x2"), ("1.2.3", "1.2.3"), ("12mm", "12mm")):
            with self.assertRaises(NotANumber) as caught:
                measured_values(text)
            self.assertEqual(caught.exception.args, (word,))

    def test_written_back_without_trailing_zeros(self):
        self.assertEqual(
            written_values([12.10, 0.000125, 1200.0]), "12.1; 0.000125; 1200"
        )


@tagged("post_install", "-at_install")
class TestMeasurements(InvestigationCase):
    def measure(self, investigation, **vals):
        return (
            self.env["quality.complaint.measurement"]
            .with_user(self.officer)
            .create({"investigation_id": investigation.id, "name": "Thickness", **vals})
        )

    def test_limits_belong_to_what_is_allowed(self):
        investigation = self.start()
        row = self.measure(
            investigation, lower=0.48, upper=0.52, measured="0.48; 0.5; 0.52"
        )
        self.assertEqual(
            (row.verdict, row.requirement_text, investigation.verdict),
            ("pass", "0.48 – 0.52", "pass"),
        )
        row.measured = "0.5; 0.521"
        self.assertEqual((row.verdict, investigation.verdict), ("fail", "fail"))
        row.measured = False
        self.assertEqual((row.verdict, investigation.verdict), ("open", "open"))

    def test_values_in_another_unit_are_converted_exactly(self):
        metre, millimetre = (
            self.env.ref("uom.product_uom_meter"),
            self.env.ref("uom.product_uom_millimeter"),
        )
        investigation = self.start()
        row = self.measure(
            investigation,
            requirement="at_most",
            upper=0.0121,
            uom_id=metre.id,
            value_uom_id=millimetre.id,
            measured="12.1",
        )
        self.assertEqual((row.verdict, row.value_text), ("pass", "12.1 mm"))
        row.measured = "12.11"
        self.assertEqual(row.verdict, "fail")
        with self.assertRaisesRegex(ValidationError, "cannot be compared"):
            row.value_uom_id = self.kilo

    def test_one_sided_and_judged(self):
        investigation = self.start()
        at_least = self.measure(
            investigation,
            requirement="at_least",
            lower=0,
            unit_name="MPa",
            measured="-0.001",
        )
        self.assertEqual(
            (at_least.verdict, at_least.requirement_text, at_least.value_text),
            ("fail", "≥ 0 MPa", "-0.001 MPa"),
        )
        eye = self.measure(
            investigation, name="Surface", requirement="judged", wanted="no scratches"
        )
        self.assertEqual((eye.verdict, eye.requirement_text), ("open", "no scratches"))
        eye.judged = "pass"
        self.assertEqual(
            (eye.verdict, eye.value_text, investigation.verdict),
            ("pass", "Passes", "fail"),
        )

    def test_what_is_no_number_is_refused_and_nothing_kept(self):
        row = self.measure(self.start(), lower=1, upper=2, measured="1.5")
        with self.assertRaisesRegex(ValidationError, "“about” is no number"):
            row.measured = "about 1.7"
        with self.assertRaisesRegex(ValidationError, "“1,700” may mean two numbers"):
            row.measured = "1,700"
        with self.assertRaisesRegex(ValidationError, "above the upper limit"):
            row.lower = 3

    def test_open_measurements_block_finishing_and_finished_ones_stay(self):
        investigation = self.start()
        row = self.measure(investigation, lower=1, upper=2)
        with self.assertRaisesRegex(UserError, "the values of “Thickness”"):
            self.finish(investigation)
        row.measured = "1.5"
        self.finish(investigation)
        for change in (
            lambda: row.write({"measured": "9"}),
            row.unlink,
            lambda: self.measure(investigation, name="Another"),
        ):
            with self.assertRaisesRegex(UserError, "is finished"):
                change()
        self.assertEqual(
            (investigation.done_by_id, row.measured), (self.officer, "1.5")
        )
