from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import AroundTheClock

# numbers without gaps, per company and year
SEQUENCES = {
    "quality.complaint": "QC/%(range_year)s/",
    "quality.8d": "8D/%(range_year)s/",
    "quality.complaint.contact.letter": "CL/%(range_year)s/",
    "quality.complaint.hold": "QH/%(range_year)s/",
    "quality.complaint.recall": "QR/%(range_year)s/",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_policy_id = fields.Many2one(
        "quality.complaint.policy", help="Rules that new complaints are handled by."
    )
    complaint_form = fields.Boolean(
        help=(
            "Anybody may complain at /complaint, without an account; what comes waits "
            "until an officer takes it over."
        )
    )
    complaint_invoice_qr = fields.Boolean(
        help="A QR code on invoices opens the public form with their goods."
    )
    complaint_publish = fields.Boolean(
        help="Our channels stand on delivery slips, invoices and mails to customers."
    )
    complaint_compensation_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        help=(
            "Service on the credit notes that compensate customers in money; empty: "
            "“Customer compensation”."
        ),
    )
    complaint_compensation_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Expense account of compensations in money; empty: that of the product.",
    )

    complaint_analysis_role_id = fields.Many2one(
        "quality.complaint.role",
        help="Who approves the monthly analysis; empty: management.",
    )
    complaint_analysis_made_on = fields.Date(
        help="When the analyses of the last period were made by themselves."
    )
    complaint_accountability = fields.Boolean(
        help="Managers may record who is held to account for a complaint handled badly."
    )
    complaint_inspection_every = fields.Selection(
        [("month", "Every month"), ("quarter", "Every quarter")],
        help="How often management inspects closed complaints; empty: as it likes.",
    )
    complaint_inspector_id = fields.Many2one(
        "res.users", help="A complaint manager who is asked to inspect the sample."
    )
    complaint_verifier_role_id = fields.Many2one(
        "quality.complaint.role",
        help=(
            "Who verifies the measures against common problems, e.g. Administration; "
            "empty: anybody but their owner."
        ),
    )

    complaint_accompany = fields.Boolean(
        help=(
            "The first delivery of a new product is proposed for accompaniment when an "
            "order sells it the first time."
        )
    )
    complaint_accompany_user_id = fields.Many2one(
        "res.users", help="Who goes along, e.g. the engineer who developed it."
    )
    complaint_accompany_assistant_id = fields.Many2one(
        "res.users", help="Who assists, e.g. quality assurance."
    )
    complaint_requirement_role_id = fields.Many2one(
        "quality.complaint.role",
        help=(
            "Who decides requirements beyond the salesperson's authority; empty: head "
            "of department or management."
        ),
    )
    complaint_legal_role_id = fields.Many2one(
        "quality.complaint.role",
        help=("Who decides requirements by law; empty: general manager or deputy."),
    )

    complaint_drill_months = fields.Integer(
        "Recall Drill Every (Months)",
        default=6,
        help="0: not planned by itself. Planned only when somebody is responsible.",
    )
    complaint_drill_user_id = fields.Many2one(
        "res.users",
        "Responsible for Recall Drills",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_complaint_defaults()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("complaint_policy_id"):
            # sudo: choosing a policy for a company puts it into force
            self.env["quality.complaint.policy"].sudo().browse(
                vals["complaint_policy_id"]
            ).filtered(lambda policy: not policy.active).active = True
        return result

    def _create_complaint_defaults(self):
        """Give each company the sequences of its numbers."""
        for code in SEQUENCES:
            self._create_complaint_sequence(code)

    def _create_complaint_sequence(self, code):
        """
        :param str code: one of `SEQUENCES`
        """
        # sudo: part of creating a company; also made up for when an administrator
        # deleted the sequence
        sequences = self.env["ir.sequence"].sudo()
        present = sequences.search(
            [("code", "=", code), ("company_id", "in", self.ids)]
        ).company_id
        sequences.create(
            [
                company._prepare_complaint_sequence_vals(code)
                for company in self - present
            ]
        )

    def _prepare_complaint_sequence_vals(self, code):
        names = {
            "quality.complaint": self.env._("Complaints of %s", self.name),
            "quality.8d": self.env._("8D reports of %s", self.name),
            "quality.complaint.contact.letter": self.env._(
                "Contact letters of %s", self.name
            ),
            "quality.complaint.hold": self.env._("Holds of %s", self.name),
            "quality.complaint.recall": self.env._("Recalls of %s", self.name),
        }
        return {
            "name": names[code],
            "code": code,
            "prefix": SEQUENCES[code],
            "padding": 5,
            "use_date_range": True,
            # format and start only: see `quality.complaint.numbered`
            "implementation": "no_gap",
            "company_id": self.id,
        }

    def _complaint_sequence(self, code):
        """Format and start of the numbers of this company's complaints or 8D reports; a
        missing sequence is set up.

        :param str code: one of `SEQUENCES`
        """
        self.ensure_one()
        domain = [("code", "=", code), ("company_id", "=", self.id)]
        sequence = self.env["ir.sequence"].search(domain, limit=1)
        if not sequence:
            self._create_complaint_sequence(code)
            sequence = self.env["ir.sequence"].search(domain, limit=1)
        return sequence

    def _complaint_approvers(self):
        """Who approves analyses and surveys of the company: holders of the role."""
        self.ensure_one()
        # sudo: who holds a role is no secret
        company = self.sudo()
        role = company.complaint_analysis_role_id or self.env.ref(
            "quality_complaint.role_management"
        )
        return role.sudo()._possible_holders(company)

    def _complaint_readers(self):
        """Whom analyses and surveys are sent to: heads of departments and leaders of
        teams.
        """
        self.ensure_one()
        local = Domain("company_id", "in", [False, self.id])
        # sudo: who heads what is no secret
        heads = (
            self.env["quality.complaint.responsible"]
            .sudo()
            .search(local & Domain("kind", "=", "department"))
            .manager_id
        )
        # sudo: as above
        leaders = self.env["quality.complaint.team"].sudo().search(local).leader_id
        return (heads | leaders).filtered(
            lambda user: user.active and self in user.company_ids
        )

    def _complaint_end_of_day(self, day):
        """
        :param date day: of the company
        :return: its last second, naive UTC datetime
        """
        clock = AroundTheClock(self.sudo().partner_id.tz)  # sudo: only where they are
        midnight = clock.midnight(fields.Date.add(day, days=1))
        return fields.Datetime.subtract(midnight, seconds=1)

    def _complaint_policy(self):
        """The policy in force for new complaints."""
        self.ensure_one()
        return (
            self.complaint_policy_id
            or self.env["quality.complaint.policy"]._default_policy()
        )

    def _compensation_product(self):
        """The product of compensations in money: the company's choice, else the one
        that comes with the addon.
        """
        self.ensure_one()
        standard = self.env.ref(
            "quality_complaint.product_compensation", raise_if_not_found=False
        )
        return (
            self.complaint_compensation_product_id
            or standard
            or self.env["product.product"]
        )

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
