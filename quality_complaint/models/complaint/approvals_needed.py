from odoo import models
from odoo.fields import Command

from .approval import PLAN_SUBJECTS

# decisions of their own: a role that approved the plan has not taken them yet
OWN_DECISIONS = ("over_ceiling", "responsibility")


class QualityComplaint(models.Model):
    """Whose approval a complaint needs, by its severity and the approval rules of its
    policy.
    """

    _inherit = "quality.complaint"

    def _check_promises(self, vals):
        """
        :raise UserError: what was promised to one customer, or decided about who is
            responsible, would be another's
        """
        if "partner_id" in vals:
            self._lock_fields(
                vals,
                {"partner_id"},
                self._promised_to_others(
                    self.env["res.partner"].browse(vals["partner_id"])
                ),
            )
        if "responsible_id" in vals:
            self._lock_fields(vals, {"responsible_id"}, self._decided_responsibility())

    def _decided_responsibility(self):
        """Complaints whose responsible party was approved in this round, or is put
        before somebody.
        """
        return self.filtered(
            lambda c: (
                # sudo: decisions count whoever may see them
                c.sudo().approval_ids.filtered(
                    lambda a: (
                        a.subject == "responsibility"
                        and a.round == c.round
                        and a.state in ("pending", "approved")
                    )
                )
            )
        )

    def _promised_to_others(self, partner):
        """Complaints with remedies that were approved, or wait for it, for another
        customer than this one: money and goods go to the customer.
        """
        customer = (
            partner.sudo().commercial_partner_id
        )  # sudo: another person of the same customer is no other customer
        return self.filtered(
            lambda complaint: (
                complaint.commercial_partner_id != customer
                # sudo: remedies count whoever may see them
                and complaint.sudo()
                .remedy_ids._live()
                .filtered(
                    lambda remedy: (
                        remedy.kind != "return" and not remedy._without_lines()
                    )
                )
            )
        )

    def _approval_roles(self, subject):
        """Roles that must approve.

        :param str subject: of an approval rule: `plan`, `money`, `responsibility`,
            `reply` or `closing`
        :return: `quality.complaint.role`
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: rules hold whoever asks
        severity = (
            complaint.severity_id
            if complaint.type_id.uses_severity
            else complaint.severity_id.browse()
        )
        own = {
            "plan": severity.plan_role_id,
            "reply": severity.reply_role_id,
            "closing": severity.close_role_id,
        }.get(subject)
        rules = complaint.policy_id.approval_rule_ids.filtered(
            lambda rule: rule.subject == subject
        )
        if rules:
            facts = complaint._facts()
            rules = rules.filtered(lambda rule: rule._holds(facts))
        return ((own or rules.role_id.browse()) | rules.role_id).sudo(
            False
        )  # sudo: back to the caller's rights

    def _plan_approvals(self, remedies):
        """What must be approved before these remedies may be executed.

        :return: list of (subject, role, the remedies it is about)
        """
        self.ensure_one()
        requests = [("plan", role, remedies) for role in self._approval_roles("plan")]
        money = remedies.filtered(lambda remedy: remedy._credits())
        if money:
            asked = self.env["quality.complaint.role"].union(
                *(role for _subject, role, _remedies in requests)
            )
            requests += [
                ("money", role, money) for role in self._approval_roles("money") - asked
            ]
        requests += [
            ("responsibility", role, remedies)
            for role in self._approval_roles("responsibility")
        ]
        # going above a ceiling is a decision of its own, also for a role that approves
        # the plan anyway
        for ceiling, _limit, given, rows in self._above_ceilings(remedies):
            if role := ceiling._role_above(self, given):
                requests.append(("over_ceiling", role, rows))
        return requests

    def _unapproved_remedies(self):
        """Remedies that a role has not approved, e.g. because the severity was raised
        after the plan: those of this round, and what is still to be
        carried out from earlier ones.

        :return: list of (subject, role, remedies)
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: approvals are read for conditions
        remedies = complaint.remedy_ids.filtered(
            lambda r: (
                (
                    r.state in ("approved", "executing")
                    or (r.state == "done" and r.round == complaint.round)
                )
                and r.kind != "return"
            )
        )
        granted = complaint.approval_ids.filtered(
            lambda approval: approval.state == "approved"
        )
        missing = []
        for subject, role, asked in complaint._plan_approvals(remedies):
            fits = granted.filtered(
                lambda a, role=role, s=subject: (
                    a.role_id == role and (s not in OWN_DECISIONS or a.subject == s)
                )
            )
            missing.append((subject, role, asked - fits.remedy_ids))
        return missing

    def _request_missing_approvals(self):
        """The severity rose after the plan: who must agree now is asked, for exactly
        what he has not approved yet.
        """
        approvals = self.env["quality.complaint.approval"]
        for complaint in self:
            pending = (
                complaint.sudo()
                .approval_ids.filtered(
                    lambda a: a.subject in PLAN_SUBJECTS and a.state == "pending"
                )
                .role_id
            )  # sudo: as above
            for subject, role, remedies in complaint._unapproved_remedies():
                # who refused what is under way is not asked again for it
                remedies = remedies.filtered(
                    lambda remedy, role=role: role not in remedy._refusals().role_id
                )
                if not remedies or role in pending:
                    continue
                if role._holders(complaint) - self.env.user:
                    amount = sum(remedies.mapped("amount_company"))
                    asked = subject if subject in OWN_DECISIONS else "plan"
                    approvals._request(
                        complaint,
                        asked,
                        role,
                        amount=amount,
                        remedy_ids=[Command.set(remedies.ids)],
                    )
                else:
                    complaint.message_post(
                        body=self.env._(
                            "The remedies need the approval of the role “%s”, which "
                            "nobody else holds.",
                            role.name,
                        )
                    )
