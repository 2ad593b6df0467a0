"""Keeps a printed document from fetching anything from the network: a letter must not
tell anybody that, when and where it is printed.
"""

import re
from urllib.parse import urlsplit

from lxml import html

# attributes that something is fetched from
SOURCES = (
    "src",
    "srcset",
    "href",
    "xlink:href",
    "{http://www.w3.org/1999/xlink}href",
    "data",
    "poster",
    "background",
)
# elements that fetch what a printed page does not need; of the others the attribute
# goes
FETCHING = {
    "img",
    "image",
    "source",
    "iframe",
    "object",
    "embed",
    "video",
    "audio",
    "link",
    "input",
    "use",
}
REMOTE_CSS = re.compile(
    r"url\(\s*[\"']?\s*([^)\"']*)[\"']?\s*\)|@import\s+[\"']([^\"']*)[\"']",
    re.IGNORECASE,
)


def without_remote(page, own=()):
    """A page without what lies elsewhere; what an image was called is left in its
    place.

    :param page: HTML, text or UTF-8 bytes
    :param own: addresses of this server, which may be fetched from
    :return: str
    """
    text = page.decode() if isinstance(page, bytes) else str(page)
    hosts = {urlsplit(address).netloc for address in own} - {""}
    root = (
        html.fromstring(text, parser=html.HTMLParser(encoding="utf-8"))
        if text.strip()
        else None
    )
    if root is None:
        return text

    def css(match):
        address = match.group(1) or match.group(2) or ""
        return "none" if _is_remote(address, hosts) else match.group(0)

    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.get("style"):
            element.set("style", REMOTE_CSS.sub(css, element.get("style")))
        if element.tag == "style" and element.text:
            element.text = REMOTE_CSS.sub(css, element.text)
        for name in SOURCES:
            value = element.get(name)
            parts = value.split(",") if name == "srcset" and value else [value]
            if not value or not any(_is_remote(part, hosts) for part in parts):
                continue
            if element.tag in FETCHING:
                _replace(element, element.get("alt") or "")
                break
            if name != "href":  # where a link leads is not fetched
                del element.attrib[name]
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _is_remote(address, hosts):
    """Everything but a picture in the page itself and what this server gives."""
    address = re.sub(r"[\s\\]+", "", address.replace("\\", "/"))
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    if parts.scheme in ("http", "https", "") and parts.netloc:
        return parts.netloc not in hosts
    return parts.scheme not in ("", "data", "cid")


def _replace(element, text):
    parent = element.getparent()
    if parent is None:
        return
    element.tail = text + (element.tail or "")
    element.drop_tree()
