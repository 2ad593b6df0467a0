import time

from lxml import etree

from odoo.tests import tagged

from .builders import EightDCase


@tagged("post_install", "-at_install")
class TestEightDDrawing(EightDCase):
    def test_causes_with_the_same_id_are_drawn_once_each(self):
        causes = [
            {"id": level, "parent_id": level - 1 or None, "name": f"zq{level}"}
            for level in range(1, 5)
            for _copy in range(8)
        ]
        report = self.start()
        started = time.time()
        drawn = report.draw_causes("Crack", causes, "ishikawa").count("zq")
        self.assertLessEqual(
            drawn,
            len(causes),
            f"{len(causes)} causes were drawn as {drawn} in "
            f"{time.time() - started:.1f} s; MAX_CAUSES is no limit",
        )

    def test_forged_causes_are_drawn_or_refused_but_do_not_crash(self):
        report = self.start()
        report.draw_causes("Crack", [{"id": 1, "name": "A", "kind": ["x"]}], "ishikawa")

    def test_the_picture_is_well_formed_whatever_was_pasted(self):
        drawn = self.start().draw_causes(
            "Crack\x08 at the bend", [{"id": 1, "name": "Tilt\x0cs\x01"}], "five_why"
        )
        etree.fromstring(drawn)
