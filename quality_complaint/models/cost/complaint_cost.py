from functools import partial

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...tools import printed_day

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

# of a stock move: what its cost is reckoned from
MOVE = (
    "state",
    "is_in",
    "is_out",
    "value",
    "date",
    "reference",
    "product_id",
    "product_uom",
    "quantity",
    "location_dest_id",
    "origin_returned_move_id",
    "scrap_id",
    "picking_id",
)
# of a line of a credit note
ENTRY = (
    "parent_state",
    "display_type",
    "date",
    "balance",
    "product_id",
    "product_uom_id",
    "quantity",
    "move_name",  # not the number of the note: core's numbering knows no longer paths
)
REMEDY = ("kind", "state", "freight_cost", "executed_on", "company_id")
REMEDY_LINE = ("complaint_line_id", "product_uom_id", "received_before")
INSPECTION = (
    "picking_id",
    "move_id",
    "product_id",
    "product_uom_id",
    "quantity",
    "disposition",
)


def paths(prefix, names):
    """Names of fields behind a path, for `api.depends`."""
    return [f"{prefix}.{name}" for name in names]


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

    # never written: Odoo tells it when something changes that a booked cost is made of
    cost_mark = fields.Boolean(
        compute="_compute_cost_mark", store=True, compute_sudo=True
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

    @api.depends(lambda self: self._costs_depend_on())
    def _compute_cost_mark(self):
        saved = self.filtered(lambda complaint: isinstance(complaint.id, int))
        self.env["quality.complaint.cost.todo"]._append(saved)
        (self - saved).cost_mark = False

    @api.model
    def _costs_depend_on(self):
        """Fields that booked costs are made of, as `api.depends` wants them; a bridge
        with sources of its own names theirs.
        """
        return [
            "company_id",
            "line_ids.product_id",
            *paths("remedy_ids", REMEDY),
            *paths("remedy_ids.bearer_ids", ("responsible_id", "percent")),
            *paths("remedy_ids.line_ids", REMEDY_LINE),
            *paths("remedy_ids.line_ids.account_line_ids", ENTRY),
            *paths("remedy_ids.line_ids.move_ids", MOVE),
            *paths("remedy_ids.line_ids.move_ids.returned_move_ids", MOVE),
            # scrap orders made on a receipt; the carrier's price is shared by all that
            # travels
            *paths("remedy_ids.line_ids.move_ids.picking_id.move_ids", MOVE),
            *paths(
                "remedy_ids.line_ids.move_ids.picking_id",
                {"name", "date_done", "carrier_price"}
                & self.env["stock.picking"]._fields.keys(),
            ),
            *paths("cost_entry_ids", ("item_id", "amount_company", "date", "note")),
            *paths("inspection_ids", INSPECTION),
            *paths("inspection_ids.move_ids", MOVE),
            *paths("inspection_ids.scrap_ids.move_ids", MOVE),
        ]

    def _reckoned_costs(self):
        """The rows of the report for these complaints as they are at this moment:
        where something changed since they were written down, from the documents.

        :return: list of (complaints, `quality.complaint.cost` to search in)
        """
        costs = self.env["quality.complaint.cost"]
        saved = self._origin
        saved.flush_recordset(["cost_mark"])
        # sudo: a list of work, of which nobody has to know
        waiting = (
            self.env["quality.complaint.cost.todo"]
            .sudo()
            .search_fetch([("complaint_id", "in", saved.ids)], ["complaint_id"])
            .complaint_id.sudo(False)
        )
        parts = (
            (saved - waiting, costs),
            (waiting, costs.with_context(complaint_costs_live=True)),
        )
        return [(complaints, model) for complaints, model in parts if complaints]

    def _compute_costs(self):
        sums = {
            complaint.id: (planned, actual)
            for complaints, costs in self._reckoned_costs()
            for complaint, planned, actual in costs._read_group(
                [("complaint_id", "in", complaints.ids)],
                ["complaint_id"],
                ["planned:sum", "actual:sum"],
            )
        }
        for complaint in self:
            complaint.cost_planned, complaint.cost_total = sums.get(
                complaint._origin.id, (0.0, 0.0)
            )

    @api.depends("cost_total", "cost_planned", "state")
    @api.depends_context("lang")
    def _compute_cost_text(self):
        for complaint in self:
            booked, planned = complaint.cost_total, complaint.cost_planned
            money = complaint.currency_id.format
            # goods are back in stock before the credit note is posted: half a remedy
            # is no gain
            begun = complaint.state == "closed" or booked > 0
            complaint.cost_text = (
                money(booked)
                if begun or not planned
                else self.env._("%s planned", money(planned))
            )

    @api.depends_context("lang", "tz")
    def _compute_cost_table(self):
        for complaint in self:
            # by complaint and in one go: rows of a report are not found by their ids
            rows = costs = self.env["quality.complaint.cost"]
            for known, costs in complaint._reckoned_costs():
                rows = costs.search_fetch([("complaint_id", "=", known.id)], COLUMNS)
            values = {
                "rows": rows.sorted("date"),
                "planned": sum(rows.mapped("planned")),
                "actual": sum(rows.mapped("actual")),
                "money": complaint.currency_id.format,
                "number": partial(
                    formatLang, self.env, dp="Product Unit", rounding_method="HALF-UP"
                ),
                "day": partial(printed_day, self.env),
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
        """The cost of these complaints by month and source, up to this moment."""
        self.check_access("read")
        # sudo: nobody writes costs down but the addon itself
        self.env["quality.complaint.cost.booked"].sudo()._settle(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_cost"
        )
        return {**action, "domain": [("complaint_id", "in", self.ids)], "context": {}}
