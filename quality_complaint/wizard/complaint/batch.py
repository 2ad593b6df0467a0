from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import listed


class QualityComplaintBatch(models.TransientModel):
    """A lot with many complaints, or the lots of a recall: one parent with the shared
    investigation, one child per customer who got them.
    """

    _name = "quality.complaint.batch"
    _description = "Batch Case"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "lot_id"

    lot_id = fields.Many2one("stock.lot", readonly=True)
    recall_id = fields.Many2one("quality.complaint.recall", readonly=True)
    parent_id = fields.Many2one(
        "quality.complaint",
        "Batch Case",
        readonly=True,
        help="The case that customers are added to.",
    )
    description = fields.Text("What Happened", required=True)
    defect_id = fields.Many2one("quality.complaint.defect")
    bring_back = fields.Boolean(
        "Ask for the Goods at Once",
        help="A return for inspection of every ticked row is planned and carried out: "
        "the warehouse expects the goods.",
    )
    line_ids = fields.One2many(
        "quality.complaint.batch.line",
        "wizard_id",
        "Customers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("lot_id", "recall_id", "parent_id")
    def _compute_line_ids(self):
        for wizard in self:
            totals = {}
            for candidate in wizard._candidates():
                key = (candidate["partner"], candidate["lot"])
                totals[key] = totals.get(key, 0.0) + candidate["quantity_lot"]
            sealed = wizard._sealed()
            back = wizard._back() if wizard.recall_id else {}
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "partner_id": partner.id,
                        "lot_id": lot.id,
                        "quantity": delivered - back.get((partner, lot), 0.0),
                        "complained_quantity": min(
                            sealed.get((partner, lot), delivered),
                            delivered - back.get((partner, lot), 0.0),
                        ),
                        "selected": not wizard.recall_id or (partner, lot) in sealed,
                        "product_uom_id": lot.product_uom_id.id,
                    }
                )
                for (partner, lot), delivered in totals.items()
                if partner
                and lot.product_uom_id.compare(delivered, back.get((partner, lot), 0.0))
                > 0
            ]

    def _lots(self):
        # sudo: which lots, for people without Inventory
        return self.sudo().recall_id.lot_ids.lot_id or self.lot_id

    def _asked_back(self):
        """
        :return: {(customer, lot): what cases of the recall ask back already, in the
            unit of the lot}
        """
        asked = {}
        # sudo: names of customers and lots, as in `_lots`
        for line in self.sudo().recall_id.case_ids.filtered("parent_id").line_ids:
            key = (line.complaint_id.commercial_partner_id, line.lot_id)
            asked[key] = asked.get(key, 0.0) + line.product_uom_id._compute_quantity(
                line.quantity, line.lot_id.product_uom_id, rounding_method="HALF-UP"
            )
        return asked

    def _back(self):
        """
        :return: {(customer, lot): what came back before the recall and since, or is
            asked for, in the unit of the lot}
        """
        found = self._asked_back()
        # sudo: as above
        for line in self.sudo().recall_id.consignee_ids.line_ids:
            if line.consignee_id.parent_id:
                continue
            key = (line.consignee_id.partner_id.commercial_partner_id, line.lot_id)
            found[key] = line.returned_before + max(
                line.recovered_quantity, found.get(key, 0.0)
            )
        return found

    def _sealed(self):
        """What consignees of a recall say they have put aside, less what came back or
        is asked for already. Goods that were passed on come back by the customer who
        got them from us.

        :return: {(customer, lot): quantity in the unit of the lot}
        """
        stated, recovered = {}, {}
        # sudo: as above
        for line in self.sudo().recall_id.consignee_ids.line_ids:
            row = line.consignee_id
            if not row.confirmed_on:
                continue
            first = line
            while first.parent_line_id:
                first = first.parent_line_id
            partner = first.consignee_id.partner_id.commercial_partner_id
            key = (partner, line.lot_id)
            stated[key] = stated.get(key, 0.0) + line.stock_quantity
            recovered[key] = first.recovered_quantity
        asked = self._asked_back()
        return {
            key: left
            for key, quantity in stated.items()
            if key[1].product_uom_id.compare(
                left := quantity - max(recovered[key], asked.get(key, 0.0)), 0.0
            )
            > 0
        }

    def _candidates(self):
        """Deliveries of the lots, each once, with `quantity_lot` in the unit of
        the lot.
        """
        found = self.env["quality.complaint.line"]._candidates(
            Domain("lot_id", "in", self._lots().ids),
            self.recall_id.company_id or self.env.companies,
        )
        deliveries = {}
        for candidate in found:
            candidate["quantity_lot"] = candidate["uom"]._compute_quantity(
                candidate["quantity"],
                candidate["lot"].product_uom_id,
                rounding_method="HALF-UP",
            )
            key = (candidate["move_line"].move_id, candidate["lot"])
            known = deliveries.setdefault(key, candidate)
            if known is not candidate:
                # several invoices of one delivery: somebody has to choose
                known["invoice_line"] = known["invoice_line"].browse()
        # sudo: who is in the case already does not depend on who adds others
        present = self.sudo().parent_id.child_ids.commercial_partner_id
        if self.recall_id:  # a consignee may send goods back again and again
            present = present.browse()
        return [
            candidate
            for candidate in deliveries.values()
            if candidate["partner"] not in present
        ]

    def action_create(self):
        """Register the parent and a child for every customer with a ticked row, with
        the deliveries of the lots as lines.

        :raise UserError: nobody is ticked, or more than was delivered comes back
        """
        self.ensure_one()
        complaints = self.env["quality.complaint"]
        complaints.check_access("create")
        if self.recall_id:
            self.recall_id._check_right()
        ticked = self.line_ids.filtered("selected")
        if not ticked:
            raise UserError(
                self.env._(
                    "Tick at least one customer who received lot %s.",
                    listed(self.env.lang, self._lots().mapped("name")),
                )
            )
        ticked._check_quantity()
        chosen = {(row.partner_id, row.lot_id) for row in ticked}
        candidates = [
            candidate
            for candidate in self._candidates()
            if (candidate["partner"], candidate["lot"]) in chosen
        ]
        companies = {candidate["company"] for candidate in candidates}
        if len(companies) > 1:
            raise UserError(
                self.env._(
                    "Lot %s was delivered by several companies. Make one batch case "
                    "per company.",
                    listed(self.env.lang, self._lots().mapped("name")),
                )
            )
        shared = {
            "description": self.description,
            "company_id": companies.pop().id,
            "user_id": self.env.uid,
            "recall_id": self.recall_id.id,
        }
        self.parent_id.check_access("write")
        parent = self.parent_id or self._create_parent(shared, ticked)
        children = self._create_children(parent, shared, candidates, ticked)
        waiting = children._ask_for_goods() if self.bring_back else children.browse()
        if not waiting:
            return parent._open()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Not asked for yet, somebody has to choose the delivery or the "
                    "invoice: %s",
                    listed(
                        self.env.lang,
                        (
                            f"{case.name} ({case.partner_id.display_name})"
                            for case in waiting
                        ),
                    ),
                ),
                "next": parent._open(),
            },
        }

    def _create_parent(self, shared, ticked):
        # sudo: a batch case is made by this dialog only; the right to record complaints
        # was checked
        parent = (
            self.env["quality.complaint"]
            .sudo()
            .create(
                {
                    **shared,
                    "is_batch": True,
                    "complainant": self.env._("Several customers"),
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": lot.product_id.id,
                                "lot_id": lot.id,
                                "quantity": sum(rows.mapped("complained_quantity")),
                                "product_uom_id": lot.product_uom_id.id,
                                "defect_id": self.defect_id.id,
                            }
                        )
                        for lot, rows in ticked.grouped("lot_id").items()
                    ],
                }
            )
        )
        parent = parent.sudo(
            False
        )  # sudo: back to the user's rights, also on the company
        parent.check_access("write")
        parent.action_register()
        return parent

    def _create_children(self, parent, shared, candidates, ticked):
        """A registered complaint for every customer; one that is concluded already
        hands its conclusion down.
        """
        # sudo: as above, for complaints of a case
        children = (
            self.env["quality.complaint"]
            .sudo()
            .create(
                [
                    {
                        **shared,
                        "parent_id": parent.id,
                        "partner_id": next(
                            c["customer"]
                            for c in candidates
                            if c["partner"] == customer
                        ).id,
                        "line_ids": [
                            Command.create({**vals, "defect_id": self.defect_id.id})
                            for row in rows
                            for vals in row._prepare_lines(candidates)
                        ],
                    }
                    for customer, rows in ticked.grouped("partner_id").items()
                ]
            )
        )
        children = children.sudo(False)  # sudo: as above
        children.check_access("write")
        children.action_register()
        if parent.state not in ("registered", "investigating"):
            parent._conclude_children()
        return children


