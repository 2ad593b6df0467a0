from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql


class QualityComplaintLine(models.Model):
    """Finding the delivery, order and invoice behind a product or lot.

    A *candidate* is a dict: `move_line` (representative `stock.move.line`), `lot`,
    `product`, `quantity` and `uom` (delivered),
    `date`, `customer` (as on the delivery), `partner` (its commercial partner),
    `company`, `sale_line`, `invoice_line` (may be empty).
    """

    _inherit = "quality.complaint.line"

    def _match_documents(self):
        """Link each line without a delivery to the one that fits; several or none are
        marked, never guessed.

        :return: {line: list of candidates} of the lines looked at
        """
        found = {}
        for line in self.filtered(lambda line: not line.move_line_id):
            candidates = found[line] = line._candidates_of_line()
            if len(candidates) == 1:
                line._apply_candidate(candidates[0])
            else:
                line.match_state = "several" if candidates else "unmatched"
        return found

    def _apply_candidate(self, candidate, quantity=None, uom=None):
        """Take over a candidate's documents; the quantity complained of stays as
        stated.
        """
        vals = self._prepare_candidate_vals(candidate)
        if quantity is None:
            del vals["quantity"], vals["product_uom_id"]
        else:
            vals.update(quantity=quantity, product_uom_id=uom.id)
        self.write(vals)
        complaint = self.complaint_id
        if not complaint.partner_id:
            complaint.partner_id = candidate["customer"]
        if not complaint.name and complaint.company_id != candidate["company"]:
            complaint.company_id = candidate["company"]

    # === looking ===

    def _candidates_of_line(self):
        """Candidates by lot if there is one, else by product and customer; the
        customer's own deliveries win.
        """
        self.ensure_one()
        complaint = self.complaint_id
        companies = complaint._match_companies()
        if self.lot_id:
            candidates = self._candidates(
                Domain("lot_id", "=", self.lot_id.id), companies
            )
        elif self.lot_name:
            candidates = self._candidates_of_text(self.lot_name, companies)
        elif self.product_id and complaint.partner_id:
            candidates = self._candidates(
                self._delivered_domain(self.product_id), companies
            )
            return [
                c for c in candidates if c["partner"] == complaint.commercial_partner_id
            ]
        else:
            return []
        candidates = [
            c
            for c in candidates
            if not self.product_id or c["product"] == self.product_id
        ]
        return self._still_out(
            [c for c in candidates if c["partner"] == complaint.commercial_partner_id]
            or candidates
        )

    @api.model
    def _still_out(self, candidates):
        """A serial number is at one customer only: deliveries it came back from give
        way to the one it is still out on.
        """
        out = {}
        for candidate in candidates:
            if candidate["lot"] and candidate["product"].tracking == "serial":
                back = candidate["move_line"].move_id._complaint_returned_quantity(
                    candidate["lot"]
                )
                if candidate["product"].uom_id.compare(back, 0.0) <= 0:
                    out.setdefault(candidate["lot"], set()).add(candidate["move_line"])
        return [
            c
            for c in candidates
            if c["lot"] not in out or c["move_line"] in out[c["lot"]]
        ]

    @api.model
    def _delivered_domain(self, product):
        """Domain on `stock.move.line` of what was delivered when this product was
        sold.
        """
        return Domain("product_id", "=", product.id)

    @api.model
    def _lots_of_text(self, text, companies):
        # sudo: whoever hears a complaint may type a lot; only its name and product are
        # shown to them
        lots = self.env["stock.lot"].sudo()
        return lots.search(
            Domain("name", "=ilike", escape_psql(text.strip()))
            & Domain("company_id", "in", [False, *companies.ids])
        )

    @api.model
    def _candidates_of_text(self, text, companies):
        """Candidates of a lot or serial number, else a package, else the number of a
        delivery, order or invoice.
        """
        lots = self._lots_of_text(text, companies)
        if lots:
            return self._candidates(Domain("lot_id", "in", lots.ids), companies)
        # sudo: see `_lots_of_text`
        env = self.env(su=True)
        packages = env["stock.package"].search([("name", "=ilike", escape_psql(text))])
        if packages:
            return self._candidates(
                Domain("result_package_id", "in", packages.ids), companies
            )
        pickings = env["stock.picking"].search(
            [("name", "=ilike", escape_psql(text)), ("company_id", "in", companies.ids)]
        )
        orders = env["sale.order"].search(
            [("name", "=ilike", escape_psql(text)), ("company_id", "in", companies.ids)]
        )
        invoices = env["account.move"].search(
            [
                ("name", "=ilike", escape_psql(text)),
                ("move_type", "=", "out_invoice"),
                ("company_id", "in", companies.ids),
            ]
        )
        if pickings:
            return self._candidates(Domain("picking_id", "in", pickings.ids), companies)
        if orders:
            return self._candidates(
                Domain("move_id.sale_line_id", "in", orders.order_line.ids), companies
            )
        if invoices:
            return self._candidates_of_invoice(invoices)
        return []

    @api.model
    def _candidates_of_invoice(self, invoices):
        """Candidates of the deliveries an invoice was made for, with that invoice's
        lines only.
        """
        # sudo: see `_lots_of_text`
        sale_lines = invoices.sudo().invoice_line_ids.sale_line_ids
        candidates = self._candidates(
            Domain("move_id.sale_line_id", "in", sale_lines.ids), invoices.company_id
        )
        return [c for c in candidates if c["invoice_line"].move_id in invoices]

    @api.model
    def _candidates(self, domain, companies):
        """Goods delivered to customers, one candidate per stock move, lot and invoice
        line, newest first.

        Inner steps of a delivery do not count: only what reached a customer location.
        Returned goods that were sent out again
        count with their first delivery, where their return is made, too.

        :param Domain domain: condition on `stock.move.line`
        :param companies: `res.company` to look in
        """
        # sudo: see `_lots_of_text`
        move_lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                domain
                & Domain("state", "=", "done")
                & Domain("location_dest_id.usage", "=", "customer")
                & Domain("move_id.origin_returned_move_id", "=", False)
                & Domain("company_id", "in", companies.ids),
                order="date desc, id desc",
            )
        )
        candidates = []
        for (move, lot), lines in move_lines.grouped(
            lambda ml: (ml.move_id, ml.lot_id)
        ).items():
            sale_line = self._paid_sale_line(move.sale_line_id)
            customer = (
                sale_line.order_id.partner_id
                or move.picking_id.partner_id
                or move.partner_id
            )
            candidate = {
                "move_line": lines[0],
                "lot": lot,
                "product": move.product_id,
                "uom": move.product_uom,
                "quantity": sum(
                    ml.product_uom_id._compute_quantity(
                        ml.quantity, move.product_uom, rounding_method="HALF-UP"
                    )
                    for ml in lines
                ),
                "date": move.date,
                "customer": customer,
                "partner": move._complaint_customer(),
                "company": move.company_id,
                "sale_line": sale_line,
            }
            candidates += [
                {**candidate, "invoice_line": line}
                for line in self._invoice_lines_of(sale_line)
                or [self.env["account.move.line"]]
            ]
        return candidates

    @api.model
    def _paid_sale_line(self, sale_line):
        """The order line on which goods were paid: for a replacement that of the goods
        it replaced.
        """
        while (
            sale_line.remedy_line_id.kind == "replacement"
            and sale_line.remedy_line_id.complaint_line_id.sale_line_id
            not in (sale_line, sale_line.browse())
        ):
            sale_line = sale_line.remedy_line_id.complaint_line_id.sale_line_id
        return sale_line

    @api.model
    def _invoice_lines_of(self, sale_line):
        """Posted invoice lines of an order line; an invoice that was reversed as a
        whole only counts when there is no other.
        """
        lines = sale_line.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type == "out_invoice"
                and line.display_type == "product"
            )
        )
        return (
            lines.filtered(lambda line: line.move_id.payment_state != "reversed")
            or lines
        )

    # === values ===

    @api.model
    def _prepare_candidate_vals(self, candidate):
        return {
            "product_id": candidate["product"].id,
            "lot_id": candidate["lot"].id,
            "quantity": candidate["quantity"],
            "product_uom_id": candidate["uom"].id,
            "move_line_id": candidate["move_line"].id,
            "sale_line_id": candidate["sale_line"].id,
            "invoice_line_id": candidate["invoice_line"].id,
            "match_state": "matched",
        }

    @api.model
    def _prepare_several_vals(self, text, candidates):
        """A line that waits for somebody to choose among several candidates: only what
        they share is filled in.
        """
        products = {c["product"] for c in candidates}
        lots = {c["lot"] for c in candidates}
        return {
            "product_id": candidates[0]["product"].id if len(products) == 1 else False,
            "lot_id": candidates[0]["lot"].id if len(lots) == 1 else False,
            "lot_name": text,
            "quantity": 1.0,
            "match_state": "several",
        }

    @api.model
    def _prepare_unmatched_vals(self, text, companies):
        lot = self._lots_of_text(text, companies)
        lot = lot if len(lot) == 1 else lot.browse()
        return {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "lot_name": text,
            "quantity": 1.0,
            "match_state": "unmatched",
        }
