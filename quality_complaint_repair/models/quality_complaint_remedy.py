from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from odoo.addons.quality_complaint.tools import listed


class QualityComplaintRemedy(models.Model):
    """Repairs of goods that came back, through Odoo's repair orders."""

    _inherit = "quality.complaint.remedy"

    repair_ids = fields.Many2many(
        "repair.order",
        compute="_compute_documents",
        compute_sudo=True,
        string="Repair Orders",
    )
    repair_count = fields.Integer(compute="_compute_documents", compute_sudo=True)
    repair_summary = fields.Html(
        "Repairs", compute="_compute_repair_summary", compute_sudo=True
    )

    # === compute ===

    @api.depends("line_ids.repair_ids.state")
    def _compute_documents(self):
        result = super()._compute_documents()
        for remedy in self:
            repairs = remedy.line_ids.repair_ids
            remedy.repair_ids = repairs
            remedy.repair_count = len(repairs)
            texts = [
                f"{repair.name}: {self._document_status(repair)}"
                for repair in repairs.sorted("id")
            ]
            remedy.progress = (
                listed(self.env.lang, [remedy.progress, *texts], ",") or False
            )
        return result

    @api.depends(
        "line_ids.repair_ids.state",
        "line_ids.repair_ids.complaint_result",
        "line_ids.repair_ids.product_qty",
        "line_ids.repair_ids.move_ids.quantity",
        "line_ids.repair_ids.move_ids.product_uom_qty",
        "line_ids.repair_ids.move_ids.state",
    )
    @api.depends_context("lang")
    def _compute_repair_summary(self):
        for remedy in self:
            remedy.repair_summary = remedy.line_ids.repair_ids._complaint_summary()

    def _open_documents(self):
        repairs = self.sudo().repair_ids.filtered(
            lambda repair: repair.state not in ("done", "cancel")
        )  # sudo: as in the original
        return [*super()._open_documents(), *repairs]

    def action_view_repairs(self):
        return self._view_documents(self.repair_ids, self.env._("Repairs"))

    # === flow ===

    def action_cancel(self):
        for remedy in self:
            repairs = (
                remedy.sudo().line_ids._live_repairs()
            )  # sudo: named to people who may not open them
            if repairs:
                raise UserError(
                    self.env._(
                        "“%(remedy)s” has the repair order %(orders)s. Cancel that "
                        "first (Repairs), then the remedy.",
                        remedy=remedy.description,
                        orders=format_list(self.env, repairs.mapped("name")),
                    )
                )
        return super().action_cancel()

    def action_execute(self):
        result = super().action_execute()
        # sudo: as in the original, which holds the lock; what was cancelled is repaired
        # after all only when a person asks for it
        remedies = self.sudo()
        if remedies._create_due_repairs(again=True):
            remedies._sync_state()
        return result

    def _create_due_documents(self):
        self._create_due_repairs()
        return super()._create_due_documents()

    def _create_due_repairs(self, again=False):
        """Repair orders for what was received and has none, one per lot.

        :param bool again: also for what a repair order was cancelled for
        :return: the new `repair.order`
        """
        repairs = self.env["repair.order"]
        for line in self.filtered(
            lambda remedy: remedy.kind == "repair" and remedy._needs_goods()
        ).line_ids:
            line._adopt_repairs()
            repairs |= line._create_repairs(again)
        return repairs

    def _derived_state(self):
        state = super()._derived_state()
        unfinished = self.kind == "repair" and any(
            repair.state != "done" for repair in self.line_ids._live_repairs()
        )
        return "executing" if state == "done" and unfinished else state

    def action_send_back(self):
        """What is repaired goes first; the rest goes unrepaired, unless its repair is
        started.
        """
        self.ensure_one()
        if self.kind != "repair":
            return super().action_send_back()
        self.check_access("write")
        remedy = self.sudo()  # sudo: as in the original
        remedy._lock()
        before = remedy.line_ids.move_ids
        if remedy.state in ("executing", "done"):
            remedy._create_due_shipments()
        repaired = remedy.line_ids.move_ids - before
        if repaired and not any(line._to_send_back() for line in remedy.line_ids):
            remedy._sync_state()
            return remedy._view_documents(repaired.picking_id, self.env._("Transfers"))
        action = super().action_send_back()
        (remedy.line_ids.move_ids - before - repaired).complaint_as_is = True
        # after the goods are on their way: nobody has to decide about them any more
        remedy.line_ids.repair_ids.filtered(
            lambda repair: repair.state in ("draft", "confirmed")
        ).action_repair_cancel()
        return action

    def _on_repair_given_up(self, names):
        """Called when repair orders of this remedy were cancelled or deleted: the
        handler decides what becomes of goods that are still here.

        :param list names: of the orders
        """
        self.ensure_one()
        if self.state != "executing" or not any(
            line._to_send_back() for line in self.line_ids
        ):
            return
        note = self.env._(
            "Repair order %(orders)s was given up. Decide what becomes of the goods of "
            "“%(remedy)s”: they can be repaired after all (Complete "
            "documents), sent back as they are, or get another outcome.",
            orders=format_list(self.env, names),
            remedy=self.description,
        )
        self.complaint_id.message_post(body=note)
        self._alert_handler(
            self.env._("Repair order %s was given up", format_list(self.env, names))
        )
