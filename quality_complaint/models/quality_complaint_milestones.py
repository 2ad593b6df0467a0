from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime


class QualityComplaint(models.Model):
    """Milestones of a complaint: stamping them and reading which are there."""

    _inherit = "quality.complaint"

    deadline_ids = fields.One2many("quality.complaint.deadline", "complaint_id", "Steps", readonly=True)
    responded_on = fields.Datetime("First Response", compute="_compute_responded_on", help="When a person first answered the customer.")

    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late", help="The customer asked for an answer by a time that has passed."
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False, help="Steps done in this round, and those still required.")

    @api.depends("deadline_ids.done_on", "type_id", "severity_id", "round")
    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        for complaint in self:
            complaint.timeline = self.env["ir.qweb"]._render("quality_complaint.timeline", {"steps": complaint._timeline_steps()})

    @api.depends("customer_due_on", "state")
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain())
        for complaint in self:
            complaint.is_late = complaint in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._late_domain()

    @api.model
    def _late_domain(self):
        unanswered = Domain("state", "not in", ("replied", "closed", "cancelled"))
        return unanswered & Domain("customer_due_on", "<", fields.Datetime.now())

    def _timeline_steps(self):
        """Stamped steps of this round by time, then the required ones still to come.

        :return: list of dicts `name`, `date` (text in the user's time zone, or False)
        """
        self.ensure_one()
        reached = self._reached_codes()
        rows = self.sudo().deadline_ids.filtered("done_on")  # sudo: as in `_reached_codes`
        rows = rows.filtered(lambda row: row.round == self.round or row.milestone_code in ("received", "registered"))
        steps = [
            {"name": row.milestone_id.name, "date": format_datetime(self.env, row.done_on, dt_format="short")}
            for row in rows.sorted(lambda row: (row.done_on, row.milestone_id.sequence))
        ]
        if self.state in ("closed", "cancelled"):
            return steps
        return steps + [{"name": milestone.name, "date": False} for milestone in self._required_milestones() if milestone.code not in reached]

    @api.depends("deadline_ids.done_on", "deadline_ids.milestone_code")
    def _compute_responded_on(self):
        for complaint in self:
            stamps = complaint.deadline_ids.filtered(lambda row: row.milestone_code == "responded" and row.done_on)
            complaint.responded_on = stamps[:1].done_on

    def _reach(self, code, on=None, source=None):
        """Stamp a milestone on every complaint of the recordset; the only way to do so.

        Once per complaint, round and source: a second call leaves the first stamp as it is.

        :param str code: code of a `quality.complaint.milestone`
        :param datetime on: when it happened (naive UTC); now if not given
        :param source: the record whose event it is (a reply, an investigation …), optional
        :return: the new `quality.complaint.deadline` rows
        :raise UserError: the milestone is not known
        """
        # sudo: stamps are facts set by the flow; nobody has rights to write them himself
        milestone = self.env["quality.complaint.milestone"].sudo().search([("code", "=", code)], limit=1)
        if not milestone:
            raise UserError(self.env._("The step “%s” is missing from the configuration. Update the Complaints app.", code))
        rows = self.env["quality.complaint.deadline"].sudo()  # sudo: as above
        existing = rows.search([("complaint_id", "in", self.ids), ("milestone_id", "=", milestone.id)])
        source_key = (source._name, source.id) if source else (False, 0)
        present = {(row.complaint_id.id, row.round, row.source_model, row.source_id) for row in existing}
        now = fields.Datetime.now()
        return rows.create(
            [
                {
                    "complaint_id": complaint.id,
                    "milestone_id": milestone.id,
                    "round": complaint.round,
                    "start_on": complaint.received_on,
                    "done_on": on or now,
                    "recorded_on": now,
                    "done_by_id": self.env.uid,
                    "source_model": source_key[0],
                    "source_id": source_key[1],
                }
                for complaint in self
                if (complaint.id, complaint.round, *source_key) not in present
            ]
        )

    def _reached_codes(self):
        """Codes of the milestones stamped in the current round; receipt and registration count for all rounds."""
        self.ensure_one()
        # sudo: stamps are read for conditions, whatever the reader may open
        rows = self.sudo().deadline_ids.filtered(lambda row: row.done_on)
        current = rows.filtered(lambda row: row.round == self.round or row.milestone_code in ("received", "registered", "responded"))
        return set(current.mapped("milestone_code"))

    def _required_milestones(self):
        """Milestones that must be stamped before closing, from the type and, for complaints, the severity."""
        self.ensure_one()
        required = self.type_id.required_milestone_ids
        if self.type_id.uses_severity:
            required |= self.severity_id.required_milestone_ids
        return required

    def _requires(self, code):
        self.ensure_one()
        return code in self._required_milestones().mapped("code")

    def action_tick_responded(self):
        """A person states that the customer got a first response just now."""
        self.check_access("write")
        for complaint in self:
            if complaint.state in ("new", "cancelled"):
                raise UserError(self.env._("Register %s before stating a first response.", complaint.display_name))
            complaint._reach("responded")
