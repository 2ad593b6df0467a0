from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    complaint_qr = fields.Boolean(
        "QR Code for Complaints",
        help=(
            "Printed on the delivery slip: opens the complaint form with the goods of "
            "the delivery, without an account."
        ),
    )
