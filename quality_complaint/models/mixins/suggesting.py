from odoo import fields, models
from odoo.exceptions import UserError


class QualityComplaintSuggesting(models.AbstractModel):
    """A record that holds words of a customer worth following: they become feedback
    with one click (001 §4, 000-M 3.1).

    Models that inherit say in `_prepare_feedback` what they are.
    """

    _name = "quality.complaint.suggesting"
    _description = "Words of a Customer"

    feedback_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="What became of it.",
    )

    def _prepare_feedback(self):
        """Values of the feedback; `description` empty when nothing was said."""
        raise NotImplementedError

    def _feedback_type(self):
        return self.env.ref("quality_complaint.type_suggestion")

    def action_make_feedback(self):
        """Open the feedback it became; the first click makes it, and registers it if
        nothing is missing.
        """
        self.ensure_one()
        if not self.feedback_id:
            self.lock_for_update()
            self.invalidate_recordset(["feedback_id"])
        if not self.feedback_id:
            vals = self._prepare_feedback()
            if not (vals.get("description") or "").strip():
                raise UserError(
                    self.env._(
                        "%s holds no words of the customer yet: write them down first.",
                        self.display_name,
                    )
                )
            feedback = self.feedback_id.create(
                {"type_id": self._feedback_type().id, **vals}
            )
            # sudo: whoever may record feedback need not be allowed to change this
            self.sudo().feedback_id = feedback
            self._register_feedback(feedback)
        return self.feedback_id._get_records_action(context={})

    def _register_feedback(self, feedback):
        try:
            with self.env.cr.savepoint():
                feedback.action_register()
        except UserError:
            # it waits in New for what its policy asks
            feedback.invalidate_recordset()
