"""Form 9: the agreement both sides sign; it names everything the customer gets for
their complaint and ends the claim.
"""

from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...models.remedy.remedy import FREE_KINDS
from ...models.remedy.slips import GIVING_KINDS
from ...tools import chinese_amount
from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["settlement agreement"] = {
    "title_settlement": _lt("Settlement Agreement"),
    "not_approved": _lt("Draft, not approved yet: not to be signed."),
    "part_parties": _lt("1. Parties"),
    "part_facts": _lt("2. Facts"),
    "part_items": _lt("3. What Party A gives"),
    "part_goods_back": _lt("4. Goods returned"),
    "part_payment": _lt("5. Payment"),
    "part_terms": _lt("6. Terms"),
    "part_sides": _lt("7. Signatures"),
    "party_a": _lt("Party A"),
    "party_b": _lt("Party B"),
    "name": _lt("Name"),
    "registry": _lt("Registry/VAT No."),
    "complainant": _lt("Complainant"),
    "item": _lt("Item"),
    "evidence": _lt("Evidence"),
    "goods_value": _lt("Value of goods (untaxed)"),
    "amount_taxed": _lt("Amount (taxes included)"),
    "in_words": _lt("In words"),
    "given_refund": _lt("Refund"),
    "given_replacement": _lt("Replacement"),
    "given_repair": _lt("Repair"),
    "given_credit": _lt("Price reduction"),
    "given_product_compensation": _lt("Compensation in goods"),
    "given_cash_compensation": _lt("Compensation in money"),
    "no_money": _lt("No money is paid."),
    "goods_come_back": _lt("Party B returns to Party A:"),
    "goods_stay": _lt("The goods stay with Party B."),
    "pay_way": _lt("Method and date of payment"),
    "pay_offset": _lt("Set off against invoice"),
    "pay_out": _lt("Paid out to Party B"),
    "pay_account": _lt("Account of Party B"),
    "agreed": _lt(
        "On the complaint named below, Party A and Party B have reached the following "
        "agreement by mutual consent."
    ),
    "term_lump_sum": _lt(
        "All items of part 3 are paid and given once, as a lump sum; they cover "
        "everything the complaint gives rise to."
    ),
    "term_settled": _lt(
        "Once this agreement is fulfilled, the claims of both parties arising from "
        "the complaint are settled. Neither party will raise any further claims "
        "against the other in this matter."
    ),
    "term_copies": _lt(
        "This agreement is made in two copies of equal force, one for each party, "
        "and takes effect on the day both parties have signed and sealed it."
    ),
    "term_online": _lt(
        "This agreement is made as an electronic file, which each party keeps. Party A "
        "offers it; it takes effect on the day Party B signs it online. The evidence "
        "of that signature is the last page of the signed file."
    ),
    "sign_online": _lt("Offered by"),
    "signed_online": _lt("Signed online: see the last page of the signed file"),
    "sign_name": _lt("Signature of the representative"),
    "sign_seal": _lt("Company seal"),
}

# how contracts in Chinese name the currencies
CURRENCIES = {
    "AUD": "澳大利亚元",
    "CAD": "加拿大元",
    "CHF": "瑞士法郎",
    "CNY": "人民币",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港币",
    "INR": "印度卢比",
    "JPY": "日元",
    "KRW": "韩元",
    "MOP": "澳门元",
    "MYR": "马来西亚林吉特",
    "NZD": "新西兰元",
    "RUB": "俄罗斯卢布",
    "SGD": "新加坡元",
    "THB": "泰铢",
    "TWD": "新台币",
    "USD": "美元",
    "VND": "越南盾",
}


