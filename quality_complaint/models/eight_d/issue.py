from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...tools import PAPER_LANGUAGES, listed

STAGES = [
    ("d3", "Interim report D3"),
    ("d5", "Interim report D5"),
    ("final", "Final report"),
]
# up to which step a stage reports, and which steps the customer accepts with it
LAST_STEP = {"d3": "D3", "d5": "D5", "final": "D8"}
ACCEPTED_STEPS = {
    "d3": ("D0", "D1", "D2", "D3"),
    "d5": ("D4", "D5"),
    "final": ("D6", "D7", "D8"),
}
REPORT = "quality_complaint.action_report_eight_d"


class Quality8dIssue(models.Model):
    """A copy of an 8D report as it was given out: to the customer of a complaint, or
    kept for ourselves.

    All copies of one issue carry the same revision. The PDF is kept as it was; later
    changes of the report do not reach it.
    """

    _name = "quality.8d.issue"
    _description = "Issued 8D Report"
    _inherit = ["quality.complaint.guarded"]
    _order = "eight_d_id, revision desc, id"
    _rec_name = "revision"
    _check_company_auto = True

    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(
        related="eight_d_id.company_id", store=True, index=True
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="For whose customer; empty: a copy of our own.",
        fixed=True,
    )
    revision = fields.Integer(
        required=True, help="The same for all copies of one issue.", fixed=True
    )
    stage = fields.Selection(STAGES, required=True, fixed=True)
    language = fields.Selection(PAPER_LANGUAGES, required=True, fixed=True)
    note = fields.Text("What Changed", fixed=True)
    issued_on = fields.Datetime(required=True, fixed=True)
    issued_by_id = fields.Many2one(
        "res.users", required=True, ondelete="restrict", fixed=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "PDF",
        bypass_search_access=True,
        ondelete="restrict",
        guarded=True,
    )
    reply_id = fields.Many2one(
        "quality.complaint.reply",
        "Letter",
        index="btree_not_null",
        ondelete="set null",
        fixed=True,
    )
    reply_state = fields.Selection(
        related="reply_id.state", string="Letter Status", related_sudo=True
    )

    _copy_uniq = models.UniqueIndex(
        "(eight_d_id, revision, COALESCE(complaint_id, 0))",
        "A revision is issued once for each complaint.",
    )

    @api.depends("eight_d_id.name", "revision", "stage")
    def _compute_display_name(self):
        stages = dict(self._fields["stage"]._description_selection(self.env))
        for issue in self:
            issue.display_name = listed(
                self.env.lang,
                (
                    issue.eight_d_id.name,
                    stages.get(issue.stage),
                    str(issue.revision or ""),
                ),
                ",",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was issued belongs to the file and cannot be deleted.")
        )

    def action_open_reply(self):
        """Open the letter it goes out with."""
        self.ensure_one()
        if not self.reply_id:
            raise UserError(
                self.env._(
                    "%s is a copy of our own, or its letter was deleted.",
                    self.display_name,
                )
            )
        return self.reply_id._open_composer()

    def action_download(self):
        """The PDF as it was issued."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(
                self.env._(
                    "The PDF of %s was removed: the retention of its complaint is "
                    "over.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    # === making copies ===

    def _print(self):
        """Print the copies and keep them; issues of one report."""
        for issue in self:
            printer = self.env["ir.actions.report"].with_context(
                eight_d_issue_id=issue.id,
                complaint_form_language=issue.language,
                force_report_rendering=True,
                report_pdf_no_attachment=True,
                # one for each customer: without the wait for scripts
                complaint_case_file=True,
            )
            # sudo: the copy names deliveries and people that the person issuing may not
            # open; that he may issue it was checked
            content, _kind = printer.sudo()._render_qweb_pdf(
                REPORT, issue.eight_d_id.ids
            )
            attachment = (
                self.env["ir.attachment"]
                .sudo()
                .create(  # sudo: kept by the flow, for everybody who may read the issue
                    {
                        "name": issue._file_name(),
                        "raw": content,
                        "mimetype": "application/pdf",
                        "res_model": self._name,
                        "res_id": issue.id,
                    }
                )
            )
            issue._advance({"attachment_id": attachment.id})

    def _file_name(self):
        self.ensure_one()
        parts = (
            self.eight_d_id.name or "8D",
            self.complaint_id.name,
            self.stage,
            f"rev{self.revision}",
        )
        return "-".join(filter(None, parts)).replace("/", "-") + ".pdf"

    def _draft_letters(self):
        """A draft for each customer with their copy; it is sent, and approved, like
        every other letter.
        """
        template = self.env.ref(
            "quality_complaint.mail_template_8d_issue", raise_if_not_found=False
        )
        for issue in self.filtered("complaint_id"):
            # sudo: whoever leads the team may not write on every complaint; the handler
            # sends the letter
            reply = (
                self.env["quality.complaint.reply"]
                .sudo()
                .create(issue._prepare_letter_vals())
            )
            issue._advance({"reply_id": reply.id})
            reply.template_id = template
            attachment = (
                issue.attachment_id.sudo()
            )  # sudo: a copy of its own, readable with the letter
            reply.attachment_ids = [
                Command.create(
                    {
                        "name": attachment.name,
                        "raw": attachment.raw,
                        "mimetype": attachment.mimetype,
                        "res_model": reply._name,
                        "res_id": reply.id,
                    }
                )
            ]
            issue._tell_handler()

    def _prepare_letter_vals(self):
        self.ensure_one()
        complaint = self.sudo().complaint_id  # sudo: as above
        return {
            "complaint_id": complaint.id,
            "round": complaint.round,
            "kind": "progress",
            "template_id": False,
            # a final report is what the customer is asked to accept
            "expects_answer": self.stage == "final",
        }

    def _tell_handler(self):
        """The complaint's thread says that a letter waits; its handler is told."""
        complaint = self.sudo().complaint_id  # sudo: as above
        body = self.env._(
            "8D report %(report)s issued, revision %(revision)s. The letter to the "
            "customer is a draft under “Letters and Revisit”.",
            report=self.eight_d_id.name,
            revision=self.revision,
        )
        handler = complaint.user_id - self.env.user
        complaint.message_post(
            body=body,
            subtype_xmlid="mail.mt_note",
            partner_ids=complaint._reachable(handler).partner_id.ids,
        )

    # === acceptance ===

    def _accept(self, reply):
        """The customer accepts what was issued: stamped on the steps of the stage;
        several customers are named behind each other.

        :param reply: the answered `quality.complaint.reply`
        """
        for issue in self.sudo():  # sudo: the customer has decided, whoever records it
            day = fields.Date.context_today(self, reply.answered_on)
            customer = issue.complaint_id.commercial_partner_id.name
            by = listed(
                self.env.lang, dict.fromkeys((reply.answered_by, customer)), ","
            )
            for step in issue.eight_d_id.step_ids.filtered(
                lambda row, i=issue: row.done_on and row.code in ACCEPTED_STEPS[i.stage]
            ):
                if by not in (step.accepted_by or ""):
                    step._advance(
                        {
                            "accepted_on": day,
                            "accepted_by": listed(
                                self.env.lang, (step.accepted_by, by), ";"
                            ),
                        }
                    )
            report = issue.eight_d_id
            if issue.stage == "final" and by not in (report.customer_accepted_by or ""):
                report._advance(
                    {
                        "customer_accepted_on": day,
                        "customer_accepted_by": listed(
                            self.env.lang, (report.customer_accepted_by, by), ";"
                        ),
                    }
                )


