"""Tables of a spreadsheet."""


def write_sheet(book, title, heads, rows, widths):
    """A sheet with a frozen, filtered heading.

    :param book: `xlsxwriter.Workbook`
    :param str title: cut to what a sheet may be called
    :param list heads: str
    :param list rows: sequences of str, number or something empty
    :param widths: of the columns, in characters
    """
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(title[:31])
    page.freeze_panes(1, 1)
    page.write_row(0, 0, heads, bold)
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(place, column, value, wrap)
            else:
                # never a formula, whatever a name begins with
                page.write_string(place, column, str(value or ""), wrap)
    page.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
