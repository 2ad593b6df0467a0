from odoo import api, models


class QualityComplaintPage(models.AbstractModel):
    """Something that people outside read on a page of ours, with the link of a letter.

    The link reads that page and nothing else. Odoo's own thread of a document takes the
    same token for the customer themselves: whoever got hold of a letter would read what
    colleagues say, write in the customer's name and change what they wrote.

    Comes before `mail.thread` in `_inherit`, whose access it narrows.
    """

    _name = "quality.complaint.page"
    _description = "Page for People Outside"
    _inherit = ["portal.mixin"]

    @api.model
    def _get_thread_with_access(
        self,
        thread_id,
        *,
        hash=None,  # Odoo's name
        pid=None,
        token=None,
        **kwargs,
    ):
        """Odoo's thread is for those with rights of their own."""
        return super()._get_thread_with_access(thread_id, **kwargs)
