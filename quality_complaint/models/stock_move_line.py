from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# what decides whether goods on hold leave, and how many
WATCHED = {
    "lot_id", "quant_id", "quantity", "product_uom_id", "product_id", "location_id",
    "location_dest_id", "move_id", "picking_id",
}  # fmt: skip


class StockMoveLine(models.Model):
    """The gate: goods on hold do not leave, whichever way a line comes about."""

    _inherit = "stock.move.line"

    # what moved of a lot: Odoo has no index for it
    _complaint_lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._complaint_gate()
        return lines

    def write(self, vals):
        if not WATCHED & vals.keys() or (
            not self.env["quality.complaint.hold"]._any_standing()
            and "done" not in self.mapped("state")
        ):
            return super().write(vals)
        before = {line: line._complaint_leaving() for line in self}
        result = super().write(vals)
        # taking goods off a transfer is always possible
        self.filtered(
            lambda line: any(
                line.product_id.uom_id.compare(quantity, before[line].get(goods, 0.0))
                > 0
                for goods, quantity in line._complaint_leaving().items()
            )
        )._complaint_gate()
        return result

    def _complaint_leaving(self):
        """What leaves by this line, on hold or not.

        :return: {(product, lot, way): quantity in the unit of the product}, empty or
            one; way is that of `stock.move._complaint_takes_away`
        """
        self.ensure_one()
        if (
            self.state == "cancel"
            or self.product_id.uom_id.compare(self.quantity_product_uom, 0.0) <= 0
        ):
            return {}
        way = self._complaint_leaves()
        key = (self.product_id, self.lot_id, way)
        return {key: self.quantity_product_uom} if way else {}

    def _complaint_leaves(self):
        """See `stock.move._complaint_takes_away`."""
        self.ensure_one()
        # sudo: where a move leads to is not for everybody to read, but holds for all
        line = self.sudo()
        return line.move_id._complaint_takes_away(
            line.location_id, line.location_dest_id
        )

    def _complaint_gate(self, final=False):
        """
        :param bool final: the goods leave now: lock them, so that no hold is ordered
            on them at the same moment
        :raise UserError: goods on hold would leave
        """
        holds = self.env["quality.complaint.hold"]
        if not final:
            # a line that is done already leaves as one that is being done
            done = self.filtered(lambda line: line.state == "done")
            if done:
                done._complaint_gate(final=True)
            if not holds._any_standing():
                return
            self = self - done  # noqa: PLW0642
        leaving = self.filtered(lambda line: line._complaint_leaving())
        if not leaving:
            return
        if not final:
            # a lot may still be entered where none stands
            leaving = leaving.filtered(
                lambda line: line.lot_id or line.product_id.tracking == "none"
            )
        loose = leaving.filtered(lambda line: not line.lot_id)
        if final:
            lots, templates = holds._lock_goods(leaving.lot_id, loose.product_id)
            leaving = leaving.filtered(
                lambda line: (
                    line.lot_id.id in lots
                    or (
                        not line.lot_id
                        and line.product_id.product_tmpl_id.id in templates
                    )
                )
            )
            if not leaving:
                return
        leaving._complaint_refuse_held()

    def _complaint_refuse_held(self):
        """
        :raise UserError: of what leaves something is on hold in the company of its
            line; names hold, reason and whom to ask
        """
        # sudo: a hold stops people who may not see it
        rows = self.env["quality.complaint.hold.lot"].sudo()
        refused = {}
        for company, lines in self.grouped("company_id").items():
            products = lines.filtered(lambda line: not line.lot_id).product_id
            found = rows.search(
                rows._of_company(company)
                & (
                    Domain("lot_id", "in", lines.lot_id.ids)
                    | Domain("product_id", "in", products.ids)
                )
            )
            for line in lines.sudo():  # sudo: as above
                for row in found.filtered(lambda row, line=line: row._stops(line)):
                    # one sentence for all serial numbers of a product
                    key = (row.hold_id, line.lot_id, line.location_dest_id, row.state)
                    before, _line = refused.get(key, (rows.browse(), line))
                    refused[key] = (before | row, line)
        if refused:
            raise UserError(
                "\n".join(
                    dict.fromkeys(
                        found.grouped("product_id")[line.product_id]._refusal(line)
                        for found, line in refused.values()
                    )
                )
            )

    def _complaint_by_document(self):
        """The transfers and orders of these lines, whose they are, and what is on them.

        :return: {document: (`res.users`, `stock.lot`, `product.product`)}
        """
        found = {}
        for line in self:
            document, users = line.move_id._complaint_document()
            if document:
                before = found.get(document, (users, line.lot_id, line.product_id))
                found[document] = (
                    before[0] | users,
                    before[1] | line.lot_id,
                    before[2] | line.product_id,
                )
        return found
