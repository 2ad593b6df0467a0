from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_list

DISPOSITIONS = [
    ("release", "Use as it is"),
    ("concession", "Use by concession"),
    ("rework", "Rework: may be used in production"),
    ("scrap", "Scrapped already"),
    ("supplier", "Returned to the supplier already"),
]
# may be sold and used again
USABLE = ("release", "concession")
# only when nothing is left of them
GONE = ("scrap", "supplier")
INSIDE = ("internal", "transit")
# lots that a refusal names
SHOWN = 5


class QualityComplaintHoldLot(models.Model):
    """A lot on hold, or goods without lots; who lifted it, with which disposition."""

    _name = "quality.complaint.hold.lot"
    _description = "Goods on Hold"
    _inherit = ["quality.complaint.guarded"]
    _order = "hold_id, product_id, lot_id, id"

    hold_id = fields.Many2one(
        "quality.complaint.hold",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="hold_id.company_id", store=True, index=True)
    all_companies = fields.Boolean(related="hold_id.all_companies", store=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", fixed=True
    )
    lot_id = fields.Many2one(
        "stock.lot", "Lot/Serial Number", ondelete="restrict", fixed=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    here_quantity = fields.Float(
        "Here", digits="Product Unit", compute="_compute_quantities"
    )
    reserved_quantity = fields.Float(
        "Of It Reserved", digits="Product Unit", compute="_compute_quantities"
    )
    quarantine_quantity = fields.Float(
        "In Quarantine", digits="Product Unit", compute="_compute_quantities"
    )
    shipped_quantity = fields.Float(
        "At Customers", digits="Product Unit", compute="_compute_quantities"
    )
    state = fields.Selection(
        [("held", "On hold"), ("rework", "For rework only"), ("lifted", "Lifted")],
        "Status",
        default="held",
        required=True,
        readonly=True,
        guarded=True,
    )
    disposition = fields.Selection(
        DISPOSITIONS, readonly=True, copy=False, guarded=True
    )
    lift_reason = fields.Text("Why Lifted", readonly=True, copy=False, guarded=True)
    lifted_by_id = fields.Many2one("res.users", readonly=True, copy=False, guarded=True)
    lifted_on = fields.Datetime(readonly=True, copy=False, guarded=True)

    _standing_lot_idx = models.Index("(lot_id) WHERE state != 'lifted'")
    _standing_product_idx = models.Index("(product_id) WHERE state != 'lifted'")
    _goods_uniq = models.UniqueIndex(
        "(hold_id, product_id, COALESCE(lot_id, 0))", "A hold names its goods once."
    )

    @api.depends("product_id", "lot_id")
    def _compute_display_name(self):
        for row in self.sudo():  # sudo: names only
            row.display_name = (
                row.lot_id.display_name or row.product_id.display_name or False
            )

    @api.depends("lot_id", "product_id")
    def _compute_quantities(self):
        # sudo: how much, for people without rights in Inventory
        rows = self.sudo()
        warehouses = self.env["stock.warehouse"].sudo()  # sudo: as above
        for (company, everywhere), mine in rows.grouped(
            lambda row: (row.company_id, row.all_companies)
        ).items():
            goods = Domain("lot_id", "in", mine.lot_id.ids) | (
                Domain("lot_id", "=", False)
                & Domain("product_id", "in", mine.product_id.ids)
            )
            if not everywhere:
                goods &= Domain("company_id", "=", company.id)
            quants = self.env["stock.quant"].sudo()  # sudo: as above
            found = {}
            for product, lot, place, quantity, reserved in quants._read_group(
                goods & Domain("location_id.usage", "in", INSIDE),
                ["product_id", "lot_id", "location_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            ):
                sums = found.setdefault((product, lot), [0.0, 0.0, 0.0])
                sums[0] += quantity
                sums[1] += reserved
                sums[2] += quantity if warehouses._complaint_is_safe(place) else 0.0
            balance = self.env["quality.complaint.balance"]
            lots = mine.lot_id
            totals = balance._totals(lots, balance._rows(lots, company)) if lots else {}
            for row in mine:
                here, reserved, safe = found.get(
                    (row.product_id, row.lot_id), (0.0, 0.0, 0.0)
                )
                row.here_quantity = here
                row.reserved_quantity = reserved
                row.quarantine_quantity = safe
                sums = totals.get(row.lot_id)
                row.shipped_quantity = (
                    sums["shipped"] - sums["returned"] if sums else 0.0
                )

    # === what is marked on lots and products ===

    def _mark(self):
        """Write on lots and products whether some hold is about them.

        Waits for deliveries that are just being done (they hold a shared lock), and
        makes those start anew that did not see the hold.
        """
        lots, templates = self.lot_id, self.product_id.product_tmpl_id
        self.env.flush_all()
        for records in (lots, templates):
            if records:
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                        SQL.identifier(records._table),
                        sorted(records.ids),
                    )
                )
        standing = self.search(
            Domain("state", "!=", "lifted")
            & (
                Domain("lot_id", "in", lots.ids)
                | Domain("product_id.product_tmpl_id", "in", templates.ids)
            )
        )
        for records, held in (
            (lots, standing.lot_id),
            (templates, standing.product_id.product_tmpl_id),
        ):
            if records:
                # written anew in any case: a delivery that looked a moment ago did not
                # see this hold, whatever stood before
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET complaint_held = (id = ANY(%s)) "
                        "WHERE id = ANY(%s)",
                        SQL.identifier(records._table),
                        held.ids,
                        records.ids,
                    )
                )
                records.invalidate_recordset(["complaint_held"])

    def _decide(self, disposition, reason):
        """
        :raise UserError: goods are said to be gone and are here
        """
        left = self.filtered(
            lambda row: (
                disposition in GONE
                and row.product_id.uom_id.compare(row.here_quantity, 0.0) > 0
            )
        )
        if left:
            words = dict(self._fields["disposition"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(goods)s: %(quantity)s %(unit)s are still here, so it is not "
                    "“%(disposition)s” yet. Scrap it or return it first: a hold does "
                    "not stop that.",
                    goods=left[0].display_name,
                    quantity=f"{left[0].here_quantity:.12g}",
                    unit=left[0].product_uom_id.name,
                    disposition=words[disposition],
                )
            )
        self._advance(
            {
                "state": "rework" if disposition == "rework" else "lifted",
                "disposition": disposition,
                "lift_reason": reason,
                "lifted_by_id": self.env.uid,
                "lifted_on": fields.Datetime.now(),
            }
        )
        self.sudo()._mark()  # sudo: the rights were checked by the dialog

    # === what the gate and the reservation ask ===

    @api.model
    def _of_company(self, company):
        """Domain of what is on hold in a company."""
        return Domain("state", "!=", "lifted") & (
            Domain("all_companies", "=", True) | Domain("company_id", "=", company.id)
        )

    def _goods_domain(self):
        """Domain of lines and quants of what is still held by these rows."""
        held = self.filtered(lambda row: row.state != "lifted")
        loose = held.filtered(lambda row: not row.lot_id).product_id
        return Domain("lot_id", "in", held.lot_id.ids) | (
            Domain("lot_id", "=", False) & Domain("product_id", "in", loose.ids)
        )

    @api.model
    def _tell_counted(self, lines):
        """Tell whoever ordered holds that a count took goods away.

        :param lines: `stock.move.line` that are done
        """
        for company, taken in lines.grouped("company_id").items():
            rows = self.search(
                self._of_company(company) & Domain("lot_id", "in", taken.lot_id.ids)
            )
            for hold, held in rows.grouped("hold_id").items():
                user = hold._reachable(hold.decided_by_id)
                local = hold.with_context(lang=user.lang or self.env.lang)
                goods = [
                    local.env._(
                        "%(quantity)s %(unit)s of %(lot)s at %(place)s",
                        quantity=f"{line.quantity_product_uom:.12g}",
                        unit=line.product_id.uom_id.name,
                        lot=line.lot_id.display_name,
                        place=line.location_id.display_name,
                    )
                    for line in taken
                    if line.lot_id in held.lot_id
                ]
                hold.message_post(
                    subject=local.env._("Counted away: goods on hold"),
                    body=local.env._(
                        "A count by %(user)s took away %(goods)s. Look whether they "
                        "lie there under another lot.",
                        user=self.env.user.name,
                        goods=format_list(local.env, goods),
                    ),
                    partner_ids=user.partner_id.ids,
                )

    def _stops(self, line):
        """Whether a line takes away what this row holds.

        :param line: `stock.move.line` that leaves
        """
        self.ensure_one()
        if self.state == "rework" and line._complaint_leaves() == "production":
            return False
        if line.lot_id or not self.lot_id:
            return self.product_id == line.product_id and self.lot_id == line.lot_id
        # a tracked product without its lot, of what is here: it may be this one
        return self.product_id == line.product_id and line.location_id.usage in INSIDE

    def _refusal(self, line):
        """Why a line cannot go on, in the words on the screen.

        :param self: rows of one hold and one product
        """
        hold = self.hold_id
        lots = sorted(self.lot_id.mapped("name"))
        values = {
            "goods": line.product_id.display_name,
            "lots": format_list(self.env, lots[:SHOWN]) + (" …" * (len(lots) > SHOWN)),
            "hold": hold.name,
            "reason": (hold.reason or "").strip(),
            "place": line.location_dest_id.display_name,
            "user": hold._whom_to_ask(),
        }
        if not lots:
            return self.env._(
                "%(goods)s is on hold (%(hold)s: %(reason)s) and cannot go to "
                "%(place)s. Take it off, or ask %(user)s.",
                **values,
            )
        if not line.lot_id:
            return self.env._(
                "%(goods)s: %(lots)s on hold (%(hold)s: %(reason)s), so nothing of "
                "this product goes to %(place)s without its lot. Enter a lot that is "
                "not on hold, or ask %(user)s.",
                **values,
            )
        if self.state == "rework":
            return self.env._(
                "Lot %(lots)s of %(goods)s may be reworked in production only "
                "(%(hold)s: %(reason)s) and cannot go to %(place)s. Take another lot, "
                "or ask %(user)s.",
                **values,
            )
        return self.env._(
            "Lot %(lots)s of %(goods)s is on hold (%(hold)s: %(reason)s) and cannot go "
            "to %(place)s. Take another lot, or ask %(user)s.",
            **values,
        )
