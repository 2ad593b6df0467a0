from odoo import fields, models
from odoo.exceptions import UserError


class QualityComplaint(models.Model):
    """A customer who was not satisfied: who reviews the case."""

    _inherit = "quality.complaint"

    # === The next round after a customer was not satisfied: by the same person, another
    # one or a higher role, under a new number where the policy wants one ===

    failures = fields.Integer(
        "Times Not Satisfied",
        readonly=True,
        copy=False,
        help=(
            "How often a revisit or an objection showed that the customer was not "
            "satisfied."
        ),
        guarded=True,
    )
    handling_number = fields.Char(
        "Handling No.",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Of the form issued for this round, where the policy wants a new one.",
        guarded=True,
    )
    round_ids = fields.One2many(
        "quality.complaint.round", "complaint_id", "Rounds", readonly=True
    )

    def _end_round(self, reason):
        """Keep who handled the round that ends now.

        :param str reason: why there is another one
        """
        now = fields.Datetime.now()
        # sudo: kept by the flow
        self.env["quality.complaint.round"].sudo().create(
            [
                {
                    "complaint_id": c.id,
                    "round": c.round,
                    "user_id": c.user_id.id,
                    "ended_on": now,
                    "reason": reason,
                }
                for c in self
            ]
        )

    def _review(self):
        """The customer was not satisfied: what the policy says about number and handler
        of the new round.
        """
        for complaint in self:
            policy = (
                complaint.policy_id.sudo()
            )  # sudo: the policy holds whoever reopens
            complaint._advance({"failures": complaint.failures + 1})
            way, role = complaint._review_rule()
            if policy.new_number:
                complaint._advance(
                    {"handling_number": f"{complaint.name}-{complaint.round}"}
                )
                complaint.message_post(
                    body=self.env._(
                        "Handled from now on under the number %s.",
                        complaint.handling_number,
                    )
                )
            if way != "same":
                complaint._pass_on(role if way == "role" else role.browse())

    def _review_rule(self):
        """Who reviews after as many failures as there were.

        :return: (`same`, `other` or `role`; the `quality.complaint.role`, which may be
            empty)
        """
        self.ensure_one()
        policy = self.policy_id.sudo()  # sudo: the policy holds whoever reopens
        name = "first_review" if self.failures == 1 else "next_review"
        return policy[name], policy[f"{name}_role_id"]

    def _earlier_handlers(self):
        return self.sudo().round_ids.user_id | self.user_id  # sudo: as above

    def _pass_on(self, role):
        """Give the complaint to somebody who has not handled it yet: a holder of the
        role, else somebody of the team, whose leader chooses among several.

        :param role: `quality.complaint.role`, empty for anybody else
        """
        self.ensure_one()
        complaint = (
            self.sudo()
        )  # sudo: the next handler follows from the policy, whoever reopens
        team = complaint.team_id.member_ids | complaint.team_id.leader_id
        possible = (
            role._holders(complaint)
            if role
            else role._working_in(team, complaint.company_id)
        )
        others = possible - complaint._earlier_handlers()
        complaint.user_id = others if len(others) == 1 else False
        # of several holders of a role everybody may take it; in a team the leader says
        # who
        whom = complaint.user_id or (others if role else complaint.team_id.leader_id)
        for user in whom:
            complaint.with_context(lang=user.lang or self.env.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.with_context(lang=user.lang or self.env.lang).env._(
                    "Review %s: the customer was not satisfied", complaint.display_name
                ),
            )
        if not whom:
            complaint.message_post(
                body=self.env._(
                    "Nobody else can review this complaint: choose another handler."
                )
            )
        complaint.investigation_ids.filtered(
            lambda row: row.round == complaint.round and not row.done_on
        ).user_id = complaint.user_id

    def _missing_reviewer(self):
        """As in `_missing_to_conclude`."""
        if (
            self.failures
            and not self.is_batch
            and self._review_rule()[0] != "same"
            and not self.user_id
        ):
            return [
                self.env._(
                    "a handler who has not handled it before (the customer was not "
                    "satisfied)"
                )
            ]
        return []

    def _check_new_handler(self, vals):
        if vals.get("user_id"):
            self._check_reviewer(self.env["res.users"].browse(vals["user_id"]))

    def _check_reviewer(self, user):
        """Where another person reviews, nobody handles a complaint again whose customer
        he did not satisfy.

        :raise UserError: the user handled an earlier round
        """
        for complaint in self.filtered("failures"):
            way, _role = complaint._review_rule()
            earlier = (
                complaint.sudo()
                .round_ids.filtered(lambda row, c=complaint: row.round < c.round)
                .user_id
            )  # sudo: as above
            if way != "same" and user != complaint.user_id and user in earlier:
                raise UserError(
                    self.env._(
                        "%(user)s has handled %(complaint)s before and the customer "
                        "was not satisfied: another person has to review it.",
                        user=user.name,
                        complaint=complaint.display_name,
                    )
                )

    def _plan_revisit(self):
        """Where type and severity ask for one and none is planned."""
        planned = self.revisit_ids.filtered(lambda revisit: revisit.state == "planned")
        if self._requires("revisited") and not self.is_batch and not planned:
            # sudo: the revisit follows from the reply, whoever sent it
            self.env["quality.complaint.revisit"].sudo().create(
                self._prepare_revisit_vals()
            )

    def _keep_revisit_window(self, deadlines):
        """A revisit that was planned before its window was known moves into it (R2:
        day 5 to day 7 after the form came back).

        :param deadlines: rows of this complaint that have just started
        """
        for window in deadlines.filtered(
            lambda row: row.limit_id.not_before and row.milestone_code == "revisited"
        ):
            first = window._local_date(window.not_before)
            self.revisit_ids.filtered(
                lambda revisit, window=window, first=first: (
                    revisit.state == "planned"
                    and revisit.round == window.round
                    and revisit.planned_on < first
                )
            ).planned_on = first

    def _prepare_revisit_vals(self):
        # sudo: dates of the flow
        window = self.sudo().deadline_ids.filtered(
            lambda row: row.state == "running" and row.milestone_code == "revisited"
        )[:1]
        day = max(filter(None, (window.not_before, fields.Datetime.now())))
        clock = self._deadline_calendar()._complaint_clock(self.company_id)
        if not clock.is_working_day(day):
            working = clock.start_of_day(day, 1)
            day = working if not window or working <= window.due_on else day
        return {
            "complaint_id": self.id,
            "round": self.round,
            "user_id": self._revisitor().id,
            "planned_on": window._local_date(day),
        }

    def _revisitor(self):
        """Who revisits the customer: of the holders of the policy's role the one with
        the fewest planned revisits, else the handler.
        """
        # sudo: policy and team leader hold whoever sent the reply
        role = self.policy_id.sudo().revisit_role_id
        handler = role._working_in(self.user_id, self.company_id) or role._working_in(
            self.sudo().team_id.leader_id, self.company_id
        )
        holders = role._holders(self) if role else handler
        if len(holders) <= 1 or handler in holders:
            return (handler & holders) or holders or handler
        # sudo: the work of others is only counted
        revisits = self.env["quality.complaint.revisit"].sudo()
        planned = dict(
            revisits._read_group(
                [("state", "=", "planned"), ("user_id", "in", holders.ids)],
                ["user_id"],
                ["__count"],
            )
        )
        return holders.sorted(lambda user: (planned.get(user, 0), user.id))[:1]
