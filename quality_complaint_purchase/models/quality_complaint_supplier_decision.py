from odoo import fields, models
from odoo.exceptions import UserError

# states of payment in which a bill can be held
UNPAID = ("not_paid", "partial")


class QualityComplaintSupplierDecision(models.Model):
    """Log of a person's decisions on a supplier: payments held, products off sale; who,
    when, why, and when it was taken back.
    """

    _name = "quality.complaint.supplier.decision"
    _description = "Decision on a Supplier"
    _inherit = ["quality.complaint.guarded"]
    _order = "decided_on desc, id desc"

    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [("hold", "Payments on hold"), ("off_sale", "Products off sale")],
        "Decision",
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)
    decided_by_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    decided_on = fields.Datetime(
        "On", required=True, readonly=True, default=fields.Datetime.now
    )
    ended_on = fields.Datetime("Taken Back On", readonly=True)
    ended_by_id = fields.Many2one("res.users", "Taken Back By", readonly=True)
    end_reason = fields.Text("Why Taken Back", readonly=True)
    bill_ids = fields.One2many(
        "account.move", "complaint_hold_id", "Bills on Hold", readonly=True
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "quality_complaint_supplier_decision_product_rel",
        string="Products Taken Off Sale",
        readonly=True,
        help="What was on sale then; exactly these are put back.",
    )

    _running_uniq = models.UniqueIndex(
        "(company_id, partner_id, kind) WHERE ended_on IS NULL",
        "This decision is in force for the supplier already.",
    )

    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for decision in self:
            decision.display_name = ": ".join(
                filter(
                    None, (decision.partner_id.display_name, kinds.get(decision.kind))
                )
            )

    # === in the superuser's hands: only the buttons on the supplier come here ===

    def _hold(self, bills):
        """Put posted, unpaid bills on hold; those somebody blocked before are not ours
        to release.
        """
        self.ensure_one()
        for bill in bills.filtered(
            lambda bill: bill.state == "posted" and bill.payment_state in UNPAID
        ):
            bill.action_toggle_block_payment()
            bill.complaint_hold_id = self

    def _end(self, reason):
        """Take the decision back: release the bills it held, put back on sale what it
        took off.
        """
        self.ensure_one()
        if self.ended_on:
            raise UserError(self.env._("%s was taken back already.", self.display_name))
        for bill in self.bill_ids.filtered(
            lambda bill: bill.payment_state == "blocked"
        ):
            bill.action_toggle_block_payment()
        self.product_tmpl_ids.filtered(
            lambda product: not product.sale_ok
        ).sale_ok = True
        self.write(
            {
                "ended_on": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
                "end_reason": reason,
            }
        )
