"""Requests nobody would send by hand: wrong types, sizes, encodings, tricks with paths,
files that are not what they say, scripts in every text.

`dev/fuzz.py` sends ten thousand of them to the demo, a test one thousand.
"""

import random

NASTY = (
    "",
    " ",
    "0",
    "-1",
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "٣",
    "½",
    "1" * 400,
    "9" * 20,
    "2147483648",
    "None",
    "null",
    "true",
    "[]",
    "{}",
    "'",
    '"',
    "');--",
    "' OR '1'='1",
    "%27%20OR%201=1",
    "%s%d%(x)s",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "\x00",
    "a\x00b",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "\u202egnp.exe",
    "\ufeff",
    "投诉" * 500,
    "x" * 30_000,
    "\r\nSet-Cookie: a=b",
    "a@b",
    "a@b.example\nBcc: c@d.example",
    "2026-13-45",
    "0001-01-01",
)
FILES = (
    ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(30)),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.html", b"<script>alert(1)</script>"),
    ("a.pdf", b"%PDF-1.4\n%%EOF"),
    ("a.exe", b"MZ" + bytes(60)),
    ("../../a.txt", b"text"),
    ("a.png\x00.html", b"<b>x</b>"),
    ("", b"x"),
    ("x" * 300 + ".png", b"\x89PNG\r\n\x1a\n"),
    ("a.zip", b"PK\x03\x04" + bytes(40)),
    ("empty.png", b""),
)
ANSWERS = ("accepted", "objected", "none", "partly", "refused")


def clean(path):
    """Without what Odoo itself answers with an error on any path."""
    return path.replace("\x00", "").replace("\n", "").replace("\r", "")


def requests_of(seed, count, ids, tokens):
    """
    :param int seed: the same one gives the same requests
    :param ids: numbers of complaints, letters, files … that exist
    :param tokens: of complaints and QR codes that exist
    :return: generator of (method, path, query, fields or None, files or None)
    """
    dice = random.Random(seed)

    def word():
        return dice.choice(NASTY)

    def number():
        return dice.choice([*ids, *ids, 0, -1, 10**9, 10**19, word()])

    def token():
        return dice.choice([*tokens, *tokens, word(), "x" * 36])

    def text():
        return dice.choice((word(), dice.choice(ANSWERS), str(number()), token()))

    def fields():
        names = (
            *("access_token", "text", "note", "answer", "code", "comment", "share"),
            *("score_speed", "recommends", "key", "company", "type_id", "defect_id"),
            *("complainant", "email", "phone", "product", "lot", "description"),
            *("customer_ref", "website", "search", "ref", "state", "user_id", "name"),
            *(f"quantity_{number()}", f"quantity_{word()[:30]}"),
        )
        return {name: text() for name in dice.sample(names, dice.randint(0, 12))}

    pages = (
        lambda: "/my/complaints",
        lambda: f"/my/complaints/page/{number()}",
        lambda: f"/my/complaints/{number()}",
        lambda: f"/my/complaints/{number()}/file/{number()}",
        lambda: f"/my/complaints/{number()}/return/{number()}",
        lambda: f"/my/complaints/{number()}/sign",
        lambda: f"/my/complaints/{number()}/sign/{number()}",
        lambda: "/my/complaints/new",
        lambda: "/complaint",
        lambda: "/complaint/new",
        lambda: f"/complaint/qr/{token()}",
        lambda: "/complaint/follow",
    )
    posts = (
        lambda: f"/my/complaints/{number()}/message",
        lambda: f"/my/complaints/{number()}/answer/{number()}",
        lambda: f"/my/complaints/{number()}/rating",
        lambda: f"/my/complaints/{number()}/code",
        lambda: f"/my/complaints/{number()}/signed/{number()}",
        lambda: "/my/complaints/new",
        lambda: "/complaint/new",
        lambda: f"/complaint/qr/{token()}",
        lambda: "/complaint/follow",
    )
    for _n in range(count):
        if dice.random() < 0.5:
            path = clean(dice.choice(pages)())
            query = dice.choice(
                (
                    {},
                    {"access_token": token()},
                    {"search": text(), "filterby": text(), "sortby": text()},
                    {"said": text(), "access_token": token()},
                    {"ref": text(), "email": text(), "company": text()},
                )
            )
            yield "GET", path, query, None, None
        else:
            files = (
                [("files", dice.choice(FILES)) for _file in range(dice.randint(1, 3))]
                if dice.random() < 0.3
                else None
            )
            path = clean(dice.choice(posts)())
            yield "POST", path, {}, fields(), files
