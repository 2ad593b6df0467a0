from functools import partial

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

# of the rows that a complaint shows
COLUMNS = (
    "source",
    "date",
    "document",
    "goods_id",
    "quantity",
    "bearer_id",
    "planned",
    "actual",
    "state",
)


class QualityComplaint(models.Model):
    """What a complaint costs us: the sum of its rows in the report on the cost of poor
    quality.
    """

    _inherit = "quality.complaint"

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

    cost_text = fields.Char(
        compute="_compute_cost_text",
        groups="quality_complaint.group_quality_complaint_user",
    )
    cost_table = fields.Html(
        compute="_compute_cost_table",
        sanitize=False,
        groups="quality_complaint.group_quality_complaint_user",
        help="What it costs, a row for each cost and who pays it.",
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

    @api.depends("cost_total", "cost_planned")
    @api.depends_context("lang")
    def _compute_cost_text(self):
        for complaint in self:
            booked, planned = complaint.cost_total, complaint.cost_planned
            money = complaint.currency_id.format
            complaint.cost_text = (
                self.env._("%s planned", money(planned))
                if planned and not booked
                else money(booked)
            )

    @api.depends_context("lang", "tz")
    def _compute_cost_table(self):
        costs = self.env["quality.complaint.cost"]
        for complaint in self:
            # by complaint and in one go: rows of a report are not found by their ids
            rows = costs.search_fetch([("complaint_id", "=", complaint.id)], COLUMNS)
            values = {
                "rows": rows.sorted("date"),
                "planned": sum(rows.mapped("planned")),
                "actual": sum(rows.mapped("actual")),
                "money": complaint.currency_id.format,
                "number": partial(
                    formatLang, self.env, dp="Product Unit", rounding_method="HALF-UP"
                ),
                "day": partial(format_date, self.env),
                "sources": dict(
                    costs._fields["source"]._description_selection(self.env)
                ),
            }
            complaint.cost_table = (
                self.env["ir.qweb"]._render("quality_complaint.cost_table", values)
                if rows
                else False
            )

    def action_view_costs(self):
        """The cost of these complaints by month and source."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_cost"
        )
        return {**action, "domain": [("complaint_id", "in", self.ids)], "context": {}}
