from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Who marks “Read the complaint analysis” as done has read it."""
        mine = self.filtered(
            lambda activity: (
                activity.res_model == "quality.complaint.analysis"
                and activity.user_id == self.env.user
            )
        )
        if mine:
            # sudo: the reader's own row, which nobody may write otherwise
            self.env["quality.complaint.analysis.reader"].sudo()._read_by(mine)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
