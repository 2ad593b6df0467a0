from odoo import api, fields, models


class Quality8d(models.Model):
    """The key component that carries the fault, and who supplied it (head of the 8D
    form).
    """

    _inherit = "quality.8d"

    component_id = fields.Many2one(
        "product.product",
        "Key Component",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The part that carries the fault.",
    )
    component_lot_id = fields.Many2one(
        "stock.lot",
        "Lot of the Component",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', component_id)]",
        compute="_compute_component_lot_id",
        store=True,
        readonly=False,
    )
    component_lot_name = fields.Char(
        "Supplier's Lot No.",
        help="As it stands on the part, where the lot is not kept here.",
    )
    supplier_id = fields.Many2one(
        "res.partner",
        check_company=True,
        ondelete="restrict",
        compute="_compute_supplier_id",
        store=True,
        readonly=False,
        help="Who supplied the component; proposed when only one supplies it.",
    )
    supplier_code = fields.Char(
        "Supplier's Part No.",
        compute="_compute_supplier_code",
        store=True,
        readonly=False,
    )

    @api.depends("component_id")
    def _compute_component_lot_id(self):
        for report in self:
            lot = report.component_lot_id
            report.component_lot_id = (
                lot if lot.product_id == report.component_id else False
            )

    @api.depends("component_id")
    def _compute_supplier_id(self):
        for report in self:
            suppliers = report._component_sellers().partner_id
            if not report.component_id or report.supplier_id in suppliers:
                report.supplier_id = report.supplier_id
            else:
                report.supplier_id = suppliers if len(suppliers) == 1 else False

    @api.depends("supplier_id", "component_id")
    def _compute_supplier_code(self):
        for report in self:
            supplier = report.supplier_id
            codes = {
                seller.product_code
                for seller in report._component_sellers()
                if seller.partner_id == supplier and seller.product_code
            }
            proposed = codes.pop() if len(codes) == 1 else False
            report.supplier_code = (
                proposed if report.component_id else report.supplier_code
            )

    def _component_sellers(self):
        """:return: `product.supplierinfo` of the component in the company of the
        report
        """
        self.ensure_one()
        component = (
            self.component_id.sudo()
        )  # sudo: quality engineers may not read prices; only who supplies it is taken
        return component.seller_ids.filtered(
            lambda seller: (
                seller.company_id.id in (False, self.company_id.id)
                and seller.product_id.id in (False, component.id)
            )
        )
