from dataclasses import dataclass
from functools import cached_property

from odoo import fields, models
from odoo.tools import SQL

# earlier complaints looked at, newest first, per way they are found
LOOKED_AT = {"lot": 200, "supplier_lot": 200, "product": 400, "family": 300, "text": 50, "customer": 50}
MAX_PROPOSALS = 10

# === points; their sum, between 0 and 100, is the score ===
# goods: the strongest tie counts
GOODS = {"same_lot": 34, "same_supplier_lot": 32, "same_product": 28, "same_family": 18, "unknown": 14}
OTHER_GOODS = -30
DEFECT = {"same": 26, "group": 12, "unknown": 6, "other": -16}
CAUSE = {"same": 8, "unknown": 0, "other": -6}
# for a text alike in everything; other texts get their share of it
TEXT = 50
# a text is missing or too short to say anything
NO_TEXT = 18
# the texts name plainly different troubles
OTHER_TROUBLE = -45


@dataclass(frozen=True)
class Goods:
    """A line, as far as repeats are concerned: ids, 0 for what is not known."""

    product: int
    template: int
    category: int
    lot: int
    lot_name: str
    defect: int
    defect_group: int


@dataclass(frozen=True)
class Trouble:
    """A complaint, as far as repeats are concerned."""

    goods: frozenset
    cause: int
    text: object

    @cached_property
    def identified(self):
        """Whether any goods are named at all."""
        return any(row.product or row.lot for row in self.goods)


