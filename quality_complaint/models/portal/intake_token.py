from secrets import token_urlsafe

from odoo import api, fields, models
from odoo.fields import Domain


class QualityComplaintIntakeToken(models.Model):
    """What a QR code on a delivery slip, label or invoice leads to: the form with the
    goods of that paper, without an account, for as long as the policy says.

    It shows names and quantities of those goods and nothing else. Archived, the code
    leads nowhere.
    """

    _name = "quality.complaint.intake.token"
    _description = "QR Code for Complaints"
    _inherit = ["quality.complaint.guarded"]
    _order = "id desc"
    _check_company_auto = True

    token = fields.Char(
        default=lambda self: token_urlsafe(24),
        required=True,
        copy=False,
        fixed=True,
        groups="base.group_system",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        fixed=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        fixed=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, fixed=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_paper", compute_sudo=True
    )
    valid_until = fields.Date(compute="_compute_paper", compute_sudo=True)
    complaint_count = fields.Integer(
        "Complaints", compute="_compute_complaint_count", compute_sudo=True
    )
    active = fields.Boolean(default=True)

    _token_uniq = models.Constraint("UNIQUE (token)", "The token must be unique.")
    _picking_uniq = models.UniqueIndex("(picking_id) WHERE picking_id IS NOT NULL")
    _move_uniq = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL")

    @api.depends("picking_id", "move_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.picking_id.name or row.move_id.name or ""

    @api.depends("picking_id.date_done", "move_id.invoice_date", "company_id")
    def _compute_paper(self):
        for row in self:
            row.partner_id = row.picking_id.partner_id or row.move_id.partner_id
            start = row.picking_id.date_done or row.move_id.invoice_date
            policy = row.company_id._complaint_policy()
            row.valid_until = start and fields.Date.add(
                fields.Date.to_date(start), days=policy.qr_days
            )

    def _compute_complaint_count(self):
        counts = dict(
            self.env["quality.complaint"]._read_group(
                [("intake_token_id", "in", self.ids)], ["intake_token_id"], ["__count"]
            )
        )
        for row in self:
            row.complaint_count = counts.get(row._origin, 0)

    @api.model
    def _of(self, paper):
        """The token of a delivery or invoice, made when it is needed first.

        :param paper: one `stock.picking` or `account.move`
        :return: it, in superuser mode
        """
        # sudo: whoever prints the paper may print its code
        tokens = self.sudo().with_context(active_test=False)
        name = "picking_id" if paper._name == "stock.picking" else "move_id"
        return tokens.search([(name, "=", paper.id)]) or tokens.create(
            {name: paper.id, "company_id": paper.company_id.id}
        )

    def _url(self):
        """The address its QR code leads to; empty when it leads nowhere."""
        self.ensure_one()
        if not self.active or not self.company_id.complaint_form:
            return ""
        # sudo: whoever prints the paper may print its code
        return f"{self.get_base_url()}/complaint/qr/{self.sudo().token}"

    @api.model
    def _open(self, token):
        """
        :param str token: as posted
        :return: the row in superuser mode, empty when it leads nowhere (any more)
        """
        # sudo: the token is checked here
        row = self.sudo().search([("token", "=", token or "")])
        if (
            not row
            or not row.company_id.complaint_form
            or not row._goods()
            or row.valid_until < fields.Date.context_today(row)
        ):
            return row.browse()
        return row

    def _goods(self):
        """Domain of the delivered move lines of its paper.

        :return: a domain, or None while nothing is delivered
        """
        self.ensure_one()
        done = Domain("state", "=", "done") & Domain(
            "picking_id.picking_type_code", "=", "outgoing"
        )
        if self.picking_id:
            if self.picking_id.state != "done":
                return None
            return done & Domain("picking_id", "=", self.picking_id.id)
        moves = self.move_id.invoice_line_ids.sale_line_ids.move_ids.filtered(
            lambda move: move.state == "done"
        )
        if not moves or self.move_id.state != "posted":
            return None
        return done & Domain("move_id", "in", moves.ids)
