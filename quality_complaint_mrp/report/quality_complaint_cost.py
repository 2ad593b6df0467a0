from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintCost(models.Model):
    """Material that the rework of returned goods took beside these goods, at the value
    of its moves.
    """

    _inherit = "quality.complaint.cost"

    _depends = {
        "mrp.production": ["name", "complaint_inspection_id"],
        "stock.move": [
            "raw_material_production_id",
            "complaint_inspection_id",
            "state",
            "value",
            "date",
            "product_id",
        ],
        "quality.complaint.inspection": ["complaint_id"],
    }

    @api.model
    def _sources(self):
        return [*super()._sources(), self._rework_material()]

    @api.model
    def _rework_material(self):
        return self._source(
            SQL(
                """
                stock_move part
                JOIN mrp_production rework ON rework.id = part.raw_material_production_id
                JOIN quality_complaint_inspection inspection ON inspection.id = rework.complaint_inspection_id
                """  # noqa: E501
            ),
            SQL(
                "part.state = 'done' AND part.complaint_inspection_id IS NULL AND "
                "inspection.complaint_id IS NOT NULL"
            ),
            origin_id=SQL("part.id"),
            complaint_id=SQL("inspection.complaint_id"),
            goods_id=SQL("part.product_id"),
            source=SQL("'rework'"),
            document=SQL("rework.name"),
            date=self._booked_day(SQL("part.date"), SQL("part.company_id")),
            actual=SQL("part.value"),
        )


class QualityComplaintCostBooked(models.Model):
    _inherit = "quality.complaint.cost.booked"

    source = fields.Selection(
        selection_add=[("rework", "Material for rework")],
        ondelete={"rework": "cascade"},
    )
