from odoo import api, fields, models


class QualityComplaintRecallLot(models.Model):
    """A lot of a recall as it was on the day it was decided, or added."""

    _name = "quality.complaint.recall.lot"
    _description = "Lot of a Recall"
    _inherit = ["quality.complaint.guarded"]
    _order = "recall_id, depth, product_id, lot_id, id"

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        required=True,
        ondelete="restrict",
        index=True,
        fixed=True,
    )
    product_id = fields.Many2one(related="lot_id.product_id", store=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    depth = fields.Integer("Steps", readonly=True)
    at_least = fields.Float(
        "At Least of the Suspect", digits="Product Unit", readonly=True
    )
    at_most = fields.Float(
        "At Most of the Suspect", digits="Product Unit", readonly=True
    )
    added_on = fields.Datetime(readonly=True)
    in_quantity = fields.Float("Came In", digits="Product Unit", readonly=True)
    here_quantity = fields.Float("Was Here", digits="Product Unit", readonly=True)
    shipped_quantity = fields.Float(
        "Was at Customers", digits="Product Unit", readonly=True
    )
    consumed_quantity = fields.Float("Was Used", digits="Product Unit", readonly=True)
    other_quantity = fields.Float(
        "Went Elsewhere",
        digits="Product Unit",
        readonly=True,
        help="To the supplier, scrapped, or missing at a count.",
    )
    returned_before = fields.Float(digits="Product Unit", readonly=True)
    scrapped_before = fields.Float(digits="Product Unit", readonly=True)
    recovered_quantity = fields.Float(
        "Recovered", digits="Product Unit", compute="_compute_since"
    )
    destroyed_quantity = fields.Float(
        "Destroyed", digits="Product Unit", compute="_compute_since"
    )
    now_here_quantity = fields.Float(
        "Is Here", digits="Product Unit", compute="_compute_since"
    )
    unexplained_quantity = fields.Float(
        "Unexplained", digits="Product Unit", compute="_compute_since"
    )

    _lot_uniq = models.Constraint(
        "UNIQUE (recall_id, lot_id)", "A recall names a lot once."
    )

    @api.depends("lot_id", "product_id")
    def _compute_display_name(self):
        for row in self.sudo():  # sudo: names only
            row.display_name = row.lot_id.display_name

    @api.model
    def _prepare_vals(self, recall, lot, row, sums):
        """
        :param dict row: of the trace
        :param dict sums: of the balance
        """
        return {
            "recall_id": recall.id,
            "lot_id": lot.id,
            "depth": row["depth"],
            "at_least": row["at_least"] or 0.0,
            "at_most": row["at_most"] or 0.0,
            "added_on": fields.Datetime.now(),
            # what came back is among what is here
            "in_quantity": sums["in"] - sums["returned"],
            "here_quantity": sums["there"],
            "shipped_quantity": sums["shipped"] - sums["returned"],
            "consumed_quantity": sums["consumed"],
            "other_quantity": sums["to_supplier"] + sums["scrapped"] + sums["lost"],
            "returned_before": sums["returned"],
            "scrapped_before": sums["scrapped"],
        }

    @api.depends("lot_id")
    def _compute_since(self):
        balance = self.env["quality.complaint.balance"]
        for company, rows in self.grouped("company_id").items():
            # sudo: how much, for people without rights in Inventory
            lots = rows.sudo().lot_id
            totals = balance._totals(lots, balance._rows(lots, company))
            for row in rows:
                sums = totals[row.sudo().lot_id]  # sudo: as above
                row.recovered_quantity = sums["returned"] - row.returned_before
                row.destroyed_quantity = sums["scrapped"] - row.scrapped_before
                row.now_here_quantity = sums["there"]
                row.unexplained_quantity = sums["unexplained"]
