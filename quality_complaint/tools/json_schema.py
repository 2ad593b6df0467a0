"""Checks a value against a JSON Schema (draft 2020-12), as far as our own schemas use
it: no package for it is needed to import a file.
"""

import math
import re
from datetime import date, datetime

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


class SchemaError(ValueError):
    """What does not fit: `path` (`d3.locations[0].suspect`), `keyword` of the schema,
    what it `expected`.
    """

    def __init__(self, path, keyword, expected=None):
        super().__init__(f"{path}: {keyword} {expected}")
        self.path, self.keyword, self.expected = path, keyword, expected


def check_schema(value, schema, root=None, path=""):
    """
    :param value: of `json.loads`
    :param dict schema: with the keywords type, enum, const, properties, required,
        additionalProperties, items, maxItems, minLength, maxLength,
        minimum, maximum, format (date, date-time), anyOf and $ref to `#/$defs/…`
    :raise SchemaError: the first thing that does not fit
    """
    root = root or schema
    if "$ref" in schema:
        return check_schema(
            value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path
        )
    if "anyOf" in schema:
        return _check_any(value, schema["anyOf"], root, path)
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(_is_type(value, name) for name in wanted):
        raise SchemaError(path, "type", ", ".join(wanted))
    if "const" in schema and value != schema["const"]:
        raise SchemaError(path, "const", schema["const"])
    if "enum" in schema and value not in schema["enum"]:
        raise SchemaError(
            path, "enum", ", ".join(str(option) for option in schema["enum"])
        )
    for kind, check in (
        (dict, _check_object),
        (list, _check_array),
        (str, _check_string),
    ):
        if isinstance(value, kind):
            return check(value, schema, root, path)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_number(value, schema, path)
    return None


def _check_any(value, schemas, root, path):
    """The last one is what the value should have been when none fits: an object that
    may be null says what is wrong in it.
    """
    for schema in schemas[:-1]:
        try:
            return check_schema(value, schema, root, path)
        except SchemaError:
            continue
    return check_schema(value, schemas[-1], root, path)


def _is_type(value, name):
    if name in TYPES:
        return isinstance(value, TYPES[name])
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and (name == "number" or isinstance(value, int) or value.is_integer())


def _check_object(value, schema, root, path):
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            raise SchemaError(_below(path, name), "required")
    for name, part in value.items():
        if name in properties:
            check_schema(part, properties[name], root, _below(path, name))
        elif schema.get("additionalProperties") is False:
            raise SchemaError(_below(path, name), "additionalProperties")


def _check_array(value, schema, root, path):
    if len(value) > schema.get("maxItems", math.inf):
        raise SchemaError(path, "maxItems", schema["maxItems"])
    for number, part in enumerate(value):
        check_schema(part, schema.get("items", {}), root, f"{path}[{number}]")


def _check_string(value, schema, root, path):
    if len(value) > schema.get("maxLength", math.inf):
        raise SchemaError(path, "maxLength", schema["maxLength"])
    if len(value.strip()) < schema.get("minLength", 0):
        raise SchemaError(path, "minLength", schema["minLength"])
    # what no database stores
    if re.search("[\x00\ud800-\udfff]", value):
        raise SchemaError(path, "characters")
    wanted = schema.get("format")
    try:
        if wanted == "date":
            if len(value) != len("2026-01-31"):
                raise ValueError
            date.fromisoformat(value)
        elif wanted == "date-time":
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise SchemaError(path, "format", wanted) from error


def _check_number(value, schema, path):
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaError(path, "type", "number")
    if value < schema.get("minimum", -math.inf):
        raise SchemaError(path, "minimum", schema["minimum"])
    if value > schema.get("maximum", math.inf):
        raise SchemaError(path, "maximum", schema["maximum"])


def _below(path, name):
    return f"{path}.{name}" if path else str(name)
