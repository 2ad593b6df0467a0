from odoo import models

RETURN_SLIP = "quality_complaint.action_report_return_slip"


class QualityComplaint(models.Model):
    """Goods the customer is asked to send back, and the slip that travels with them."""

    _inherit = "quality.complaint"

    def _portal_returns(self):
        """Remedies whose goods are waited for, of this customer.

        :return: `quality.complaint.remedy` in superuser mode
        """
        self.ensure_one()
        theirs = self.commercial_partner_id
        if self.state == "cancelled":
            return self.remedy_ids.browse()
        # sudo: whether their goods are waited for
        return self.sudo().remedy_ids.filtered(
            lambda remedy: (
                remedy._needs_goods()
                and any(
                    picking.state not in ("draft", "done", "cancel")
                    and picking.partner_id.commercial_partner_id == theirs
                    for picking in remedy.return_picking_ids
                )
            )
        )

    def _portal_slip(self, remedy_id):
        """The return slip of a remedy whose goods are waited for.

        :return: (file name, bytes of the PDF), or None
        """
        remedy = self._portal_returns().filtered(lambda row: row.id == remedy_id)
        if not remedy:
            return None
        reports = self.env["ir.actions.report"].sudo()  # sudo: their own slip
        pdf, _kind = reports.with_context(lang=self._customer_lang())._render_qweb_pdf(
            RETURN_SLIP, remedy.ids
        )
        return self.env._("Return slip %s", self.name) + ".pdf", pdf


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    def _portal_values(self):
        """:return: dict of plain values"""
        self.ensure_one()
        facts = self._return_facts()
        return {
            "id": self.id,
            "goods": facts["goods"],
            "returns": [
                self.env._(
                    "Return %(number)s: %(address)s", number=number, address=address
                )
                for number, address in facts["returns"]
            ],
            "due": self.env._("We expect them by %s.", facts["due"])
            if facts["due"]
            else "",
            "instruction": facts["instruction"] or "",
            "is_collected": self.freight_payer == "carrier",
            "freight": {
                "us": self.env._("We pay the freight."),
                "customer": self.env._("You pay the freight."),
                "carrier": self.env._("Our carrier collects them; you pay nothing."),
            }[self.freight_payer],
        }
