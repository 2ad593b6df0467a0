from odoo import api, fields, models
from odoo.tools import SQL

from ...models.improvement.fact import IN_TIME


class QualityComplaintFactDeadline(models.Model):
    """Every time limit of complaints: kept or not, and whose it was."""

    _name = "quality.complaint.fact.deadline"
    _description = "Time Limits Kept"
    _auto = False
    _order = "due_on desc, id desc"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one("quality.complaint", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("quality.complaint.team", readonly=True)
    severity_id = fields.Many2one("quality.complaint.severity", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    milestone_id = fields.Many2one("quality.complaint.milestone", "Step", readonly=True)
    milestone_code = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    responsible_id = fields.Many2one(
        "quality.complaint.responsible", "Responsible Party", readonly=True
    )
    due_on = fields.Datetime(readonly=True)
    due_day = fields.Date("Due", readonly=True, help="In the company's time zone.")
    outcome = fields.Selection(IN_TIME, "In Time", readonly=True)
    in_time_rate = fields.Float(
        "In Time (%)",
        readonly=True,
        aggregator="avg",
        help="Of the limits that have ended: those kept.",
    )
    is_explained = fields.Boolean("Reason Given", readonly=True)

    _depends = {
        "quality.complaint.deadline": [
            "complaint_id",
            "milestone_id",
            "milestone_code",
            "limit_id",
            "user_id",
            "due_on",
            "state",
            "late_reason",
        ],
        "quality.complaint.fact": [
            "complaint_id",
            "company_id",
            "counts",
            "team_id",
            "severity_id",
            "partner_id",
            "responsible_id",
        ],
    }

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_records_action()

    @property
    def _table_query(self):
        outcome = SQL(
            """
            CASE WHEN row.state = 'met' THEN 'met'
                 WHEN row.state = 'missed' OR (row.state = 'running' AND row.due_on < %s) THEN 'late'
                 ELSE 'open' END
            """,  # noqa: E501
            fields.Datetime.now(),
        )
        return SQL(
            """
            SELECT limits.*,
                   CASE limits.outcome WHEN 'met' THEN 100.0 WHEN 'late' THEN 0.0 END AS in_time_rate
            FROM (
                SELECT row.id, row.complaint_id, fact.company_id, fact.team_id, fact.severity_id, fact.partner_id,
                    fact.responsible_id, row.milestone_id, row.milestone_code, row.user_id, row.due_on,
                    %(day)s AS due_day, %(outcome)s AS outcome,
                    row.late_reason IS NOT NULL AND row.late_reason <> '' AS is_explained
                FROM quality_complaint_deadline row
                JOIN quality_complaint_fact fact ON fact.complaint_id = row.complaint_id AND fact.counts
                JOIN res_company company ON company.id = fact.company_id
                JOIN res_partner seat ON seat.id = company.partner_id
                WHERE row.limit_id IS NOT NULL AND row.state <> 'cancelled'
            ) limits
            """,  # noqa: E501
            day=self._local_day(SQL("row.due_on")),
            outcome=outcome,
        )

    @api.model
    def _local_day(self, moment):
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(seat.tz, 'UTC'))::date",
            moment,
        )
