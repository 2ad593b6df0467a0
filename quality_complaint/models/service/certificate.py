from odoo import api, fields, models
from odoo.fields import Domain

# days before a certificate ends that its owner is told
AHEAD = 30


class QualityComplaintCertificate(models.Model):
    """A certificate, licence or standard of a product or of a customer, as it is handed
    to authorities and customers; whoever keeps it is told before it ends.
    """

    _name = "quality.complaint.certificate"
    _description = "Certificate"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
        "quality.complaint.reachable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _due_action = "quality_complaint.action_certificate"
    _order = "valid_until, id"
    _check_company_auto = True

    name = fields.Char("Certificate", required=True)
    number = fields.Char("Certificate No.")
    standard = fields.Char(
        "Standard It Meets", help="Standard or licence it is about, with its edition."
    )
    issuer = fields.Char("Certified By")
    product_id = fields.Many2one(
        "product.product", check_company=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        check_company=True,
        index="btree_not_null",
        help="The customer who asked for it, or whose it is.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        index="btree_not_null",
    )
    valid_from = fields.Date()
    valid_until = fields.Date(index="btree_not_null")
    due_on = fields.Datetime(readonly=True, guarded=True)
    user_id = fields.Many2one(
        "res.users",
        "Kept By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told a month before it ends.",
    )
    team_id = fields.Many2one("quality.complaint.team", check_company=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    active = fields.Boolean(default=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_certificate_attachment_rel",
        string="Copies",
        copy=False,
        bypass_search_access=True,
    )

    _ends_after_it_begins = models.Constraint(
        "CHECK (valid_until >= valid_from)",
        "A certificate cannot end before it begins.",
    )

    @api.depends("name", "number")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " ".join(filter(None, (row.name, row.number)))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._set_due()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"valid_until", "user_id", "active"}:
            self._end_notices()
            self._set_due()
        return result

    def _set_due(self):
        for row in self:
            last = row.valid_until
            row._run_until(last and row.company_id._complaint_end_of_day(last))

    # === due ===

    def _due_running(self):
        return self.filtered(lambda row: row.due_on and row.active)

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("active", "=", True)

    def _due_file(self):
        return self

    def _due_levels(self):
        """Its keeper a month before it ends and when it does."""
        nobody = self.env["quality.complaint.role"]
        return [
            (fields.Datetime.subtract(self.due_on, days=AHEAD), nobody),
            (self.due_on, nobody),
        ]

    def _notice_summary(self):
        if self.due_on < fields.Datetime.now():
            return self.env._("%s has ended: renew it", self.display_name)
        return self.env._("%s ends soon: renew it", self.display_name)
