from odoo import api, fields, models

from ...tools import printed_day
from .terms import CHOICES


class QualityComplaintLine(models.Model):
    """What the customer may ask for of a line: in warranty or not, and the wear of what
    comes back.
    """

    _inherit = "quality.complaint.line"

    warranty_id = fields.Many2one(
        "quality.complaint.warranty",
        "Warranty Terms",
        compute="_compute_warranty",
        compute_sudo=True,
    )
    warranty_from = fields.Date(
        "Warranty Counts From", compute="_compute_warranty", compute_sudo=True
    )
    warranty_until = fields.Date(
        "In Warranty Until", compute="_compute_warranty", compute_sudo=True
    )
    warranty_choice = fields.Selection(
        CHOICES,
        "Customer May Ask For",
        compute="_compute_warranty",
        compute_sudo=True,
    )
    wear = fields.Float(
        "Wear (%)",
        digits=(16, 2),
        compute="_compute_warranty",
        compute_sudo=True,
        help="Share of the price that use has taken, by the terms; a proposal.",
    )
    warranty_text = fields.Char(
        "Warranty", compute="_compute_warranty", compute_sudo=True
    )

    @api.depends(
        "product_id",
        "move_line_id",
        "sale_line_id",
        "lot_id",
        "properties",
        "complaint_id.received_on",
        "complaint_id.partner_id",
        "complaint_id.trigger_ids",
        "complaint_id.policy_id",
    )
    @api.depends_context("lang")
    def _compute_warranty(self):
        known = {
            company: self.env["quality.complaint.warranty"]._candidates(company)
            for company in self.company_id | self.complaint_id.company_id
        }
        for line in self:
            complaint = line.complaint_id
            terms = (
                known.get(complaint.company_id)
                or self.env["quality.complaint.warranty"].browse()
            )
            asked = line._warranty_day(complaint.received_on or fields.Datetime.now())
            days = line._warranty_starts()
            found = (
                terms._applying(line, days["delivery"] or days["sale"])
                if line.product_id
                else terms.browse()
            )
            day = days[found.start] or days["delivery"] if found else False
            line.warranty_id = found
            line.warranty_from = day
            line.warranty_until = found._until(day) if found else False
            line.warranty_choice = (
                found._choice(day, asked, line._repairs_in_warranty(day))
                if found and day
                else False
            )
            line.wear = found._wear(day, asked) if found and day else 0.0
            line.warranty_text = line._warranty_words()

    def _warranty_day(self, moment):
        """Day of a moment where the company works."""
        zone = self.complaint_id.company_id.resource_calendar_id.tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), moment
        ).date()

    def _warranty_starts(self):
        """:return: dict `delivery` and `sale`: days, False where nobody knows; what the
        customer says they bought it on counts where no delivery is found
        """
        self.ensure_one()
        delivered = self.move_id.date if self.move_id.state == "done" else False
        ordered = self.sale_line_id.order_id.date_order
        said = self._said_bought_on()
        return {
            "delivery": self._warranty_day(delivered) if delivered else said,
            "sale": self._warranty_day(ordered) if ordered else said,
        }

    def _said_bought_on(self):
        """Date of purchase among the industry fields (R1, R4)."""
        values = self.properties or {}
        return fields.Date.to_date(values.get("purchase_date") or False) or False

    def _repairs_in_warranty(self, day):
        """How often goods of this serial number were repaired since a day, on other
        complaints; without a serial number nobody can tell.
        """
        self.ensure_one()
        if not day or not self.lot_id or self.product_id.tracking != "serial":
            return 0
        return self.env["quality.complaint.remedy.line"].search_count(
            [
                ("complaint_line_id.lot_id", "=", self.lot_id.id),
                ("complaint_id", "!=", self.complaint_id._origin.id),
                ("remedy_id.kind", "=", "repair"),
                ("remedy_id.state", "=", "done"),
                ("complaint_id.received_on", ">=", day),
            ]
        )

    def _warranty_words(self):
        self.ensure_one()
        terms = self.warranty_id
        if not terms:
            return False
        if not self.warranty_from:
            return self.env._(
                "%(terms)s: nobody knows since when; find the delivery, or enter the "
                "date of purchase.",
                terms=terms.name,
            )
        choices = dict(self._fields["warranty_choice"]._description_selection(self.env))
        words = {
            "terms": terms.name,
            "date": printed_day(self.env, self.warranty_until),
            "choice": choices[self.warranty_choice],
        }
        if not self.warranty_until:
            text = self.env._("%(terms)s: %(choice)s.", **words)
        elif self.warranty_until >= self._warranty_day(
            self.complaint_id.received_on or fields.Datetime.now()
        ):
            text = self.env._(
                "In warranty until %(date)s (%(terms)s): %(choice)s.", **words
            )
        else:
            text = self.env._(
                "Warranty ended on %(date)s (%(terms)s): %(choice)s.", **words
            )
        if terms.multiple:
            text += " " + self.env._(
                "The contract grants %.12g times the value.", terms.multiple
            )
        if terms.note:
            text += " " + terms.note
        return text