class ReportSettlement(models.AbstractModel):
    _name = "report.quality_complaint.settlement"
    _description = "Settlement Agreement"

    @api.model
    def _get_report_values(self, docids, data=None):
        remedies = self.env["quality.complaint.remedy"].browse(docids)
        remedies._check_settlement()
        # sudo: the agreement names all that is given for the complaint, with documents
        # the person printing may not open
        pages = [self._page(complaint) for complaint in remedies.sudo().complaint_id]
        labels = self.env["quality.complaint.form.labels"]
        return {
            "doc_ids": docids,
            "doc_model": remedies._name,
            "docs": remedies,
            "pages": pages,
            **labels._formatters(),
        }

    def _page(self, complaint):
        """What one agreement is made of.

        :param complaint: a `quality.complaint`, in superuser mode
        """
        labels = self.env["quality.complaint.form.labels"]
        form, language, lang = labels._form_of(complaint.policy_id, "settlement")
        voices = labels._voices(language, lang)
        label = voices["label"]
        complaint = complaint.with_context(lang=lang)
        live = complaint.remedy_ids._live()
        given = live.filtered(lambda remedy: remedy.kind in GIVING_KINDS)
        money = given.filtered(lambda remedy: remedy._credits())
        return {
            "doc": complaint,
            "form": form,
            **voices,
            "parties": self._parties(complaint),
            "rows": [
                self._row(number, line, voices)
                for number, line in enumerate(given.line_ids, 1)
            ],
            "totals": self._totals(money.line_ids, language),
            "back": [
                line._in_agreement_words()
                for line in live.filtered(lambda remedy: remedy._needs_goods()).line_ids
            ],
            "payments": self._payments(money, label),
            "account": complaint.commercial_partner_id.bank_ids[:1].acc_number
            if money
            else False,
            "approved": "to_approve" not in given.mapped("state"),
            # read and signed on the customer's page, not on paper
            "online": bool(self.env.context.get("complaint_signed_online")),
        }

    def _parties(self, complaint):
        """:return: list of dicts: label, name, address (`res.partner`), registry,
        contact, phone
        """
        company, customer = complaint.company_id, complaint.commercial_partner_id
        contact = (
            complaint.partner_id.name if complaint.partner_id != customer else False
        )
        return [
            {
                "label": "party_a",
                "name": company.name,
                "address": company.partner_id,
                "contact": complaint.user_id.name,
                "phone": company.phone,
                "registry": self._registry(company.partner_id),
            },
            {
                "label": "party_b",
                "name": customer.name or complaint.complainant,
                "address": complaint.partner_id,
                "contact": (customer and complaint.complainant) or contact,
                "phone": complaint.phone,
                "registry": self._registry(customer),
            },
        ]

    def _registry(self, partner):
        return " / ".join(
            dict.fromkeys(filter(None, (partner.company_registry, partner.vat)))
        )

    def _row(self, number, line, voices):
        """One item: what for, on which ground, how much of goods or money."""
        term = voices["term"]
        kind, source = line.kind, line.complaint_line_id
        goods = (
            term(line.product_id, "display_name")
            if kind in FREE_KINDS and line.product_id != source.product_id
            else ""
        )
        subject = goods or (source and source._label()) or ""
        invoice = (
            source.invoice_id.name
            if kind in ("refund", "credit")
            else source.picking_id.name
        )
        money, value = line._agreed_amount(), line._agreed_value()
        counted = kind not in ("cash_compensation", "credit")
        return {
            "number": number,
            "item": term(line.item_id, "name")
            or voices["label"](f"given_{kind}", inline=True),
            "subject": subject,
            "basis": line.basis or (invoice if not line.item_id else "") or "",
            "evidence": line.evidence or "",
            "quantity": f"{line.quantity:.12g} {term(line.product_uom_id, 'name')}"
            if counted
            else "",
            "value": line.currency_id.format(value) if value else "",
            "amount": line.currency_id.format(money) if money else "",
        }

    def _totals(self, lines, language):
        """:return: list of (currency, figures, words), one per currency"""
        return [
            (
                currency,
                currency.format(total),
                self._in_words(currency, total, language),
            )
            for currency, group in lines.grouped("currency_id").items()
            if (total := currency.round(sum(line._agreed_amount() for line in group)))
        ]

    def _in_words(self, currency, total, language):
        """The total in words of the form's language; both languages one above the
        other.
        """
        chinese = chinese_amount(
            total, CURRENCIES.get(currency.name, currency.name), currency.decimal_places
        )
        if language == "zh_CN":
            return escape(chinese)
        words = escape(
            currency.with_context(
                lang="en_US" if language == "both" else language
            ).amount_to_text(total)
        )
        return Markup("%s<br/>%s") % (words, chinese) if language == "both" else words

    def _payments(self, remedies, label):
        """Sentences on how the money is given, each once."""
        ways = []
        for remedy in remedies:
            invoices = remedy.line_ids.complaint_line_id.invoice_id.filtered(
                lambda invoice: invoice.state == "posted"
            )
            if remedy.settlement == "offset" and invoices:
                ways.append(
                    label("pay_offset", inline=True)
                    + " "
                    + ", ".join(invoices.mapped("name"))
                )
            elif not remedy.payment_method:
                ways.append(
                    label("pay_out", inline=True) + " ____________________"
                )  # how and when is written by hand
            if remedy.payment_method:
                ways.append(escape(remedy.payment_method))
        return list(dict.fromkeys(ways))
