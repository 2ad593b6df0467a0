from odoo import SUPERUSER_ID, models
from odoo.tools.translate import LazyGettext


class QualityComplaintReachable(models.AbstractModel):
    """A record whose people are told what is due: a complaint or an 8D report. It has a
    team and a company.
    """

    _name = "quality.complaint.reachable"
    _description = "Record Whose People Are Told"

    def _reachable(self, users):
        """Those of the users who can be told about the record: working here still, and
        allowed to see it.
        """
        self.ensure_one()
        company = self.company_id
        # in its company alone: others that are selected here may not be theirs
        local = self.with_context(allowed_company_ids=company.ids)
        return users.filtered(
            lambda user: (
                user.active
                # sudo: only where they work
                and company in user.sudo().company_ids
                and local.with_user(user).has_access("read")
            )
        )

    def _give_task(self, users, what, record=None):
        """Something to do for those of the users who can be told. The system sets it:
        whoever set it off may be of another company, and could not be read by those who
        see the activity.

        :param what: in words; lazy, it is said in the language of each
        :param record: that it stands on, another one than this
        """
        self.ensure_one()
        record = self if record is None else record
        for person in self._reachable(users):
            theirs = record.with_user(SUPERUSER_ID).with_context(lang=person.lang)
            theirs.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=person.id,
                summary=theirs.env._(what) if isinstance(what, LazyGettext) else what,
            )
