from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import goods_in_words, listed

# what the customer asks for, and the remedy that gives it
KIND_ASKED_FOR = {
    "repair": "repair",
    "replacement": "replacement",
    "return": "refund",
    "reduction": "credit",
    "compensation": "cash_compensation",
}
# when nothing is asked for: what its warranty lets the customer choose
KIND_OF_WARRANTY = {"exchange": "replacement", "repair": "repair"}


class QualityComplaint(models.Model):
    """Remedies of a complaint: who pays, what may be given, what differs from the
    plan.
    """

    _inherit = "quality.complaint"

    # === How much may be given on a complaint, and what the law gives the customer ===

    claims_text = fields.Text(
        compute="_compute_claims_text",
        compute_sudo=True,
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "What the customer may claim by law or rule; a proposal that a person "
            "confirms."
        ),
    )

    def _ask_for_goods(self):
        """Plan a return for inspection of everything complained of and carry it out;
        what stands in the way is said on the complaint, where the plan waits.

        :return: complaints whose goods are not asked for yet
        """
        waiting = self.browse()
        for complaint in self:
            remedy = self.env["quality.complaint.remedy"].create(
                {
                    "complaint_id": complaint.id,
                    "kind": "return",
                    "line_ids": [
                        Command.create({"complaint_line_id": line.id})
                        for line in complaint.line_ids
                    ],
                }
            )
            try:
                with self.env.cr.savepoint():
                    remedy.action_submit()
                    remedy.action_execute()
            except UserError as error:
                self.env.invalidate_all()
                waiting |= complaint
                complaint.message_post(
                    body=self.env._("The goods are not asked for yet: %s", error)
                )
        return waiting

    def _ceiling_day(self):
        self.ensure_one()
        return (
            fields.Date.context_today(self, self.received_on)
            if self.received_on
            else fields.Date.context_today(self)
        )

    def _goods_value(self):
        """Price paid for the goods complained of, in the company's currency at the day
        of receipt.

        Never more than was paid on their invoice or order, whatever quantity is
        complained of and however often the goods are named.
        """
        self.ensure_one()
        day = self._ceiling_day()
        total = 0.0
        # sudo: the price paid is guarded by a field group
        for source, lines in (
            self.sudo()
            .line_ids.grouped(lambda line: line.invoice_line_id or line.sale_line_id)
            .items()
        ):
            value = sum(lines.mapped("value"))
            if source:
                value = min(
                    value,
                    source._complaint_paid()
                    if source._name == "account.move.line"
                    else source.price_subtotal,
                )
            currency = lines.currency_id[:1]
            total += (
                currency._convert(value, self.currency_id, self.company_id, day)
                if currency
                else 0.0
            )
        return total

    def _ceilings(self, purpose):
        """Rows of the policy that hold for this complaint, in their order.

        :param str purpose: `ceiling` or `claim`
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: rules hold whoever plans
        rows = complaint.policy_id._ceilings_for(purpose)._in_force(
            complaint._ceiling_day()
        )
        if rows:
            facts = complaint._facts()
            rows = rows.filtered(lambda row: row._holds(facts))
        return rows

    def _disposition_ends(self):
        """Returned goods of which nobody has said what becomes of them, as in
        `_get_open_ends`.

        Source: ISO 9001:2015, 8.7 (what does not conform is not left undecided).
        """
        self.ensure_one()
        # sudo: what the warehouse has found is named to whoever closes
        return [
            (
                self.env._(
                    "what becomes of %(goods)s (%(condition)s, %(receipt)s)",
                    goods=goods_in_words(
                        self.env,
                        row.quantity,
                        row.product_uom_id,
                        row.product_id.display_name,
                    ),
                    condition=row._condition_label(),
                    receipt=row.picking_id.name,
                ),
                row,
            )
            for row in self.sudo().inspection_ids
            if not row.disposition
        ]

    def _ceiling_of(self, form):
        """The ceiling for one form of giving: the first that holds.

        :param str form: `product`, `cash` or `credit`
        :return: (`quality.complaint.ceiling`, amount in the company's currency); amount
            None when there is none
        """
        self.ensure_one()
        for row in self._ceilings("ceiling"):
            if row.form == form and row.is_open:
                break
            if row.form == form:
                amount = row._figure(
                    self._goods_value(), self.company_id, self._ceiling_day()
                )
                return row, amount
        return self.env["quality.complaint.ceiling"], None

    def _given(self, form, remedies=None):
        """What is given in one form over all live remedies of the complaint, in the
        company's currency at the day of receipt.

        :param remedies: drafts that count as well
        """
        self.ensure_one()
        day = self._ceiling_day()
        counted = self.sudo().remedy_ids._live()  # sudo: all remedies count
        if remedies:
            counted |= remedies.sudo()  # sudo: as above
        lines = counted.filtered(lambda remedy: remedy._ceiling_form() == form).line_ids
        return sum(
            line.currency_id._convert(
                line.amount, self.currency_id, self.company_id, day
            )
            for line in lines
            if line.currency_id
        )

    def _above_ceilings(self, remedies):
        """Forms in which more is given than their ceiling allows.

        :param remedies: what is asked for now
        :return: list of (ceiling, limit, given, the remedies of that form)
        """
        self.ensure_one()
        above = []
        for form in dict.fromkeys(
            filter(None, (remedy._ceiling_form() for remedy in remedies))
        ):
            ceiling, limit = self._ceiling_of(form)
            given = self._given(form, remedies)
            if limit is not None and self.currency_id.compare_amounts(given, limit) > 0:
                above.append(
                    (
                        ceiling,
                        limit,
                        given,
                        remedies.filtered(
                            lambda remedy, form=form: remedy._ceiling_form() == form
                        ),
                    )
                )
        return above

    # === claims of the customer ===

    def _claims(self):
        """What the customer may claim by law or rule.

        :return: list of (`quality.complaint.ceiling`, amount in the company's currency
            or None when it needs a rate)
        """
        self.ensure_one()
        rows = self._ceilings("claim")
        value = self._goods_value() if rows else 0.0
        return [
            (row, row._figure(value, self.company_id, self._ceiling_day()))
            for row in rows
        ]

    @api.depends(
        "line_ids.value",
        "trigger_ids",
        "severity_id",
        "line_ids.defect_id",
        "line_ids.goods_state",
        "serious_event",
        "remedy_ids.line_ids.claim_id",
    )
    @api.depends_context("lang")
    def _compute_claims_text(self):
        for complaint in self:
            texts = []
            planned = complaint.remedy_ids.filtered(
                lambda remedy: remedy.state not in ("refused", "cancelled")
            ).line_ids.claim_id
            for row, amount in (
                complaint._claims()
                if complaint.state not in ("new", "closed", "cancelled")
                else []
            ):
                if row in planned:
                    continue
                money = (
                    complaint.currency_id.format(amount)
                    if amount is not None
                    else self.env._(
                        "no exchange rate of %s is known", row.currency_id.name
                    )
                )
                texts.append(
                    self.env._(
                        "%(name)s: %(figure)s = %(money)s (%(origin)s)",
                        name=row.display_name,
                        figure=row.figure_text,
                        money=money,
                        origin=row.source or complaint.policy_id.name,
                    )
                )
            complaint.claims_text = "\n".join(texts) or False

    def action_plan_claims(self):
        """Draft the remedies the customer may claim and that are not planned yet;
        whoever submits them confirms.
        """
        self.ensure_one()
        self.env["quality.complaint.remedy"].check_access("create")
        planned = self.remedy_ids.filtered(
            lambda remedy: remedy.state not in ("refused", "cancelled")
        ).line_ids.claim_id
        remedies = self.env["quality.complaint.remedy"]
        # of several in one form the first: they do not add up; a person changes it
        forms = set(planned.mapped("form"))
        for row, amount in self._claims():
            if row not in planned and amount and row.form not in forms:
                forms.add(row.form)
                remedy = remedies.create(self._prepare_claim_vals(row, amount))
                remedy.line_ids._advance({"claim_id": row.id})
                remedies |= remedy
        if not remedies:
            raise UserError(
                self.env._(
                    "%s: everything the customer may claim is planned, or its amount "
                    "is not known.",
                    self.display_name,
                )
            )
        return True

    def _prepare_claim_vals(self, ceiling, amount):
        """A draft compensation for a claim, in the currency of the invoice."""
        line = self.line_ids[:1]
        currency = (
            line.sudo().currency_id or self.currency_id
        )  # sudo: stands beside the guarded price
        return {
            "complaint_id": self.id,
            "kind": "cash_compensation",
            "note": ceiling.display_name,
            "line_ids": [
                Command.create(
                    {
                        "complaint_line_id": line.id,
                        "amount": self.currency_id._convert(
                            amount, currency, self.company_id, self._ceiling_day()
                        ),
                        "basis": " · ".join(
                            filter(None, (ceiling.figure_text, ceiling.source))
                        ),
                    }
                )
            ],
        }

    def _proposed_kind(self):
        """What to begin the next remedy with: what was judged, what is asked for, else
        what the warranty of all its lines says.

        :return: a `kind` of `quality.complaint.remedy`
        """
        self.ensure_one()
        if self.needs_explanation:
            return "explanation"
        if self.validity == "unknown" and self.uses_severity:
            return "return"  # nothing is promised before it is judged
        choices = self.line_ids.mapped("warranty_choice")
        by_warranty = KIND_OF_WARRANTY.get(choices[0]) if len(set(choices)) == 1 else ""
        return KIND_ASKED_FOR.get(self.demand) or by_warranty or "refund"

    def _default_bearer(self):
        """Who pays by the first bearer rule that holds, else who is responsible.

        :return: `quality.complaint.responsible`, may be empty
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: rules hold whoever plans
        rules = complaint.policy_id.bearer_rule_ids
        if rules:
            facts = complaint._facts()
            rules = rules.filtered(
                lambda rule: (
                    rule._holds(facts)
                    and rule.responsible_id.company_id.id
                    in (False, complaint.company_id.id)
                )
            )
        bearer = rules[:1].responsible_id or complaint.responsible_id
        return bearer.filtered(lambda party: party.kind != "none").sudo(
            False
        )  # sudo: back to the caller's rights

    work_elsewhere = fields.Char(
        compute="_compute_work_elsewhere",
        groups="quality_complaint.group_quality_complaint_user",
        help="What others have to do next in their apps.",
    )

    @api.depends_context("lang")
    def _compute_work_elsewhere(self):
        for complaint in self:
            # sudo: numbers of transfers and credit notes, whatever the reader may open
            remedies = complaint.sudo().remedy_ids
            transfers = remedies.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
            notes = remedies.credit_note_ids.filtered(
                lambda note: note.state == "draft"
            )
            texts = [
                self.env._(
                    "Next in Inventory: %s.",
                    listed(self.env.lang, transfers.mapped("name")),
                )
                if transfers
                else "",
                self.env._(
                    "Next in Invoicing: %s.",
                    listed(
                        self.env.lang,
                        (
                            note.name
                            or self.env._(
                                "draft credit note (%s)",
                                note.reversed_entry_id.name or note.invoice_origin,
                            )
                            for note in notes
                        ),
                    ),
                )
                if notes
                else "",
            ]
            complaint.work_elsewhere = " ".join(filter(None, texts)) or False

    imbalance = fields.Text(
        "Differs from Plan",
        compute="_compute_imbalance",
        groups="quality_complaint.group_quality_complaint_user",
        help="What documents of the remedies do differently from the plan.",
    )

    @api.depends("remedy_ids.imbalance")
    def _compute_imbalance(self):
        for complaint in self:
            complaint.imbalance = (
                "\n".join(
                    text
                    for text, _remedy in complaint._imbalance_ends(complaint.remedy_ids)
                )
                or False
            )

    def _imbalance_ends(self, remedies):
        """Differences of remedies from their plan, as in `_get_open_ends`."""
        return [
            (
                self.env._(
                    "“%(remedy)s”: %(difference)s",
                    remedy=remedy.description,
                    difference=text,
                ),
                remedy,
            )
            for remedy in remedies
            for text in (remedy.imbalance or "").splitlines()
        ]
