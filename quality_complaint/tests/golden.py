"""What printed forms looked like when somebody last looked at them as pages."""

import os
import re
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).parent / "forms" / "golden"


def assert_golden(case, form, pages):
    """The text of a form, page by page and line by line, is that of the pages kept in
    `forms/golden`; figures count as one sign each, they are tested where they come
    from. `QC_GOLDEN=write` keeps the pages of this run: look at them as a PDF first.

    :param str form: name of the file, without its ending
    :param list pages: text of each page as pypdf extracts it
    """
    text = "\f\n".join(
        "".join(f"{line}\n" for line in map(_line, page.splitlines()) if line)
        for page in pages
    )
    path = FOLDER / f"{form}.txt"
    if os.environ.get("QC_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    case.maxDiff = None
    case.assertEqual(text, path.read_text(encoding="utf-8"))


def _line(text):
    """A line without blanks, which come and go, every figure as #."""
    return re.sub(r"\d+", "#", "".join(unicodedata.normalize("NFKC", text).split()))
