from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import IncompleteError, listed, says_nothing

WRITTEN = (
    "subject", "body", "from_department_id", "to_department_id", "user_id", "due_on",
    "partner_id", "complaint_id", "sale_order_id", "attachment_ids",
)  # fmt: skip


class QualityComplaintContactLetter(models.Model):
    """A contact letter between departments (联络函, 000-G 4.1.2): from, to, subject,
    answer until, answered. It is a to-do of whoever it is for until they answer.
    """

    _name = "quality.complaint.contact.letter"
    _description = "Contact Letter"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.numbered",
        "quality.complaint.files",
        "quality.complaint.due",
        "quality.complaint.reachable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _due_action = "quality_complaint.action_contact_letter"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Letter No.", readonly=True, copy=False, guarded=True, help="Given when sent."
    )
    subject = fields.Char(required=True)
    body = fields.Text("Text", required=True)
    from_department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_department(),
    )
    to_department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    from_user_id = fields.Many2one(
        "res.users",
        "Writer",
        default=lambda self: self.env.user,
        readonly=True,
        fixed=True,
        copy=False,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Addressee",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index=True,
        help="Who is to answer; proposed: the head of the department.",
    )
    due_on = fields.Datetime("Answer Until", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    team_id = fields.Many2one("quality.complaint.team", check_company=True)
    partner_id = fields.Many2one("res.partner", "Customer", check_company=True)
    complaint_id = fields.Many2one(
        "quality.complaint",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Order", check_company=True, index="btree_not_null"
    )
    answer = fields.Text(copy=False)
    answered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    done_on = fields.Datetime("Answer Given On", guarded=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_contact_letter_attachment_rel",
        string="Attachments",
        copy=False,
        bypass_search_access=True,
    )
    state = fields.Selection(
        [
            ("draft", "Drafted"),
            ("sent", "To answer"),
            ("answered", "Answer given"),
            ("cancelled", "Withdrawn"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        guarded=True,
    )
    is_for_me = fields.Boolean(compute="_compute_is_for_me")
    may_withdraw = fields.Boolean(compute="_compute_may_withdraw")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "The number of a contact letter is unique.",
    )

    # === compute ===

    @api.model
    def _default_department(self):
        """The department the writer works in."""
        return self.env["quality.complaint.responsible"].search(
            [
                ("kind", "=", "department"),
                ("company_id", "in", [False, self.env.company.id]),
                "|",
                ("member_ids", "=", self.env.uid),
                ("manager_id", "=", self.env.uid),
            ],
            limit=1,
        )

    @api.depends("to_department_id")
    def _compute_user_id(self):
        for letter in self:
            letter.user_id = letter.to_department_id._local_manager(letter.company_id)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = " · ".join(
                filter(None, (letter.name, letter.subject))
            )

    @api.depends("user_id", "to_department_id.member_ids")
    @api.depends_context("uid")
    def _compute_is_for_me(self):
        for letter in self:
            letter.is_for_me = self.env.user in letter._addressees()

    @api.depends("from_user_id")
    @api.depends_context("uid")
    def _compute_may_withdraw(self):
        officer = self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        )
        for letter in self:
            letter.may_withdraw = officer or letter.from_user_id == self.env.user

    def _addressees(self):
        """Who may answer: whom it is for, head and members of the department."""
        self.ensure_one()
        department = self.to_department_id
        return self.user_id | department.manager_id | department.member_ids

    # === CRUD ===

    def write(self, vals):
        self._lock_fields(
            vals, {*WRITTEN}, self.filtered(lambda letter: letter.state != "draft")
        )
        if "answer" in vals:
            self._check_answering()
        result = super().write(vals)
        if vals.keys() & {"due_on", "user_id"}:
            self._schedule_notices()
        return result

    def _check_answering(self):
        for letter in self:
            if letter.state != "sent" or not letter.is_for_me:
                raise UserError(
                    self.env._(
                        "%(letter)s is answered by %(users)s while it is to be "
                        "answered.",
                        letter=letter.display_name,
                        users=listed(
                            self.env.lang, letter._addressees().mapped("name")
                        ),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for letter in self:
            if letter.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was sent and stays in the file.", letter.display_name
                    )
                )

    def _has_locked_files(self):
        return self.state != "draft"

    # === the way through ===

    def action_send(self):
        """Give the number and put it before whom it is for."""
        for letter in self:
            letter.check_access("write")
            letter._check_standing("draft")
            missing = [
                letter._fields[name]._description_string(self.env)
                for name in ("user_id", "due_on")
                if not letter[name]
            ]
            if missing:
                raise IncompleteError(
                    self.env._(
                        "“%(letter)s” cannot be sent yet. Still missing: %(missing)s.",
                        letter=letter.subject,
                        missing=listed(self.env.lang, missing),
                    )
                )
            letter._take_number()
            letter._advance({"state": "sent", "sent_on": fields.Datetime.now()})
            letter._remind(
                letter._reachable(letter.user_id),
                lambda local: local.env._("Answer %s", local.display_name),
            )
            letter._schedule_notices()

    def action_answer(self):
        """The answer is given: its writer is told."""
        for letter in self:
            letter.check_access("read")
            letter._check_standing("sent")
            letter._check_answering()
            if says_nothing(letter.answer):
                raise UserError(
                    self.env._(
                        "%s: write the answer first (“Answer”).", letter.display_name
                    )
                )
            # sudo: who answers need not be allowed to change the letter
            letter.sudo()._advance(
                {
                    "state": "answered",
                    "answered_by_id": self.env.uid,
                    "done_on": fields.Datetime.now(),
                }
            )
            letter.sudo()._end_notices()
            letter.sudo()._schedule_notices()
            writer = letter._reachable(letter.from_user_id)
            if writer and writer != self.env.user:
                local = letter.sudo().with_context(lang=writer.lang or self.env.lang)
                local.message_notify(
                    partner_ids=writer.partner_id.ids,
                    subject=local.env._("Answered: %s", letter.display_name),
                    body=letter.answer,
                )

    def action_withdraw(self):
        """Nobody needs to answer it any more."""
        for letter in self:
            letter.check_access("write")
            letter._check_standing("sent")
            if not letter.may_withdraw:
                raise UserError(
                    self.env._(
                        "%(letter)s is withdrawn by %(user)s, who wrote it.",
                        letter=letter.display_name,
                        user=letter.from_user_id.name,
                    )
                )
            letter._advance({"state": "cancelled"})
            letter._end_notices()
            letter._schedule_notices()

    # === due ===

    def _due_running(self):
        return self.filtered(lambda letter: letter.due_on and letter.state == "sent")

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("state", "=", "sent")

    def _due_file(self):
        return self

    def _due_levels(self):
        """Whom it is for a day before and when it is due, the head of their department
        a day later.
        """
        head = self.env.ref("quality_complaint.role_department_head")
        return [
            *super()._due_levels(),
            (fields.Datetime.add(self.due_on, days=1), head),
        ]

    def _due_holders(self, role, file):
        return self.to_department_id._local_manager(self.company_id)
