"""What letters say: only what was found, decided, done or agreed, and of that only what
is meant for the customer.
"""

from functools import reduce

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date, format_list, formatLang, html2plaintext

from ..remedy.remedy import CREDIT_KINDS

# of remedies: promised to the customer
TOLD_STATES = ("approved", "executing", "done")
# of an offer: what is still planned is what is offered
OFFERED_STATES = ("draft", "to_approve", *TOLD_STATES)


def _joined(env, facts):
    """Facts in a row, with the marks of the language between them."""
    return reduce(
        lambda text, fact: env._("%(facts)s; %(fact)s", facts=text, fact=fact), facts
    )


class QualityComplaintInvestigation(models.Model):
    _inherit = "quality.complaint.investigation"

    tell_customer = fields.Boolean(
        "Tell the Customer",
        copy=False,
        help=(
            "Letters to the customer, or to an authority, contain this finding. "
            "Without the mark it stays inside."
        ),
    )


class QualityComplaintAction(models.Model):
    _inherit = "quality.complaint.action"

    tell_customer = fields.Boolean(
        "Tell the Customer",
        copy=False,
        help="Letters to the customer, or to an authority, name this corrective or "
        "preventive action with its status and date. "
        "Without the mark it stays inside.",
    )

    def _in_letter_words(self):
        """`Furnace control replaced: done on May 5, 2026, effective from lot L0050`;
        what was done as evidence stays inside.
        """
        self.ensure_one()
        parts = []
        if self.state == "open":
            due = self.due_on and self._letter_day(self.due_on)
            parts.append(
                self.env._("planned, to be done by %s", due)
                if due
                else self.env._("planned")
            )
        else:
            parts.append(self.env._("done on %s", self._letter_day(self.done_on)))
        if self.state == "effective":
            parts.append(
                self.env._(
                    "its effect verified on %s", self._letter_day(self.verified_on)
                )
            )
        if self.cut_in_lot_id:
            parts.append(
                self.env._("in force from lot %s", self.sudo().cut_in_lot_id.name)
            )  # sudo: the number of the lot
        if self.cut_in_on:
            future = self.cut_in_on > fields.Date.context_today(self)
            day = format_date(self.env, self.cut_in_on, date_format="long")
            parts.append(
                self.env._("in production from %s", day)
                if future
                else self.env._("in production since %s", day)
            )
        return self.env._(
            "%(action)s: %(facts)s", action=self.name, facts=_joined(self.env, parts)
        )

    def _letter_day(self, moment):
        return format_date(
            self.env,
            fields.Datetime.context_timestamp(self, moment).date(),
            date_format="long",
        )


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    def _in_letter_words(self):
        """What it is and how far it is, with the numbers of its documents; reasons and
        notes for ourselves stay inside.
        """
        self.ensure_one()
        facts = [*self._return_words(), *self._shipment_words(), *self._money_words()]
        if self._by_hand():
            facts.append(
                self.env._("done")
                if self.state == "done"
                else self.env._("agreed, not done yet")
            )
        return self._titled(facts)

    def _in_offer_words(self):
        """What is offered, with what it is worth; nothing of it is said to have
        happened.
        """
        self.ensure_one()
        amounts = self._planned_amounts() if self._credits() else {}
        return self._titled(
            [
                self.env._("%s including taxes", self._letter_money(amount, currency))
                for currency, amount in amounts.items()
                if amount
            ]
        )

    def _titled(self, facts):
        subject = format_list(
            self.env,
            [words for line in self.line_ids if (words := line._in_letter_words())],
        )
        titles = {
            "return": self.env._("Return of %s for inspection", subject),
            "refund": self.env._("Refund of the price of %s", subject),
            "replacement": self.env._("Replacement: %s", subject),
            "repair": self.env._("Repair of %s", subject),
            "credit": self.env._("Price reduction on %s", subject),
            "product_compensation": self.env._("Free of charge: %s", subject),
            "cash_compensation": self.env._("Compensation for %s", subject)
            if subject
            else self.env._("Compensation"),
            "support": self.env._("Technical support"),
        }
        title = titles.get(self.kind, "")
        return (
            self.env._(
                "%(remedy)s: %(facts)s", remedy=title, facts=_joined(self.env, facts)
            )
            if facts
            else title
        )

    def _letter_money(self, amount, currency):
        return f"{formatLang(self.env, amount, digits=currency.decimal_places)} {currency.name}"  # noqa: E501

    def _letter_day(self, day):
        return format_date(self.env, day, date_format="long")

    def _planned_amounts(self):
        """:return: {`res.currency`: amount with taxes, as agreed}"""
        amounts = {}
        for line in self.line_ids:
            currency = line.currency_id or self.currency_id
            amounts[currency] = currency.round(
                amounts.get(currency, 0.0) + line._agreed_amount()
            )
        return amounts

    def _money_words(self):
        """Credit notes that are posted with their amounts (taxes included), numbers and
        dates; what follows is said to follow.
        """
        if self.kind not in CREDIT_KINDS:
            return []
        rows = self.line_ids._account_lines().filtered(
            lambda row: row.parent_state == "posted"
        )
        words = [
            self.env._(
                "%(amount)s including taxes, credit note %(number)s of %(day)s",
                amount=self._letter_money(
                    sum(own.mapped("price_total")), note.currency_id
                ),
                number=note.name,
                day=self._letter_day(note.invoice_date or note.date),
            )
            for note, own in rows.grouped("move_id").items()
        ]
        if self.state != "done":
            if words:
                words.append(self.env._("a credit note for the rest follows"))
            else:
                words += [
                    self.env._(
                        "%s including taxes, the credit note follows",
                        self._letter_money(amount, currency),
                    )
                    for currency, amount in self._planned_amounts().items()
                    if amount
                ]
        return words

    def _return_words(self):
        """What came back, and what is waited for."""
        moves = self.line_ids._return_moves()
        done = moves.filtered(lambda move: move.state == "done")
        words = []
        for picking in done.picking_id:
            words.append(
                self.env._(
                    "goods received on %(day)s, return %(number)s",
                    day=self._letter_day(
                        fields.Date.context_today(picking, picking.date_done)
                    ),
                    number=picking.name,
                )
            )
        words += [
            self.env._("goods expected, return %s", picking.name)
            for picking in (moves - done).picking_id
        ]
        return words

    def _shipment_words(self):
        """What was sent to the customer, and what will be."""
        if not self._ships():
            return []
        moves = self.line_ids.move_ids.filtered(
            lambda move: (
                move.state != "cancel" and move.location_dest_id.usage == "customer"
            )
        )
        done = moves.filtered(lambda move: move.state == "done")
        words = [
            self.env._(
                "sent on %(day)s, delivery %(number)s",
                day=self._letter_day(
                    fields.Date.context_today(picking, picking.date_done)
                ),
                number=picking.name,
            )
            for picking in done.picking_id
        ]
        words += [
            self.env._("to be sent, delivery %s", picking.name)
            for picking in (moves - done).picking_id
        ]
        if not moves and self.state != "done":
            words.append(self.env._("to be sent"))
        return words


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _in_letter_words(self):
        """`4 Units of Copper strip (L0042)`; what compensation in money is for."""
        self.ensure_one()
        source = self.complaint_line_id
        if self.kind == "cash_compensation":
            return self.item_id.name or (source and source._label()) or ""
        if self.kind == "credit":
            return source._label() if source else ""
        other = (
            self.product_id
            and self.product_id != source.product_id
            and self.kind in ("replacement", "product_compensation")
        )
        if other or not source:
            return self._goods_in_words(self.quantity, self.product_id.display_name)
        return self._goods_in_words(self.quantity)


