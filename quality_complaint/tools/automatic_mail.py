"""Mails that no person wrote, by their headers and subject.

Sources: RFC 3834 (Auto-Submitted), Microsoft's [MS-OXCMAIL] (X-Auto-Response-Suppress),
and what mail programs and QQ, 163 and Exchange write in practice.
"""

import re
from email.utils import parseaddr

from .returned_mail import is_returned

# answers of a machine to a mail of ours, by headers of programs
REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From")
REPLY_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|回复|答复)\s*[:：]\s*)*[\[【（(]?"
    r"(?:(?:auto(?:matic)?[ -]?repl(?:y|ied)|autosvar|automatische antwort"
    r"|r[ée]ponse automatique|r[ée]pondeur automatique|respuesta autom[áa]tica"
    r")\b|auto\s*[:：]"
    r"|out of (?:the )?office|i am out of|abwesen(?:d|heit)|absence"
    r"|on (?:annual )?leave\b|(?:read|gelesen|lu|le[íi]do|已读)\s*[:：]"
    r"|不在のお知らせ|自動返信"
    r"|(?:假期|休假)?(?:自动回复|自动答复|自動回覆)|休假|外出|不在办公室)"
    r"|[\[【（(](?:假期|休假)?(?:自动回复|自动答复|自動回覆|不在办公室)[\]】）)]\s*$"
    r"|\bis out of the office\b|\bau(?:ß|ss)er haus\b",
    re.IGNORECASE,
)
# of programs that send to many
MASS_HEADERS = (
    *("List-Unsubscribe", "List-Id", "Feedback-ID", "X-SES-Outgoing", "X-MSFBL"),
    *("X-SG-EID", "X-Campaign"),
)
# nobody reads what is sent there
NOBODY = re.compile(
    r"(?:^|[\w.+-]*[._+-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|no[._-]?responder"
    r"|notifications?|alerts?|root|cron|daemon)(?:[._+-][\w.+-]*)?@",
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
        or any(message.get(name) for name in MASS_HEADERS)
        or NOBODY.match(parseaddr(str(message.get("From") or ""))[1])
        or _is_invitation(message)
    ):
        return "machine"
    return ""


def _is_invitation(message):
    """Whether it is of a calendar: an invitation, an answer to one, a cancellation."""
    return any(part.get_content_type() == "text/calendar" for part in message.walk())
