"""Tables of a spreadsheet."""

from datetime import datetime

from odoo import fields


def shown(record, name):
    """What a field says on the screen: names, words of a selection, the reader's time.

    :return: str, number, `datetime` without a zone, or something empty
    """
    field, value = record._fields[name], record[name]
    if field.relational:
        # sudo: names, as the screen shows them
        return ", ".join(value.sudo().mapped("display_name"))
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value, "")
    if field.type == "boolean":
        return record.env._("Yes") if value else ""
    if field.type == "datetime" and value:
        return fields.Datetime.context_timestamp(record, value).replace(tzinfo=None)
    return value


def write_sheet(book, title, heads, rows, widths):
    """A sheet with a frozen, filtered heading.

    :param book: `xlsxwriter.Workbook`
    :param str title: cut to what a sheet may be called
    :param list heads: str
    :param list rows: sequences of str, number, `datetime` or something empty
    :param widths: of the columns, in characters
    """
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    page = book.add_worksheet(title[:31])
    page.freeze_panes(1, 1)
    page.write_row(0, 0, heads, bold)
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(place, column, value, wrap)
            elif isinstance(value, datetime):
                page.write_datetime(place, column, value, moment)
            else:
                # never a formula, whatever a name begins with
                page.write_string(place, column, str(value or ""), wrap)
    page.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