class QualityComplaintBatchLine(models.TransientModel):
    _name = "quality.complaint.batch.line"
    _description = "Customer of a Batch Case"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "partner_id"

    wizard_id = fields.Many2one(
        "quality.complaint.batch", required=True, ondelete="cascade"
    )
    selected = fields.Boolean("Include", default=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True
    )
    lot_id = fields.Many2one("stock.lot", required=True, readonly=True)
    quantity = fields.Float("Delivered", digits="Product Unit", readonly=True)
    complained_quantity = fields.Float(
        "Complained Of",
        digits="Product Unit",
        help="In the unit of the lot; of a recall: what they have put aside.",
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)

    def _check_quantity(self):
        """
        :raise UserError: nothing, or more than was delivered
        """
        for row in self:
            unit = row.lot_id.product_uom_id
            if not (
                unit.compare(row.complained_quantity, 0.0) > 0
                and unit.compare(row.complained_quantity, row.quantity) <= 0
            ):
                raise UserError(
                    self.env._(
                        "%(customer)s, %(lot)s: enter more than 0 and at most the "
                        "%(delivered)s %(unit)s that were delivered, or untick the "
                        "row.",
                        customer=row.partner_id.display_name,
                        lot=row.lot_id.name,
                        delivered=f"{row.quantity:.12g}",
                        unit=unit.name,
                    )
                )

    def _prepare_lines(self, candidates):
        """Lines of the complaint. Which of several deliveries part of the goods came
        from is not guessed: whoever handles the complaint chooses.

        :param list candidates: of all ticked rows
        :return: list of dict
        """
        self.ensure_one()
        lines = self.env["quality.complaint.line"]
        mine = [
            c
            for c in candidates
            if (c["partner"], c["lot"]) == (self.partner_id, self.lot_id)
        ]
        unit = self.lot_id.product_uom_id
        if unit.compare(self.complained_quantity, self.quantity) == 0:
            return [lines._prepare_candidate_vals(c) for c in mine]
        vals = {"quantity": self.complained_quantity, "product_uom_id": unit.id}
        if len(mine) == 1:
            return [{**lines._prepare_candidate_vals(mine[0]), **vals}]
        return [{**lines._prepare_several_vals(self.lot_id.name, mine), **vals}]
