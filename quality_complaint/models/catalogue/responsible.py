from odoo import fields, models


class QualityComplaintResponsible(models.Model):
    """Who is at fault: a department of ours, a supplier, a carrier, the customer,
    nobody.
    """

    _name = "quality.complaint.responsible"
    _description = "Responsible Party"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("department", "Our department"),
            ("supplier", "Supplier"),
            ("carrier", "Carrier"),
            ("customer", "Customer (misuse)"),
            ("none", "Nobody"),
        ],
        required=True,
        default="department",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        check_company=True,
        help="The supplier or carrier, if it is always the same.",
    )
    manager_id = fields.Many2one(
        "res.users",
        help=(
            "Head of the department; holds the role “manager of the responsible party”."
        ),
    )
    member_ids = fields.Many2many(
        "res.users",
        "quality_complaint_responsible_member_rel",
        string="Members",
        domain="[('share', '=', False)]",
        help="Who works in the department: they may take over what is passed to it.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        help="Where the costs of this party's complaints are booked.",
    )

    def _local_manager(self, company):
        """The manager, if they may work in the company; empty otherwise."""
        return self.manager_id.filtered(
            lambda user: user.active and company in user.company_ids
        )
