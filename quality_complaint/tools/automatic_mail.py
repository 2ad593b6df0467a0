"""Mails that no person wrote, by their headers and subject.

Sources: RFC 3834 (Auto-Submitted), Microsoft's [MS-OXCMAIL] (X-Auto-Response-Suppress),
and what mail programs and QQ, 163 and Exchange write in practice.
"""

import re

from .returned_mail import is_returned

# answers of a machine to a mail of ours, by headers of programs
REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From")
REPLY_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|回复|答复)\s*[:：]\s*)*[\[【（(]?"
    r"(?:(?:auto(?:matic)?[ -]?repl(?:y|ied)|autosvar|automatische antwort"
    r"|r[ée]ponse automatique|respuesta autom[áa]tica)\b"
    r"|out of (?:the )?office|i am out of|abwesen(?:d|heit)|absence"
    r"|on (?:annual )?leave\b"
    r"|(?:假期|休假)?(?:自动回复|自动答复|自動回覆)|休假|外出|不在办公室)"
    r"|[\[【（(](?:假期|休假)?(?:自动回复|自动答复|自動回覆)[\]】）)]\s*$",
    re.IGNORECASE,
)


def automatic(message):
    """Whether a machine wrote a mail.

    :param message: `email.message.EmailMessage`
    :return: `reply` (to a mail of ours: out of office, returned), `machine` (a
        program's own mail: an ERP, a newsletter), or an empty text for a person's
    """
    submitted = str(message.get("Auto-Submitted") or "").strip().lower()
    if (
        submitted.startswith("auto-replied")
        or any(message.get(name) for name in REPLY_HEADERS)
        or REPLY_SUBJECT.search(str(message.get("Subject") or ""))
        or is_returned(message)
    ):
        return "reply"
    precedence = str(message.get("Precedence") or "").strip().lower()
    if precedence == "auto_reply":
        return "reply"
    if (
        (submitted and submitted != "no")
        or precedence in ("bulk", "junk", "list")
        or message.get("List-Unsubscribe")
    ):
        return "machine"
    return ""
