from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class QualityComplaintBatch(models.TransientModel):
    """A lot with many complaints: one parent with the shared investigation, one child
    per customer who got the lot.
    """

    _name = "quality.complaint.batch"
    _description = "Batch Case"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "lot_id"

    lot_id = fields.Many2one("stock.lot", required=True, readonly=True)
    parent_id = fields.Many2one(
        "quality.complaint",
        "Batch Case",
        readonly=True,
        help="The case that customers are added to.",
    )
    description = fields.Text("What Happened", required=True)
    defect_id = fields.Many2one("quality.complaint.defect")
    line_ids = fields.One2many(
        "quality.complaint.batch.line",
        "wizard_id",
        "Customers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("lot_id", "parent_id")
    def _compute_line_ids(self):
        for wizard in self:
            totals = {}
            for candidate in wizard._candidates():
                totals[candidate["partner"]] = (
                    totals.get(candidate["partner"], 0.0) + candidate["quantity_lot"]
                )
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "partner_id": partner.id,
                        "quantity": quantity,
                        "product_uom_id": wizard.lot_id.product_uom_id.id,
                    }
                )
                for partner, quantity in totals.items()
                if partner
            ]

    def _candidates(self):
        """Deliveries of the lot, each once, with `quantity_lot` in the unit of
        the lot.
        """
        found = self.env["quality.complaint.line"]._candidates(
            Domain("lot_id", "=", self.lot_id.id), self.env.companies
        )
        deliveries = {}
        for candidate in found:
            candidate["quantity_lot"] = candidate["uom"]._compute_quantity(
                candidate["quantity"],
                self.lot_id.product_uom_id,
                rounding_method="HALF-UP",
            )
            known = deliveries.setdefault(candidate["move_line"].move_id, candidate)
            if known is not candidate:
                # several invoices of one delivery: somebody has to choose
                known["invoice_line"] = known["invoice_line"].browse()
        # sudo: who is in the case already does not depend on who adds others
        present = self.sudo().parent_id.child_ids.commercial_partner_id
        return [
            candidate
            for candidate in deliveries.values()
            if candidate["partner"] not in present
        ]

    def action_create(self):
        """Register the parent and a child for every ticked customer, with the
        deliveries of the lot as lines.
        """
        self.ensure_one()
        complaints = self.env["quality.complaint"]
        complaints.check_access("create")
        customers = self.line_ids.filtered("selected").partner_id
        if not customers:
            raise UserError(
                self.env._(
                    "Tick at least one customer who received lot %s.", self.lot_id.name
                )
            )
        candidates = [
            candidate
            for candidate in self._candidates()
            if candidate["partner"] in customers
        ]
        companies = {candidate["company"] for candidate in candidates}
        if len(companies) > 1:
            raise UserError(
                self.env._(
                    "Lot %s was delivered by several companies. Make one batch case "
                    "per company.",
                    self.lot_id.name,
                )
            )
        shared = {
            "description": self.description,
            "company_id": companies.pop().id,
            "user_id": self.env.uid,
        }
        self.parent_id.check_access("write")
        parent = self.parent_id or self._create_parent(shared, candidates)
        self._create_children(parent, shared, candidates)
        return parent._open()

    def _create_parent(self, shared, candidates):
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
                                "product_id": self.lot_id.product_id.id,
                                "lot_id": self.lot_id.id,
                                "quantity": sum(
                                    candidate["quantity_lot"]
                                    for candidate in candidates
                                ),
                                "product_uom_id": self.lot_id.product_uom_id.id,
                                "defect_id": self.defect_id.id,
                            }
                        )
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

    def _create_children(self, parent, shared, candidates):
        """A registered complaint for every customer; one that is concluded already
        hands its conclusion down.
        """
        lines = self.env["quality.complaint.line"]
        customers = self.line_ids.filtered("selected").partner_id
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
                            Command.create(
                                {
                                    **lines._prepare_candidate_vals(c),
                                    "defect_id": self.defect_id.id,
                                }
                            )
                            for c in candidates
                            if c["partner"] == customer
                        ],
                    }
                    for customer in customers
                ]
            )
        )
        children = children.sudo(False)  # sudo: as above
        children.check_access("write")
        children.action_register()
        if parent.state not in ("registered", "investigating"):
            parent._conclude_children()


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
    quantity = fields.Float("Delivered", digits="Product Unit", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
