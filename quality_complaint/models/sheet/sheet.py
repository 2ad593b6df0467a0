from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from ...tools import IncompleteError, listed


class QualityComplaintSheet(models.Model):
    """A special case on one complaint: facts, steps, people."""

    _name = "quality.complaint.sheet"
    _description = "Case Sheet"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "mail.thread",
    ]
    _order = "complaint_id desc, id"
    _rec_names_search = ["complaint_id.name", "type_id.name"]
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade", fixed=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    type_id = fields.Many2one(
        "quality.complaint.sheet.type",
        "Kind",
        required=True,
        index=True,
        ondelete="restrict",
        fixed=True,
    )
    instruction = fields.Text(related="type_id.instruction")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guarded=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Led By",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        index="btree_not_null",
    )
    opened_on = fields.Datetime(
        default=fields.Datetime.now, readonly=True, guarded=True
    )
    closed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, guarded=True)
    conclusion = fields.Text("Result", help="What came of it.")
    fact_ids = fields.One2many("quality.complaint.sheet.fact", "sheet_id", "Facts")
    task_ids = fields.One2many("quality.complaint.sheet.task", "sheet_id", "Steps")
    # who may read a confidential one
    reader_ids = fields.Many2many(
        "res.users",
        "quality_complaint_sheet_reader_rel",
        string="Read By",
        readonly=True,
        copy=False,
        guarded=True,
    )
    is_confidential = fields.Boolean(related="type_id.is_confidential", store=True)

    _type_uniq = models.Constraint(
        "UNIQUE (complaint_id, type_id)",
        "The complaint has a sheet of this kind already.",
    )

    @api.depends("type_id.name", "complaint_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = listed(
                self.env.lang, (sheet.complaint_id.name, sheet.type_id.name), ","
            )

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        sheets._on_opened()
        for complaint in sheets.complaint_id:
            # sudo: a count of the flow's
            flow = complaint.sudo()
            flow._advance({"sheet_count": len(flow.sheet_ids)})
        return sheets

    def _on_opened(self):
        """It asks its facts, names who does what until when, and tells people."""
        for sheet in self:
            # sudo: rows and readers are the flow's
            flow = sheet.sudo()
            flow._choose_lead()
            flow._ask_facts()
            flow._plan_tasks()
            flow._choose_readers()
            flow._tell_people()

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self.sudo()._choose_readers()  # sudo: as on opening
        return result

    def _choose_lead(self):
        role = self.type_id.lead_role_id
        handler = self.complaint_id.user_id
        holders = role._holders(self.complaint_id) if role else handler
        # of several the handler, who knows the case
        self.user_id = self.user_id or holders & handler or holders[:1] or handler

    def _ask_facts(self):
        self.env["quality.complaint.sheet.fact"].create(
            [
                {
                    "sheet_id": self.id,
                    "question_id": question.id,
                    "sequence": question.sequence,
                }
                for question in self.type_id.question_ids
            ]
        )

    def _plan_tasks(self):
        tasks = self.env["quality.complaint.sheet.task"].create(
            [
                {
                    "sheet_id": self.id,
                    "step_id": step.id,
                    "sequence": step.sequence,
                    "name": step.name,
                    "user_id": (
                        step.role_id._holders(self.complaint_id)[:1] or self.user_id
                        if step.role_id
                        else self.user_id
                    ).id,
                    "due_on": fields.Datetime.add(self.opened_on, hours=step.hours)
                    if step.hours
                    else False,
                }
                for step in self.type_id.step_ids
            ]
        )
        tasks._schedule_notices()

    def _choose_readers(self):
        for sheet in self:
            kind, complaint = sheet.type_id, sheet.complaint_id
            roles = kind.reader_role_ids | kind.told_role_ids | kind.lead_role_id
            readers = sheet.user_id | complaint.user_id | sheet.task_ids.user_id
            for role in roles:
                readers |= role._holders(complaint)
            sheet._advance({"reader_ids": [Command.set(readers.ids)]})

    def _tell_people(self):
        """An activity on the complaint for the lead and each role to be told."""
        complaint = self.complaint_id
        people = self.user_id
        for role in self.type_id.told_role_ids:
            people |= role._holders(complaint)
        for person in complaint._reachable(people):
            local = self.with_context(lang=person.lang)
            complaint.with_context(lang=person.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=person.id,
                summary=local.env._("Special case: %s", local.type_id.name),
            )

    def _check_open(self):
        """:raise UserError: it is closed, or its case is"""
        for sheet in self:
            if sheet.state == "closed":
                raise UserError(
                    self.env._(
                        "%s is closed. Reopen it to change something.",
                        sheet.display_name,
                    )
                )
        self._check_not_filed({"fact_ids"})

    # === what they do ===

    def action_add_entry(self):
        """One more set of the facts that repeat."""
        self.ensure_one()
        self.check_access("write")
        questions = self.type_id.question_ids.filtered("repeats")
        if not questions:
            raise UserError(
                self.env._(
                    "Nothing on %s is entered more than once.", self.display_name
                )
            )
        entry = max(self.fact_ids.mapped("entry"), default=1) + 1
        # sudo: rows are the flow's
        self.env["quality.complaint.sheet.fact"].sudo().create(
            [
                {
                    "sheet_id": self.id,
                    "question_id": question.id,
                    "sequence": question.sequence,
                    "entry": entry,
                }
                for question in questions
            ]
        )

    def action_close(self):
        self.check_access("write")
        for sheet in self:
            missing = sheet._missing_to_close()
            if missing:
                raise IncompleteError(
                    self.env._(
                        "%(sheet)s cannot be closed yet. Still missing: %(missing)s.",
                        sheet=sheet.display_name,
                        missing=format_list(self.env, missing),
                    )
                )
        # sudo: the rights were checked
        self.filtered(lambda sheet: sheet.state == "open").sudo()._advance(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )
        for sheet in self:
            if sheet.type_id.milestone_id:
                # sudo: as above
                sheet.complaint_id.sudo()._reach(
                    sheet.type_id.milestone_id.code, source=sheet
                )

    def action_reopen(self):
        self.check_access("write")
        self._check_not_filed({"state"})
        # sudo: as above
        self.sudo()._advance(
            {"state": "open", "closed_on": False, "closed_by_id": False}
        )

    def _missing_to_close(self):
        self.ensure_one()
        chosen = self.fact_ids.choice_id
        facts = self.fact_ids.filtered(
            lambda fact: (
                fact.question_id.required
                and fact.question_id.only_choice_id <= chosen
                and fact.entry == 1
                and fact.is_open
            )
        )
        tasks = self.task_ids.filtered(
            lambda task: (
                task.step_id.required
                and task.step_id.only_choice_id <= chosen
                and not task.done_on
            )
        )
        return [
            *(f"“{fact.question_id.name}”" for fact in facts),
            *(self.env._("the step “%s”", task.name) for task in tasks),
        ]

    def action_write_letter(self):
        """Open a letter with the first words of this kind of case."""
        self.ensure_one()
        template = self.type_id.template_id
        if not template:
            raise UserError(
                self.env._("No first letter is set for “%s”.", self.type_id.name)
            )
        kind = "authority" if self._writes_to_authority() else "progress"
        return (
            self.env["quality.complaint.reply"]
            .create(
                {
                    "complaint_id": self.complaint_id.id,
                    "kind": kind,
                    "template_id": template.id,
                }
            )
            ._open_composer(new=True)
        )

    def _writes_to_authority(self):
        return self.type_id.code in ("authority", "sampling")
