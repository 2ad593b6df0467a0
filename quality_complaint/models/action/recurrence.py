from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...tools import listed

# of a line; a change of one of them may show that goods made with an action are
# concerned


class QualityComplaintAction(models.Model):
    """A corrective action is done again when the same defect comes back on goods made
    with it; everybody concerned is told, once per complaint.
    """

    _inherit = "quality.complaint.action"

    recurrence_ids = fields.Many2many(
        "quality.complaint",
        "quality_complaint_action_recurrence_rel",
        string="Known Recurrences",
        readonly=True,
        copy=False,
        groups="quality_complaint.group_quality_complaint_quality",
        help=(
            "Complaints for which it had to be done again, or that were known when it "
            "was verified; also those that turned out not to be valid."
        ),
        guarded=True,
    )

    _watched_idx = models.Index(
        "(company_id) WHERE kind = 'corrective' AND state IN ('done', 'effective')"
    )

    @api.model
    def _watched_domain(self):
        """Actions that a complaint can show not to work."""
        cut_in = Domain("cut_in_lot_id", "!=", False) | Domain("cut_in_on", "!=", False)
        return (
            Domain("kind", "=", "corrective")
            & Domain("state", "in", ("done", "effective"))
            & cut_in
            & self._live_file_domain()
        )

    @api.model
    def _find_recurrences(self, complaints):
        """Actions that these complaints show not to work, and for which they do so for
        the first time.

        :param complaints: `quality.complaint` in superuser mode
        :return: {complaint: actions}, in superuser mode
        """
        lines = complaints.filtered_domain(
            self._effect_complaint_domain()
        ).line_ids.filtered(lambda line: line.product_id and line.defect_id)
        if not lines:
            return {}
        self.flush_model(
            ["effect_product_ids"]
        )  # searching a computed many2many does not wait for it
        # sudo: an action of the company is watched whoever registers the complaint
        actions = self.sudo().search(
            Domain("company_id", "in", lines.company_id.ids)
            & Domain("effect_product_ids", "in", lines.product_id.ids)
            & self._watched_domain(),
            order="id",
        )
        watches = actions._effect_watches() if actions else {}
        found = {}
        for action, (again, _unknown) in (
            self._effect_attribute(watches, lines) if watches else {}
        ).items():
            for complaint in again.complaint_id - action.recurrence_ids:
                found[complaint] = found.get(complaint, actions.browse()) | action
        return found

    def _recur(self, complaint):
        """Open these actions again because of a complaint, and tell the people
        concerned.

        :param complaint: the `quality.complaint` about goods made with them
        """
        for action in self:
            action._advance({"recurrence_ids": [Command.link(complaint.id)]})
            action.action_reopen(
                self.env._(
                    "%(complaint)s: the same defect on goods made since %(cut_in)s, "
                    "that is after “%(action)s” was introduced.",
                    complaint=complaint.name,
                    cut_in=action._cut_in_text(),
                    action=action.name,
                )
            )
        names = listed(self.env.lang, (f"“{name}”" for name in self.mapped("name")))
        complaint.message_post(
            body=self.env._(
                "The same defect on goods made after this was introduced: %s. It has "
                "to be done again.",
                names,
            )
        )
        for file, actions in self.grouped(lambda action: action._effect_file()).items():
            if file != complaint:
                names = listed(
                    self.env.lang, (f"“{name}”" for name in actions.mapped("name"))
                )
                file.message_post(
                    body=self.env._(
                        "%(complaint)s: the same defect came back. To be done again: "
                        "%(actions)s",
                        complaint=complaint.name,
                        actions=names,
                    )
                )
            actions._tell_recurrence(file, complaint)

    def _tell_recurrence(self, file, complaint):
        """Tell the owners of the actions, and leader and champion of the file, each
        once.

        :param file: the `quality.8d` or `quality.complaint` they all belong to
        """
        leaders = (
            file.leader_id | file.champion_id
            if file._name == "quality.8d"
            else file.team_id.leader_id
        )
        users = file._reachable(self.user_id | leaders) or file._reachable(
            file.team_id.leader_id
        )
        for user in users or [users]:
            own = (
                self.filtered(lambda action, user=user: action.user_id == user)[:1]
                or self[:1]
            )
            own._tell_users(
                user,
                lambda action: action.env._(
                    "%(complaint)s: recurrence after “%(action)s”",
                    complaint=complaint.name,
                    action=action.name,
                ),
            )