class Quality8d(models.Model):
    _inherit = "quality.8d"

    issue_ids = fields.One2many(
        "quality.8d.issue", "eight_d_id", "Revisions", readonly=True
    )
    may_issue = fields.Boolean(compute="_compute_may_issue")

    @api.depends("leader_id", "champion_id", "state")
    @api.depends_context("uid")
    def _compute_may_issue(self):
        for report in self:
            report.may_issue = report.state != "cancelled" and report._leads()

    def _covered_domain(self):
        """Complaints the report serves: its own, for a batch case the complaints
        in it.
        """
        own, inside = (
            Domain("eight_d_id", "in", self.ids),
            Domain("parent_id.eight_d_id", "in", self.ids),
        )
        return (
            Domain("is_batch", "=", False)
            & (own | inside)
            & Domain("state", "not in", ("new", "cancelled"))
        )

    def _covered_complaints(self):
        """Searched, not read from the report: only those the user may read.

        :return: `quality.complaint`
        """
        return self.env["quality.complaint"].search(self._covered_domain(), order="id")

    def _proposed_stage(self):
        self.ensure_one()
        return next(
            (
                stage
                for stage, _label in reversed(STAGES)
                if self._is_done(LAST_STEP[stage])
            ),
            "d3",
        )

    def _check_may_issue(self, stage):
        """
        :raise AccessError: neither leader nor champion nor a quality engineer
        :raise UserError: the report is cancelled, or the step it reports up to is not
            closed
        """
        self.ensure_one()
        self.check_access("read")
        if not self._leads():
            raise AccessError(
                self.env._(
                    "Only its leader, its champion or a quality engineer can issue %s.",
                    self.display_name,
                )
            )
        if self.state == "cancelled":
            raise UserError(
                self.env._(
                    "%s is cancelled: nothing can be issued any more.",
                    self.display_name,
                )
            )
        step = self._step(LAST_STEP[stage])
        if not step.done_on:
            stages = dict(
                self.env["quality.8d.issue"]
                ._fields["stage"]
                ._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "“%(stage)s” cannot be issued yet: %(step)s is not closed.",
                    stage=stages[stage],
                    step=step.display_name,
                )
            )

    def action_issue(self):
        """Ask for stage, language and customers."""
        self.ensure_one()
        self._check_may_issue(self._proposed_stage())
        return self.env["quality.8d.issue.wizard"]._get_records_action(
            name=self.env._("Issue Report"),
            target="new",
            context={"default_eight_d_id": self.id},
        )

    def _issue(self, stage, language, complaints, note=False, expected=None):
        """Give the report out: one copy for each complaint, a copy of our own when
        there is none.

        :param str stage: `d3`, `d5` or `final`
        :param str language: `en_US`, `zh_CN` or `both`
        :param complaints: `quality.complaint` the report serves
        :param str note: what changed since the revision before
        :param int expected: the revision it had when the user decided; another one is
            refused
        :return: the `quality.8d.issue` records
        """
        self.ensure_one()
        self._check_may_issue(stage)
        complaints = complaints.with_env(self.env)
        complaints.check_access("read")
        if (
            complaints - self.sudo()._covered_complaints()
        ):  # sudo: whether they belong to it
            raise UserError(
                self.env._(
                    "A report is issued for complaints that it covers and that are not "
                    "cancelled."
                )
            )
        # locked, so that two clicks make one revision
        self.lock_for_update()
        self.invalidate_recordset(["revision"])
        if expected is not None and self.revision != expected:
            raise UserError(
                self.env._(
                    "%(report)s was issued meanwhile as revision %(revision)s. Open "
                    "it again.",
                    report=self.name,
                    revision=self.revision,
                )
            )
        self._advance({"revision": self.revision + 1})
        shared = {
            "eight_d_id": self.id,
            "revision": self.revision,
            "stage": stage,
            "language": language,
            "note": note,
            "issued_on": fields.Datetime.now(),
            "issued_by_id": self.env.uid,
        }
        # sudo: made by the flow only
        issues = (
            self.env["quality.8d.issue"]
            .sudo()
            .create(
                [
                    {**shared, "complaint_id": complaint.id}
                    for complaint in complaints or [complaints]
                ]
            )
        )
        issues._print()
        issues._draft_letters()
        stages = dict(issues._fields["stage"]._description_selection(self.env))
        body = Markup("<p>%s</p><p>%s</p>") % (
            self.env._(
                "Issued: %(stage)s, revision %(revision)s",
                stage=stages[stage],
                revision=self.revision,
            ),
            note or "",
        )
        self.message_post(body=body, subtype_xmlid="mail.mt_note")
        return issues.sudo(False)  # sudo: back to the user's rights

    def _forget_acceptance(self, reopened):
        """What the customer accepted is not what the report will say.

        :param reopened: steps that are open again
        """
        reopened._advance({"accepted_on": False, "accepted_by": False})
        if "D8" in reopened.mapped("code"):
            self._advance(
                {"customer_accepted_on": False, "customer_accepted_by": False}
            )
