from odoo import fields, models


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
