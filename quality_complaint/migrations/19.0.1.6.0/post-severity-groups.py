"""Points and revisits are grouped by the severity of all versions of a policy, not by
the one of each version.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    # the groups of severities and complaints are computed with their new columns
    api.Environment(cr, SUPERUSER_ID, {}).flush_all()
    for table in ("quality_complaint_score", "quality_complaint_revisit"):
        cr.execute(
            f"""
            UPDATE {table} row SET severity_id = complaint.severity_group_id
              FROM quality_complaint complaint
             WHERE complaint.id = row.complaint_id AND row.severity_id IS DISTINCT FROM complaint.severity_group_id
            """  # noqa: E501
        )