class QualityComplaint(models.Model):
    """Finding earlier complaints of the same trouble.

    Some hundred earlier complaints that share lot, supplier's lot, product, family, or (when goods are not named) wording or customer are
    fetched by indexed queries, however many there are in all. Each gets a score, the sum of points:

    * goods: same lot, else same supplier lot, else same product, else same family; other goods take points away;
    * defect and cause: the same, of the same group, unknown, or another one, which takes points away;
    * text: symptoms named and wording, see `tools/complaint_text.py`; texts that name plainly different troubles take so many points
      away that not even the same lot makes up for it.

    Where complaints have several lines, the best pair of lines counts. From the policy's threshold on, the best are proposed.
    """

    _inherit = "quality.complaint"

    def _find_repeats(self):
        """Propose the earlier complaints that look like the same trouble; decisions made stay, other rows follow what is known now."""
        for complaint in self.sudo():  # sudo: compared with all complaints of the company; who may see them is decided on reading
            if complaint._looks_for_repeats():
                complaint._propose_repeats(complaint._scored_repeats())

    def _propose_repeats(self, found):
        """
        :param dict found: {id of the earlier complaint: values of the row}
        """
        rows = self.repeat_ids
        decided = rows.filtered(lambda row: row.state != "proposed")
        found = {other: vals for other, vals in found.items() if other not in decided.other_id.ids}
        best = sorted(found, key=lambda other: (-found[other]["score"], -other))[:MAX_PROPOSALS]
        for row in rows - decided:
            if row.other_id.id in best:
                changed = {name: value for name, value in found[row.other_id.id].items() if row[name] != value}
                if changed:
                    row.write(changed)
                best.remove(row.other_id.id)
            else:
                row.unlink()
        rows.create([{"complaint_id": self.id, "other_id": other, **found[other]} for other in best])

    def _scored_repeats(self):
        """:return: {id: values of the row} of the candidates that reach the policy's threshold"""
        others = self.browse(self._repeat_candidates())
        if not others:
            return {}
        supplier_lots = set(self._supplier_lots(self.line_ids.lot_id).ids)
        vocabulary = self.env["quality.complaint.term"]._vocabulary()
        mine = self._trouble(vocabulary)
        found = {}
        for other in others:
            vals = self._repeat_evidence(mine, other._trouble(vocabulary), supplier_lots, vocabulary)
            if vals["score"] >= self.policy_id.repeat_threshold:
                found[other.id] = vals
        return found

    # === candidates ===

    def _repeat_candidates(self):
        """Earlier complaints worth a closer look.

        :return: list of ids, at most the sum of `LOOKED_AT`
        """
        self.ensure_one()
        self.env["quality.complaint"].flush_model()
        self.env["quality.complaint.line"].flush_model()
        lines = self.line_ids
        products = lines.product_id
        lots = lines.lot_id
        families = products.categ_id
        by_line = {
            "lot": lots and SQL("line.lot_id IN %s", lots._ids),
            "supplier_lot": (found := self._supplier_lots(lots)) and SQL("line.lot_id IN %s", found._ids),
            "product": products and SQL("line.product_id IN %s", products._ids),
            "family": products and SQL(
                "line.product_id IN (SELECT p.id FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id WHERE %s)",
                SQL("(t.id IN %s OR t.categ_id IN %s)", products.product_tmpl_id._ids, families._ids or (0,)),
            ),
        }
        earlier = self._earlier_sql()
        queries = [
            SQL(
                "(SELECT c.id FROM quality_complaint_line line JOIN quality_complaint c ON c.id = line.complaint_id WHERE %s AND %s "
                "ORDER BY c.received_on DESC LIMIT %s)",
                condition, earlier, LOOKED_AT[name],
            )
            for name, condition in by_line.items()
            if condition
        ]
        queries += [
            SQL("(SELECT c.id FROM quality_complaint c WHERE %s AND %s ORDER BY c.received_on DESC LIMIT %s)", condition, earlier, LOOKED_AT[name])
            for name, condition in self._goods_unknown_sql(products | lots.product_id).items()
        ]
        ids = {row[0] for row in self.env.execute_query(SQL(" UNION ").join(queries))} if queries else set()
        return sorted(ids, reverse=True)

    def _earlier_sql(self):
        """Condition on `c`: what may be repeated by this complaint at all."""
        since = fields.Datetime.subtract(self.received_on, days=self.policy_id.repeat_window)
        kinds = self.env["quality.complaint.type"].with_context(active_test=False).search([("uses_severity", "=", True)])
        decided = self.repeat_ids.filtered(lambda row: row.state != "proposed").other_id
        return SQL(
            "c.company_id = %s AND c.active AND c.is_batch IS NOT TRUE AND c.state NOT IN ('new', 'cancelled') AND c.type_id IN %s "
            "AND c.received_on >= %s AND (c.received_on, c.id) < (%s, %s) AND c.id NOT IN %s AND (c.parent_id IS NULL OR c.parent_id <> %s)",
            self.company_id.id, kinds._ids or (0,), since, self.received_on, self.id, decided._ids or (0,), self.parent_id.id or 0,
        )

    def _goods_unknown_sql(self, products):
        """Conditions on `c` that find complaints by other than goods: where this or the other one names none.

        :param products: those this complaint is about
        """
        nothing_named = SQL("c.product_id IS NULL") if products else SQL("TRUE")
        conditions = {}
        if self.commercial_partner_id:
            conditions["customer"] = SQL("c.commercial_partner_id = %s AND %s", self.commercial_partner_id.id, nothing_named)
        if self.description and self.env.registry.has_trigram:
            column = self.env.registry.unaccent(SQL("c.description")) if self.env.registry.has_unaccent else SQL("c.description")
            conditions["text"] = SQL("%s %% %s AND %s", column, self.description, nothing_named)
        return conditions

    def _supplier_lots(self, lots):
        """Lots made of, or being, the same lot of a supplier as the given ones; bridges know more.

        Here: lots with the same internal reference, where the manufacturer's lot is noted.

        :param lots: `stock.lot`
        :return: `stock.lot`, without the given ones
        """
        references = [reference for reference in lots.mapped("ref") if reference]
        if not references:
            return lots.browse()
        return lots.search([("ref", "in", references), ("company_id", "in", [False, *lots.company_id.ids])]) - lots

    # === scoring ===

    def _trouble(self, vocabulary):
        """:return: `Trouble`"""
        self.ensure_one()
        lines = self.line_ids
        goods = frozenset(
            Goods(
                product=line.product_id.id or 0,
                template=line.product_id.product_tmpl_id.id or 0,
                category=line.product_id.categ_id.id or 0,
                lot=line.lot_id.id or 0,
                lot_name=(line.lot_id.name or line.lot_name or "").strip().lower(),
                defect=line.defect_id.id or 0,
                defect_group=line.defect_id.parent_id.id or 0,
            )
            for line in lines
        )
        text = "\n".join(filter(None, [self.description, *lines.mapped("note")]))
        return Trouble(goods=goods or frozenset([Goods(0, 0, 0, 0, "", 0, 0)]), cause=self.cause_id.id or 0, text=vocabulary.analyse(text))

    @staticmethod
    def _repeat_evidence(mine, theirs, supplier_lots, vocabulary):
        """Compare two complaints.

        :param Trouble mine: the newer
        :param Trouble theirs: the earlier
        :param set supplier_lots: ids of lots of the same supplier's lots as those of the newer
        :return: dict of values of the row: the score and its evidence
        """
        similarity = vocabulary.similarity(mine.text, theirs.text)
        known = mine.text.telling and theirs.text.telling
        differs = known and vocabulary.differs(mine.text, theirs.text)
        points = (OTHER_TROUBLE if differs else TEXT * similarity) if known else NO_TEXT
        cause = "unknown" if not mine.cause or not theirs.cause else "same" if mine.cause == theirs.cause else "other"
        points += CAUSE[cause]
        best = None
        for one in mine.goods:
            for other in theirs.goods:
                ties = {
                    "same_lot": bool(one.lot and one.lot == other.lot)
                    or bool(one.lot_name and one.lot_name == other.lot_name and (one.product == other.product or not one.product or not other.product)),
                    "same_supplier_lot": bool(other.lot and other.lot in supplier_lots),
                    "same_product": bool(one.product and one.product == other.product),
                    "same_family": bool(one.template and one.template == other.template) or bool(one.category and one.category == other.category),
                }
                named = (one.product or one.lot) and (other.product or other.lot)
                goods = max((GOODS[name] for name, tied in ties.items() if tied), default=OTHER_GOODS if named else GOODS["unknown"])
                if not one.defect or not other.defect:
                    defect = "unknown"
                elif one.defect == other.defect:
                    defect = "same"
                else:
                    group = {one.defect_group, one.defect} & {other.defect_group, other.defect} - {0}
                    defect = "group" if group else "other"
                total = points + goods + DEFECT[defect]
                if best is None or total > best[0]:
                    best = (total, {**ties, "same_defect": defect == "same"})
        total, evidence = best
        return {
            **evidence,
            "same_cause": cause == "same",
            "text_similarity": round(100 * similarity) if known else 0,
            "score": max(0, min(100, round(total))),
        }
