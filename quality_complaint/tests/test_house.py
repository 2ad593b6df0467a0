import ast
import logging
import re
import sys
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

from .common import OnOneDay

_logger = logging.getLogger(__name__)
ADDON = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestTestsThemselves(OnOneDay, BaseCase):
    """What every test of this addon and its bridges keeps to."""

    def test_no_test_sees_what_day_it_is(self):
        ours = [
            module
            for name, module in list(sys.modules.items())
            if name.startswith("odoo.addons.quality_complaint") and ".tests" in name
        ]
        found = {
            value
            for module in ours
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, BaseCase)
            and value.__module__ == module.__name__
        }
        self.assertTrue(found)
        self.assertFalse(
            sorted(
                case.__qualname__ for case in found if not issubclass(case, OnOneDay)
            ),
            "They want OnOneDay as their first base.",
        )

    def test_every_test_is_found_by_odoo_too(self):
        """Odoo's own runner takes what `tests/__init__.py` names."""
        tests = ADDON / "tests"
        named = (tests / "__init__.py").read_text()
        rooms = {
            f"from .{path.parent.name} import {path.stem}"
            for path in tests.glob("*/test_*.py")
        }
        self.assertTrue(rooms)
        self.assertFalse(sorted(line for line in rooms if line not in named))


@tagged("post_install", "-at_install")
class TestTranslations(OnOneDay, TransactionCase):
    """Every text there is has its Chinese: no letter goes out half in English."""

    def test_translation_files_hold_the_texts_that_are_there(self):
        modules = self.env["ir.module.module"].search(
            [("name", "=like", "quality_complaint%"), ("state", "=", "installed")]
        )
        for name in modules.mapped("name"):
            folder = Path(get_module_path(name)) / "i18n"
            there = {
                source
                for _module, _kind, _name, _id, source, *_rest in (
                    TranslationModuleReader(self.env.cr, modules=[name])
                )
            }
            chinese = {entry.msgid for entry in polib.pofile(str(folder / "zh_CN.po"))}
            template = {
                entry.msgid for entry in polib.pofile(str(folder / f"{name}.pot"))
            }
            with self.subTest(module=name):
                self.assertEqual(sorted(there - template), [], "dev/odoo i18n export")
                self.assertEqual(sorted(template - there), [])
                self.assertEqual(sorted(there - chinese), [])


@tagged("post_install", "-at_install")
class TestEvents(OnOneDay, BaseCase):
    """What follows an event is decided in the conductors, and written down in
    ARCHITECTURE.md.
    """

    def test_consequences_are_those_documented(self):
        """Nobody adds one by accident."""
        found = "\n".join(
            row
            for path in sorted(ADDON.glob("models/*/*events.py"))
            for row in self.rows(path)
        )
        _logger.info("Events and their consequences:\n%s", found)
        page = ADDON.parent / "ARCHITECTURE.md"
        if page.exists():  # it is not part of the installed addon
            documented = [
                line
                for line in page.read_text().splitlines()
                if re.match(r"\| `quality\.[\w.]+` \| `\w+` \|", line)
            ]
            self.assertEqual("\n".join(documented), found)

    def rows(self, path):
        for model in ast.parse(path.read_text()).body:
            if isinstance(model, ast.ClassDef):
                [name] = [
                    ast.literal_eval(line.value)
                    for line in model.body
                    if isinstance(line, ast.Assign) and line.targets[0].id == "_inherit"
                ]
                methods = [
                    method
                    for method in model.body
                    if isinstance(method, ast.FunctionDef)
                ]
                yield from (
                    f"| `{name}` | `{method.name}` | {self.steps(method)} |"
                    for method in methods
                )

    def steps(self, method):
        """Names of the methods called, in order; of `super()` its own."""
        calls = [
            node
            for node in ast.walk(method)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        calls.sort(key=lambda call: (call.func.end_lineno, call.func.end_col_offset))
        told = ("write", "create", "message_post", "activity_unlink")
        calls = [
            call
            for call in calls
            if call.func.attr in told
            or (call.func.attr.startswith("_") and call.func.attr != "_")
        ]
        names = dict.fromkeys(f"`{call.func.attr}{self.code(call)}`" for call in calls)
        return ", ".join(names) or "–"

    def code(self, call):
        """The milestone, type or step a call is about."""
        first = call.args[0] if call.args else None
        return (
            f"({first.value})"
            if isinstance(first, ast.Constant) and isinstance(first.value, str)
            else ""
        )