class QualityComplaintType(models.Model):
    _inherit = "quality.complaint.type"

    asks_answer = fields.Boolean(
        "Asks for an Answer",
        help="The final reply contains our answer and cannot be sent without one.",
    )


class QualityComplaintReply(models.Model):
    """An inquiry is answered in words of our own; and the text of any draft can be
    written anew from what is known now.
    """

    _inherit = "quality.complaint.reply"

    asks_answer = fields.Boolean(related="complaint_id.type_id.asks_answer")
    inquiry_answer = fields.Text(
        "Our Answer",
        copy=False,
        help="The answer to the customer's inquiry; it stands in the letter.",
    )

    def action_write_anew(self):
        """Put the text of drafts together again, from what was found, decided and done
        since.
        """
        self.check_access("write")
        around = self.env.ref(
            "quality_complaint.mail_template_batch_reply", raise_if_not_found=False
        )
        for reply in self.filtered(
            lambda reply: reply.state == "draft" and reply.template_id
        ):
            # sudo: the text of the case is handed on, whoever may open the case
            shared = reply.sudo().complaint_id.parent_id.reply_ids.filtered(
                lambda row, r=reply: row.kind == r.kind and row.lang == r.lang
            )[-1:]
            if reply.template_id == around and shared:
                reply._render_shared_text(shared)
            else:
                reply._render_template()
        return True

    def _add_inquiry_answer(self):
        """A template of one's own may have no place for the answer to the inquiry."""
        answer = (self.inquiry_answer or "").strip()
        if (
            answer
            and self.kind == "final"
            and " ".join(answer.split())
            not in " ".join(html2plaintext(self.body or "").split())
        ):
            self.body = (self.body or Markup()) + Markup(
                '<p style="white-space: pre-line">%s</p>'
            ) % answer

    def _missing_answer(self):
        """What is missing to answer an inquiry: nothing goes out as an answer that is
        none.
        """
        self.ensure_one()
        if (
            self.kind == "final"
            and self.asks_answer
            and self._is_blank("inquiry_answer")
        ):
            return [self.env._("the answer to the inquiry (“Our Answer”)")]
        return []
