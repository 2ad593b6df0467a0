"""Possible repeats say what their texts have in common; the percentage of before
counted other words for the same.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.quality_complaint.tools.repeat_score import evidence

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    vocabulary = env["quality.complaint.term"]._vocabulary()
    ids = env["quality.complaint.repeat"].search([("text_similarity", ">", 0)]).ids
    for start in range(0, len(ids), BATCH):
        for row in env["quality.complaint.repeat"].browse(ids[start : start + BATCH]):
            pair = row.complaint_id | row.other_id
            troubles = pair._troubles(vocabulary)
            mine, theirs = troubles[row.complaint_id.id], troubles[row.other_id.id]
            found = evidence(mine, theirs, set(), vocabulary)
            row.write(row.complaint_id._text_evidence(mine, theirs, found, vocabulary))
        env.flush_all()
        env.invalidate_all()
