"""Inquiries ask for an answer; the feedback types are data that an upgrade does not
change by itself.
"""


def migrate(cr, version):
    cr.execute(
        "UPDATE quality_complaint_type SET asks_answer = TRUE WHERE code = 'inquiry'"
    )
