from odoo import fields, models
from odoo.exceptions import UserError, ValidationError


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    def _book_sample(self, moves):
        """Goods that come back are the sample somebody waits for.

        :param moves: return moves that are done
        """
        for remedy in self:
            received = moves.filtered(
                lambda move, r=remedy: move.remedy_line_id.remedy_id == r
            )
            waiting = remedy.complaint_id.investigation_ids.filtered(
                lambda row, moves=received: (
                    row.method == "customer_sample"
                    and row.sample_state in ("none", "asked")
                    and not row.sample_fate
                    and not row.done_on
                    and row.product_id in moves.product_id
                    and (not row.lot_id or row.lot_id in moves.move_line_ids.lot_id)
                )
            )
            if not waiting:
                continue
            try:
                with self.env.cr.savepoint():
                    waiting.write({"sample_received_on": fields.Datetime.now()})
                    waiting.flush_recordset()
            except (
                UserError,
                ValidationError,
                # goods that arrived are received, whatever becomes of the paper
            ) as error:
                remedy._alert_handler(
                    self.env._(
                        "The sample of %(complaint)s has arrived: %(error)s",
                        complaint=remedy.complaint_id.name,
                        error=error,
                    )
                )
