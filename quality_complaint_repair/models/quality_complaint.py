from odoo import api, fields, models


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    # compute_sudo: shown to people who may not open them
    repair_count = fields.Integer(compute="_compute_repairs", compute_sudo=True)
    repair_summary = fields.Html(
        "Repairs", compute="_compute_repairs", compute_sudo=True
    )

    @api.depends(
        "remedy_ids.repair_summary",
        "inspection_ids.repair_ids.state",
        "inspection_ids.repair_ids.complaint_result",
    )
    @api.depends_context("lang")
    def _compute_repairs(self):
        for complaint in self:
            repairs = complaint._repairs()
            complaint.repair_count = len(repairs)
            complaint.repair_summary = repairs._complaint_summary()

    @api.model
    def _costs_depend_on(self):
        return [
            *super()._costs_depend_on(),
            *(
                f"{path}.{name}"
                for path in (
                    "remedy_ids.line_ids.repair_ids",
                    "inspection_ids.repair_ids",
                )
                for name in (
                    "name",
                    "move_ids.repair_line_type",
                    "move_ids.state",
                    "move_ids.value",
                    "move_ids.date",
                    "move_ids.product_id",
                )
            ),
        ]

    def _repairs(self):
        """Repair orders of the remedies, and those made after an inspection."""
        return self.remedy_ids.line_ids.repair_ids | self.inspection_ids.repair_ids

    def action_view_repairs(self):
        return self._view_documents(self._repairs(), self.env._("Repairs"))

    def _get_open_ends(self):
        ends = super()._get_open_ends()
        # sudo: orders are named to whoever closes; those of remedies are named with
        # them
        repairs = self.sudo().inspection_ids.repair_ids.filtered(
            lambda repair: repair.state not in ("done", "cancel")
        )
        named = self.env["repair.order"].union(
            *(
                record
                for _text, record in ends
                if record and record._name == "repair.order"
            )
        )
        return [
            *ends,
            *(
                (
                    self.env._(
                        "%s: repair of returned goods after the inspection", repair.name
                    ),
                    repair,
                )
                for repair in repairs - named
            ),
        ]
