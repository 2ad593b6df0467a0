from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class QualityComplaintRemedy(models.Model):
    """Another lot than planned came back: a person says what it counts for."""

    _inherit = "quality.complaint.remedy"

    undecided_lots = fields.Char(
        "Other Lots Received",
        compute="_compute_undecided_lots",
        compute_sudo=True,
        help=(
            "Lots that came back instead of those planned, of which nobody has said "
            "yet what they count for."
        ),
    )

    @api.depends(
        "state",
        "accepted_as_booked",
        "line_ids.accepted_lot_ids",
        "line_ids.received_before",
        "line_ids.move_ids.state",
        "line_ids.move_ids.quantity",
        "line_ids.move_ids.returned_move_ids.state",
    )
    def _compute_undecided_lots(self):
        for remedy in self:
            remedy.undecided_lots = (
                format_list(self.env, remedy._undecided_lots().mapped("name")) or False
            )

    def _undecided_lots(self):
        """Lots received instead of goods that are still missing."""
        self.ensure_one()
        lots = self.env["stock.lot"]
        if (
            self.accepted_as_booked
            or not self._needs_goods()
            or self.state not in ("approved", "executing", "done")
        ):
            return lots
        missing = self.line_ids.filtered(
            lambda line: (
                line.product_uom_id
                and line.product_uom_id.compare(line._received(), line.quantity) < 0
            )
        )
        return lots.union(*(line._other_lots() for line in missing))

    def action_accept_lots(self):
        """Count the lots that arrived as the goods that were planned: what the remedy
        promises follows.
        """
        self.check_access("write")
        # sudo: as in `action_execute`
        for remedy in self.sudo():
            if not remedy._undecided_lots():
                raise UserError(
                    self.env._(
                        "“%s”: no other lot than planned waits for a decision.",
                        remedy.description,
                    )
                )
            remedy._lock()
            for line in remedy.line_ids:
                lots = line._other_lots()
                if lots:
                    line._advance(
                        {
                            "accepted_lot_ids": [
                                fields.Command.link(lot.id) for lot in lots
                            ]
                        }
                    )
                    note = self.env._(
                        "“%(remedy)s”: lot %(found)s counts as the planned lot "
                        "%(planned)s.",
                        remedy=remedy.description,
                        found=format_list(self.env, lots.mapped("name")),
                        planned=line.complaint_line_id.lot_id.name,
                    )
                    remedy.complaint_id.message_post(body=note)
            if remedy.state in ("approved", "executing"):
                remedy._create_due_documents()
            remedy._sync_state()
        return True


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    accepted_lot_ids = fields.Many2many(
        "stock.lot",
        "quality_complaint_remedy_line_lot_rel",
        string="Lots Accepted Instead",
        readonly=True,
        copy=False,
        help=(
            "Lots that came back instead of the one planned and count as it, because "
            "a person said so."
        ),
        guarded=True,
    )

    def _lots_back(self):
        """Lots whose return counts for this line; none means any."""
        lot = self.complaint_line_id.lot_id
        return lot | self.accepted_lot_ids if lot else lot

    def _other_lots(self):
        """Lots received on this line's returns that are neither planned nor
        accepted.
        """
        expected = self._lots_back()
        done = self._return_moves().filtered(lambda move: move.state == "done")
        return done.move_line_ids.lot_id - expected if expected else expected
