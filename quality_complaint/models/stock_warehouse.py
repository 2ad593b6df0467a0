from odoo import api, fields, models


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
    def _complaint_safe_places(self):
        """Where goods on hold may go in any case: quarantine and returned goods, of all
        warehouses, with what lies in them.

        :return: `stock.location`
        """
        warehouses = self.search(
            [
                "|",
                ("complaint_quarantine_location_id", "!=", False),
                ("complaint_return_location_id", "!=", False),
            ]
        )
        places = (
            warehouses.complaint_quarantine_location_id
            | warehouses.complaint_return_location_id
        )
        return places.search([("id", "child_of", places.ids)]) if places else places
