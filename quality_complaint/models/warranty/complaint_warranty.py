from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import listed

# found by the customer's own staff: R3, 10.4.2
STAFF_FIND = "staff_find"


class QualityComplaint(models.Model):
    """Warranty and loans of a complaint."""

    _inherit = "quality.complaint"

    warranty_text = fields.Html(
        "Warranty",
        compute="_compute_warranty_text",
        sanitize=False,
        groups="quality_complaint.group_quality_complaint_user",
        help="What the customer may ask for, line by line.",
    )
    loan_ids = fields.One2many("quality.complaint.loan", "complaint_id", "Loans")

    @api.depends("line_ids.product_id", "received_on", "partner_id", "trigger_ids")
    @api.depends_context("lang")
    def _compute_warranty_text(self):
        for complaint in self:
            rows = [
                self.env._(
                    "%(what)s: %(value)s", what=line._label(), value=line.warranty_text
                )
                for line in complaint.line_ids
                if line.warranty_text
            ]
            complaint.warranty_text = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.warranty_rows", {"rows": rows}
                )
                if rows
                else False
            )

    def _is_found_by_staff(self):
        """Whether the customer's own staff found the trouble, not a consumer."""
        self.ensure_one()
        return STAFF_FIND in self.trigger_ids.mapped("code")

    # === refund less use ===

    def action_plan_less_use(self):
        """Plan the return of used goods and a credit of the price less their wear: a
        proposal that whoever plans may change.

        :raise UserError: no line has a wear, by its terms and its time of use
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("planning", "executing")
        lines = self.line_ids.filtered(lambda line: line.wear and line.move_line_id)
        if not lines:
            raise UserError(
                self.env._(
                    "%s: no line has a wear. The warranty terms of its product name "
                    "it per day, and its delivery says how long it was used.",
                    self.display_name,
                )
            )
        remedies = self.env["quality.complaint.remedy"]
        planned = self.remedy_ids.filtered(
            lambda remedy: (
                remedy.kind == "credit" and remedy.state not in ("refused", "cancelled")
            )
        )
        lines -= planned.line_ids.complaint_line_id
        if not lines:
            raise UserError(
                self.env._(
                    "%s: a credit for these goods is planned already. Change it, or "
                    "cancel it first.",
                    self.display_name,
                )
            )
        shared = {"complaint_id": self.id}
        remedies.create(
            [
                {
                    **shared,
                    "kind": "return",
                    "goods": "return_first",
                    "line_ids": [
                        Command.create({"complaint_line_id": line.id}) for line in lines
                    ],
                },
                {
                    **shared,
                    "kind": "credit",
                    "note": listed(
                        self.env.lang, (line._wear_words() for line in lines), ";"
                    ),
                    "line_ids": [
                        Command.create(
                            {
                                "complaint_line_id": line.id,
                                "percent": 100.0 - line.wear,
                                "basis": line._wear_words(),
                            }
                        )
                        for line in lines
                    ],
                },
            ]
        )
        return True

    # === loans ===

    def action_new_loan(self):
        """Lend the customer something: opens the loan, by default the same product."""
        self.ensure_one()
        return self.env["quality.complaint.loan"]._get_records_action(
            name=self.env._("Lend to the Customer"),
            target="new",
            context={
                "default_complaint_id": self.id,
                "default_product_id": self.product_id.id,
            },
        )

    def _loan_ends(self):
        """Loans that are not back yet, as in `_get_open_ends`."""
        self.ensure_one()
        return [
            (self.env._("the loan “%s” is not back", loan.display_name), loan)
            for loan in self.loan_ids
            if loan.state in ("going", "lent", "coming")
        ]


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _wear_words(self):
        """The rule of the proposal, with its figures."""
        self.ensure_one()
        asked = self._warranty_day(self.complaint_id.received_on)
        return self.env._(
            "%(goods)s less use: %(days)s days × %(share).12g %% = %(wear).12g %% "
            "(%(terms)s)",
            goods=self._label(),
            days=(asked - self.warranty_from).days,
            share=self.warranty_id.wear_percent,
            wear=self.wear,
            terms=self.warranty_id.name,
        )
