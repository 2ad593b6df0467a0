import re

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, new_test_user, tagged

from ..tools.cause_diagram import CATEGORIES, effect_chart, five_why, ishikawa, pareto, text_width, wrapped
from .eight_d import EightDCase

LABELS = {
    **{category: category.title() for category in CATEGORIES}, "verified": "Verified", "suspected": "Suspected", "excluded": "Excluded",
    "occurrence": "Occurrence", "escape": "Escape", "systemic": "Systemic", "root": "Root cause", "title_ishikawa": "Cause and effect", "why": "why?",
    "title_five_why": "5 why", "title_pareto": "Pareto", "empty": "Nothing yet", "title_effect": "Effect", "complaints": "Complaints",
    "per_million": "Complaints per million", "cut_in": "Cut-in", "shipped": "Shipped",
}
SVG = "{http://www.w3.org/2000/svg}"


def cause(number, name="Cause", parent=None, category="machine", verdict="suspected", root=False, share=0.0, kind="occurrence"):
    return {
        "id": number, "parent_id": parent, "name": name, "kind": kind, "category": category, "verdict": verdict, "is_root": root, "share": share,
    }


@tagged("post_install", "-at_install")
class TestPictures(BaseCase):
    """The pictures are well-formed, complete and legible whatever people type."""

    def words(self, svg):
        return " ".join(etree.fromstring(svg).itertext())

    def test_what_people_type_is_escaped(self):
        nasty = '<script>alert("1")</script> & "quoted" \'single\''
        for svg in (ishikawa(nasty, [cause('"><b>', nasty)], LABELS), five_why(nasty, [cause('"><b>', nasty)], LABELS), pareto([(nasty, 1)], LABELS)):
            tree = etree.fromstring(svg)
            self.assertFalse(tree.xpath("//*[local-name()='script' or local-name()='b']"))
            self.assertIn("alert", "".join(tree.itertext()))

    def test_every_cause_and_label_is_drawn_once(self):
        causes = [cause(n, f"Word{n}x", n - 1 if n % 3 else None, CATEGORIES[n % 6]) for n in range(40)]
        for draw in (ishikawa, five_why):
            svg = draw("Crack", causes, LABELS)
            self.assertEqual(sorted(re.findall(r"Word(\d+)x", self.words(svg)), key=int), [str(n) for n in range(40)])
            self.assertEqual(sorted(int(found) for found in re.findall(r'data-cause="(\d+)"', svg)), list(range(40)))
        self.assertTrue(all(label.title() in self.words(svg := ishikawa("Crack", [], LABELS)) for label in CATEGORIES), svg)

    def boxes(self, svg):
        """(left, top, right, bottom) of every text of a cause."""
        found = []
        for group in etree.fromstring(svg).iter(f"{SVG}g"):
            for text in group.iter(f"{SVG}text"):
                size, left, base = float(text.get("font-size")), float(text.get("x")), float(text.get("y"))
                wide = text_width(text.text or "", size, text.get("font-weight") == "bold")
                left -= wide if text.get("text-anchor") == "end" else wide / 2 if text.get("text-anchor") == "middle" else 0
                found.append((left, base - size * 0.75, left + wide, base + size * 0.1))
        return found

    def test_forty_long_causes_do_not_overlap(self):
        texts = ["Bearing of the guide roller runs stiff because nobody greases it by the plan", "导辊轴承转动不灵活导致打滑现象反复出现且没有及时更换"]
        causes = [
            cause(n, texts[n % 2], n - 1 if n % 4 else None, CATEGORIES[n // 7 % 6], "verified", n % 4 == 3, 25.0) for n in range(40)
        ]
        for draw in (ishikawa, five_why):
            svg = draw("Crack", causes, LABELS)
            _left, _top, wide, tall = map(float, etree.fromstring(svg).get("viewBox").split())
            boxes = self.boxes(svg)
            for number, one in enumerate(boxes):
                self.assertTrue(0 <= one[0] and one[2] <= wide and 0 <= one[1] and one[3] <= tall, (draw.__name__, one))
                for other in boxes[number + 1 :]:
                    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                    self.assertTrue(apart, (draw.__name__, one, other))

    def test_circles_and_lost_parents_stand_on_their_own(self):
        causes = [cause(1, "One", 2), cause(2, "Two", 1), cause(3, "Three", 3), cause(4, "Four", 99)]
        for draw in (ishikawa, five_why):
            self.assertTrue(all(name in self.words(draw("Crack", causes, LABELS)) for name in ("One", "Two", "Three", "Four")))

    def test_verdicts_differ_without_colours(self):
        self.assertIn("polyline", five_why("Crack", [cause(1, verdict="verified")], {**LABELS}).split("<g ")[1].split("</g>")[0])
        self.assertIn("?", self.words(five_why("Crack", [cause(1, verdict="suspected")], LABELS)))
        excluded = five_why("Crack", [cause(1, "Dust", verdict="excluded")], LABELS).split("<g ")[1].split("</g>")[0]
        self.assertEqual(excluded.count("<line"), 3)  # the cross and the stroke through the text

    def test_text_wraps_words_whole_and_chinese_anywhere(self):
        self.assertEqual(wrapped("guide roller", 50), ["guide", "roller"])
        self.assertEqual(wrapped("导辊轴承", 22), ["导辊", "轴承"])
        self.assertEqual(wrapped("", 50), [""])
        self.assertTrue(all(text_width(line) <= 60 for line in wrapped("Donaudampfschifffahrtsgesellschaft", 60)))

    def test_pareto_sorts_and_sums(self):
        words = self.words(pareto([("Small", 10), ("Big", 60), ("Middle", 30), ("None", 0)], LABELS))
        self.assertLess(words.index("Big"), words.index("Middle"))
        self.assertNotIn("None", words)
        self.assertIn("Nothing yet", self.words(pareto([], LABELS)))

    def test_effect_is_per_million_where_shipments_are_known(self):
        months = [
            {"label": "05/26", "complaints": 2, "shipped": 4000.0, "ppm": 500.0, "cut_in": False},
            {"label": "06/26", "complaints": 0, "shipped": 5000.0, "ppm": 0.0, "cut_in": True},
        ]
        words = self.words(effect_chart(months, LABELS))
        self.assertTrue(all(text in words for text in ("Complaints per million", "500", "Cut-in", "9,000")), words)
        months[0] |= {"shipped": 0.0, "ppm": None}
        self.assertNotIn("per million", self.words(effect_chart(months, LABELS)))
        self.assertIn("Nothing yet", self.words(effect_chart([], LABELS)))


@tagged("post_install", "-at_install")
class TestDrawing(EightDCase):
    """What a form sends is drawn, nothing else."""

    def test_the_form_is_drawn_as_it_stands_and_nonsense_is_ignored(self):
        report = self.start()
        sent = [
            {"id": "virtual_1", "name": "Tilted", "kind": "nonsense", "category": 7, "verdict": None, "share": float("nan"), "secret": "x"}, "no cause",
            {"id": "virtual_2", "parent_id": "virtual_1", "name": "x" * 900, "is_root": 1, "share": 40},
        ]
        svg = report.draw_causes("Crack", sent, "five_why")
        self.assertIn("Tilted", svg)
        self.assertNotIn("secret", svg)
        self.assertEqual(svg.count("data-cause"), 2)
        self.assertIn("Cause-and-effect diagram", self.env["quality.8d"].with_user(self.engineer).draw_causes("Crack", [], "ishikawa"))
        self.assertEqual(report.draw_causes("Crack", [{"id": n, "name": "c"} for n in range(400)], "five_why").count("data-cause"), 300)

    def test_only_readers_of_the_report_are_drawn_for(self):
        report = self.start()
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        for groups in ("base.group_user", "quality_complaint.group_quality_complaint_user"):
            stranger = new_test_user(self.env, f"qc_draw_{len(groups)}", groups, **company)
            with self.subTest(groups=groups), self.assertRaises(AccessError):
                report.with_user(stranger).draw_causes("Crack", [], "ishikawa")

    def test_the_printed_picture_is_that_of_the_saved_causes(self):
        report = self.start()
        top = self.node(report, "Part tilts", is_root=False, share=0)
        self.node(report, "Fixture is symmetric", parent_id=top.id)
        for picture in ("ishikawa", "five_why"):
            svg = report._cause_diagram(picture, 680)
            self.assertIn("Part tilts", svg)
            self.assertIn('width="680"', svg)
        self.assertIn("Fixture is", report._cause_diagram("pareto", 400))
