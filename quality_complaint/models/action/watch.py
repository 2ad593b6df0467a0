from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

# kinds whose effect is verified, and states in which there is something to verify
VERIFIED_KINDS = ("corrective", "preventive")
VERIFIED_STATES = ("done", "effective", "ineffective")


@dataclass(frozen=True)
class Watch:
    """What is watched of an action: defects (ids) by product, from which moment of
    production on, and the lot that is in any case made with it.
    """

    defects: dict
    since: datetime
    lot: object
    clock: object


class QualityComplaintAction(models.Model):
    """Which goods and which complaints say something about an action: same product and
    defect, made after its cut-in.

    A lot is made when production, else a supplier, brought it in; goods without lots
    count by the day of delivery, as an estimate.
    Several products or defects in one report are pairs: what was complained of
    together. Counted are complaints of the action's company.
    """

    _inherit = "quality.complaint.action"

    effect_product_ids = fields.Many2many(
        "product.product",
        "quality_complaint_action_effect_product_rel",
        compute="_compute_effect_product_ids",
        store=True,
        help="Products whose complaints are watched.",
    )

    # === compute ===

    @api.depends(
        "kind",
        "complaint_id.line_ids.product_id",
        "eight_d_id.complaint_ids.line_ids.product_id",
        "eight_d_id.product_id",
    )
    def _compute_effect_product_ids(self):
        for action in self:
            watched = action.kind in VERIFIED_KINDS
            products = (
                action.complaint_id | action.eight_d_id.complaint_ids
            ).line_ids.product_id | action.eight_d_id.product_id
            action.effect_product_ids = products if watched else products.browse()

    def _is_verifiable(self):
        return self.kind in VERIFIED_KINDS and self.state in VERIFIED_STATES

    # === what is watched ===

    def _effect_clock(self):
        """The civil days of the company."""
        company = self.company_id
        return company.resource_calendar_id._complaint_clock(company)

    def _effect_defects(self):
        """Defects by product, as they were complained of together; what a line does not
        name is that of the report.

        :return: {product: set of ids of defects}
        """
        report = self.eight_d_id
        complaints = (self.complaint_id | report.complaint_ids).filtered(
            lambda complaint: complaint.state != "cancelled"
        )
        product = report.product_id or complaints.product_id[:1]
        defect = report.defect_id or complaints.defect_id[:1]
        pairs = {(product, defect)} | {
            (line.product_id or product, line.defect_id or defect)
            for line in complaints.line_ids
        }
        found = {}
        for product, defect in pairs:
            if product and defect:
                found.setdefault(product, set()).add(defect.id)
        return found

    def _effect_watches(self):
        """What is watched of those actions that are done, have a cut-in and a known
        product and defect. The lot wins over the day.

        :return: {action in superuser mode: `Watch`}
        """
        # sudo: effects are counted over all complaints and shipments of the company,
        # whoever may open them
        actions = self.sudo().filtered(
            lambda action: (
                action._is_verifiable() and (action.cut_in_lot_id or action.cut_in_on)
            )
        )
        made = self.env["quality.complaint.lot.facts"]._production_dates(
            actions.cut_in_lot_id
        )
        watches = {}
        for action in actions:
            clock = action._effect_clock()
            lot, defects = action.cut_in_lot_id, action._effect_defects()
            if defects:
                watches[action] = Watch(
                    defects,
                    made[lot] if lot else clock.midnight(action.cut_in_on),
                    lot,
                    clock,
                )
        return watches

    # === complaints ===

    @api.model
    def _effect_complaint_domain(self):
        """Complaints that count: registered, neither cancelled nor judged invalid; a
        batch case counts by the complaints in it.
        """
        return (
            Domain("state", "not in", ("new", "cancelled"))
            & Domain("validity", "!=", "invalid")
            & Domain("is_batch", "=", False)
            & Domain("type_id.uses_severity", "=", True)
        )

    @api.model
    def _effect_lines(self, watches):
        """Complaint lines of the products that are watched, of the same defects or of
        none, received since the first of the moments.

        :param dict watches: of `_effect_watches`
        """
        received = Domain(
            "received_on", ">=", min(watch.since for watch in watches.values())
        )
        defects = {
            defect
            for watch in watches.values()
            for ids in watch.defects.values()
            for defect in ids
        }
        products = {
            product.id for watch in watches.values() for product in watch.defects
        }
        domain = (
            Domain("company_id", "in", [action.company_id.id for action in watches])
            & Domain("product_id", "in", list(products))
            & (
                Domain("defect_id", "child_of", list(defects))
                | Domain("defect_id", "=", False)
            )
            & Domain("complaint_id", "any", self._effect_complaint_domain() & received)
        )
        # sudo: as in `_effect_watches`
        return self.env["quality.complaint.line"].sudo().search(domain, order="id")

    @api.model
    def _effect_attribute(self, watches, lines):
        """Which complaint lines concern goods made with which action.

        :param dict watches: of `_effect_watches`
        :param lines: `quality.complaint.line` in superuser mode
        :return: {action: (lines of goods made with it, lines of which nobody can say)}
        """
        made = self.env["quality.complaint.lot.facts"]._production_dates(lines.lot_id)
        by_product = lines.grouped("product_id")
        found = {}
        for action, watch in watches.items():
            again = unknown = lines.browse()
            for product, defects in watch.defects.items():
                for line in by_product.get(product, again.browse()):
                    defect = {
                        int(part)
                        for part in (line.defect_id.parent_path or "").split("/")
                        if part
                    }
                    moment = line._made_on(made)
                    first = watch.lot and line.lot_id == watch.lot
                    old = moment and moment < watch.since and not first
                    wrong = (
                        line.company_id != action.company_id
                        or line.complaint_id.received_on < watch.since
                    )
                    if old or wrong or (defect and not defect & defects):
                        continue
                    if defect and moment:
                        again |= line
                    else:
                        unknown |= line
            found[action] = again, unknown
        return found


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _made_on(self, made):
        """When the goods of this line were made; those without lots: when they were
        delivered, as an estimate.

        :param dict made: {lot: datetime}, see `_production_dates`
        :return: naive UTC datetime, or False when nobody can say
        """
        self.ensure_one()
        if self.lot_id:
            return made.get(self.lot_id) or False
        return self.product_id.tracking == "none" and self.move_id.date
