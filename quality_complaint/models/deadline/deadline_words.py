from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain


class QualityComplaintDeadline(models.Model):
    """What an empty list of deadlines says: never that nothing is due while something
    is overdue for the person or their company.
    """

    _inherit = "quality.complaint.deadline"

    @api.model
    def get_empty_list_help(self, help_message):
        if not self.env.context.get("complaint_due_help"):
            return super().get_empty_list_help(help_message)
        self = self.sudo(False)  # noqa: PLW0642  # actions are loaded in superuser mode; what is shown are the user's rights
        overdue = self._overdue_in_words()
        # sudo: only whether anything runs in the companies the user works in
        runs = self.sudo().search_count(
            self._due_running_domain()
            & Domain("company_id", "in", self.env.companies.ids),
            limit=1,
        )
        if not overdue and not runs:
            return Markup(
                "<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>"
            ) % (
                self.env._("Nothing is due"),
                self.env._(
                    "Time limits of the policy appear here as soon as a complaint is "
                    "registered."
                ),
            )
        return Markup(
            "<p class='o_view_nocontent_neutral_face'>%s</p>%s<p><a "
            "href='/odoo/complaint-deadlines-all'>%s</a></p>"
        ) % (
            self.env._("No deadline fits these filters"),
            Markup().join(Markup("<p>%s</p>") % line for line in overdue),
            self.env._("Show all deadlines"),
        )

    @api.model
    def _overdue_in_words(self):
        """What is overdue in the user's companies: deadlines, other work that is due,
        answers customers asked for.

        :return: list of Markup, one line for each kind of work, with a link where the
            user may open it
        """
        lines, hidden = [], 0
        for model, action, domain in self._overdue_work():
            domain &= Domain("company_id", "in", self.env.companies.ids)
            # sudo: how much there is, nothing else
            total = model.sudo().search_count(domain)
            seen = model.search_count(domain) if model.has_access("read") else 0
            hidden += total - seen
            if seen:
                # sudo: the name in the menu, or of what has none
                name = (
                    self.env.ref(action).sudo()
                    if action
                    else self.env["ir.model"]._get(model._name)
                ).name
                text = self.env._("%(kind)s: %(count)s overdue", kind=name, count=seen)
                lines.append(
                    Markup("<a href='/odoo/action-%s'>%s</a>") % (action, text)
                    if action
                    else Markup("%s") % text
                )
        if hidden:
            lines.append(
                Markup("%s")
                % self.env._("Overdue in the company, for others to do: %s", hidden)
            )
        return lines

    @api.model
    def _overdue_work(self):
        """
        :return: list of (model, external id of the action that lists it, domain of what
            is overdue)
        """
        now = fields.Datetime.now()
        work = []
        for name in self.env.registry.descendants(
            ["quality.complaint.due"], "_inherit"
        ):
            model = self.env[name]
            if not model._abstract:
                work.append(
                    (
                        model,
                        model._due_action,
                        model._due_running_domain() & Domain("due_on", "<", now),
                    )
                )
        unanswered = Domain(
            "state", "not in", ("new", "replied", "closed", "cancelled")
        ) & Domain("customer_due_on", "<", now)
        return sorted(
            [
                *work,
                (
                    self.env["quality.complaint"],
                    "quality_complaint.action_complaint",
                    unanswered,
                ),
            ],
            key=lambda row: row[0]._name,
        )
