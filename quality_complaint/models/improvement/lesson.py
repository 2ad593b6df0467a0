from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# lessons shown on a case
SHOWN = 5


class Case(NamedTuple):
    """What lessons are looked for."""

    company: models.BaseModel
    products: models.BaseModel
    defects: models.BaseModel
    causes: models.BaseModel
    # whose own lessons help nobody there
    complaints: models.BaseModel
    reports: models.BaseModel


class QualityComplaintLesson(models.Model):
    """What was learned from a case: what happened, why, what worked and how well it
    held, and the standard that was changed (R1 §12, 000-L 4). Shown on complaints of
    the like.
    """

    _name = "quality.complaint.lesson"
    _description = "Lesson Learned"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Lesson", required=True, help="In one sentence.")
    active = fields.Boolean(default=True)
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    product_id = fields.Many2one(
        "product.product", check_company=True, index="btree_not_null"
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        compute="_compute_categ_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Shown on complaints about goods of this category as well.",
    )
    defect_id = fields.Many2one("quality.complaint.defect", index="btree_not_null")
    cause_id = fields.Many2one("quality.complaint.cause", index="btree_not_null")
    happened = fields.Text("What Happened")
    cause = fields.Text("Why It Happened")
    contained = fields.Text("What Stopped the Damage")
    corrected = fields.Text("What Removed the Cause")
    effect = fields.Text(
        "How Well It Held",
        readonly=True,
        guarded=True,
        help="Figures of the actions when the lesson was written down.",
    )
    standard = fields.Char(
        "Standard Changed", help="Instruction, drawing or procedure, with its revision."
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        fixed=True,
    )
    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        fixed=True,
    )
    review_id = fields.Many2one(
        "quality.complaint.case.review",
        "Case Review",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        fixed=True,
    )

    @api.depends("product_id")
    def _compute_categ_id(self):
        for lesson in self:
            lesson.categ_id = lesson.product_id.categ_id or lesson.categ_id

    @api.model_create_multi
    def create(self, vals_list):
        lessons = super().create(vals_list)
        for lesson in lessons:
            # as measured, not as told
            actions = lesson.complaint_id.action_ids | lesson.eight_d_id.action_ids
            effects = [
                action.verified_figures or action.effect_note
                for action in actions
                if action.state == "effective"
            ]
            lesson._advance({"effect": "\n".join(filter(None, effects))})
        return lessons

    @api.model
    def _helpful(self, case, limit=SHOWN):
        """Lessons that may help with a case: of the same product or category, and of
        the same defect or cause where both name one; those of the same product and
        defect first.

        :param case: a `Case`
        """
        products, defects, causes = case.products, case.defects, case.causes
        if not products:
            return self.browse()
        found = self.search(
            Domain("company_id", "in", [False, case.company.id])
            & (
                Domain("product_id", "in", products.ids)
                | Domain("categ_id", "in", products.categ_id.ids)
            )
            & Domain("complaint_id", "not in", case.complaints.ids)
            & Domain("eight_d_id", "not in", case.reports.ids)
        ).filtered(
            lambda lesson: (
                (not defects or not lesson.defect_id or lesson.defect_id in defects)
                and (not causes or not lesson.cause_id or lesson.cause_id in causes)
            )
        )
        return found.sorted(
            lambda lesson: (
                lesson.product_id not in products,
                not lesson.defect_id or lesson.defect_id not in defects,
            )
        )[:limit]


class QualityComplaintLessonsShown(models.AbstractModel):
    """Where lessons of the like are shown: what was done elsewhere, and how well it
    held.
    """

    _name = "quality.complaint.lessons.shown"
    _description = "Where Lessons Are Shown"

    lesson_table = fields.Html(
        compute="_compute_lesson_table",
        sanitize=False,
        groups="quality_complaint.group_quality_complaint_user",
        help="Similar cases that were solved: what worked, and how well it held.",
    )

    def _compute_lesson_table(self):
        lessons = self.env["quality.complaint.lesson"]
        for record in self:
            rows = lessons._helpful(record._lesson_case())
            record.lesson_table = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.lesson_table", {"lessons": rows}
                )
                if rows
                else False
            )

    def _lesson_case(self):
        """:return: the `Case` lessons are looked for"""
        raise NotImplementedError


class QualityComplaint(models.Model):
    """Lessons from a complaint, and those that may help with it."""

    _name = "quality.complaint"
    _inherit = ["quality.complaint", "quality.complaint.lessons.shown"]

    def _lesson_case(self):
        return Case(
            self.company_id,
            self.line_ids.product_id,
            self.line_ids.defect_id,
            self.cause_id,
            self,
            self.eight_d_id.browse(),
        )

    def action_make_lesson(self):
        """A lesson prefilled from what the file says."""
        self.ensure_one()
        self.check_access("read")
        if self.state not in ("replied", "closed"):
            raise UserError(
                self.env._(
                    "%s is not solved yet: a lesson is written when the customer has "
                    "the answer.",
                    self.name,
                )
            )
        return self._open_lesson(
            self.action_ids,
            default_complaint_id=self.id,
            default_company_id=self.company_id.id,
            default_product_id=self.product_id.id,
            default_defect_id=self.defect_id.id,
            default_cause_id=self.cause_id.id,
            default_happened=self.description,
            default_cause=self.root_cause,
        )

    def _open_lesson(self, actions, **defaults):
        """:param actions: `quality.complaint.action` of the case"""
        worked = actions.filtered(lambda action: action.state in ("done", "effective"))

        def named(*kinds):
            return "\n".join(action.name for action in worked if action.kind in kinds)

        return self.env["quality.complaint.lesson"]._get_records_action(
            name=self.env._("New Lesson"),
            target="new",
            context={
                **defaults,
                "default_contained": named("containment", "correction"),
                "default_corrected": named("corrective", "preventive"),
            },
        )


class QualityEightD(models.Model):
    _name = "quality.8d"
    _inherit = ["quality.8d", "quality.complaint.lessons.shown"]

    def _lesson_case(self):
        return Case(
            self.company_id,
            self.product_id | self.complaint_ids.line_ids.product_id,
            self.defect_id | self.complaint_ids.line_ids.defect_id,
            self.complaint_ids.cause_id,
            self.complaint_ids,
            self,
        )

    def action_make_lesson(self):
        """A lesson prefilled from the report: what D8 says of it above all."""
        self.ensure_one()
        self.check_access("read")
        return self.complaint_ids.browse()._open_lesson(
            self.action_ids,
            default_eight_d_id=self.id,
            default_company_id=self.company_id.id,
            default_name=(self.lessons or "").strip().split("\n")[0][:200],
            default_product_id=self.product_id.id,
            default_defect_id=self.defect_id.id,
            default_happened=self.subject,
        )


class QualityComplaintAction(models.Model):
    _name = "quality.complaint.action"
    _inherit = ["quality.complaint.action", "quality.complaint.lessons.shown"]

    @api.depends("complaint_id", "eight_d_id", "problem_id")
    def _compute_lesson_table(self):
        return super()._compute_lesson_table()

    def _lesson_case(self):
        if self.eight_d_id:
            return self.eight_d_id._lesson_case()
        if self.complaint_id:
            return self.complaint_id._lesson_case()
        problem = self.problem_id
        return Case(
            self.company_id,
            problem.product_id,
            problem.defect_id,
            self.env["quality.complaint.cause"],
            self.complaint_id,
            self.eight_d_id,
        )
