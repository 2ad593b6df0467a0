"""Rows of 8D reports: what nobody decided is to be decided; suspect goods of one
customer get that customer.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    # the old column goes with the end of the update
    if column_exists(cr, "quality_8d_document", "applies"):
        cr.execute(
            """
            UPDATE quality_8d_document document
               SET decision = CASE
                       WHEN NOT document.applies THEN 'none'
                       WHEN COALESCE(document.document, '') <> '' OR report.state = 'closed' THEN 'updated'
                       ELSE 'open'
                   END
              FROM quality_8d report
             WHERE report.id = document.eight_d_id
            """  # noqa: E501
        )
        env.invalidate_all()
    for row in env["quality.8d.containment"].search(
        [("place", "=", "customer"), ("partner_id", "=", False)]
    ):
        customers = row.eight_d_id._covered_complaints().commercial_partner_id
        named = customers.filtered(
            lambda partner, r=row: partner.name == (r.note or "").strip()
        )
        if named or (len(customers) == 1 and not row.note):
            row._advance({"partner_id": (named or customers)[:1].id, "note": False})
