import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# complaints booked anew, and compared, in one go
BATCH = 500
# of a row; what the complaint says (cause, team …) is read from it
COLUMNS = [
    "complaint_id",
    "remedy_id",
    "complaint_line_id",
    "company_id",
    "currency_id",
    "date",
    "source",
    "document",
    "goods_id",
    "supplier_id",
    "bearer_id",
    "item_id",
    "quantity",
    "actual",
]


class QualityComplaintCostTodo(models.Model):
    """A complaint whose booked costs may have changed."""

    _name = "quality.complaint.cost.todo"
    _description = "Complaint to Reckon the Cost Of"
    _inherit = ["quality.complaint.todo"]
    _todo_cron = "quality_complaint.ir_cron_costs"

    @api.model
    def _origins(self):
        """Tables with a `complaint_id`: a complaint that is in none of them costs
        nothing. A bridge with sources of its own names theirs.
        """
        return [
            "quality_complaint_remedy",
            "quality_complaint_inspection",
            "quality_complaint_cost_entry",
            "quality_complaint_cost_booked",
        ]

    @api.model
    def _wanted(self):
        return SQL(" OR ").join(
            SQL(
                "EXISTS (SELECT 1 FROM %s origin WHERE origin.complaint_id = "
                "changed.id)",
                SQL.identifier(table),
            )
            for table in self._origins()
        )


class QualityComplaintCostBooked(models.Model):
    """A booked cost, as the report on the cost of poor quality shows it: kept, so that
    a report over years reads no documents.

    The documents stay the truth: `quality.complaint.cost` reckons the rows of a
    complaint from them, here they are only written down (`_book`), and compared every
    night (`_cron_compare`).
    """

    _name = "quality.complaint.cost.booked"
    _description = "Booked Cost"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "document"

    # of the row in `quality.complaint.cost` it was made from
    key = fields.Char(required=True)
    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    remedy_id = fields.Many2one(
        "quality.complaint.remedy", index="btree_not_null", ondelete="cascade"
    )
    complaint_line_id = fields.Many2one(
        "quality.complaint.line", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    date = fields.Date()
    source = fields.Selection(
        [
            ("credit", "Credit notes"),
            ("compensation", "Compensation in money"),
            ("returned", "Returned goods"),
            ("scrap", "Scrapped goods"),
            ("supplier", "Goods sent to the supplier"),
            ("sent_back", "Goods sent back to the customer"),
            ("replacement", "Replacement goods"),
            ("gift", "Compensation in goods"),
            ("freight", "Freight"),
            ("own", "Own cost items"),
        ],
        required=True,
    )
    document = fields.Char()
    goods_id = fields.Many2one("product.product", index="btree_not_null")
    supplier_id = fields.Many2one("res.partner", index="btree_not_null")
    bearer_id = fields.Many2one("quality.complaint.responsible", index="btree_not_null")
    item_id = fields.Many2one("quality.complaint.cost.item", index="btree_not_null")
    quantity = fields.Float(digits="Product Unit")
    actual = fields.Monetary()

    # twice the same row cannot be written, whoever books at the same time
    _key_uniq = models.UniqueIndex("(complaint_id, key)")
    _date_idx = models.Index("(date DESC, id DESC)")
    # what the pivot adds up, without reading the rows
    _pivot_idx = models.Index("(company_id, date, source) INCLUDE (actual)")

    @api.model
    def _book(self, complaints):
        """Write the costs of complaints down as the documents say."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM quality_complaint_cost_booked WHERE complaint_id IN %s",
                tuple(complaints.ids),
            )
        )
        names = [SQL.identifier(name) for name in COLUMNS]
        self.env.cr.execute(
            SQL(
                "INSERT INTO quality_complaint_cost_booked (key, %s) SELECT "
                "booked.id::varchar, %s FROM (%s) booked WHERE booked.complaint_id IN "
                "%s",
                SQL(", ").join(names),
                SQL(", ").join(names),
                self.env["quality.complaint.cost"]._booked(),
                tuple(complaints.ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _settle(self, complaints=None, limit=BATCH):
        """Book the costs anew of complaints that changed; another worker's are left to
        it.

        :param complaints: only these `quality.complaint`
        :param int limit: changes looked at
        :return: how many there were
        """
        done, changed = self.env["quality.complaint.cost.todo"]._take(complaints, limit)
        if changed:
            self._book(changed)
            changed._on_costs_booked()
        return done

    @api.model
    def _cron_settle(self):
        """Book what has changed, in batches that are committed one by one."""
        todo = self.env["quality.complaint.cost.todo"]
        while done := self._settle():
            if not self.env["ir.cron"]._commit_progress(
                done, remaining=todo.search_count([])
            ):
                break

    @api.model
    def _differences(self, complaints=None):
        """Complaints of which what is kept is not what the documents say, those left
        out of which a change is not booked yet.

        :param complaints: only these `quality.complaint`; all of them by default
        :return: `quality.complaint`
        """
        self.env.flush_all()
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        wanted = (
            SQL("TRUE")
            if complaints is None
            else SQL("complaint_id = ANY(%s)", complaints.ids)
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH kept AS (SELECT %(names)s FROM quality_complaint_cost_booked WHERE %(wanted)s),
                    said AS (SELECT %(names)s FROM (%(booked)s) booked WHERE %(wanted)s)
                SELECT DISTINCT complaint_id
                FROM (
                    (SELECT * FROM kept EXCEPT ALL SELECT * FROM said)
                    UNION ALL
                    (SELECT * FROM said EXCEPT ALL SELECT * FROM kept)
                ) other
                WHERE complaint_id NOT IN (SELECT complaint_id FROM quality_complaint_cost_todo)
                ORDER BY complaint_id
                """,  # noqa: E501
                names=names,
                wanted=wanted,
                booked=self.env["quality.complaint.cost"]._booked(),
            )
        )
        return self.env["quality.complaint"].browse(id_ for (id_,) in rows)

    @api.model
    def _cron_compare(self):
        """Compare what is kept with the documents, and mend it: what no event tells of,
        such as a company that moved to another time zone.
        """
        other = self._differences()
        for start in range(0, len(other), BATCH):
            batch = other[start : start + BATCH]
            _logger.warning(
                "Costs were not as booked and are reckoned anew: %s",
                ", ".join(batch.mapped("display_name")),
            )
            self._book(batch)
            batch._on_costs_booked()
            self.env["ir.cron"]._commit_progress(
                len(batch), remaining=len(other) - start - len(batch)
            )
