from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class QualityComplaintRemedy(models.Model):
    """Compensation in money: a credit note with the company's compensation product,
    whether there is an invoice or not.

    Items of an injury or of lost property are its lines; both sides sign the settlement
    agreement (form 9).
    """

    _inherit = "quality.complaint.remedy"

    needs_agreement = fields.Boolean(
        "Settlement Agreement",
        compute="_compute_needs_agreement",
        store=True,
        readonly=False,
        precompute=True,
        help="Both sides sign an agreement before anything is paid; it ends the claim.",
    )
    agreement_signed_on = fields.Date("Signed On", copy=False, tracking=True)
    agreement_signed_by = fields.Char("Signed by (customer)", copy=False)
    agreement_attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_remedy_agreement_rel",
        string="Signed Agreement",
        copy=False,
        bypass_search_access=True,
        groups="quality_complaint.group_quality_complaint_user",
    )
    payment_method = fields.Char(
        "Method of Payment",
        help="How and when the compensation is paid, as printed on the agreement.",
    )

    @api.depends("kind", "complaint_id.policy_id", "line_ids.item_id")
    def _compute_needs_agreement(self):
        for remedy in self:
            remedy.needs_agreement = (
                remedy.needs_agreement or remedy._must_have_agreement()
            )

    def _must_have_agreement(self):
        """Whether the policy, or what is compensated, leaves no choice."""
        self.ensure_one()
        return self.kind == "cash_compensation" and (
            self.complaint_id.policy_id.ask_agreement or bool(self.line_ids.item_id)
        )

    def _check_agreement_kept(self, vals):
        if "needs_agreement" in vals and not vals["needs_agreement"]:
            self.filtered(
                "needs_agreement"
            )._check_editable()  # approved on condition that it is signed

    @api.constrains("agreement_signed_on")
    def _check_signed_on(self):
        for remedy in self:
            if (
                remedy.agreement_signed_on
                and remedy.agreement_signed_on > fields.Date.context_today(remedy)
            ):
                raise ValidationError(
                    self.env._(
                        "The agreement of “%s” cannot be signed in the future.",
                        remedy.description,
                    )
                )

    def _check_agreement(self):
        for remedy in self.filtered(
            lambda r: (
                (r.needs_agreement or r._must_have_agreement())
                and not r.agreement_signed_on
            )
        ):
            raise UserError(
                self.env._(
                    "“%s” rests on a settlement agreement that is not signed yet. "
                    "Print it, have both sides sign it, and enter the date under "
                    "“Signed On”.",
                    remedy.description,
                )
            )

    def _create_due_compensations(self):
        """One draft credit note per remedy and invoice (offset) or per remedy (payout,
        or no invoice) and currency.

        :return: the new `account.move`
        """
        notes = self.env["account.move"]
        for remedy in self.filtered(lambda remedy: remedy.kind == "cash_compensation"):
            due = {
                line: amount
                for line in remedy.line_ids
                if (amount := line._credit_due())
            }
            lines = remedy.line_ids.filtered(lambda line, due=due: line in due)
            for (invoice, currency), group in lines.grouped(
                lambda line: (line._compensated_invoice(), line.currency_id)
            ).items():
                notes |= (
                    self.env["account.move"]
                    .with_company(remedy.company_id)
                    .create(
                        remedy._prepare_compensation_vals(group, invoice, currency, due)
                    )
                )
        return notes

    def _prepare_compensation_vals(self, lines, invoice, currency, due):
        """Values of the credit note.

        :param lines: the `quality.complaint.remedy.line` it is for
        :param invoice: the invoice it settles against, may be empty
        :param dict due: {line: untaxed amount in `currency`}
        """
        self.ensure_one()
        complaint = self.complaint_id
        partner = self._compensated_partner(invoice)
        rows = [
            (
                line._prepare_compensation_line_vals(due[line], invoice),
                self._compensation_taxes(invoice)._complaint_on(due[line], currency),
            )
            for line in lines
        ]
        self.env["account.tax"]._complaint_make_exact(rows, self.company_id, currency)
        vals = {
            "move_type": "out_refund",
            "partner_id": partner.id,
            "currency_id": currency.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": complaint.name,
            "ref": self.env._("Compensation, complaint %s", complaint.name),
            "invoice_line_ids": [
                Command.create(line_vals) for line_vals, _target in rows
            ],
        }
        if invoice:
            # settled against the invoice when posted
            vals.update(
                reversed_entry_id=invoice.id,
                journal_id=invoice.journal_id.id,
                fiscal_position_id=invoice.fiscal_position_id.id,
            )
        return vals

    def _compensated_partner(self, invoice):
        """Who the credit note is made out to: as on the invoice, else the customer's
        invoice address.
        """
        return invoice.partner_id or self.env["res.partner"].browse(
            self.complaint_id.partner_id.address_get(["invoice"])["invoice"]
        )

    def _compensation_position(self, invoice):
        """Fiscal position of the credit note: the invoice's, else the partner's."""
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return invoice.fiscal_position_id or positions._get_fiscal_position(
            self._compensated_partner(invoice)
        )

    def _compensation_taxes(self, invoice):
        """Taxes of the compensation product, as mapped for who gets it."""
        taxes = (
            self.company_id._compensation_product().taxes_id._filter_taxes_by_company(
                self.company_id
            )
        )
        return self._compensation_position(invoice).map_tax(taxes)


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    item_id = fields.Many2one(
        "quality.complaint.compensation.item",
        ondelete="restrict",
        help="What is compensated: an item of an injury or of lost property.",
    )
    factor = fields.Float(
        digits=(16, 2),
        compute="_compute_factor",
        store=True,
        readonly=False,
        precompute=True,
        help=(
            "How many times the yearly amount the item is paid, within the item's "
            "range."
        ),
    )
    rate_id = fields.Many2one(
        "quality.complaint.compensation.rate",
        "Yearly Amount",
        compute="_compute_rate_id",
        compute_sudo=True,
    )
    proposed_amount = fields.Monetary(
        compute="_compute_rate_id",
        compute_sudo=True,
        help="Factor times the yearly amount in force; a person confirms it.",
    )

    @api.depends("item_id")
    def _compute_factor(self):
        for line in self:
            line.factor = line.item_id.factor_min

    @api.depends(
        "item_id", "factor", "complaint_id.received_on", "currency_id", "company_id"
    )
    def _compute_rate_id(self):
        rates = self.env["quality.complaint.compensation.rate"]
        for line in self:
            day = (
                fields.Date.context_today(line, line.complaint_id.received_on)
                if line.complaint_id.received_on
                else fields.Date.context_today(line)
            )
            rate = (
                rates._in_force(line.item_id.rate_code, line.company_id, day)
                if line.item_id.rate_code
                else rates
            )
            line.rate_id = rate
            amount = (
                rate.currency_id._convert(
                    rate.amount * line.factor, line.currency_id, line.company_id, day
                )
                if rate and line.currency_id
                else 0.0
            )
            line.proposed_amount = amount

    @api.onchange("item_id")
    def _onchange_item_id(self):
        if self.item_id:
            self.basis = self.basis or self.item_id.rule or self.item_id.source

    @api.onchange("factor", "item_id")
    def _onchange_factor(self):
        # proposed to whoever fills in the line; what he leaves standing is what he
        # confirms
        if self.proposed_amount:
            self.amount = self.proposed_amount

    def _compensated_invoice(self):
        """The posted invoice a compensation is set off against."""
        self.ensure_one()
        invoice = self.complaint_line_id.invoice_id
        open_invoice = (
            self.remedy_id.settlement == "offset"
            and invoice.state == "posted"
            and invoice.currency_id == self.currency_id
        )
        return invoice if open_invoice else invoice.browse()

    def _compensation_problems(self):
        """Conditions of a compensation in money."""
        self.ensure_one()
        problems = []
        complaint = self.complaint_id
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            problems.append(
                self.env._("%s: enter the amount of the compensation.", self._label())
            )
        if not complaint.partner_id:
            problems.append(
                self.env._(
                    "Choose the customer on the complaint; money is credited to a "
                    "customer (the person who complains may be another one)."
                )
            )
        if self.item_id:
            problems += self.item_id._factor_problems(self.factor)
            if (
                self.item_id.kind == "injury"
                and self.item_id.needs_proof
                and self._is_blank("evidence")
            ):
                problems.append(
                    self.env._(
                        "%s: name the proof, e.g. the diagnosis of the hospital or a "
                        "certificate (“Evidence”).",
                        self.item_id.name,
                    )
                )
            if not self.basis:
                problems.append(
                    self.env._(
                        "%s: say on what the amount rests (“Basis”).", self.item_id.name
                    )
                )
        product = self.company_id._compensation_product()
        if not product:
            problems.append(
                self.env._(
                    "%s has no compensation product. A complaint manager sets it "
                    "under Configuration ‣ Settings.",
                    self.company_id.name,
                )
            )
        elif not self._compensation_account():
            problems.append(
                self.env._(
                    "%(company)s has no expense account for compensations. Set it "
                    "under Configuration ‣ Settings, or on %(product)s.",
                    company=self.company_id.name,
                    product=product.display_name,
                )
            )
        return problems

    def _compensation_account(self, fiscal_position=None):
        """Expense account: the company's own choice, else the compensation
        product's.
        """
        company = self.company_id
        own = company.complaint_compensation_account_id
        product = company._compensation_product().with_company(company)
        account = own or product.product_tmpl_id.get_product_accounts()["expense"]
        return (
            fiscal_position.map_account(account)
            if fiscal_position and account
            else account
        )

    def _prepare_compensation_line_vals(self, due, invoice):
        product = self.company_id._compensation_product()
        remedy = self.remedy_id
        subject = (
            self.item_id.name
            or (self.complaint_line_id and self.complaint_line_id._label())
            or product.name
        )
        text = self.env._(
            "Compensation, complaint %(number)s: %(subject)s",
            number=self.complaint_id.name,
            subject=subject,
        )
        return {
            "product_id": product.id,
            "name": "\n".join(filter(None, (text, self.basis))),
            "quantity": 1.0,
            "price_unit": due,
            "discount": 0.0,
            "account_id": self._compensation_account(
                remedy._compensation_position(invoice)
            ).id,
            "tax_ids": [Command.set(remedy._compensation_taxes(invoice).ids)],
            "analytic_distribution": self._analytic_distribution(False),
            "remedy_line_id": self.id,
        }
