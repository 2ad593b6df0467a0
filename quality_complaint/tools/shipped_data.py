"""What the data files and translations of the addons say about records that updates
leave alone (`noupdate`).
"""

import csv
import json
from pathlib import Path

from lxml import etree

from odoo.fields import Command
from odoo.modules import Manifest
from odoo.tools import str2bool
from odoo.tools.misc import file_open, file_path
from odoo.tools.safe_eval import safe_eval
from odoo.tools.translate import translation_file_reader

PREFIX = "quality_complaint"


def read_shipped(env):
    """What a new database would have in the noupdate records of the addon and its
    installed bridges.

    Values are plain and without ids, so that they can be kept in a file and compared
    with another version's: references are external ids, those of
    many are sorted lists, rows of a one2many are dicts.

    :return: {external id: {"model": name, "values": {field: value}, "texts": {language:
        {field: text}}}}
    """
    # the tables say which modules are there; the registry knows none of them while the
    # addon itself is loaded
    env.cr.execute(
        "SELECT name FROM ir_module_module WHERE name LIKE %s AND state IN "
        "('installed', 'to upgrade')",
        [f"{PREFIX}%"],
    )
    shipped = {}
    for module in sorted(name for (name,) in env.cr.fetchall()):
        manifest = Manifest.for_addon(module)
        if not manifest:
            continue
        for filename in manifest["data"]:
            if filename.endswith(".xml"):
                _read_file(env, module, filename, shipped)
            elif filename.startswith("data/"):
                _read_table(env, module, filename, shipped)
        _read_translations(env, module, shipped)
    return shipped


def _read_file(env, module, filename, shipped):
    with file_open(f"{module}/{filename}", "rb") as file:
        root = etree.parse(file).getroot()
    for row in root.iter("record"):
        holder = next(
            (parent for parent in row.iterancestors() if parent.get("noupdate")), None
        )
        if (
            holder is None
            or not str2bool(holder.get("noupdate"))
            or row.get("model") not in env
        ):
            continue
        model = env[row.get("model")]
        values = {
            field.get("name"): _value(
                model._fields[field.get("name")], field, module, env
            )
            for field in row.iterchildren("field")
            if field.get("name") in model._fields
            and model._fields[field.get("name")].store
        }
        shipped[_qualified(row.get("id"), module)] = {
            "model": model._name,
            "values": values,
            "texts": {},
        }


def _read_table(env, module, filename, shipped):
    """A table of words, of plain values only; it is named after its model."""
    model = env[Path(filename).stem]
    with file_open(f"{module}/{filename}") as file:
        for row in csv.DictReader(file):
            name = _qualified(row.pop("id"), module)
            shipped[name] = {
                "model": model._name,
                "values": {key: value for key, value in row.items() if value},
                "texts": {},
            }


def _qualified(name, module):
    return name if "." in name else f"{module}.{name}"


def _value(field, node, module, env):
    if node.get("ref"):
        return _qualified(node.get("ref"), module)
    if node.get("eval"):
        value = safe_eval(
            node.get("eval"),
            {"ref": lambda name: _qualified(name, module), "Command": Command},
        )
    elif node.get("type") == "html":
        value = "".join(
            etree.tostring(child, method="html", encoding="unicode") for child in node
        )
    else:
        value = node.text or ""
    if field.type == "many2many":
        return _linked(value)
    if field.type == "one2many":
        return [command[2] for command in value if command[0] == Command.CREATE]
    if field.type in ("integer", "float", "monetary"):
        return float(value or 0)
    if field.type == "boolean":
        return str2bool(value) if isinstance(value, str) else bool(value)
    if field.type == "html":
        return str(field.convert_to_cache(value, env[field.model_name], validate=True))
    return value or False


def _linked(commands):
    """:return: sorted external ids that commands of a many2many leave linked"""
    linked = set()
    for command, target, names in (
        tuple(command) + (0,) * (3 - len(command)) for command in commands
    ):
        if command == Command.SET:
            linked = set(names)
        elif command == Command.LINK:
            linked.add(target)
        elif command == Command.CLEAR:
            linked = set()
    return sorted(linked)


def _read_translations(env, module, shipped):
    for path in sorted(Path(file_path(module)).glob("i18n/*.po")):
        terms = {}
        with file_open(f"{module}/i18n/{path.name}", "rb") as file:
            for row in translation_file_reader(file, "po"):
                name = f"{row['module']}.{row.get('imd_name')}"
                if name not in shipped or not row.get("value"):
                    continue
                field = row["name"].split(",")[1]
                if row["type"] == "model":
                    shipped[name]["texts"].setdefault(path.stem, {})[field] = row[
                        "value"
                    ]
                elif row["type"] == "model_terms":
                    terms.setdefault((name, field), {})[row["src"]] = row["value"]
        for (name, field), words in terms.items():
            record = shipped[name]
            translate = env[record["model"]]._fields[field].translate
            record["texts"].setdefault(path.stem, {})[field] = str(
                translate(words.get, record["values"][field])
            )


def write_snapshot(shipped, path, head):
    """Keep what a version shipped in a file, a record on a line.

    :param str head: says how the file was made
    """
    lines = [
        json.dumps({"id": name, **record}, ensure_ascii=False, sort_keys=True)
        for name, record in sorted(shipped.items())
    ]
    Path(path).write_text("\n".join([f"# {head}", *lines, ""]), encoding="utf-8")


def read_snapshot(path):
    """:return: as of `read_shipped`"""
    records = [
        json.loads(line)
        for line in Path(path).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return {record.pop("id"): record for record in records}
