from odoo import api, fields, models
from odoo.fields import Command


class QualityComplaintInspection(models.Model):
    """The disposition “Rework”: a manufacturing order that takes the returned goods and
    makes good ones of them, planned by Production (R10, 3.3).
    """

    _inherit = "quality.complaint.inspection"

    disposition = fields.Selection(
        selection_add=[("rework", "Rework"), ("scrap",)],
        ondelete={"rework": "set null"},
    )
    production_ids = fields.One2many(
        "mrp.production", "complaint_inspection_id", "Rework Orders"
    )

    @api.depends("production_ids.state")
    def _compute_disposition(self):
        return super()._compute_disposition()

    def _disposition_documents(self):
        return [
            *super()._disposition_documents(),
            *self.production_ids.filtered(lambda order: order.state != "cancel"),
        ]

    def _dispose_rework(self):
        """One confirmed order: as many as came back, of the lot as found; the material
        it takes beside them is added by Production.
        """
        self.env["mrp.production"].check_access("create")
        order = self.env["mrp.production"].create(self._prepare_rework_vals())
        order.action_confirm()
        self._plan_lot(
            order.move_raw_ids.filtered(
                lambda move: move.complaint_inspection_id == self
            )
        )
        return order._get_records_action(context={})

    def _prepare_rework_vals(self):
        warehouse = self.picking_id.picking_type_id.warehouse_id
        source = self._received_lines().location_dest_id[:1]
        return {
            "complaint_inspection_id": self.id,
            "product_id": self.product_id.id,
            "product_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "company_id": self.company_id.id,
            "bom_id": False,
            "picking_type_id": warehouse.manu_type_id.id,
            "location_src_id": source.id,
            "location_dest_id": warehouse.lot_stock_id.id,
            "origin": ", ".join(
                filter(None, (self.complaint_number, self.picking_id.name))
            ),
            "move_raw_ids": [
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom": self.product_uom_id.id,
                        "product_uom_qty": self.quantity,
                        "location_id": source.id,
                        "location_dest_id": self.product_id.with_company(
                            self.company_id
                        ).property_stock_production.id,
                        "company_id": self.company_id.id,
                        "complaint_inspection_id": self.id,
                    }
                )
            ],
        }


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    complaint_inspection_id = fields.Many2one(
        "quality.complaint.inspection",
        "Returned Goods",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The returned goods that are reworked.",
    )

    def _get_backorder_mo_vals(self):
        return {
            **super()._get_backorder_mo_vals(),
            "complaint_inspection_id": self.complaint_inspection_id.id,
        }
