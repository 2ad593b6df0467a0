import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# what the figures of a complaint are made of
COMPLAINT = (
    "name",
    "state",
    "company_id",
    "team_id",
    "policy_id",
    "type_id",
    "channel_id",
    "severity_id",
    "is_major",
    "is_batch",
    "user_id",
    "commercial_partner_id",
    "cause_id",
    "responsible_id",
    "validity",
    "received_on",
    "closed_on",
    "round",
    "repeat_rank",
    "eight_d_id",
    "satisfaction",
    "rated",
    "loss_amount",
    "is_imported",
    "imported_facts",
)
LINE = (
    "product_id",
    "lot_id",
    "defect_id",
    "quantity",
    "product_uom_id",
    "value",
    "move_id",
)
DEADLINE = ("state", "done_on", "due_on", "late_reason")


class QualityComplaint(models.Model):
    """Its figures, kept beside it in `quality.complaint.fact`."""

    _inherit = "quality.complaint"

    complained_user_id = fields.Many2one(
        "res.users",
        "Person Complained Of",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        copy=False,
        ondelete="set null",
        groups="quality_complaint.group_quality_complaint_officer",
        help=(
            "Of a complaint about service: who of ours it is about. Their appraisal of "
            "the month counts it when it is justified (000-F 4.2)."
        ),
    )
    appraises_persons = fields.Boolean(related="company_id.complaint_accountability")

    # never written: Odoo tells it when something changes that its figures are made of
    fact_mark = fields.Boolean(
        compute="_compute_fact_mark", store=True, compute_sudo=True
    )

    @api.constrains("complained_user_id")
    def _check_complained_user(self):
        for complaint in self:
            if complaint.complained_user_id and not complaint.appraises_persons:
                raise ValidationError(
                    self.env._(
                        "%s does not appraise persons. An administrator switches it on "
                        "in Settings (“Accountability of Persons”).",
                        complaint.company_id.name,
                    )
                )

    @api.depends(
        *COMPLAINT,
        *(f"line_ids.{name}" for name in LINE),
        *(f"deadline_ids.{name}" for name in DEADLINE),
    )
    def _compute_fact_mark(self):
        saved = self.filtered(lambda complaint: isinstance(complaint.id, int))
        saved._figures_changed()
        (self - saved).fact_mark = False

    def _figures_changed(self):
        """Have the figures reckoned anew when this transaction ends: one row for all
        that changes in it.
        """
        marked = self.env.cr.precommit.data.setdefault("quality.complaint.fact", set())
        if not marked:

            @self.env.cr.precommit.add
            def append():
                ids = sorted(marked)
                marked.clear()
                env = self.env(su=True)  # sudo: whoever changes a complaint
                env["quality.complaint.fact.todo"]._append(
                    env["quality.complaint"].browse(ids)
                )

        marked.update(self.ids)

    def _reckon_safely(self):
        """Its figures alone; what cannot be reckoned is told to the administrator."""
        try:
            with self.env.cr.savepoint():
                self.env["quality.complaint.fact"]._rebuild(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Figures of %s cannot be reckoned", self.display_name)
