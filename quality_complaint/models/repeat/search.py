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
        :param dict found: {id of the earlier complaint: values of the row}, the best
            first; none that is decided
        """
        best = list(found)
        for row in self.repeat_ids.filtered(lambda row: row.state == "proposed"):
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
        self.repeat_ids.create(
            [
                {"complaint_id": self.id, "other_id": other, **found[other]}
                for other in best
            ]
        )

    def _scored_repeats(self):
        """:return: {id: values of the row} of the candidates that reach the policy's
        threshold, the best `MAX_PROPOSALS`
        """
        others = self.browse(self._repeat_candidates())
        if not others:
            return {}
        supplier_lots = set(self._supplier_lots(self.line_ids.lot_id).ids)
        vocabulary = self.env["quality.complaint.term"]._vocabulary()
        troubles = (self | others)._troubles(vocabulary)
        whole = mine = troubles.pop(self.id)
        ordinary = vocabulary.ordinary([trouble.text for trouble in troubles.values()])
        mine = replace(mine, text=mine.text.without(ordinary))
        found = {}
        for other, trouble in troubles.items():
            vals = evidence(
                mine,
                replace(trouble, text=trouble.text.without(ordinary)),
                supplier_lots,
                vocabulary,
            )
            if vals["score"] >= self.policy_id.repeat_threshold:
                found[other] = vals
        best = sorted(found, key=lambda other: (-found[other]["score"], -other))
        return {
            other: {
                **found[other],
                **self._text_evidence(whole, troubles[other], found[other], vocabulary),
            }
            for other in best[:MAX_PROPOSALS]
        }

    def _text_evidence(self, mine, theirs, found, vocabulary):
        """What the texts have in common, as a person would say it: 100 % is for the
        same text only.

        :param Trouble mine: the newer
        :param Trouble theirs: the earlier
        :param dict found: of `evidence`
        :return: values of the row
        """
        one, other = (
            " ".join(trouble.words.casefold().split()) for trouble in (mine, theirs)
        )
        wording = vocabulary.wording(mine.text, theirs.text)
        return {
            "symptoms": ",".join(map(str, sorted(found["symptoms"]))) or False,
            "other_words": found["other_words"],
            "text_similarity": 100
            if one and one == other
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

    def _troubles(self, vocabulary):
        """What scoring compares, of some hundred complaints in two queries.

        :return: {id: `Trouble`}
        """
        lines = self.env["quality.complaint.line"]
        self.flush_recordset(["description", "cause_id"])
        lines.flush_model()
        texts, troubles = {}, {}
        for complaint, description, cause in self.env.execute_query(
            SQL(
                "SELECT id, description, cause_id FROM quality_complaint "
                "WHERE id IN %s",
                self._ids,
            )
        ):
            texts[complaint] = [description]
            troubles[complaint] = (set(), set(), cause or 0)
        for complaint, product, lot, lot_name, defect, note in self.env.execute_query(
            SQL(
                "SELECT complaint_id, product_id, lot_id, lot_name, defect_id, note "
                "FROM quality_complaint_line WHERE complaint_id IN %s "
                "ORDER BY complaint_id, sequence, id",
                self._ids,
            )
        ):
            texts[complaint].append(note)
            goods, products, _cause = troubles[complaint]
            goods.add((product, lot, lot_name or "", defect))
            products.add(product)
        kinds = {key for goods, _products, _cause in troubles.values() for key in goods}
        known = self._known_goods(kinds)
        names = self._names_of_goods({product for product, *_rest in kinds})
        found = {}
        for complaint, (goods, products, cause) in troubles.items():
            words = "\n".join(filter(None, texts[complaint]))
            about = sorted({name for product in products for name in names[product]})
            found[complaint] = Trouble(
                goods=frozenset(known[key] for key in goods) or frozenset({Goods()}),
                cause=cause,
                text=vocabulary.analyse(words, about="\n".join(about)),
                words=words,
            )
        return found

    def _known_goods(self, kinds):
        """
        :param set kinds: of (product, lot, name of the lot, defect): ids or None, text
        :return: {kind: `Goods`}
        """
        # looked up together
        products = self.env["product.product"].browse(
            {key[0] for key in kinds} - {None}
        )
        lots = self.env["stock.lot"].browse({key[1] for key in kinds} - {None})
        defects = self.env["quality.complaint.defect"].browse(
            {key[3] for key in kinds} - {None}
        )
        templates = {product.id: product.product_tmpl_id for product in products}
        numbers = {lot.id: lot.name for lot in lots}
        groups = {defect.id: defect.parent_id.id or 0 for defect in defects}
        nothing = self.env["product.template"]
        return {
            (product, lot, lot_name, defect): Goods(
                product=product or 0,
                template=templates.get(product, nothing).id or 0,
                category=templates.get(product, nothing).categ_id.id or 0,
                lot=lot or 0,
                lot_name=(numbers.get(lot) or lot_name).strip().lower(),
                defect=defect or 0,
                defect_group=groups.get(defect, 0),
            )
            for product, lot, lot_name, defect in kinds
        }

    def _names_of_goods(self, ids):
        """
        :param set ids: of products, or None
        :return: {id: names of the product and its category}
        """
        products = self.env["product.product"].browse(ids - {None})
        return {
            None: (),
            **{
                product.id: [
                    name for name in (product.name, product.categ_id.name) if name
                ]
                for product in products
            },
        }
