from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import listed


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
        lots = rows.search(held).lot_id
        if product_id.tracking != "none" and lots:
            # goods whose lot is not known may be of one that is on hold
            return Domain(domain) & Domain("lot_id", "not in", [False, *lots.ids])
        held &= Domain("lot_id", "=", False)
        return (
            Domain(domain) & Domain("lot_id", "!=", False)
            if rows.search_count(held, limit=1)
            else Domain(domain)
        )

    def write(self, vals):
        if {"location_id", "lot_id"} & vals.keys() and not self.env.su:
            # sudo: a hold stops people who may not see it
            held = self.lot_id.sudo().filtered("complaint_held")
            if held:
                raise UserError(
                    self.env._(
                        "%s is on hold: it is moved by transfers only.",
                        listed(self.env.lang, held.mapped("name")),
                    )
                )
        return super().write(vals)
