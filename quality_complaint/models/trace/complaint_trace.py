from odoo import api, fields, models
from odoo.fields import Command, Domain

from .hold_lot import USABLE


class QualityComplaint(models.Model):
    """From a complaint on a lot to everyone concerned."""

    _inherit = "quality.complaint"

    hold_count = fields.Integer(compute="_compute_hold_count")
    recall_id = fields.Many2one(
        "quality.complaint.recall",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain="[('company_id', '=', company_id), ('kind', '!=', 'drill')]",
        help="The case, and what it costs, belongs to this recall.",
    )

    @api.depends("line_ids.lot_id")
    def _compute_hold_count(self):
        holds = self.env["quality.complaint.hold"]
        if not holds._any_ordered():
            self.hold_count = 0
            return
        counts = dict(
            holds._read_group(
                [("complaint_id", "in", self.ids)], ["complaint_id"], ["__count"]
            )
        )
        any_standing = holds._any_standing()
        for complaint in self:
            complaint.hold_count = counts.get(complaint._origin, 0)
            # sudo: whether it is on hold is told to whoever looks at the lot
            if any_standing and any(
                complaint.sudo().line_ids.lot_id.mapped("complaint_held")
            ):
                complaint.hold_count = holds.search_count(complaint._holds_domain())

    def _holds_domain(self):
        """Holds made for the complaints, and others that stand on their lots."""
        # sudo: as above
        held = self.sudo().line_ids.lot_id.filtered("complaint_held")
        return Domain("complaint_id", "in", self.ids) | (
            Domain("lot_ids.lot_id", "in", held.ids) & Domain("state", "=", "standing")
        )

    def action_trace(self):
        """Where the lots complained of went, and what they were made of."""
        self.check_access("read")
        # sudo: read access was checked; which lots, for people without Inventory
        return self.env["quality.complaint.trace"]._open(
            self.sudo().line_ids.lot_id, origin=self
        )

    def action_put_on_hold(self):
        """Open a new hold of what is complained of."""
        self.ensure_one()
        return self.env["quality.complaint.hold"]._new_hold(
            self.line_ids.lot_id,
            self.line_ids.filtered(lambda line: not line.lot_id).product_id,
            complaint_id=self.id,
            company_id=self.company_id.id,
        )

    def action_view_holds(self):
        return self.env["quality.complaint.hold"]._view(self._holds_domain())

    def _is_asked_back(self):
        """Whether we wrote first: goods of a recall, of which nobody complained."""
        self.ensure_one()
        return bool(self.recall_id and self.parent_id)

    def _letter_releases(self):
        """What a letter says of goods that were put on hold for the complaint and may
        be sold again (000-K 5.1).

        :return: list of str, in the language of the environment
        """
        self.ensure_one()
        files = self | self.parent_id
        lifted = self.env["quality.complaint.hold.lot"].search(
            Domain("hold_id.complaint_id", "in", files.ids)
            & Domain("lot_id", "in", self.line_ids.lot_id.ids)
            & Domain("state", "=", "lifted")
            & Domain("disposition", "in", USABLE)
        )
        free = lifted.lot_id.filtered(lambda lot: not lot.complaint_held)
        return [
            self.env._(
                "%(product)s, lot %(lot)s, may be sold and used.",
                product=lot.product_id.name,
                lot=lot.name,
            )
            for lot in free
        ]

    def action_start_recall(self):
        """Open a new recall of the lots complained of, or the one it belongs to."""
        self.ensure_one()
        if self.recall_id:
            return self.recall_id._get_records_action(context={})
        return self.env["quality.complaint.recall"]._new_recall(
            self.line_ids.lot_id, complaint_id=self.id, company_id=self.company_id.id
        )


class Quality8d(models.Model):
    """“Deliveries stopped” (D0) stops them; D3 holds what is found suspect."""

    _inherit = "quality.8d"

    hold_ids = fields.One2many("quality.complaint.hold", "eight_d_id", "Holds")
    hold_count = fields.Integer(compute="_compute_hold_count")
    is_held = fields.Boolean(compute="_compute_hold_count")

    @api.depends("hold_ids.state")
    def _compute_hold_count(self):
        for report in self:
            report.hold_count = len(report.hold_ids)
            report.is_held = "standing" in report.hold_ids.mapped("state")

    def _suspect_lots(self):
        """Lots complained of and contained."""
        # sudo: which lots, for people without Inventory
        report = self.sudo()
        return report.complaint_ids.line_ids.lot_id | report.containment_ids.lot_id

    def _stop_deliveries(self):
        """Put the suspect lots on hold, once; goods without lots are held by a person:
        all of a product stops then.
        """
        for report in self:
            standing = report.hold_ids.filtered(lambda hold: hold.state == "standing")
            lots = report._suspect_lots() - standing.lot_ids.lot_id
            if report.stop_ship != "yes" or report.state != "open" or not lots:
                continue
            if standing:
                goods = [(lot.product_id, lot) for lot in lots]
                # sudo: as below
                hold = standing[:1].sudo()
                hold._hold(hold._with_what_was_made(goods))
                continue
            reason = report.stop_ship_note or report.display_name
            # sudo: leader and champion of the report decide it (`_lock_fields`)
            hold = (
                self.env["quality.complaint.hold"]
                .sudo()
                .create(
                    {
                        "reason": reason,
                        "eight_d_id": report.id,
                        "company_id": report.company_id.id,
                        "line_ids": [
                            Command.create({"kind": "lot", "lot_id": lot.id})
                            for lot in lots
                        ],
                    }
                )
            )
            hold.action_order()
            report.message_post(
                body=self.env._("Deliveries are stopped: %s", hold._get_html_link())
            )

    def action_trace(self):
        """Where the suspect lots went, and what they were made of."""
        self.check_access("read")
        return self.env["quality.complaint.trace"]._open(
            self._suspect_lots(), origin=self
        )

    def action_put_on_hold(self):
        """Open a new hold of what is suspect."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which goods, for people without Inventory
        lines = self.sudo().complaint_ids.line_ids
        return self.env["quality.complaint.hold"]._new_hold(
            self._suspect_lots(),
            lines.filtered(lambda line: not line.lot_id).product_id,
            eight_d_id=self.id,
            company_id=self.company_id.id,
        )

    def action_view_holds(self):
        return self.env["quality.complaint.hold"]._view(
            [("eight_d_id", "in", self.ids)]
        )

    def action_start_recall(self):
        """Open a new recall of the suspect lots."""
        self.ensure_one()
        self.check_access("read")
        return self.env["quality.complaint.recall"]._new_recall(
            self._suspect_lots(), eight_d_id=self.id, company_id=self.company_id.id
        )
