import logging
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .common import OnOneDay

_logger = logging.getLogger(__name__)

# statements of the companies' procedures (coverage.md, by number) that the regimes in
# full answer: loop, authorities, departments, what is asked, figures, suppliers,
# returned goods, medical devices
ROWS = """
5 11 12 13 17 18 20 21 25 30 32 34 43 45 49 52 85 87 88 89 90 92 93 95 96 97 99 101 102
104 107 108 112 113 114 115 118 120 121 125 126 127 128 135 138 153 154 157 158 159 160
171 172 176 179 184 188 195 199 200 211 212 216 226 227 230 235 236 237 239 242 244 247
249 268 273 276 278 279 280 284 285 287 290 291 292 294 295 297 304 307 308 314 315 319
320 322 323 324 328 332 333 335 342 344 346 347 349 350 351 360 361 362 364 365 366 367
368 369 370 371 373 374 375 378 379 384 394 397 398 399
"""
NUMBERS = re.compile(r"\b[Rr]ows? (\d+(?:(?:, | and | to )\d+)*)")
TEST = re.compile(r"^    def (test_\w+)", re.MULTILINE)


@tagged("post_install", "-at_install")
class TestRows(OnOneDay, TransactionCase):
    """Every statement is shown by a test that names its number."""

    def table(self):
        """:return: {number: sorted list of `file: test`}"""
        shown = {}
        addons = Path(__file__).parents[2]
        for path in sorted(addons.glob("quality_complaint*/tests/**/test_*.py")):
            text = path.read_text(encoding="utf-8")
            tests = [(found.start(), found[1]) for found in TEST.finditer(text)]
            for found in NUMBERS.finditer(text):
                name = [test for start, test in tests if start < found.start()]
                for number in re.findall(r"\d+", found[1]):
                    where = f"{path.stem}: {name[-1]}" if name else path.stem
                    shown.setdefault(int(number), set()).add(where)
        return {number: sorted(where) for number, where in shown.items()}

    def test_every_row_is_shown_by_a_test(self):
        table = self.table()
        wanted = [int(number) for number in ROWS.split()]
        for number in wanted:
            _logger.info("row %s: %s", number, ", ".join(table.get(number, ["–"])))
        self.assertEqual([number for number in wanted if number not in table], [])
