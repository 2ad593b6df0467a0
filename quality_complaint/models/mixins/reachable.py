from odoo import models


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
