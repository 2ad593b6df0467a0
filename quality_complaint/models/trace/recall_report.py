from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import listed, says_nothing
from .recall_class import KINDS


class QualityComplaintRecallReport(models.Model):
    """What a recall must do by when: notices, reports to the authority, the end. The
    timeline of the file, with its evidence.
    """

    _name = "quality.complaint.recall.report"
    _description = "Time of a Recall"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
    ]
    _due_action = "quality_complaint.action_recall_report"
    _order = "recall_id, due_on, id"

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    clock_id = fields.Many2one(
        "quality.complaint.recall.clock", ondelete="set null", fixed=True
    )
    kind = fields.Selection(KINDS, "Time or Report", required=True, fixed=True)
    user_id = fields.Many2one(related="recall_id.user_id", string="Led By")
    text = fields.Text("What Was Reported", help="To whom, and what.")
    done_on = fields.Datetime("Happened On", readonly=True, copy=False, guarded=True)
    done_by_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, copy=False, guarded=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_recall_report_attachment_rel",
        string="Evidence",
        copy=False,
        bypass_search_access=True,
    )

    @api.depends("kind", "recall_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            parts = (row.recall_id.name, words.get(row.kind))
            row.display_name = listed(self.env.lang, parts, ":") or False

    def action_done(self):
        """It was reported: with the text, or evidence."""
        for row in self:
            row.recall_id._check_right()
            if row.done_on:
                continue
            if says_nothing(row.text) and not row.attachment_ids:
                raise UserError(
                    self.env._(
                        "%s: write what was reported and to whom, or attach it.",
                        row.display_name,
                    )
                )
            row.sudo()._finish()  # sudo: the rights were checked

    def _finish(self):
        for row in self:
            row._advance({"done_on": fields.Datetime.now(), "done_by_id": self.env.uid})
            row._end_notices()
            row._schedule_notices()
            clock = row.clock_id
            if clock.repeats and row.recall_id.state == "running":
                row.copy(
                    {"due_on": clock._due_after(row.done_on, row.company_id)}
                )._schedule_notices()

    def _has_locked_files(self):
        return bool(self.done_on)

    def _due_running(self):
        return self.filtered(
            lambda row: (
                row.due_on
                and not row.done_on
                and row.recall_id.state in ("running", "finished")
            )
        )

    @api.model
    def _due_running_domain(self):
        return super()._due_running_domain() & Domain(
            "recall_id.state", "in", ("running", "finished")
        )

    def _due_file(self):
        return self.recall_id

    def _due_levels(self):
        """Whoever leads it a quarter before and when it is due, then who decided."""
        role = self.recall_id.class_id.role_id
        nobody = role.browse()
        start = self.recall_id.decided_on or self.create_date
        warn = self.due_on - (self.due_on - start) / 4
        return [(warn, nobody), (self.due_on, nobody), (self.due_on, role)]

    def _due_holders(self, role, file):
        return role._possible_holders(self.company_id)


class QualityComplaintRecallCheck(models.Model):
    """Did the notice arrive, and did they act? Asked of some consignees."""

    _name = "quality.complaint.recall.check"
    _description = "Effectiveness Check"
    _inherit = ["quality.complaint.guarded"]
    _order = "recall_id, id"
    _rec_name = "consignee_id"

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    consignee_id = fields.Many2one(
        "quality.complaint.recall.consignee",
        required=True,
        ondelete="cascade",
        domain="[('recall_id', '=', recall_id)]",
    )
    checked_on = fields.Date(default=fields.Date.context_today, required=True)
    user_id = fields.Many2one(
        "res.users", "Checked By", default=lambda self: self.env.user, required=True
    )
    arrived = fields.Boolean("Notice Arrived")
    acted = fields.Boolean("Acted on It")
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        checks.recall_id._check_standing("running", "finished")
        return checks

    def write(self, vals):
        self.recall_id._check_standing("running", "finished")
        return super().write(vals)
