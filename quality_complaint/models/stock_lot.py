from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    _inherit = "stock.lot"

    # repeats ask for lots of the same supplier lot
    _complaint_ref_idx = models.Index("(ref) WHERE ref IS NOT NULL")

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    complaint_held = fields.Boolean(
        "On Hold", readonly=True, copy=False, help="Some hold is about it."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name != "complaint_held"
                }
                for vals in vals_list
            ]
        lots = super().create(vals_list)
        self.env["quality.complaint.hold"]._join_standing(lots)
        return lots

    def write(self, vals):
        if "complaint_held" in vals and not self.env.su:
            raise UserError(
                self.env._("A lot is put on hold, and off it, by a hold: see there.")
            )
        result = super().write(vals)
        if vals.keys() & {"name", "ref", "product_id"}:
            self.env["quality.complaint.hold"]._join_standing(self)
        return result

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints("lot_id", self)
        for lot in self:
            lot.complaint_count = counts[lot]

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {**action, "domain": [("line_ids.lot_id", "=", self.id)], "context": {}}

    # === where it came from, where it went ===

    def _complaint_trace(self, direction="down"):
        """These lots and all that were made of them, or of which they were made.

        Followed through production, disassembly and repair; loops end. Of a component
        lot nobody writes down which unit went into which product: shares are bounds.

        :param str direction: "down" (what became of them) or "up" (what they were made
            of)
        :return: list of dict, nearest first: lot_id, product_id, depth (0 for these
            lots), before (id of the lot one step nearer), path (ids from one of these
            lots), via ((model, id) of the document between), on (datetime), company_id,
            at_least and at_most (down: how much of these lots is in it, in their unit,
            None when they are different goods; up: how much of it is in these lots, in
            its unit), uom_id of these two, lot_total (everything that ever came in of
            the lot, in its unit)
        """
        return self.env["quality.complaint.genealogy"]._trace(
            self, self.env.companies, direction == "down"
        )[0]

    def _complaint_balance(self):
        """Mass balance of each lot, in the unit of its product.

        :return: see `quality.complaint.balance._totals`
        """
        balance = self.env["quality.complaint.balance"]
        return balance._totals(self, balance._rows(self, self.env.companies))

    def action_complaint_trace(self):
        return self.env["quality.complaint.trace"]._open(self)

    # === on hold ===

    def action_complaint_hold(self):
        """Open a new hold of these lots."""
        return self.env["quality.complaint.hold"]._new_hold(self)

    def action_view_holds(self):
        return self.env["quality.complaint.hold"]._view(
            [("lot_ids.lot_id", "in", self.ids)]
        )
