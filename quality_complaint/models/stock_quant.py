from odoo import api, models
from odoo.fields import Domain


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        quants = super()._gather(
            product_id,
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            qty=qty,
        )
        avoided = self.env.context.get(
            "complaint_avoided_lot_ids"
        )  # set only for goods that a remedy sends
        return (
            quants.filtered(lambda quant: quant.lot_id.id not in avoided)
            if avoided
            else quants
        )

    @api.model
    def _get_gather_domain(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        company = self.env.context.get("complaint_not_on_hold")
        if not company:  # set only for reservation
            return domain
        # sudo: goods on hold are left alone whoever reserves
        rows = self.env["quality.complaint.hold.lot"].sudo()
        held = rows._of_company(self.env["res.company"].browse(company))
        held &= Domain("product_id", "=", product_id.id)
        if self.env.context.get("complaint_for_production"):
            held &= Domain("state", "!=", "rework")
        if rows.search_count(held & Domain("lot_id", "=", False), limit=1):
            return Domain.FALSE
        lots = rows._search(held & Domain("lot_id", "!=", False)).subselect("lot_id")
        return Domain(domain) & (
            Domain("lot_id", "=", False) | Domain("lot_id", "not in", lots)
        )
