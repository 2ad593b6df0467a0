from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hmac

# what one address may do within an hour
MOST = {"file": 20, "goods": 40, "follow": 20, "code": 5, "link": 5}
SCOPE = "quality_complaint.intake.limit"


class QualityComplaintIntakeHit(models.Model):
    """What was asked of pages that are open to everybody: counted per address for an
    hour, kept for a day. Addresses are not kept, only what they are recognised by.
    """

    _name = "quality.complaint.intake.hit"
    _description = "Use of the Public Pages"
    _inherit = ["quality.complaint.guarded"]
    _rec_name = "kind"

    kind = fields.Char(required=True)
    key = fields.Char(required=True)

    _kind_key_idx = models.Index("(kind, key, create_date)")

    @api.model
    def _count(self, kind, *whos):
        """Note a use, unless there were too many within the hour.

        :param str kind: one of `MOST`
        :param whos: address of the network, token, mail address …; each is counted
        :raise UserError: too many
        """
        # sudo: nobody else writes or reads them
        hits = self.sudo()
        now = self.env.cr.now()
        keys = [hmac(hits.env, SCOPE, str(who).strip().lower()) for who in whos if who]
        for key in keys:
            used = hits.search_count(
                [
                    ("kind", "=", kind),
                    ("key", "=", key),
                    ("create_date", ">", fields.Datetime.subtract(now, hours=1)),
                ],
                limit=MOST[kind],
            )
            if used >= MOST[kind]:
                raise UserError(
                    self.env._(
                        "That was tried very often from here. Please try again in an "
                        "hour, or call us."
                    )
                )
        hits.create([{"kind": kind, "key": key} for key in keys])

    @api.autovacuum
    def _gc_hits(self):
        before = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.search([("create_date", "<", before)], limit=10_000).unlink()
