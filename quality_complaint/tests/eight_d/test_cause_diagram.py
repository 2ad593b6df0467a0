import re
from itertools import product
from time import perf_counter

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, new_test_user, tagged

from ...tools.cause_diagram import CATEGORIES, five_why, ishikawa
from ...tools.complaint_charts import effect_chart, pareto
from ...tools.svg import text_width, wrapped
from ..common import OnOneDay
from .builders import EightDCase

LABELS = {
    **{category: category.title() for category in CATEGORIES},
    "verified": "Verified",
    "suspected": "Suspected",
    "excluded": "Excluded",
    "occurrence": "Occurrence",
    "escape": "Escape",
    "systemic": "Systemic",
    "root": "Root cause",
    "title_ishikawa": "Cause and effect",
    "why": "why?",
    "title_five_why": "5 why",
    "title_pareto": "Pareto",
    "empty": "Nothing yet",
    "title_effect": "Effect",
    "complaints": "Complaints",
    "per_million": "Complaints per million",
    "cut_in": "Cut-in",
    "shipped": "Shipped",
}
# elements the PDF engine knows
SHAPES = {"svg", "g", "title", "text", "rect", "circle", "polyline", "polygon"}
SVG = "{http://www.w3.org/2000/svg}"


def cause(
    number,
    name="Cause",
    parent=None,
    category="machine",
    verdict="suspected",
    root=False,
    share=0.0,
    kind="occurrence",
):
    return {
        "id": number,
        "parent_id": parent,
        "name": name,
        "kind": kind,
        "category": category,
        "verdict": verdict,
        "is_root": root,
        "share": share,
    }


