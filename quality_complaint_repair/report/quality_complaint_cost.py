from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintCost(models.Model):
    """Parts that repairs of complaints consumed, less those they took out, at the value
    of their moves.
    """

    _inherit = "quality.complaint.cost"

    _depends = {
        "repair.order": ["name", "remedy_line_id", "complaint_inspection_id"],
        "stock.move": [
            "repair_id",
            "repair_line_type",
            "state",
            "value",
            "date",
            "product_id",
        ],
        "quality.complaint.inspection": ["complaint_id"],
    }

    @api.model
    def _sources(self):
        return [*super()._sources(), self._repair_parts()]

    @api.model
    def _repair_parts(self):
        return self._source(
            SQL(
                """
                stock_move part
                JOIN repair_order repair ON repair.id = part.repair_id
                LEFT JOIN quality_complaint_remedy_line remedy_line ON remedy_line.id = repair.remedy_line_id
                LEFT JOIN quality_complaint_inspection inspection ON inspection.id = repair.complaint_inspection_id
                """  # noqa: E501
            ),
            SQL(
                "part.state = 'done' AND part.repair_line_type IS NOT NULL "
                "AND COALESCE(remedy_line.complaint_id, inspection.complaint_id) IS "
                "NOT NULL"
            ),
            origin_id=SQL("part.id"),
            complaint_id=SQL(
                "COALESCE(remedy_line.complaint_id, inspection.complaint_id)"
            ),
            remedy_id=SQL("remedy_line.remedy_id"),
            complaint_line_id=SQL("remedy_line.complaint_line_id"),
            goods_id=SQL("part.product_id"),
            source=SQL("'repair'"),
            document=SQL("repair.name"),
            date=self._booked_day(SQL("part.date"), SQL("part.company_id")),
            actual=SQL(
                "CASE part.repair_line_type WHEN 'add' THEN part.value ELSE "
                "-part.value END"
            ),
        )


class QualityComplaintCostBooked(models.Model):
    _inherit = "quality.complaint.cost.booked"

    source = fields.Selection(
        selection_add=[("repair", "Repair parts")], ondelete={"repair": "cascade"}
    )
