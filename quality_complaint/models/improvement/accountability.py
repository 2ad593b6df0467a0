from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed


class QualityComplaintAccountability(models.Model):
    """Who is held to account for a complaint that was handled badly, and what followed:
    one of the four cases of R1, article 14. Seen by managers and by the person, who is
    heard before anything is decided.
    """

    _name = "quality.complaint.accountability"
    _description = "Accountability"
    _inherit = ["quality.complaint.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "found_on desc, id desc"
    _rec_name = "complaint_id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        fixed=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("evasion", "Passed the buck, answered late or did not record it"),
            ("shallow", "Shallow analysis or wrong judgement"),
            ("not_done", "Measures not carried out or not enough"),
            ("escalated", "Our mistake made the complaint worse or cost us"),
        ],
        "Case",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        domain="[('share', '=', False)]",
        fixed=True,
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
    )
    found_on = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    found_by_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        fixed=True,
    )
    fault = fields.Text("What Happened", required=True)
    statement = fields.Text(
        "Statement of the Person",
        readonly=True,
        copy=False,
        guarded=True,
        help="Their own words.",
    )
    heard_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    statement_refused = fields.Boolean(
        "No Statement Given", help="They were asked and did not answer."
    )
    decision = fields.Text()
    consequence = fields.Text("What Followed")
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    decided_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    state = fields.Selection(
        [("open", "To be heard"), ("heard", "Heard"), ("decided", "Decided")],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for row in self:
            row.is_mine = row.user_id == self.env.user

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            if not row.company_id.complaint_accountability:
                raise UserError(
                    self.env._(
                        "%s does not record who is held to account. An administrator "
                        "switches it on in Settings (“Accountability of Persons”).",
                        row.company_id.name,
                    )
                )
            if row.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Nobody holds themselves to account: ask another manager."
                    )
                )
            # the person is told and asked
            local = row.with_context(lang=row.user_id.lang)
            local.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=row.user_id.id,
                summary=local.env._("Give your statement"),
            )
        return rows

    def write(self, vals):
        self._lock_fields(
            vals,
            {"kind", "fault", "decision", "consequence", "department_id", "found_on"},
            self.filtered(lambda row: row.state == "decided"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_decided(self):
        for row in self:
            if row.state == "decided":
                raise UserError(
                    self.env._(
                        "What was decided on %s stays in the file.", row.display_name
                    )
                )

    def action_state(self, statement=None):
        """The person says what they have to say; nobody else writes it.

        :param str statement: in their own words
        """
        for row in self:
            if row.user_id != self.env.user or row.state == "decided":
                raise UserError(
                    self.env._(
                        "Only %s gives this statement, before it is decided.",
                        row.user_id.name,
                    )
                )
            row._check_reason(statement)
            # sudo: the person may write nothing else of it
            row.sudo()._advance(
                {
                    "statement": statement,
                    "heard_on": fields.Datetime.now(),
                    "state": "heard",
                }
            )
            # sudo: as above
            row.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == self.env.user
            ).action_done()

    def action_ask_statement(self):
        """Ask for it in a dialog."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("Statement"), "state", accountability_id=self.id
        )

    def action_decide(self):
        """By a manager who is not the person, who was heard or did not answer."""
        for row in self:
            row.check_access("write")
            missing = [
                self._fields[name]._description_string(self.env)
                for name in ("decision", "consequence")
                if row._is_blank(name)
            ]
            if row.state == "open" and not row.statement_refused:
                missing.insert(
                    0, self._fields["statement"]._description_string(self.env)
                )
            if missing or row.state == "decided" or row.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "%(case)s cannot be decided: %(why)s",
                        case=row.display_name,
                        why=self.env._(
                            "still missing: %s.", listed(self.env.lang, missing)
                        )
                        if missing
                        else self.env._("it is decided already.")
                        if row.state == "decided"
                        else self.env._("nobody decides on themselves."),
                    )
                )
            row._advance(
                {
                    "state": "decided",
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                }
            )
