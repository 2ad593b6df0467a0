"""A table in a spreadsheet somebody hands in."""

from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

# how days are written where the cell is a text
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M")


def read_table(raw, most_rows):
    """The first sheet of a workbook, without empty rows.

    :param bytes raw: .xlsx
    :param int most_rows: rows read below the heading
    :return: (headings as str, list of (number of the row, list of values), whether
        there are more rows)
    :raise ValueError: it is no such workbook
    """
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        heads = [written(value) for value in next(rows, ())]
        found, more = [], False
        for number, row in enumerate(rows, 2):
            values = [clean(value) for value in row[: len(heads)]]
            if not any(value not in (None, "") for value in values):
                continue
            if len(found) == most_rows:
                more = True
                break
            found.append((number, values + [None] * (len(heads) - len(values))))
    except (
        BadZipFile, InvalidFileException, KeyError, IndexError, OSError, TypeError,
        EOFError,
    ) as error:  # fmt: skip
        raise ValueError(str(error)) from error
    return heads, found, more


def clean(value):
    """A value without blanks around it; an empty text is None."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip() or None
    return value


def written(value):
    """A value as a text, as a person would write it: 3.0 is 3."""
    value = clean(value)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def moment_of(value):
    """A day or moment of a cell.

    :return: datetime, or date where no time is said; None for an empty cell
    :raise ValueError: it is neither
    """
    if value is None or isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, datetime):
        return value if value.time() != datetime.min.time() else value.date()
    text = written(value)
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    for form in MOMENTS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


def number_of(value):
    """A number of a cell, also one written with separators of thousands.

    :raise ValueError: it is none
    """
    if isinstance(value, bool):
        value = str(value)
    if value is None or isinstance(value, int | float):
        return value
    return float(written(value).replace(",", "").replace(" ", ""))
