from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import listed


class QualityComplaint(models.Model):
    """Cases of a ledger that was kept elsewhere: they are looked up and counted, and
    nothing is done about them any more.
    """

    _inherit = "quality.complaint"

    is_imported = fields.Boolean(
        "From an Old Ledger",
        readonly=True,
        copy=False,
        guarded=True,
        help="Brought over as a closed case: no clock, no mail, no time figures.",
    )
    # what no record here says: due, shipped (ISO dates), remedy, cost (of the company)
    imported_facts = fields.Json(readonly=True, copy=False, guarded=True)
    imported_text = fields.Char("The Old Ledger Says", compute="_compute_imported_text")

    @api.depends("imported_facts")
    @api.depends_context("lang")
    def _compute_imported_text(self):
        for complaint in self:
            facts = complaint.imported_facts or {}
            said = [
                (self.env._("Due"), facts.get("due")),
                (self.env._("Shipped"), facts.get("shipped")),
            ]
            complaint.imported_text = listed(
                self.env.lang,
                (
                    self.env._("%(what)s: %(value)s", what=what, value=value)
                    for what, value in (
                        *(
                            (what, format_date(self.env, fields.Date.to_date(day)))
                            for what, day in said
                            if day
                        ),
                        (self.env._("Handler"), facts.get("handler")),
                        (self.env._("Remedy"), facts.get("remedy")),
                        (
                            self.env._("Cost"),
                            facts.get("cost")
                            and complaint.currency_id.format(facts["cost"]),
                        ),
                    )
                    if value
                ),
                ";",
            )

    @api.model
    def _import_ledger(self, rows):
        """Make closed complaints of checked rows; the only way past the flow.

        :param list rows: dicts: `vals` of the complaint with its lines, `done` (number
            and moment of closing), `facts`, `score` (0 to 100, or None)
        :return: the complaints
        :raise AccessError: not a manager
        """
        self.env["quality.complaint.policy"]._check_manager()
        quiet = self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
        )
        complaints = quiet._record_past([row["vals"] for row in rows])
        # sudo: a checked row of the ledger stands for the steps it did not take here
        for complaint, row in zip(complaints.sudo(), rows, strict=True):
            complaint._advance(
                {
                    **row["done"],
                    "state": "closed",
                    "is_imported": True,
                    "imported_facts": row["facts"],
                }
            )
        rated = [
            (complaint, row["score"])
            for complaint, row in zip(complaints.sudo(), rows, strict=True)
            if row["score"] is not None
        ]
        revisits = quiet.env["quality.complaint.revisit"].sudo()  # sudo: as above
        revisits = revisits.create(
            [
                {
                    "complaint_id": complaint.id,
                    "planned_on": complaint.closed_on.date(),
                }
                for complaint, _score in rated
            ]
        )
        for revisit, (complaint, score) in zip(revisits, rated, strict=True):
            limit = complaint.policy_id.satisfaction_threshold
            revisit._advance(
                {
                    "state": "done",
                    "score": score,
                    "result": "satisfied" if score >= limit else "unsatisfied",
                    "done_on": complaint.closed_on,
                }
            )
        return complaints
