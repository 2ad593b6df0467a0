"""What a mail server says of a letter of ours: lost, late, read.

Sources: RFC 3464 (delivery status), RFC 8098 (read receipts). The servers of QQ, 163
and some others return a letter with a text alone (退信).
"""

import re

from odoo.tools import email_normalize

SERVER = re.compile(r"\b(?:postmaster|mailer-daemon|mail-daemon)@", re.IGNORECASE)
RETURNED = re.compile(
    r"退信|退回|无法投递|投递失败|未送达|无法送达"
    r"|undeliver|returned|failure notice|mail delivery"
    r"|deliver\w* (?:status|failure|failed|has failed)",
    re.IGNORECASE,
)
LATE = re.compile(r"\bdelayed\b|\bdelay\b|\bwarning\b|延迟|延时|重试", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
MOST_FOUND = 50
MOST_TEXT = 100_000


def is_returned(message):
    """Whether a mail server sends a letter back, by sender and subject.

    :param message: `email.message.EmailMessage`
    """
    return bool(
        SERVER.search(str(message.get("From") or ""))
        and RETURNED.search(str(message.get("Subject") or ""))
    )


def undelivered(message):
    """Which addresses a letter did not reach.

    :param message: `email.message.EmailMessage` of a mail server
    :return: normalized addresses, empty when it is not said which; None when the
        letter is not lost: it was read, is late, or was passed on
    """
    if message.get_param("report-type") == "disposition-notification":
        return None
    actions, failed = set(), []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            action = str(block.get("Action") or "").strip().lower()
            actions.add(action)
            if action == "failed":
                said = block.get("Original-Recipient") or block.get("Final-Recipient")
                failed.append(email_normalize(str(said or "").partition(";")[2]))
    actions.discard("")
    if actions:
        return list(filter(None, failed)) if "failed" in actions else None
    return None if LATE.search(str(message.get("Subject") or "")) else []


def quoted(message):
    """What is quoted of the letter that came back.

    :param message: `email.message.EmailMessage`
    :return: (text, references, normalized addresses)
    """
    said = []
    for part in message.walk():
        said += [
            str(part.get(name) or "")
            for name in ("Message-Id", "In-Reply-To", "References", "To", "Subject")
        ]
        name = (part.get_filename() or "").lower()
        if part.is_multipart():
            continue
        if part.get_content_maintype() == "text" or name.endswith(".eml"):
            content = part.get_payload(decode=True) or b""
            charset = part.get_content_charset() or "utf-8"
            try:
                said.append(content[:MOST_TEXT].decode(charset, "replace"))
            except LookupError:  # a charset nobody knows
                said.append(content[:MOST_TEXT].decode("utf-8", "replace"))
    text = "\n".join(said)[:MOST_TEXT]
    addresses = map(email_normalize, ADDRESS.findall(text))
    return (
        text,
        list(dict.fromkeys(MESSAGE_ID.findall(text)))[:MOST_FOUND],
        list(dict.fromkeys(filter(None, addresses)))[:MOST_FOUND],
    )
