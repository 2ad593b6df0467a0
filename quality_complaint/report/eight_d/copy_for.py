"""For whom an 8D report is printed, and what it may say then: one report serves several
customers, each gets a copy that names no other.
"""

import re

from markupsafe import Markup, escape

# what is left out when somebody writes a company's name by hand
LEGAL_FORM = re.compile(
    r"[,\s]*(?:gmbh(?: & co\.? kg)?|co\.?,? ?ltd\.?|ltd\.?|limited|inc\.?|corp\.?|llc|plc|ag|kg|s\.?a\.?|b\.?v\.?|s\.?r\.?l\.?"  # noqa: E501
    r"|股份有限公司|有限责任公司|有限公司|公司)$",
    re.IGNORECASE,
)
# shorter ones would hit ordinary words
SHORTEST_NAME = 3
SHORTEST_CHINESE_NAME = 2
SHORTEST_NUMBER = 4
TAGS = re.compile(r"(<[^>]*>)")


class EightDCopy:
    """One printed copy.

    :param report: `quality.8d`, in superuser mode and in the language of the form
    :param issue: `quality.8d.issue`, empty for a working copy
    """

    def __init__(self, report, issue):
        self.report, self.issue = report, issue
        self.complaint = issue.complaint_id.with_env(report.env)
        self.stage = issue.stage or "final"
        self.covered = report._covered_complaints()
        # our own copy names everybody
        self.complaints = self.complaint or self.covered
        self._kept = self._own_words()
        own = {word.casefold() for word in self._kept}
        self._hidden = (
            {word for word in self._other_words() if word.casefold() not in own}
            if self.for_customer
            else set()
        )

    @property
    def for_customer(self):
        return bool(self.complaint)

    @property
    def shared_with_others(self):
        """Whether it goes to one of several customers of the report."""
        return self.for_customer and len(self.covered.commercial_partner_id) > 1

    def masked(self, content, other):
        """A page without the names and numbers of other customers: the last net below
        what is left out on purpose.

        :param Markup content: HTML
        :param str other: what stands instead
        """
        if not self._hidden:
            return content
        parts = TAGS.split(str(content))
        parts[::2] = [
            self._reworded(text, str(escape(other)), escape) for text in parts[::2]
        ]
        return Markup("").join(Markup(part) for part in parts)

    def reworded(self, text, other):
        """:return: a plain text, as `masked`"""
        return self._reworded(text or "", other, str)

    def _reworded(self, text, other, written):
        """
        :param written: function(str), how a word is written in the text
        """
        if not self._hidden:
            return text
        secret = {str(written(word)).casefold() for word in self._hidden}
        # the longest first: the own name where it contains another one
        words = sorted({*self._kept, *self._hidden}, key=len, reverse=True)
        pattern = re.compile(
            "|".join(self._pattern(str(written(word))) for word in words), re.IGNORECASE
        )
        return pattern.sub(
            lambda match: other if match[0].casefold() in secret else match[0], text
        )

    @staticmethod
    def _pattern(word):
        """Whole words in Latin script, anything in Chinese."""
        start = r"(?<![^\W_])" if word[0].isascii() else ""
        end = r"(?![^\W_])" if word[-1].isascii() else ""
        return start + re.escape(word) + end

    def _words(self, complaints):
        """Names and numbers by which customers are known."""
        partners = complaints.commercial_partner_id | complaints.partner_id
        names = {
            name.strip()
            for name in (*partners.mapped("name"), *complaints.mapped("complainant"))
            if name
        }
        names |= {LEGAL_FORM.sub("", name).strip() for name in names}
        names = {
            name
            for name in names
            if len(name) >= (SHORTEST_NAME if name.isascii() else SHORTEST_CHINESE_NAME)
        }
        numbers = {
            number.strip()
            for number in (
                *complaints.mapped("name"),
                *complaints.mapped("customer_ref"),
            )
            if number
        }
        return names | {number for number in numbers if len(number) >= SHORTEST_NUMBER}

    def _own_words(self):
        return self._words(self.complaint) | {
            self.report.company_id.name,
            self.report.name,
        }

    def _other_words(self):
        customer = self.complaint.commercial_partner_id
        return self._words(
            (self.covered - self.complaint).filtered(
                lambda other: not customer or other.commercial_partner_id != customer
            )
        )

    # === what a copy shows ===

    def actions(self, *kinds):
        """Actions of these kinds that were not given up; a customer is not told what is
        done for another one's complaint.
        """
        shown = self.report.action_ids.filtered(
            lambda action: action.kind in kinds and action.state != "cancelled"
        ).sorted("id")
        if self.for_customer:
            shown = shown.filtered(
                lambda action: (
                    not action.complaint_id or action.complaint_id == self.complaint
                )
            )
        return shown

    def containment(self):
        """Suspect goods by place; of what lies at customers, a customer's copy shows
        their own only.

        :return: list of dict: place (record to take the term from), note, product, lot,
            suspect, checked, good, bad, used, missing (floats), unit, method,
            owner, date
        """
        rows = self.report.containment_ids
        if not self.for_customer:
            return [
                self._containment_row(
                    row, ", ".join(filter(None, (row.partner_id.name, row.note)))
                )
                for row in rows
            ]
        own = self.complaint.commercial_partner_id
        # a row that names no customer may be about any of them
        others = rows.filtered(
            lambda row: (
                row.partner_id.commercial_partner_id != own
                if row.partner_id
                else row.place == "customer" and self.shared_with_others
            )
        )
        # on its way it goes to a customer as well
        return [
            self._containment_row(
                row, "" if row.place in ("customer", "transit") else row.note
            )
            for row in rows - others
        ]

    @staticmethod
    def _containment_row(row, note):
        return {
            "place": row,
            "note": note or "",
            "product": row.product_id.display_name or "",
            "lot": row.lot_id.name or "",
            "suspect": row.suspect_quantity,
            "checked": row.checked_quantity,
            "good": row.good_quantity,
            "bad": row.bad_quantity,
            "used": row.used_quantity,
            "missing": row.missing_quantity,
            "unit": row.product_uom_id.name or "",
            "method": row.method or "",
            "owner": row.user_id.name or "",
            "date": row.done_on,
        }

    def accepted(self, step):
        """:return: (date or False, by whom) a step was accepted, in a customer's copy
        by himself
        """
        if not self.shared_with_others:
            return step.accepted_on, step.accepted_by
        return self._answer(
            {
                "D0": "d3",
                "D1": "d3",
                "D2": "d3",
                "D3": "d3",
                "D4": "d5",
                "D5": "d5",
            }.get(step.code, "final")
        )

    def finally_accepted(self):
        """:return: as `accepted`, of the whole report"""
        if not self.shared_with_others:
            return self.report.customer_accepted_on, self.report.customer_accepted_by
        return self._answer("final")

    def _answer(self, stage):
        replies = self.report.issue_ids.filtered(
            lambda issue: issue.stage == stage and issue.complaint_id == self.complaint
        ).reply_id
        reply = replies.filtered(lambda reply: reply.answer == "accepted").sorted(
            "answered_on"
        )[-1:]
        return (
            reply.answered_on and reply.answered_on.date(),
            reply.answered_by or reply.recipient_id.name,
        )

    def revisions(self):
        """Issues up to this one, newest last; a customer sees those he got.

        :return: list of `quality.8d.issue`, one or more of a revision
        """
        issues = self.report.issue_ids
        if self.for_customer:
            issues = issues.filtered(lambda issue: issue.complaint_id == self.complaint)
        return list(issues.grouped("revision").values())[::-1]
