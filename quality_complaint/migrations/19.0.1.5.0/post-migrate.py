"""Symptoms nobody has changed get the expressions of 1.5; new symptoms come with the
data file.
"""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import file_open


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    with file_open(
        "quality_complaint/data/quality_complaint_term_data.xml", "rb"
    ) as file:
        rows = etree.parse(file).iter("record")
    for row in rows:
        term = env.ref(f"quality_complaint.{row.get('id')}", raise_if_not_found=False)
        if term and term.write_uid.id == SUPERUSER_ID:
            term.words = row.findtext("field[@name='words']")
