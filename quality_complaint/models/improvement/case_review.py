from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...tools import listed

# cases that are proposed for a meeting
PROPOSED = 10


class QualityComplaintCaseReview(models.Model):
    """A meeting that looks back at cases: what was good, what was bad, what is decided
    (R1 §12).
    """

    _name = "quality.complaint.case.review"
    _description = "Case Review"
    _inherit = ["quality.complaint.look.back"]
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    participant_ids = fields.Many2many(
        "res.users",
        "quality_complaint_case_review_user_rel",
        string="Participants",
        domain="[('share', '=', False)]",
    )
    guests = fields.Char(help="People without a login.")
    line_ids = fields.One2many(
        "quality.complaint.case.review.line", "review_id", "Cases"
    )
    note = fields.Text("Meeting Minutes", help="What else was said.")
    lesson_ids = fields.One2many("quality.complaint.lesson", "review_id", "Lessons")
    state = fields.Selection(
        [("draft", "In preparation"), ("done", "Held")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )

    _kept_when_done = (
        "date", "user_id", "participant_ids", "guests", "line_ids", "note",
    )  # fmt: skip

    @api.depends("date")
    def _compute_name(self):
        for review in self:
            review.name = self.env._(
                "Case review %s", review.date and fields.Date.to_string(review.date)
            )

    # === candidates ===

    def action_propose(self):
        """Add the cases since the last review that are worth looking at: major,
        repeated, late, unsatisfied, costly; those with most reasons first.
        """
        for review in self:
            review.check_access("write")
            reasons = review._candidates()
            ranked = sorted(
                reasons,
                key=lambda fact: (-len(reasons[fact]), -fact.cost, fact.id),
            )[:PROPOSED]
            review.line_ids = [
                Command.create(
                    {
                        "complaint_id": fact.complaint_id.id,
                        "reason": listed(self.env.lang, reasons[fact]),
                    }
                )
                for fact in ranked
            ]

    def _candidates(self):
        """:return: {`quality.complaint.fact`: list of str: why}"""
        self.ensure_one()
        self.env["quality.complaint.fact"].sudo()._settle_all()  # sudo: see `_rebuild`
        last = self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
            & Domain("date", "<=", self.date)
            & Domain("id", "not in", self.ids),
            order="date desc",
            limit=1,
        )
        looked_at = self.line_ids | self.line_ids.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("review_id.state", "=", "done")
        )
        since = last.date or self.date - relativedelta(months=3)
        facts = self.env["quality.complaint.fact"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("counts", "=", True)
            & Domain("received_day", "<=", self.date)
            # what happened to it since then
            & Domain.OR(
                Domain(day, ">", since)
                for day in ("received_day", "closed_day", "rated_day", "due_day")
            )
            & Domain("complaint_id", "not in", looked_at.complaint_id.ids)
        )
        costly = facts.filtered(lambda fact: fact.cost > 0).sorted("cost", reverse=True)
        costly = costly[: max(len(facts) // 10, 1)]
        found = {}
        for fact in facts:
            why = [
                text
                for holds, text in (
                    (fact.is_major, self.env._("major")),
                    (fact.is_repeat, self.env._("repeated")),
                    (fact.within_limit == "late", self.env._("late")),
                    (
                        fact.is_rated and not fact.is_satisfied,
                        self.env._("customer not satisfied"),
                    ),
                    (fact.is_reopened, self.env._("reopened")),
                    (fact in costly, self.env._("costly")),
                )
                if holds
            ]
            if why:
                found[fact] = why
        return found


class QualityComplaintCaseReviewLine(models.Model):
    """A case that was looked at in a meeting."""

    _name = "quality.complaint.case.review.line"
    _description = "Case of a Review"
    _inherit = ["quality.complaint.decision"]
    _rec_name = "complaint_id"
    _check_company_auto = True
    _held_in = "review_id"

    review_id = fields.Many2one(
        "quality.complaint.case.review",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True)
    reason = fields.Char(help="Why the case is looked at.")
    good = fields.Text("What Was Good")
    bad = fields.Text("What Was Bad")

    _once = models.UniqueIndex(
        "(review_id, complaint_id)", "Each case stands in a review once."
    )

    def _found(self):
        return self.bad or self.good

    def _missing(self):
        """:return: list of str: what has to be said of this case"""
        self.ensure_one()
        missing = []
        if self._is_blank("good") and self._is_blank("bad"):
            missing.append(self.env._("what was good or bad"))
        return missing + super()._missing()
