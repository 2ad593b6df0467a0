from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.quality_complaint.tools import listed, says_nothing

MANAGER = "quality_complaint.group_quality_complaint_manager"


class ResPartner(models.Model):
    """Decisions on a supplier: hold his payments, take his products off sale, and both
    back. A manager's, with a reason, logged.
    """

    _inherit = "res.partner"

    # === buttons ===

    def action_hold_payments(self, reason=None):
        """Put this company's posted unpaid bills of the supplier on hold, and later
        ones as long as it lasts.

        :param str reason: asked for in a dialog when missing
        """
        self._check_complaint_manager()
        if not reason:
            return self._open_supplier_decision("hold")
        decision = self._decide("hold", reason)
        bills = (
            self.env["account.move"].sudo().search(self._unpaid_bills_domain())
        )  # sudo: as in `_decide`
        decision._hold(bills)
        self._note_decision(
            self.env._(
                "Payments put on hold (%(count)s bills): %(reason)s",
                count=len(decision.bill_ids),
                reason=reason,
            )
        )
        return True

    def action_release_payments(self, reason=None):
        """Take the payment hold back; bills held by hand before stay as they were."""
        self._check_complaint_manager()
        if not reason:
            return self._open_supplier_decision("hold", end=True)
        self._running_decision("hold")._end(self._stated(reason))
        self._note_decision(self.env._("Payments released: %s", reason))
        return True

    def action_take_off_sale(self, reason=None, products=None):
        """Take products off sale.

        :param str reason: asked for in a dialog when missing
        :param products: `product.template`, those bought mainly from the supplier
            unless given
        """
        self._check_may_take_off_sale()
        if not reason:
            return self._open_supplier_decision("off_sale")
        offered = self._products_mainly_bought()
        products = (
            offered if products is None else products.sudo() & offered
        ).filtered("sale_ok")  # sudo: as in `_decide`
        if not products:
            raise UserError(
                self.env._(
                    "Nothing on sale is bought mainly from %s.", self.display_name
                )
            )
        decision = self._decide("off_sale", reason)
        decision.product_tmpl_ids = products
        products.sale_ok = False
        names = listed(self.env.lang, products.mapped("display_name"))
        self._note_decision(
            self.env._(
                "Taken off sale: %(products)s. %(reason)s",
                products=names,
                reason=reason,
            )
        )
        return True

    def action_restore_sale(self, reason=None):
        """Put back on sale exactly what the decision took off."""
        self._check_may_take_off_sale()
        if not reason:
            return self._open_supplier_decision("off_sale", end=True)
        decision = self._running_decision("off_sale")
        decision._end(self._stated(reason))
        names = listed(self.env.lang, decision.product_tmpl_ids.mapped("display_name"))
        self._note_decision(
            self.env._(
                "Back on sale: %(products)s. %(reason)s", products=names, reason=reason
            )
        )
        return True

    def action_view_supplier_decisions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint_purchase.action_supplier_decision"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
        }

    def action_view_supplier_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint_purchase.action_chargeback"
        )
        return {
            **action,
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    # === decisions ===

    def _check_complaint_manager(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Only complaint managers decide on holding payments and taking "
                    "products off sale. Ask one of them."
                )
            )
        self.check_access("read")

    def _check_may_take_off_sale(self):
        """Customer Service may order it as well (R4: 客服部有权通知先撤柜)."""
        self.ensure_one()
        # sudo: who holds the role is no secret
        role = self.env.ref("quality_complaint.role_customer_care").sudo()
        if self.env.user not in role._possible_holders(self.env.company):
            self._check_complaint_manager()
        self.check_access("read")

    def _stated(self, reason):
        if says_nothing(reason):
            raise UserError(
                self.env._(
                    "Write down the reason of the decision on %s.", self.display_name
                )
            )
        return reason

    def _decide(self, kind, reason):
        """Log a new decision.

        :return: the `quality.complaint.supplier.decision`, in superuser mode
        """
        # sudo: the decision is the manager's by his group; carrying it out touches
        # bills and products he may have no rights on
        decisions = self.env["quality.complaint.supplier.decision"].sudo()
        if self._find_decision(kind):
            raise UserError(
                self.env._(
                    "This is decided for %s already. Take it back first, then decide "
                    "anew.",
                    self.commercial_partner_id.display_name,
                )
            )
        return decisions.create(self._prepare_decision_vals(kind, self._stated(reason)))

    def _prepare_decision_vals(self, kind, reason):
        return {
            "partner_id": self.commercial_partner_id.id,
            "company_id": self.env.company.id,
            "kind": kind,
            "reason": reason,
            "decided_by_id": self.env.uid,
        }

    def _find_decision(self, kind):
        # sudo: as in `_decide`
        return (
            self.env["quality.complaint.supplier.decision"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.env.company.id),
                    ("kind", "=", kind),
                    ("ended_on", "=", False),
                ]
            )
        )

    def _running_decision(self, kind):
        decision = self._find_decision(kind)
        if not decision:
            raise UserError(
                self.env._(
                    "No such decision is in force for %s.",
                    self.commercial_partner_id.display_name,
                )
            )
        return decision

    def _note_decision(self, text):
        # sudo: the note belongs to the decision, also where the manager may not write
        # contacts
        self.commercial_partner_id.sudo().message_post(
            body=text, author_id=self.env.user.partner_id.id
        )

    def _open_supplier_decision(self, kind, end=False):
        return self.env["quality.complaint.supplier.decide"]._get_records_action(
            name=self.env._("Decision on a Supplier"),
            target="new",
            context={
                "default_partner_id": self.commercial_partner_id.id,
                "default_kind": kind,
                "default_is_end": end,
            },
        )

    # === what a decision covers ===

    def _unpaid_bills_domain(self):
        """This company's posted bills of the supplier that are not paid."""
        return [
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "posted"),
            ("move_type", "in", ("in_invoice", "in_receipt")),
            ("payment_state", "in", ("not_paid", "partial")),
        ]

    def _products_mainly_bought(self):
        """Products whose first vendor pricelist is the supplier's; without any
        pricelist, those bought from nobody else.

        :return: `product.template` of this company or shared, in superuser mode
        """
        supplier, company = self.commercial_partner_id, self.env.company
        # sudo: pricelists and orders are read for a manager without access to Purchase
        products = self.env["product.template"].sudo()
        local = [("company_id", "in", [False, company.id])]
        listed = products.search(
            [*local, ("seller_ids.partner_id", "child_of", supplier.id)]
        )
        main = listed.filtered(
            lambda product: (
                product.seller_ids.filtered(
                    lambda seller: (
                        seller.company_id in (seller.company_id.browse(), company)
                    )
                )[:1].partner_id.commercial_partner_id
                == supplier
            )
        )
        lines = self.env["purchase.order.line"].sudo()  # sudo: as above
        bought = [("company_id", "=", company.id), ("state", "=", "purchase")]
        own = lines._read_group(
            [
                *bought,
                ("partner_id", "child_of", supplier.id),
                ("product_id", "!=", False),
            ],
            ["product_id"],
        )
        unlisted = products.union(
            *(product.product_tmpl_id for (product,) in own)
        ).filtered(
            lambda product: (
                not product.seller_ids
                and product.company_id in (company.browse(), company)
            )
        )
        foreign = lines._read_group(
            [
                *bought,
                "!",
                ("partner_id", "child_of", supplier.id),
                ("product_id.product_tmpl_id", "in", unlisted.ids),
            ],
            ["product_id"],
        )
        return main | (
            unlisted
            - products.union(*(product.product_tmpl_id for (product,) in foreign))
        )
