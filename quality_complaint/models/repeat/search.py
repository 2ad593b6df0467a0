from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from ...tools.repeat_score import Goods, Trouble, evidence

# earlier complaints looked at, newest first, per way they are found
LOOKED_AT = {
    "lot": 200,
    "supplier_lot": 200,
    "product": 400,
    "family": 300,
    "text": 50,
    "customer": 50,
}
# a lot is one production, however long ago
TIMELESS = {"lot", "supplier_lot"}
MAX_PROPOSALS = 10


class QualityComplaint(models.Model):
    """Finding earlier complaints of the same trouble.

    Some hundred earlier complaints that share lot, supplier's lot, product, family, or
    (when goods are not named) wording or customer are
    fetched by indexed queries, however many there are in all. Each gets a score, see
    `tools/repeat_score.py` and `tools/complaint_text.py`;
    from the policy's threshold on, the best are proposed.
    """

    _inherit = "quality.complaint"

    def _find_repeats(self):
        """Propose the earlier complaints that look like the same trouble; decisions
        made stay, other rows follow what is known now.
        """
        # sudo: compared with all complaints of the company; who may see them is decided
        # on reading
        for complaint in self.sudo():
            if complaint._looks_for_repeats():
                complaint._propose_repeats(complaint._scored_repeats())

    def _propose_repeats(self, found):
        """
        :param dict found: {id of the earlier complaint: values of the row}
        """
        rows = self.repeat_ids
        decided = rows.filtered(lambda row: row.state != "proposed")
        found = {
            other: vals
            for other, vals in found.items()
            if other not in decided.other_id.ids
        }
        best = sorted(found, key=lambda other: (-found[other]["score"], -other))[
            :MAX_PROPOSALS
        ]
        for row in rows - decided:
            if row.other_id.id in best:
                changed = {
                    name: value
                    for name, value in found[row.other_id.id].items()
                    if row[name] != value
                }
                if changed:
                    row.write(changed)
                best.remove(row.other_id.id)
            else:
                row.unlink()
        rows.create(
            [
                {"complaint_id": self.id, "other_id": other, **found[other]}
                for other in best
            ]
        )

    def _scored_repeats(self):
        """:return: {id: values of the row} of the candidates that reach the policy's
        threshold
        """
        others = self.browse(self._repeat_candidates())
        if not others:
            return {}
        supplier_lots = set(self._supplier_lots(self.line_ids.lot_id).ids)
        vocabulary = self.env["quality.complaint.term"]._vocabulary()
        whole = mine = self._trouble(vocabulary)
        theirs = {other: other._trouble(vocabulary) for other in others}
        ordinary = vocabulary.ordinary([trouble.text for trouble in theirs.values()])
        mine = replace(mine, text=mine.text.without(ordinary))
        found = {}
        for other, trouble in theirs.items():
            vals = evidence(
                mine,
                replace(trouble, text=trouble.text.without(ordinary)),
                supplier_lots,
                vocabulary,
            )
            if vals["score"] >= self.policy_id.repeat_threshold:
                found[other.id] = {
                    **vals,
                    **self._text_evidence(
                        other, vals, vocabulary.wording(whole.text, trouble.text)
                    ),
                }
        return found

    def _text_evidence(self, other, found, wording):
        """What the texts have in common, as a person would say it: 100 % is for the
        same text only.

        :param dict found: of `evidence`
        :param float wording: share of the wording, 0 to 1
        :return: values of the row
        """
        mine, theirs = (
            " ".join(complaint._trouble_text().casefold().split())
            for complaint in (self, other)
        )
        return {
            "symptoms": ",".join(map(str, sorted(found["symptoms"]))) or False,
            "other_words": found["other_words"],
            "text_similarity": 100
            if mine and mine == theirs
            else min(round(100 * wording), 99),
        }

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
            "supplier_lot": (found := self._supplier_lots(lots))
            and SQL("line.lot_id IN %s", found._ids),
            "product": products and SQL("line.product_id IN %s", products._ids),
            "family": products
            and SQL(
                "line.product_id IN (SELECT p.id FROM product_product p JOIN "
                "product_template t ON t.id = p.product_tmpl_id WHERE %s)",
                SQL(
                    "(t.id IN %s OR t.categ_id IN %s)",
                    products.product_tmpl_id._ids,
                    families._ids or (0,),
                ),
            ),
        }
        timeless = self._earlier_sql()
        earlier = SQL(
            "%s AND c.received_on >= %s",
            timeless,
            fields.Datetime.subtract(
                self.received_on, days=self.policy_id.repeat_window
            ),
        )
        queries = [
            SQL(
                "(SELECT c.id FROM quality_complaint_line line JOIN quality_complaint "
                "c ON c.id = line.complaint_id WHERE %s AND %s "
                "ORDER BY c.received_on DESC LIMIT %s)",
                condition,
                timeless if name in TIMELESS else earlier,
                LOOKED_AT[name],
            )
            for name, condition in by_line.items()
            if condition
        ]
        queries += [
            SQL(
                "(SELECT c.id FROM quality_complaint c WHERE %s AND %s ORDER BY "
                "c.received_on DESC LIMIT %s)",
                condition,
                earlier,
                LOOKED_AT[name],
            )
            for name, condition in self._goods_unknown_sql(
                products | lots.product_id
            ).items()
        ]
        ids = (
            {row[0] for row in self.env.execute_query(SQL(" UNION ").join(queries))}
            if queries
            else set()
        )
        return sorted(ids, reverse=True)

    def _earlier_sql(self):
        """Condition on `c`: what may be repeated by this complaint at all."""
        kinds = (
            self.env["quality.complaint.type"]
            .with_context(active_test=False)
            .search([("uses_severity", "=", True)])
        )
        decided = self.repeat_ids.filtered(lambda row: row.state != "proposed").other_id
        return SQL(
            "c.company_id = %s AND c.active AND c.is_batch IS NOT TRUE AND c.state NOT "
            "IN ('new', 'cancelled') AND c.type_id IN %s "
            "AND (c.received_on, c.id) < (%s, %s) AND c.id NOT IN %s AND (c.parent_id "
            "IS NULL OR c.parent_id <> %s)",
            self.company_id.id,
            kinds._ids or (0,),
            self.received_on,
            self.id,
            decided._ids or (0,),
            self.parent_id.id or 0,
        )

    def _goods_unknown_sql(self, products):
        """Conditions on `c` that find complaints by other than goods: where this or the
        other one names none.

        :param products: those this complaint is about
        """
        nothing_named = SQL("c.product_id IS NULL") if products else SQL("TRUE")
        conditions = {}
        if self.commercial_partner_id:
            conditions["customer"] = SQL(
                "c.commercial_partner_id = %s AND %s",
                self.commercial_partner_id.id,
                nothing_named,
            )
        if self.description and self.env.registry.has_trigram:
            column = (
                self.env.registry.unaccent(SQL("c.description"))
                if self.env.registry.has_unaccent
                else SQL("c.description")
            )
            conditions["text"] = SQL(
                "%s %% %s AND %s", column, self.description, nothing_named
            )
        return conditions

    def _supplier_lots(self, lots):
        """Lots made of, or being, the same lot of a supplier as the given ones; bridges
        know more.

        Here: lots with the same internal reference, where the manufacturer's lot is
        noted.

        :param lots: `stock.lot`
        :return: `stock.lot`, without the given ones
        """
        references = [reference for reference in lots.mapped("ref") if reference]
        if not references:
            return lots.browse()
        return (
            lots.search(
                [
                    ("ref", "in", references),
                    ("company_id", "in", [False, *lots.company_id.ids]),
                ]
            )
            - lots
        )

    # === scoring ===

    def _trouble(self, vocabulary):
        """:return: `Trouble`"""
        self.ensure_one()
        lines = self.line_ids
        goods = {
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
        }
        names = "\n".join(
            sorted(
                {
                    name
                    for product in lines.product_id
                    for name in (product.name, product.categ_id.name)
                    if name
                }
            )
        )
        return Trouble(
            goods=frozenset(goods or {Goods()}),
            cause=self.cause_id.id or 0,
            text=vocabulary.analyse(self._trouble_text(), about=names),
        )

    def _trouble_text(self):
        """What was written about the trouble."""
        self.ensure_one()
        return "\n".join(
            filter(None, [self.description, *self.line_ids.mapped("note")])
        )
