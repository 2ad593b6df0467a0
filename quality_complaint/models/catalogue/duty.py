from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import printed_moment


class QualityComplaintDuty(models.Model):
    """Who answers complaints from when to when, by day and at night (R1: answers 24
    hours a day).
    """

    _name = "quality.complaint.duty"
    _description = "Duty"
    _inherit = ["quality.complaint.guarded"]
    _order = "start_on, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "On Duty",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    substitute_id = fields.Many2one(
        "res.users",
        "Replaced By",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who is on duty instead: illness, leave, an exchange.",
    )
    answering_id = fields.Many2one(
        "res.users",
        "Who Answers",
        compute="_compute_answering_id",
        store=True,
        index=True,
    )
    phone = fields.Char(
        compute="_compute_phone", help="Of who answers; kept on their contact."
    )
    start_on = fields.Datetime("From", required=True, index=True)
    stop_on = fields.Datetime("To", required=True)
    team_id = fields.Many2one(
        "quality.complaint.team",
        check_company=True,
        index="btree_not_null",
        help="Empty: for all teams.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    note = fields.Char(help="What whoever is on duty has to know.")

    _ends_after_it_starts = models.Constraint(
        "CHECK (stop_on > start_on)", "A duty ends after it starts."
    )

    @api.depends("user_id", "substitute_id")
    def _compute_answering_id(self):
        for duty in self:
            duty.answering_id = duty.substitute_id or duty.user_id

    @api.depends("answering_id.partner_id.phone")
    def _compute_phone(self):
        for duty in self:
            # sudo: the number of a colleague, for whoever needs them
            duty.phone = duty.answering_id.sudo().partner_id.phone

    @api.depends("answering_id.name", "team_id.name")
    def _compute_display_name(self):
        for duty in self:
            duty.display_name = " · ".join(
                filter(None, (duty.answering_id.name, duty.team_id.name))
            )

    @api.constrains("start_on", "stop_on", "team_id", "company_id")
    def _check_alone(self):
        """One person answers at a time: for all, and for each team."""
        for duty in self:
            other = self.search(
                [
                    ("id", "!=", duty.id),
                    ("company_id", "=", duty.company_id.id),
                    ("team_id", "=", duty.team_id.id),
                    ("start_on", "<", duty.stop_on),
                    ("stop_on", ">", duty.start_on),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(person)s is on duty from %(start)s to %(stop)s already. "
                        "Change that duty, or choose another time.",
                        person=other.answering_id.name,
                        start=printed_moment(self.env, other.start_on),
                        stop=printed_moment(self.env, other.stop_on),
                    )
                )

    @api.model
    def _on_duty(self, company, team=None, moment=None):
        """The duty of a moment; a team's own comes first.

        :param moment: naive UTC datetime; now if not given
        :return: one `quality.complaint.duty`, or none
        """
        moment = moment or fields.Datetime.now()
        # sudo: who answers is no secret
        running = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("start_on", "<=", moment)
            & Domain("stop_on", ">", moment)
            & Domain("team_id", "in", [False, *(team.ids if team else ())])
        )
        running = running.filtered(lambda duty: duty.answering_id.active)
        return running.sorted(lambda duty: not duty.team_id)[:1]

    @api.model
    def _possible(self, company):
        """Everybody who is, or will be, on duty in a company."""
        # sudo: as above
        return (
            self.sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("stop_on", ">", fields.Datetime.now()),
                ]
            )
            .answering_id
        )
