"""PDF files and photos of a case file: made printable, numbered and put together."""

import re
import struct
import unicodedata
import zlib
from importlib import import_module
from io import BytesIO

from PIL import Image, ImageOps

from odoo.tools.pdf import DependencyError, PdfReader, PdfWriter, errors, generic

# the library Odoo works with: pypdf or PyPDF2
pypdf = import_module(generic.__name__.split(".")[0])

# what libraries raise on files that are broken or made to harm
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    DependencyError,
    errors.PyPdfError,
    Image.DecompressionBombError,
)
# long side of a printed photo in pixels: about 200 dots per inch on A4
PHOTO_SIZE = 1600
PHOTO_QUALITY = 82


def is_pdf(raw):
    """:param bytes raw: content of a file"""
    return b"%PDF-" in raw[:1024]


def printable_pdf(raw):
    """The pages of a PDF file, upright, so that nothing can go wrong with them later.

    :param bytes raw: content of a file from outside
    :return: bytes of a new PDF, or None when it is broken, empty or locked by a
        password
    """
    try:
        reader = PdfReader(BytesIO(raw), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        writer = PdfWriter()
        nothing = pypdf.PageObject.create_blank_page(width=1, height=1)
        for source in reader.pages:
            page = writer.add_page(source)
            if page.get("/Rotate", 0) % 360 and hasattr(
                page, "transfer_rotation_to_content"
            ):
                page.transfer_rotation_to_content()
            page.merge_page(nothing)  # reads the content as the stamping will
        return _written(writer) if len(writer.pages) else None
    except BROKEN:
        return None


def printable_photo(raw):
    """A picture as a JPEG of moderate size, turned as the camera was held, on white.

    :param bytes raw: content of a file from outside
    :return: bytes, or None when it is no picture that can be read
    """
    try:
        with Image.open(BytesIO(raw)) as picture:
            picture.draft(
                "RGB", (2 * PHOTO_SIZE, 2 * PHOTO_SIZE)
            )  # reads a big JPEG at a fraction of its size
            photo = ImageOps.exif_transpose(picture)
        photo.thumbnail((PHOTO_SIZE, PHOTO_SIZE))
        if photo.mode in ("RGBA", "LA", "PA") or "transparency" in photo.info:
            photo = photo.convert("RGBA")
            paper = Image.new("RGBA", photo.size, "white")
            photo = Image.alpha_composite(paper, photo)
        stream = BytesIO()
        photo.convert("RGB").save(stream, "JPEG", quality=PHOTO_QUALITY)
        return stream.getvalue()
    except BROKEN:
        return None


def page_count(pdf):
    """:param bytes pdf: a PDF made here"""
    return len(PdfReader(BytesIO(pdf), strict=False).pages)


def pages_of(reader, start, end):
    """:return: bytes of a PDF with the pages from index `start` to before `end` of a
    `PdfReader`
    """
    writer = PdfWriter()
    for page in reader.pages[start:end]:
        writer.add_page(page)
    return _written(writer)


def stamped(pdf, stamps, first):
    """Put a stamp into the upper right corner of every page.

    :param bytes pdf: a PDF made here
    :param bytes stamps: a PDF with one page for each page of the case file, its text in
        the upper right corner
    :param int first: index of the stamp for the first page
    :return: bytes of a new PDF
    """
    writer = PdfWriter()
    stamp_pages = PdfReader(BytesIO(stamps)).pages
    for number, source in enumerate(PdfReader(BytesIO(pdf), strict=False).pages):
        page, stamp = writer.add_page(source), stamp_pages[first + number]
        corner = pypdf.Transformation().translate(
            page.cropbox.right - stamp.mediabox.right,
            page.cropbox.top - stamp.mediabox.top,
        )
        page.merge_transformed_page(stamp, corner)
    return _written(writer)


def merged(parts):
    """One PDF with a bookmark for each part and, below it, for each of its entries.

    :param parts: list of (title, bytes of a PDF, list of (title of an entry, index of
        its page in the part))
    :return: bytes
    """
    writer = PdfWriter()
    for title, pdf, entries in parts:
        first = len(writer.pages)
        for page in PdfReader(BytesIO(pdf), strict=False).pages:
            writer.add_page(page)
        bookmark = writer.add_outline_item(title, first)
        for entry, page in entries:
            writer.add_outline_item(entry, first + page, parent=bookmark)
    return _written(writer)


def safe_name(name, taken=()):
    """A name any file system takes, not longer than 100 characters, and none of those
    taken.

    :param str name: with or without an extension
    :param taken: names in use, in lower case
    """
    name = unicodedata.normalize("NFC", name or "")
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", name).strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 8:
        stem, dot, extension = name, "", ""
    stem = stem[:90]
    name, number = stem + dot + extension, 2
    while name.lower() in taken:
        name, number = f"{stem} ({number}){dot}{extension}", number + 1
    return name


def _written(writer):
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()
