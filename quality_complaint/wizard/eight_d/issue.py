from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from ...models.eight_d.issue import STAGES
from ...tools import PAPER_LANGUAGES


class Quality8dIssueWizard(models.TransientModel):
    """Asks how a report is issued: stage, language, for which customers."""

    _name = "quality.8d.issue.wizard"
    _description = "Issue an 8D Report"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "eight_d_id"

    eight_d_id = fields.Many2one(
        "quality.8d", "8D Report", required=True, ondelete="cascade"
    )
    revision = fields.Integer("Last Revision", readonly=True)
    next_revision = fields.Integer("Revision", compute="_compute_next_revision")
    stage = fields.Selection(STAGES, required=True)
    language = fields.Selection(PAPER_LANGUAGES, required=True)
    allowed_complaint_ids = fields.Many2many(
        "quality.complaint", compute="_compute_allowed_complaint_ids"
    )
    complaint_ids = fields.Many2many(
        "quality.complaint",
        string="For the Customers Of",
        domain="[('id', 'in', allowed_complaint_ids)]",
        help=(
            "One copy for each, which names no other customer. None: a copy of our own."
        ),
    )
    left_out = fields.Char(
        compute="_compute_left_out",
        help="Complaints that get no copy unless they are added.",
    )
    note = fields.Text("What Changed")

    @api.depends("revision")
    def _compute_next_revision(self):
        for wizard in self:
            wizard.next_revision = wizard.revision + 1

    @api.depends("eight_d_id")
    def _compute_allowed_complaint_ids(self):
        for wizard in self:
            wizard.allowed_complaint_ids = wizard.eight_d_id._covered_complaints()

    @api.depends("allowed_complaint_ids", "complaint_ids")
    def _compute_left_out(self):
        for wizard in self:
            left = wizard.allowed_complaint_ids - wizard.complaint_ids
            names = [
                self.env._("%s (closed)", complaint.display_name)
                if complaint.state == "closed"
                else complaint.display_name
                for complaint in left
            ]
            wizard.left_out = (
                self.env._(
                    "No copy for: %s. Add a line if that customer should get one.",
                    format_list(self.env, names),
                )
                if names
                else False
            )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        report = self.env["quality.8d"].browse(values.get("eight_d_id"))
        if report:
            live = report._covered_complaints().filtered(
                lambda complaint: complaint.state != "closed"
            )
            values.update(
                revision=report.revision,
                stage=report._proposed_stage(),
                language=self._proposed_language(report, live),
                complaint_ids=[Command.set(live.ids)],
            )
        return values

    @api.model
    def _proposed_language(self, report, complaints):
        """What the policy says of the form, else the customers' language, both when
        they speak different ones.
        """
        language = (
            report.sudo().policy_id._form("eight_d").language
        )  # sudo: which language the form has
        if language in dict(PAPER_LANGUAGES):
            return language
        languages = {complaint._customer_lang() for complaint in complaints} or {
            self.env.lang
        }
        known = {
            lang if lang in dict(PAPER_LANGUAGES) else "en_US" for lang in languages
        }
        return known.pop() if len(known) == 1 else "both"

    def action_issue(self):
        """Issue it, and open the letter when there is one."""
        self.ensure_one()
        if self.complaint_ids - self.allowed_complaint_ids:
            raise UserError(
                self.env._(
                    "A report is issued for complaints that it covers and that are not "
                    "cancelled."
                )
            )
        issues = self.eight_d_id._issue(
            self.stage,
            self.language,
            self.complaint_ids,
            self.note,
            expected=self.revision,
        )
        replies = issues.reply_id
        if len(replies) == 1 and replies.has_access("write"):
            return replies._open_composer()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Revision %s is issued. Its PDFs and letters are under “Issued "
                    "Revisions”.",
                    self.eight_d_id.revision,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
