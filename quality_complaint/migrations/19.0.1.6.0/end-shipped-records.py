"""Records that updates leave alone get what this version ships, unless somebody changed
them; see `quality.complaint.shipped`.

`shipped-19.0.1.5.0.jsonl` is what the version before had shipped.
"""

from pathlib import Path

from odoo import SUPERUSER_ID, api

from odoo.addons.quality_complaint.tools.shipped_data import read_snapshot


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["quality.complaint.shipped"]._bring_up(
        read_snapshot(Path(__file__).parent / "shipped-19.0.1.5.0.jsonl")
    )
