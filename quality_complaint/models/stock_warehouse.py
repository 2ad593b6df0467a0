from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

PLACES = {
    "complaint_quarantine_location_id",
    "complaint_return_location_id",
    "complaint_loan_location_id",
}


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    complaint_return_location_id = fields.Many2one(
        "stock.location",
        "Location for Returned Goods",
        check_company=True,
        copy=False,
        domain="[('usage', '=', 'internal')]",
        help=(
            "Goods returned on a complaint wait here for their inspection. It lies "
            "outside the warehouse's stock, so nothing in it can be sold."
        ),
    )

    complaint_loan_location_id = fields.Many2one(
        "stock.location",
        "Location of Lent Goods",
        check_company=True,
        copy=False,
        domain="[('usage', '=', 'internal')]",
        help="Machines lent to customers are here: they stay ours, nobody sells them.",
    )

    complaint_quarantine_location_id = fields.Many2one(
        "stock.location",
        "Quarantine",
        check_company=True,
        copy=False,
        domain="[('usage', '=', 'internal')]",
        help="Goods on hold wait here; nothing in it can be sold.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._create_complaint_return_location()
        return warehouses

    def _create_complaint_return_location(self):
        """Give each warehouse its location for returned goods if it has none.

        :return: the `stock.location` records
        """
        for warehouse in self.filtered(
            lambda warehouse: not warehouse.complaint_return_location_id
        ):
            # sudo: a missing location is made when it is first needed, by whoever
            # executes the remedy
            warehouse.sudo().complaint_return_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(warehouse._prepare_complaint_return_location_vals())
            )
        return self.complaint_return_location_id

    def _prepare_complaint_return_location_vals(self):
        return {
            "name": self.env._("%s Complaint Returns", self.code),
            "usage": "internal",
            "company_id": self.company_id.id,
        }

    def _complaint_loan_location(self):
        """Where goods lent to customers are booked; made when it is first needed.

        :return: one `stock.location`
        """
        return self._complaint_location(
            "complaint_loan_location_id", self.env._("%s Lent to Customers", self.code)
        )

    def _complaint_quarantine_location(self):
        """Where goods on hold wait; made when it is first needed.

        :return: one `stock.location`
        """
        return self._complaint_location(
            "complaint_quarantine_location_id", self.env._("%s Quarantine", self.code)
        )

    def _complaint_location(self, field, name):
        """
        :param str field: of the location
        :param str name: of a location that is missing
        """
        self.ensure_one()
        if not self[field]:
            # sudo: as above
            warehouse = self.sudo()
            warehouse[field] = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {**self._prepare_complaint_return_location_vals(), "name": name}
                )
            )
        return self[field]

    @api.model
    @ormcache()
    def _complaint_places(self):
        """Paths of the places where goods on hold may go in any case, and of those they
        must not go to: (quarantine and returned goods, goods on loan), of all
        warehouses, archived ones too.
        """
        warehouses = self.sudo().with_context(active_test=False)  # sudo: paths only
        found = warehouses.search([("id", "!=", False)])
        safe = (
            found.complaint_quarantine_location_id | found.complaint_return_location_id
        )
        return (
            tuple(safe.mapped("parent_path")),
            tuple(found.complaint_loan_location_id.mapped("parent_path")),
        )

    @api.model
    def _complaint_is_safe(self, place):
        """Whether goods on hold may go to a place in any case.

        :param place: one `stock.location`
        """
        return (place.parent_path or "").startswith(self._complaint_places()[0])

    @api.model
    def _complaint_is_lent(self, place):
        """Whether goods there are on loan.

        :param place: one `stock.location`
        """
        return (place.parent_path or "").startswith(self._complaint_places()[1])

    @api.constrains("complaint_quarantine_location_id")
    def _check_complaint_quarantine(self):
        for warehouse in self:
            path = warehouse.complaint_quarantine_location_id.parent_path
            if path and warehouse.lot_stock_id.parent_path.startswith(path):
                raise ValidationError(
                    self.env._(
                        "%s: goods to sell lie there. Quarantine is a place apart.",
                        warehouse.complaint_quarantine_location_id.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & PLACES:
            self.env.registry.clear_cache()
        return result
