from odoo import fields, models


class QualityComplaint(models.Model):
    """Visits, trips and letters between departments that belong to a complaint."""

    _inherit = "quality.complaint"

    service_ids = fields.One2many(
        "quality.complaint.service", "complaint_id", "Visits and Trips"
    )
    contact_letter_ids = fields.One2many(
        "quality.complaint.contact.letter", "complaint_id", "Contact Letters"
    )

    def action_plan_trip(self):
        """Plan a trip for this complaint; it is named on the return slip (000-H)."""
        self.ensure_one()
        return self.env["quality.complaint.service"]._get_records_action(
            name=self.env._("Plan a Trip"),
            target="new",
            views=[
                (self.env.ref("quality_complaint.service_view_form_quick").id, "form")
            ],
            context={
                "default_kind": "trip",
                "default_name": self.env._("Trip for %s", self.display_name),
                "default_complaint_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_product_id": self.product_id.id,
                "default_company_id": self.company_id.id,
            },
        )

    def action_write_contact_letter(self):
        """Ask another department, with a date (000-G 4.1.2)."""
        self.ensure_one()
        return self.env["quality.complaint.contact.letter"]._get_records_action(
            name=self.env._("Contact Letter"),
            context={
                "default_complaint_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_subject": self.display_name,
            },
        )
