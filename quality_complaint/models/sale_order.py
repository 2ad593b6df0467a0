from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import listed


class SaleOrder(models.Model):
    _inherit = "sale.order"

    complaint_count = fields.Integer(compute="_compute_complaint_count")

    @api.depends("order_line.invoice_lines.complaint_credit_line_ids.move_id")
    def _get_invoiced(self):
        """Also the credit notes of complaints that are not linked to order lines, so
        that nothing is invoiced twice.
        """
        result = super()._get_invoiced()
        for order in self:
            credited = order.order_line.invoice_lines.complaint_credit_line_ids
            # sudo: salespeople see no complaints
            notes = (
                credited.sudo()
                .filtered("remedy_line_id")
                .move_id.sudo(False)
                .filtered(lambda note: note.move_type == "out_refund")
            )
            order.invoice_ids |= notes
            order.invoice_count = len(order.invoice_ids)
        return result

    def _search_invoice_ids(self, operator, value):
        domain = super()._search_invoice_ids(operator, value)
        if domain is NotImplemented or operator != "in" or not any(value):
            return domain
        return Domain(domain) | Domain(
            "order_line.invoice_lines.complaint_credit_line_ids.move_id",
            "in",
            [move for move in value if move],
        )

    def action_confirm(self):
        self._check_complaint_holds()
        result = super().action_confirm()
        self._sync_complaint_remedies()
        self._propose_accompaniment()
        return result

    def _check_complaint_holds(self, lines=None):
        """A hold of a whole product stops its orders: nothing of it could be delivered.

        :param lines: `sale.order.line` that are new; all of the orders by default
        :raise UserError: names hold, reason and whom to ask
        """
        if not self.env["quality.complaint.hold"]._any_standing():
            return
        # sudo: a hold stops people who may not see it
        rows = self.env["quality.complaint.hold.lot"].sudo()
        for order in self:
            row = rows.search(
                rows._of_company(order.company_id)
                & Domain("lot_id", "=", False)
                & Domain(
                    "product_id",
                    "in",
                    (order.order_line if lines is None else lines & order.order_line)
                    .filtered(lambda line: line.product_uom_qty > 0)
                    ._complaint_goods_to_deliver()
                    .ids,
                ),
                limit=1,
            )
            # some lots may have been lifted since
            if row and (
                row.product_id.tracking == "none"
                or row.product_id.with_company(order.company_id).free_qty <= 0
            ):
                raise UserError(
                    self.env._(
                        "%(order)s cannot be confirmed: %(goods)s is on hold "
                        "(%(hold)s: %(reason)s). Take it off the order, or ask "
                        "%(user)s.",
                        order=order.name,
                        goods=row.product_id.display_name,
                        hold=row.hold_id.name,
                        reason=(row.hold_id.reason or "").strip(),
                        user=row.hold_id._whom_to_ask(),
                    )
                )

    def _propose_accompaniment(self):
        """Plan that somebody goes along with the first delivery of a new product, where
        the company wants that (000-J 4.1.2).
        """
        for order in self:
            company = order.company_id
            if company.complaint_accompany and order.state == "sale":
                # sudo: whoever sells need not see visits
                order.sudo()._plan_accompaniment()

    def _plan_accompaniment(self):
        """Accompany what of this order was never delivered before."""
        self.ensure_one()
        company = self.company_id
        goods = self.order_line.filtered(
            lambda line: line.product_uom_qty > 0 and line.product_id.type == "consu"
        ).product_id
        local = [("company_id", "=", company.id), ("product_id", "in", goods.ids)]
        known = {
            product
            for (product,) in self.env["stock.move"]._read_group(
                Domain(local)
                & Domain("state", "=", "done")
                & Domain("location_dest_id.usage", "=", "customer"),
                ["product_id"],
            )
        }
        services = self.env["quality.complaint.service"]
        known |= set(
            services.search(
                [*local, ("kind", "=", "accompany"), ("state", "!=", "cancelled")]
            ).product_id
        )
        user = company.complaint_accompany_user_id or self.user_id
        words = self.with_context(lang=user.lang or self.env.lang).env
        services.create(
            [
                {
                    "name": words._("First delivery of %s", product.display_name),
                    "kind": "accompany",
                    "partner_id": self.partner_id.id,
                    "product_id": product.id,
                    "sale_order_id": self.id,
                    "company_id": company.id,
                    "user_id": user.id,
                    "participant_ids": [
                        fields.Command.set(
                            (company.complaint_accompany_assistant_id - user).ids
                        )
                    ],
                    "planned_on": fields.Date.context_today(
                        self, self.commitment_date or self.expected_date
                    ),
                    "purpose": words._("Order %s", self.name),
                }
                for product in goods
                if product not in known
            ]
        )

    def _action_cancel(self):
        result = super()._action_cancel()
        self._sync_complaint_remedies()
        return result

    def action_draft(self):
        # the remedy makes another order for what a cancelled one did not send: both
        # together would give the goods twice
        for order in self.sudo():  # sudo: salespeople see no complaints
            if complaints := order.order_line.remedy_line_id.complaint_id:
                raise UserError(
                    self.env._(
                        "%(order)s was made for complaint %(complaint)s and is not "
                        "opened again. Execute the remedy again; it makes a new order.",
                        order=order.name,
                        complaint=listed(self.env.lang, complaints.mapped("name")),
                    )
                )
        return super().action_draft()

    def _sync_complaint_remedies(self):
        # sudo: salespeople see no complaints, their orders move them on
        self.sudo().order_line.remedy_line_id.remedy_id._sync_state()

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints("sale_id", self)
        for order in self:
            order.complaint_count = counts[order]

    def action_create_complaint(self):
        """Open a new complaint prefilled with what was delivered for this order."""
        self.ensure_one()
        candidates = self.env["quality.complaint.line"]._candidates(
            Domain("move_id.sale_line_id", "in", self.order_line.ids), self.company_id
        )
        return self.env["quality.complaint"]._action_new_from(
            candidates, partner_id=self.partner_id.id
        )

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {**action, "domain": [("line_ids.sale_id", "=", self.id)], "context": {}}
