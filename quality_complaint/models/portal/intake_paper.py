from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    complaint_qr = fields.Boolean(
        "QR Code for Complaints",
        help=(
            "Printed on the delivery slip: opens the complaint form with the goods of "
            "the delivery, without an account."
        ),
    )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _complaint_qr_url(self, wanted=False):
        """What the QR code on its papers leads to, or nothing.

        :param bool wanted: whether it is printed whatever the operation type says
        """
        self.ensure_one()
        if self.picking_type_code != "outgoing" or not (
            wanted or self.picking_type_id.complaint_qr
        ):
            return ""
        return self.env["quality.complaint.intake.token"]._of(self)._url()

    def _complaint_channels(self):
        self.ensure_one()
        if self.picking_type_code != "outgoing":
            return []
        return self.company_id._complaint_published()


class AccountMove(models.Model):
    _inherit = "account.move"

    def _complaint_qr_url(self):
        """What the QR code on a customer's invoice leads to, or nothing."""
        self.ensure_one()
        if (
            self.move_type != "out_invoice"
            or self.state != "posted"
            or not self.company_id.complaint_invoice_qr
        ):
            return ""
        return self.env["quality.complaint.intake.token"]._of(self)._url()

    def _complaint_channels(self):
        self.ensure_one()
        if self.move_type != "out_invoice":
            return []
        return self.company_id._complaint_published()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _complaint_channels(self):
        """Ways to reach the company that it has told the address of.

        :return: list of dicts `name`, `contact`
        """
        self.ensure_one()
        # sudo: published by the company
        channels = self.env["quality.complaint.channel"].sudo().with_company(self)
        return [
            {"name": channel.name, "contact": channel.contact}
            for channel in channels.search([])
            if channel.contact
        ]

    def _complaint_published(self):
        """Those that stand on papers and mails, where the company wants it."""
        # sudo: printed by people without rights in the settings
        return self._complaint_channels() if self.sudo().complaint_publish else []
