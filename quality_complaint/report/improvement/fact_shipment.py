from odoo import fields, models
from odoo.tools import SQL


class QualityComplaintFactShipment(models.Model):
    """What rates are taken of: goods shipped to customers, and what was sold, also in
    months without a complaint.

    A row is a done stock move to a customer, or a line of a posted customer invoice or
    credit note.
    """

    _name = "quality.complaint.fact.shipment"
    _description = "Shipments and Sales"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    date = fields.Datetime("Booked On", readonly=True)
    day = fields.Date(readonly=True, help="In the company's time zone.")
    quantity = fields.Float(
        "Shipped", digits="Product Unit", readonly=True, help="In the product's unit."
    )
    sales = fields.Monetary(
        "Sales Amount",
        readonly=True,
        groups=(
            "account.group_account_invoice,account.group_account_readonly,"
            "quality_complaint.group_quality_complaint_manager"
        ),
        help="Invoiced less credited, untaxed, in the company's currency.",
    )

    _depends = {
        "stock.move": [
            "company_id",
            "product_id",
            "product_uom",
            "picking_id",
            "date",
            "quantity",
            "state",
            "location_id",
            "location_dest_id",
        ],
        "stock.location": ["usage"],
        "stock.picking": ["partner_id"],
        "res.partner": ["commercial_partner_id", "tz"],
        "res.company": ["currency_id", "partner_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["uom_id"],
        "uom.uom": ["factor"],
        "account.move.line": [
            "company_id",
            "product_id",
            "move_id",
            "date",
            "balance",
            "display_type",
            "parent_state",
        ],
        "account.move": ["move_type", "commercial_partner_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT move.id, move.company_id, company.currency_id, move.product_id, template.uom_id,
                place.commercial_partner_id AS partner_id, move.picking_id, move.date,
                (move.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(seat.tz, 'UTC'))::date AS day,
                move.quantity::numeric * unit.factor::numeric / own_unit.factor::numeric AS quantity, 0::numeric AS sales
            FROM stock_move move
            JOIN stock_location start ON start.id = move.location_id AND start.usage <> 'customer'
            JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
            JOIN res_company company ON company.id = move.company_id
            JOIN res_partner seat ON seat.id = company.partner_id
            JOIN product_product product ON product.id = move.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            JOIN uom_uom own_unit ON own_unit.id = template.uom_id
            JOIN uom_uom unit ON unit.id = move.product_uom
            LEFT JOIN stock_picking picking ON picking.id = move.picking_id
            LEFT JOIN res_partner place ON place.id = picking.partner_id
            WHERE move.state = 'done'
            UNION ALL
            SELECT -item.id, item.company_id, company.currency_id, item.product_id, NULL::integer,
                note.commercial_partner_id, NULL::integer, item.date::timestamp, item.date, 0::numeric, -item.balance
            FROM account_move_line item
            JOIN account_move note ON note.id = item.move_id AND note.move_type IN ('out_invoice', 'out_refund')
            JOIN res_company company ON company.id = item.company_id
            WHERE item.parent_state = 'posted' AND item.display_type = 'product'
            """  # noqa: E501
        )
