from odoo import fields, models
from odoo.fields import Domain

# how far back receipts of a product without a lot are looked for
DAYS_BACK = 365
# receipts offered for one line
MAX_CANDIDATES = 100


class QualityComplaintLine(models.Model):
    """Where the goods complained of came from."""

    _inherit = "quality.complaint.line"

    def _supplier_candidates(self):
        """Receipts from suppliers that these goods, or components of them, may have
        come in by. Newest first, none is guessed.

        By the lot and the lots of its components; without a lot by the product, in the
        last year.

        :return: list of dict: `move` (stock.move), `lot`, `product`, `partner`,
            `purchase_line`, `quantity` proposed and `received`
            (both in `uom`), `uom`, `date`
        """
        self.ensure_one()
        # sudo: receipts and orders are shown to officers without access to Inventory
        # and Purchase
        line = self.sudo()
        if not line.product_id:
            return []
        quantity = line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id, round=False
        )
        domain = (
            Domain("state", "=", "done")
            & Domain("company_id", "=", line.company_id.id)
            & Domain("location_id.usage", "=", "supplier")
            & Domain("quantity", ">", 0)
        )
        if line.lot_id:
            lots = line._lots_inside(quantity)
            domain &= Domain("lot_id", "in", [lot.id for lot in lots])
        else:
            lots = {}
            since = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_BACK)
            domain &= (
                Domain("product_id", "=", line.product_id.id)
                & Domain("date", ">=", since)
                & Domain("move_id.purchase_line_id", "!=", False)
            )
        found = line.env["stock.move.line"].search(
            domain, order="date desc, id desc", limit=MAX_CANDIDATES
        )
        candidates = []
        for (move, lot), rows in found.grouped(
            lambda row: (row.move_id, row.lot_id)
        ).items():
            candidate = line._prepare_supplier_candidate(
                move,
                lot if line.lot_id else lot.browse(),
                rows,
                lots.get(lot, quantity),
            )
            if candidate["partner"]:
                candidates.append(candidate)
        return candidates

    def _prepare_supplier_candidate(self, move, lot, rows, quantity):
        """One receipt as a candidate.

        :param rows: its `stock.move.line` records of the lot
        :param float quantity: how much of it is complained of, in the product's unit
        """
        unit = move.product_id.uom_id
        received = sum(
            row.product_uom_id._compute_quantity(
                row.quantity, unit, rounding_method="HALF-UP"
            )
            for row in rows
        )
        return {
            "move": move,
            "lot": lot,
            "product": move.product_id,
            "partner": move.purchase_line_id.order_id.partner_id
            or move.picking_id.partner_id,
            "purchase_line": move.purchase_line_id,
            "quantity": unit.round(
                min(quantity, received) if lot else quantity, rounding_method="HALF-UP"
            ),
            "received": received,
            "uom": unit,
            "date": move.date,
        }

    def _lots_inside(self, quantity):
        """This line's lot and, where goods are made here, the lots of their components
        at every level.

        :param float quantity: complained of, in the product's unit
        :return: {lot: quantity of it that is in the goods complained of, in its
            product's unit}
        """
        lots = {self.lot_id: quantity}
        todo = [self.lot_id]
        lines = self.env["stock.move.line"]
        while todo:
            lot = todo.pop()
            made = lines.search(
                [
                    ("lot_id", "=", lot.id),
                    ("state", "=", "done"),
                    ("company_id", "=", self.company_id.id),
                    ("consume_line_ids", "!=", False),
                ]
            )
            for row in made.consume_line_ids.filtered(
                lambda row: row.lot_id and row.state == "done"
            ):
                if row.lot_id in lots:
                    continue
                finished = row.produce_line_ids.filtered(
                    lambda other, product=lot.product_id: other.product_id == product
                )
                total = sum(self._in_product_unit(other) for other in finished)
                used = sum(
                    self._in_product_unit(other)
                    for other in made.consume_line_ids
                    if other.lot_id == row.lot_id
                )
                lots[row.lot_id] = lots[lot] * used / total if total else 0.0
                todo.append(row.lot_id)
        return lots

    def _in_product_unit(self, move_line):
        return move_line.product_uom_id._compute_quantity(
            move_line.quantity, move_line.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _is_charged(self, candidate):
        """Whether a live supplier complaint is about this line and receipt already."""
        # sudo: counted whoever made it
        rows = (
            self.env["quality.complaint.chargeback"]
            .sudo()
            .search_count(
                [
                    ("complaint_line_id", "=", self.id),
                    ("move_id", "=", candidate["move"].id),
                    ("lot_id", "=", candidate["lot"].id),
                    ("state", "!=", "cancelled"),
                ],
                limit=1,
            )
        )
        return bool(rows)

    def _prepare_chargeback_vals(self, candidate):
        """Values of a supplier complaint about this line.

        :param dict candidate: of `_supplier_candidates`
        """
        self.ensure_one()
        product, unit, quantity = (
            candidate["product"],
            candidate["uom"],
            candidate["quantity"],
        )
        if (
            product == self.product_id
            and quantity
            == self.product_uom_id._compute_quantity(
                self.quantity, unit, rounding_method="HALF-UP"
            )
        ):
            unit, quantity = (
                self.product_uom_id,
                self.quantity,
            )  # as the customer stated it
        return {
            "complaint_id": self.complaint_id.id,
            "complaint_line_id": self.id,
            "partner_id": candidate["partner"].id,
            "product_id": product.id,
            "lot_id": candidate["lot"].id,
            "purchase_line_id": candidate["purchase_line"].id,
            "move_id": candidate["move"].id,
            "quantity": quantity,
            "product_uom_id": unit.id,
        }
