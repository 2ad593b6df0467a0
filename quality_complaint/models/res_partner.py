from odoo import fields, models

FILE = "quality_complaint.group_quality_complaint_customer_file"


class ResPartner(models.Model):
    _inherit = "res.partner"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    eight_d_variant_id = fields.Many2one(
        "quality.8d.variant",
        "8D Time Limits",
        ondelete="set null",
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "The time limits this customer sets for 8D reports; empty: those of the "
            "policy."
        ),
    )

    complaint_news = fields.Boolean(
        "News of Improvements",
        help="Wants to be told regularly what we improved because of feedback.",
    )
    complaint_scope = fields.Selection(
        [
            ("company", "All of their company"),
            ("own", "Their own and those they follow"),
        ],
        "Complaints in the Portal",
        default="company",
        help="Which complaints the people of this customer see in the portal.",
    )

    complaint_class = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
        "Customer Class",
        groups=FILE,
        help="How important the customer is to us.",
    )
    complaint_ids = fields.One2many(
        "quality.complaint",
        "commercial_partner_id",
        "Complaints",
        groups="quality_complaint.group_quality_complaint_user",
    )
    complaint_requirement_ids = fields.One2many(
        "quality.complaint.customer.requirement",
        "commercial_partner_id",
        "Requirements",
        groups=FILE,
    )
    complaint_service_ids = fields.One2many(
        "quality.complaint.service",
        "commercial_partner_id",
        "Visits and Services",
        groups=FILE,
    )
    complaint_certificate_ids = fields.One2many(
        "quality.complaint.certificate",
        "commercial_partner_id",
        "Certificates",
        groups=FILE,
    )
    complaint_revisit_ids = fields.One2many(
        "quality.complaint.revisit",
        "commercial_partner_id",
        "Revisits",
        domain=[("state", "=", "done")],
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_complaint_count(self):
        complaints = self.env["quality.complaint"]
        counts = {}
        if complaints.has_access("read"):
            domain = [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
            counts = dict(
                complaints._read_group(domain, ["commercial_partner_id"], ["__count"])
            )
        for partner in self:
            partner.complaint_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_complaints(self):
        """The customer's complaints; a new one is made for this contact."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {
            **action,
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id},
        }

    def action_view_quality_file(self):
        """What is known of the customer as a whole, on one page."""
        self.ensure_one()
        return self.commercial_partner_id._get_records_action(
            name=self.env._("Customer Quality File"),
            views=[
                (self.env.ref("quality_complaint.customer_file_view_form").id, "form")
            ],
            context={"default_partner_id": self.commercial_partner_id.id},
        )

    def action_log_contact(self):
        """Write down a call, a mail, a meeting in one dialog (000-H)."""
        self.ensure_one()
        return self.env["quality.complaint.service"]._get_records_action(
            name=self.env._("Log a Contact"),
            target="new",
            views=[
                (self.env.ref("quality_complaint.service_view_form_quick").id, "form")
            ],
            context={
                "default_kind": "contact",
                "default_name": self.env._("Contact with %s", self.display_name),
                "default_partner_id": self.id,
                "default_contact": self.name if self.parent_id else False,
            },
        )
