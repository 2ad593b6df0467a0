from odoo import fields, models


class QualityComplaint(models.Model):
    """What a complaint costs us: the sum of its rows in the report on the cost of poor
    quality.
    """

    _inherit = "quality.complaint"

    cost_ids = fields.One2many(
        "quality.complaint.cost",
        "complaint_id",
        "Costs",
        readonly=True,
        copy=False,
        groups="quality_complaint.group_quality_complaint_user",
    )
    cost_total = fields.Monetary(
        "Cost",
        compute="_compute_costs",
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "What the complaint cost so far, as booked: credit notes, goods, parts, "
            "freight, hours, less what came back and what was paid back."
        ),
    )
    cost_planned = fields.Monetary(
        "Planned Cost",
        compute="_compute_costs",
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "What its remedies are planned to cost: amounts at the rate of the day of "
            "receipt, goods at today's cost price."
        ),
    )

    def _compute_costs(self):
        sums = {
            complaint: (planned, actual)
            for complaint, planned, actual in self.env[
                "quality.complaint.cost"
            ]._read_group(
                [("complaint_id", "in", self.ids)],
                ["complaint_id"],
                ["planned:sum", "actual:sum"],
            )
        }
        for complaint in self:
            complaint.cost_planned, complaint.cost_total = sums.get(
                complaint._origin, (0.0, 0.0)
            )

    def action_view_costs(self):
        """The cost of these complaints by month and source."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_cost"
        )
        return {**action, "domain": [("complaint_id", "in", self.ids)], "context": {}}
