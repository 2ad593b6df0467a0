from odoo import fields, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints(
            "product_id", self
        )
        for product in self:
            product.complaint_count = counts[product]

    def action_view_complaints(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {
            **action,
            "domain": [("line_ids.product_id", "in", self.ids)],
            "context": {},
        }

    # === on hold ===

    def action_complaint_hold(self):
        """Open a new hold of these products, whole."""
        return self.env["quality.complaint.hold"]._new_hold(self.env["stock.lot"], self)

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Goods on hold are here, but neither free nor to be counted on."""
        found = super()._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date, to_date
        )
        past = to_date and fields.Datetime.to_datetime(to_date) < fields.Datetime.now()
        if not past and self.env["quality.complaint.hold"]._any_standing():
            for product, quantity in self._complaint_held_quantities(
                lot_id, owner_id, package_id
            ).items():
                sums, unit = found.get(product.id), product.uom_id
                for name in ("free_qty", "virtual_available"):
                    if sums and name in sums:
                        sums[name] = unit.round(sums[name] - quantity)
        return found

    def _complaint_held_quantities(self, lot_id, owner_id, package_id):
        """What is on hold and planned for nothing, in the places the context says.

        :return: {product: quantity in its unit}
        """
        products, goods = self._complaint_held_goods()
        if not products:
            return {}
        domain = goods & Domain("product_id", "in", products.ids)
        domain &= Domain(self._get_domain_locations()[0])
        for name, value in (
            ("lot_id", lot_id),
            ("owner_id", owner_id),
            ("package_id", package_id),
        ):
            if value is not None:
                domain &= Domain(name, "=", value)
        return {
            product: quantity - reserved
            for product, quantity, reserved in self.env["stock.quant"]._read_group(
                domain, ["product_id"], ["quantity:sum", "reserved_quantity:sum"]
            )
        }

    def _complaint_held_goods(self):
        """
        :return: (products of which something is on hold, domain of its quants)
        """
        # sudo: goods on hold are not free for anybody
        rows = self.env["quality.complaint.hold.lot"].sudo()
        standing = rows.search(
            Domain("state", "!=", "lifted") & Domain("product_id", "in", self.ids)
        )
        return standing.product_id, Domain.OR(
            (
                Domain("lot_id", "in", rows.lot_id.ids)
                | (
                    Domain("lot_id", "=", False)
                    & Domain("product_id", "in", rows.product_id.ids)
                )
            )
            & (Domain("company_id", "=", company.id) if company else Domain.TRUE)
            for company, rows in standing.grouped(
                lambda row: not row.all_companies and row.company_id
            ).items()
        )