@tagged("post_install", "-at_install")
class TestPictures(OnOneDay, BaseCase):
    """The pictures are well-formed, complete and legible whatever people type."""

    def words(self, svg):
        """What can be read, without the titles shown under the mouse."""
        return " ".join(
            text.text or "" for text in etree.fromstring(svg).iter(f"{SVG}text")
        )

    def test_what_people_type_is_escaped(self):
        nasty = '<script>alert("1")</script> & "quoted" \'single\''
        for svg in (
            ishikawa(nasty, [cause('"><b>', nasty)], LABELS),
            five_why(nasty, [cause('"><b>', nasty)], LABELS),
            pareto([(nasty, 1)], LABELS),
        ):
            tree = etree.fromstring(svg)
            self.assertFalse(
                tree.xpath("//*[local-name()='script' or local-name()='b']")
            )
            self.assertIn("alert", "".join(tree.itertext()))

    def test_every_cause_and_label_is_drawn_once(self):
        causes = [
            cause(n, f"Word{n}x", n - 1 if n % 3 else None, CATEGORIES[n % 6])
            for n in range(40)
        ]
        for draw in (ishikawa, five_why):
            svg = draw("Crack", causes, LABELS)
            self.assertEqual(
                sorted(re.findall(r"Word(\d+)x", self.words(svg)), key=int),
                [str(n) for n in range(40)],
            )
            self.assertEqual(
                sorted(int(found) for found in re.findall(r'data-cause="(\d+)"', svg)),
                list(range(40)),
            )
        words = self.words(ishikawa("Crack", [], LABELS))
        self.assertTrue(
            all(category.title() in words for category in CATEGORIES), words
        )

    def groups(self, svg):
        """Groups of the causes by their ids."""
        return {
            group.get("data-cause"): group
            for group in etree.fromstring(svg).iter(f"{SVG}g")
            if group.get("data-cause")
        }

    def boxes(self, svg):
        """(left, top, right, bottom) of every text of a cause, and of what surrounds
        its letters: signs, badges, boxes.
        """
        texts = []
        for number, group in self.groups(svg).items():
            for text in group.iter(f"{SVG}text"):
                size, left, base = (
                    float(text.get("font-size")),
                    float(text.get("x")),
                    float(text.get("y")),
                )
                wide = text_width(
                    text.text or "", size, text.get("font-weight") == "bold"
                )
                left -= wide / 2 if text.get("text-anchor") == "middle" else 0
                texts.append(
                    (number, (left, base - size * 0.75, left + wide, base + size * 0.1))
                )
        return texts

    def rooms(self, svg):
        """(left, top, right, bottom) of the room each cause takes: its first
        rectangle.
        """
        rooms = {}
        for number, group in self.groups(svg).items():
            x, y, wide, tall = (
                float(group.find(f"{SVG}rect").get(name))
                for name in ("x", "y", "width", "height")
            )
            rooms[number] = (x, y, x + wide, y + tall)
        return rooms

    def assert_apart(self, boxes):
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                self.assertTrue(
                    one[2] <= other[0]
                    or other[2] <= one[0]
                    or one[3] <= other[1]
                    or other[3] <= one[1],
                    (one, other),
                )

    def test_forty_long_causes_do_not_overlap(self):
        english = "Bearing of the guide roller runs stiff because nobody greases it by the plan "  # noqa: E501
        chinese = "导辊轴承转动不灵活导致打滑现象反复出现且没有及时更换"
        trees = {
            "chains": lambda n: n - 1 if n % 4 else None,
            "one cause with all others below": lambda n: 0 if n else None,
            "as deep as can be": lambda n: n - 1 if n else None,
            "none below another": lambda n: None,
            "all on one bone": lambda n: n // 2 if n else None,
        }
        for (title, parent), draw in product(trees.items(), (ishikawa, five_why)):
            causes = [
                cause(
                    n,
                    (english, chinese)[n % 2] * (1 + n % 3),
                    parent(n),
                    CATEGORIES[n // 7 % 6 if title == "chains" else 0],
                    ("verified", "suspected", "excluded")[n % 3],
                    n % 4 == 3,
                    25.0,
                    ("occurrence", "escape", "systemic")[n // 4 % 3],
                )
                for n in range(1 if title == "all on one bone" else 0, 40)
            ]
            with self.subTest(tree=title, draw=draw.__name__):
                svg = draw("Crack " * 30, causes, LABELS)
                _left, _top, wide, tall = map(
                    float, etree.fromstring(svg).get("viewBox").split()
                )
                texts, rooms = self.boxes(svg), self.rooms(svg)
                self.assert_apart([box for _number, box in texts])
                self.assert_apart(list(rooms.values()))
                for number, box in texts:
                    room = rooms[number]
                    self.assertTrue(
                        room[0] <= box[0]
                        and room[1] <= box[1]
                        and box[2] <= room[2] + 0.1
                        and box[3] <= room[3],
                        (box, room),
                    )
                for box in rooms.values():
                    self.assertTrue(
                        min(box) >= 0 and box[2] <= wide and box[3] <= tall, box
                    )

    def test_the_most_a_form_may_send_is_drawn_in_no_time(self):
        causes = [cause(n, "w" * 500, n - 1, "man", "verified") for n in range(300)]
        for draw in (ishikawa, five_why):
            start = perf_counter()
            self.assertEqual(len(self.groups(draw("w" * 500, causes, LABELS))), 300)
            self.assertLess(
                perf_counter() - start,
                15,
                # half a second; it was minutes when every line was measured again and
                # again
            )

    def test_causes_stay_clear_of_the_bones(self):
        causes = [
            cause(
                n,
                "Nobody greases it by the plan " * (1 + n % 4),
                n - 1 if n % 5 else None,
                CATEGORIES[n // 5 % 6],
            )
            for n in range(60)
        ]
        svg = ishikawa("Crack", causes, LABELS)
        ways = [
            [
                tuple(map(float, point.split(",")))
                for point in line.get("points").split()
            ]
            for line in etree.fromstring(svg).findall(f"{SVG}polyline")
        ]
        bones = [way for way in ways if abs(way[0][1] - way[1][1]) > 100]
        self.assertEqual(len(bones), 6)
        for (x0, y0), (x1, y1) in bones:
            for _number, (left, top, right, bottom) in self.boxes(svg):
                for y in (top, bottom):
                    if min(y0, y1) <= y <= max(y0, y1):
                        x = x0 + (x1 - x0) * (y - y0) / (y1 - y0)
                        self.assertFalse(left < x < right, (left, x, right))

    def test_circles_lost_parents_and_repeated_ids_stand_on_their_own(self):
        causes = [
            cause(1, "One", 2),
            cause(2, "Two", 1),
            cause(3, "Three", 3),
            cause(4, "Four", 99),
            cause("virtual_5", "Five", 1),
            cause(4, "Again", 4),
        ]
        for draw in (ishikawa, five_why):
            svg = draw("Crack", causes, LABELS)
            self.assertEqual(set(self.groups(svg)), {"1", "2", "3", "4", "virtual_5"})
            self.assertTrue(
                all(
                    name in self.words(svg)
                    for name in ("One", "Two", "Three", "Four", "Five")
                )
            )

    def test_what_is_no_code_is_drawn_as_a_new_cause(self):
        for draw in (ishikawa, five_why):
            self.assertIn(
                "?",
                self.words(
                    draw(
                        "Crack",
                        [{"id": 1, "kind": "x", "category": None, "verdict": "None"}],
                        LABELS,
                    )
                ),
            )

    def test_verdicts_differ_without_colours(self):
        for draw in (ishikawa, five_why):
            verdicts = ("verified", "suspected", "excluded")
            groups = self.groups(
                draw(
                    "Crack",
                    [cause(verdict, "Dust", verdict=verdict) for verdict in verdicts],
                    LABELS,
                )
            )
            bold, question, struck = (
                {
                    verdict: bool(
                        groups[verdict].xpath(f".//*[local-name()='text'][{mark}]")
                    )
                    for verdict in verdicts
                }
                for mark in (
                    "@font-weight='bold' and text()='Dust'",
                    "text()='?'",
                    "@text-decoration='line-through' and text()='Dust'",
                )
            )
            self.assertEqual(
                bold, {"verified": True, "suspected": False, "excluded": False}
            )
            self.assertEqual(
                question, {"verified": False, "suspected": True, "excluded": False}
            )
            self.assertEqual(
                struck, {"verified": False, "suspected": False, "excluded": True}
            )

    def test_kinds_have_letters_and_shapes_of_their_own(self):
        groups = self.groups(
            five_why(
                "Crack",
                [
                    cause(kind, kind=kind)
                    for kind in ("occurrence", "escape", "systemic")
                ],
                LABELS,
            )
        )
        for kind, letter, shape in (
            ("occurrence", "O", "rect"),
            ("escape", "E", "circle"),
            ("systemic", "S", "polygon"),
        ):
            self.assertIn(
                letter, groups[kind].xpath(".//*[local-name()='text']/text()")
            )
            self.assertTrue(groups[kind].xpath(f".//*[local-name()='{shape}']"))

    def test_root_causes_carry_their_share(self):
        for draw in (ishikawa, five_why):
            self.assertIn(
                "Root cause 62.5 %",
                self.words(draw("Crack", [cause(1, root=True, share=62.5)], LABELS)),
            )
            words = self.words(draw("Crack", [cause(1, share=62.5)], LABELS))
            self.assertNotIn("62.5", words)

    def test_printed_pictures_keep_their_width_and_fit_a_page(self):
        self.assertIn('width="680" height=', ishikawa("Crack", [], LABELS, 680))
        self.assertIn('width="100%"', ishikawa("Crack", [], LABELS))
        svg = etree.fromstring(
            five_why("Crack", [cause(n, "Word " * 9) for n in range(20)], LABELS, 680)
        )
        self.assertLess(float(svg.get("height")), 680 * 1.31)
        self.assertLess(float(svg.get("width")), 680)

    def test_only_what_old_engines_draw_is_used(self):
        causes = [cause(1, root=True, share=40), cause(2, verdict="excluded", parent=1)]
        months = [
            {
                "label": "05/26",
                "complaints": 2,
                "shipped": 4000.0,
                "ppm": 500.0,
                "cut_in": True,
            }
        ]
        for svg in (
            ishikawa("a", causes, LABELS),
            five_why("a", causes, LABELS),
            pareto([("a", 1)], LABELS),
            effect_chart(months, LABELS),
        ):
            tree = etree.fromstring(svg)
            self.assertFalse(tree.xpath("//@style"))
            self.assertLessEqual(
                {etree.QName(node).localname for node in tree.iter()}, SHAPES
            )

    def test_text_wraps_words_whole_and_chinese_anywhere(self):
        self.assertEqual(wrapped("guide roller", 45, 11), ["guide", "roller"])
        self.assertEqual(wrapped("导辊轴承", 22, 11), ["导辊", "轴承"])
        self.assertEqual(
            wrapped("导辊轴，承（轴）", 33, 11), ["导辊", "轴，承", "（轴）"]
        )
        self.assertEqual(wrapped("", 50, 11), [""])
        self.assertTrue(
            all(
                text_width(line, 11) <= 60
                for line in wrapped("Donaudampfschifffahrtsgesellschaft", 60, 11)
            )
        )

    def test_pareto_sorts_and_sums(self):
        words = self.words(
            pareto([("Small", 10), ("Big", 60), ("Middle", 30), ("None", 0)], LABELS)
        )
        self.assertLess(words.index("Big"), words.index("Middle"))
        self.assertNotIn("None", words)
        self.assertIn("90 %", words)
        self.assertIn("Nothing yet", self.words(pareto([], LABELS)))

    def test_pareto_of_kinds_stands_side_by_side_and_puts_small_ones_together(self):
        words = self.words(
            pareto(
                [
                    ("Tilted", 100, "Occurrence"),
                    *((f"Gauge {n}", 5, "Escape") for n in range(20)),
                ],
                LABELS,
            )
        )
        self.assertTrue(
            all(text in words for text in ("Occurrence", "Escape", "+9", "45")), words
        )

    def test_effect_is_per_million_where_shipments_are_known(self):
        months = [
            {
                "label": "05/26",
                "complaints": 2,
                "shipped": 4000.0,
                "ppm": 500.0,
                "cut_in": False,
            },
            {
                "label": "06/26",
                "complaints": 0,
                "shipped": 5000.0,
                "ppm": 0.0,
                "cut_in": True,
            },
        ]
        words = self.words(effect_chart(months, LABELS))
        self.assertTrue(
            all(
                text in words
                for text in ("Complaints per million", "500", "Cut-in", "5 k")
            ),
            words,
        )
        months[0] |= {"shipped": 0.0, "ppm": None}
        self.assertNotIn("per million", self.words(effect_chart(months, LABELS)))
        self.assertIn("Nothing yet", self.words(effect_chart([], LABELS)))

    def test_the_cut_in_stands_before_its_month(self):
        months = [
            {
                "label": str(n),
                "complaints": 1,
                "shipped": 0.0,
                "ppm": None,
                "cut_in": n == 5,
            }
            for n in range(8)
        ]
        tree = etree.fromstring(effect_chart(months, LABELS))
        line = float(
            tree.xpath("//*[local-name()='polyline'][@stroke-dasharray]/@points")[
                0
            ].split(",")[0]
        )
        bars = [
            float(x)
            for x in tree.xpath("//*[local-name()='g']/*[local-name()='rect']/@x")
        ]
        self.assertEqual(sum(bar < line for bar in bars), 5)

    def test_effect_is_drawn_whatever_the_figures(self):
        for figure, count in product((0.0, 0.002, 7.0, 3e7), (1, 2, 24)):
            months = [
                {
                    "label": f"{n:02}/26",
                    "complaints": int(figure),
                    "shipped": 1e6,
                    "ppm": figure,
                    "cut_in": n == count - 1,
                }
                for n in range(count)
            ]
            with self.subTest(figure=figure, count=count):
                tree = etree.fromstring(effect_chart(months, LABELS))
                self.assertTrue(
                    all(
                        float(value) >= 0
                        for value in tree.xpath(
                            "//*[local-name()='rect']/@*[name()='y' or name()='height']"
                        )
                    )
                )


@tagged("post_install", "-at_install")
class TestDrawing(EightDCase):
    """What a form sends is drawn, nothing else."""

    def test_the_form_is_drawn_as_it_stands_and_nonsense_is_ignored(self):
        report = self.start()
        sent = [
            {
                "id": "virtual_1",
                "name": "Tilted",
                "kind": "nonsense",
                "category": 7,
                "verdict": None,
                "share": float("nan"),
                "secret": "x",
            },
            "no cause",
            {
                "id": "virtual_2",
                "parent_id": "virtual_1",
                "name": "x" * 900,
                "is_root": 1,
                "share": 40,
            },
        ]
        svg = report.draw_causes("Crack", sent, "five_why")
        self.assertIn("Tilted", svg)
        self.assertNotIn("secret", svg)
        self.assertEqual(svg.count("data-cause"), 2)
        self.assertIn(
            "Cause-and-effect diagram",
            self.env["quality.8d"]
            .with_user(self.engineer)
            .draw_causes("Crack", [], "ishikawa"),
        )
        self.assertEqual(
            report.draw_causes(
                "Crack", [{"id": n, "name": "c"} for n in range(400)], "five_why"
            ).count("data-cause"),
            300,
        )

    def test_only_readers_of_the_report_are_drawn_for(self):
        report = self.start()
        company = {
            "company_id": self.company.id,
            "company_ids": [(6, 0, self.company.ids)],
        }
        for groups in (
            "base.group_user",
            "quality_complaint.group_quality_complaint_user",
        ):
            stranger = new_test_user(
                self.env, f"qc_draw_{len(groups)}", groups, **company
            )
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
