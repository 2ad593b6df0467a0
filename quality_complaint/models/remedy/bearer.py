from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class QualityComplaintBearer(models.Model):
    """Who pays a remedy: a department of ours, the carrier, the supplier, the customer,
    in percent.
    """

    _name = "quality.complaint.bearer"
    _description = "Cost Bearer"
    _inherit = ["quality.complaint.closed", "quality.complaint.guarded"]
    _order = "remedy_id, percent desc, id"
    _rec_name = "responsible_id"
    _check_company_auto = True

    remedy_id = fields.Many2one(
        "quality.complaint.remedy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="remedy_id.company_id", store=True, index=True)
    responsible_id = fields.Many2one(
        "quality.complaint.responsible",
        "Paid By",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    percent = fields.Float("Share (%)", digits=(5, 2), required=True, default=100.0)
    analytic_account_id = fields.Many2one(related="responsible_id.analytic_account_id")

    _percent_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )
    _responsible_uniq = models.Constraint(
        "UNIQUE (remedy_id, responsible_id)", "Each party bears one share of a remedy."
    )

    def _case(self):
        return self.remedy_id.complaint_id

    @api.model_create_multi
    def create(self, vals_list):
        bearers = super().create(vals_list)
        bearers.remedy_id._check_bearers_open()
        return bearers

    def write(self, vals):
        self.remedy_id._check_bearers_open()
        result = super().write(vals)
        if "remedy_id" in vals:
            self.remedy_id._check_bearers_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.remedy_id._check_bearers_open()


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    bearer_ids = fields.One2many(
        "quality.complaint.bearer",
        "remedy_id",
        "Paid By",
        copy=True,
        help=(
            "Shares of the cost, 100 % together. Their analytic accounts go on the "
            "documents; empty: proposed when the remedy is submitted."
        ),
    )

    @api.constrains("bearer_ids")
    def _check_bearers(self):
        for remedy in self:
            total = sum(remedy.bearer_ids.mapped("percent"))
            if remedy.bearer_ids and abs(total - 100.0) >= 0.005:
                raise ValidationError(
                    self.env._(
                        "“%(remedy)s”: the shares of those who pay are %(total).12g %% "
                        "together, not 100 %%.",
                        remedy=remedy.description,
                        total=total,
                    )
                )

    def _check_bearers_open(self):
        """Who pays stands on the documents: it is settled when they are made."""
        for remedy in self:
            if remedy.state in ("executing", "done") and (
                remedy.sudo().credit_note_ids or remedy.sudo().picking_ids
            ):  # sudo: only whether there are any
                raise UserError(
                    self.env._(
                        "“%s” has documents already; who pays stands on them. Change "
                        "their analytic distribution there.",
                        remedy.description,
                    )
                )

    def _set_default_bearers(self):
        """Propose who pays by the policy's rules, else the responsible party of the
        complaint.
        """
        for remedy in self.filtered(
            lambda remedy: (
                not remedy.bearer_ids
                and not remedy._without_lines()
                and remedy.kind != "return"
            )
        ):
            bearer = remedy.complaint_id._default_bearer()
            if bearer:
                remedy.bearer_ids = [
                    fields.Command.create(
                        {"responsible_id": bearer.id, "percent": 100.0}
                    )
                ]


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _analytic_distribution(self, present):
        """Distribution of a document's line by who pays; accounts of other plans that
        are on it already stay.

        :param dict present: distribution the line has by itself, e.g. the invoice's
        :return: {account ids joined by commas: percent}, or what was there when nobody
            who pays has an account
        """
        self.ensure_one()
        shares = {
            bearer.analytic_account_id: bearer.percent
            for bearer in self.remedy_id.bearer_ids.sudo()
            if bearer.analytic_account_id
        }  # sudo: accounts
        if not shares:
            return present
        accounts = self.env[
            "account.analytic.account"
        ].sudo()  # sudo: only plans and ids are compared
        plans = {account.root_plan_id for account in shares}
        kept = {}
        for key, percent in (present or {}).items():
            others = [
                part
                for part in key.split(",")
                if part and accounts.browse(int(part)).root_plan_id not in plans
            ]
            kept[",".join(others)] = kept.get(",".join(others), 0.0) + percent
        result = {}
        for key, percent in (kept or {"": 100.0}).items():
            for account, share in shares.items():
                joined = ",".join(filter(None, (key, str(account.id))))
                result[joined] = result.get(joined, 0.0) + percent * share / 100.0
            rest = 100.0 - sum(shares.values())
            if key and rest > 0.005:  # borne by somebody without an account
                result[key] = result.get(key, 0.0) + percent * rest / 100.0
        return result
