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
            mine, theirs = (
                row.complaint_id._trouble(vocabulary),
                row.other_id._trouble(vocabulary),
            )
            found = evidence(mine, theirs, set(), vocabulary)
            row.write(
                row.complaint_id._text_evidence(
                    row.other_id, found, vocabulary.wording(mine.text, theirs.text)
                )
            )
        env.flush_all()
        env.invalidate_all()
