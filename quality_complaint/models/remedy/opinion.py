from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import listed


class QualityComplaintInspectionOpinion(models.Model):
    """What a department thinks should become of returned goods: collected by Quality
    before it decides (R10, 3.2).
    """

    _name = "quality.complaint.inspection.opinion"
    _description = "Opinion on Returned Goods"
    _inherit = ["quality.complaint.guarded"]
    _order = "inspection_id, id"
    _check_company_auto = True

    inspection_id = fields.Many2one(
        "quality.complaint.inspection",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id", store=True, index=True
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'department')]",
    )
    disposition = fields.Selection(
        selection=lambda self: self._selection_disposition(),
        string="Should Be",
        help="What the department proposes.",
    )
    text = fields.Text("Opinion", required=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        guarded=True,
    )
    given_on = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False, guarded=True
    )

    _once = models.UniqueIndex(
        "(inspection_id, department_id)",
        "This department has given its opinion already; change that one.",
    )

    @api.model
    def _selection_disposition(self):
        return (
            self.env["quality.complaint.inspection"]
            ._fields["disposition"]
            ._description_selection(self.env)
        )

    @api.depends("department_id.name", "inspection_id")
    def _compute_display_name(self):
        for opinion in self:
            opinion.display_name = opinion.department_id.name

    @api.constrains("inspection_id")
    def _check_released(self):
        for opinion in self:
            # sudo: only whether it is decided
            if opinion.inspection_id.sudo().released_on:
                raise UserError(opinion._decided_text())

    @api.ondelete(at_uninstall=False)
    def _unlink_undecided_only(self):
        for opinion in self:
            # sudo: as above
            if opinion.inspection_id.sudo().released_on:
                raise UserError(opinion._decided_text())

    def _decided_text(self):
        return self.env._(
            "%s: it is decided what becomes of the goods; the opinions stay as they "
            "were.",
            self.inspection_id.sudo().display_name,  # sudo: the words of an error
        )

    def _check_own(self):
        """
        :raise AccessError: an opinion is that of whoever gave it
        """
        if self.env.su or self.env.user.has_group(
            "quality_complaint.group_quality_complaint_quality"
        ):
            return
        for opinion in self:
            if opinion.user_id and opinion.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "The opinion of %(department)s was given by %(user)s: ask "
                        "them to change it.",
                        department=opinion.department_id.name,
                        user=opinion.user_id.name,
                    )
                )

    def write(self, vals):
        self._check_own()
        self._lock_fields(
            vals,
            {"text", "disposition", "department_id"},
            self.filtered("inspection_id.released_on"),
        )
        if {"text", "disposition"} & vals.keys() and not self.env.su:
            self._advance({"user_id": self.env.uid, "given_on": fields.Datetime.now()})
        return super().write(vals)


class QualityComplaintInvestigation(models.Model):
    _inherit = "quality.complaint.investigation"

    inspection_id = fields.Many2one(
        "quality.complaint.inspection",
        "Returned Goods",
        index="btree_not_null",
        ondelete="set null",
        help="The goods on a receipt that this investigation tests.",
    )


class QualityComplaintInspection(models.Model):
    """Quality's review of returned goods: opinions of the departments, and a test with
    measured values.
    """

    _inherit = "quality.complaint.inspection"

    opinion_ids = fields.One2many(
        "quality.complaint.inspection.opinion",
        "inspection_id",
        "Opinions",
        groups="quality_complaint.group_quality_complaint_user",
    )
    investigation_ids = fields.One2many(
        "quality.complaint.investigation",
        "inspection_id",
        "Tests",
        groups="quality_complaint.group_quality_complaint_user",
    )
    test_verdict = fields.Char(
        "Tested",
        compute="_compute_test_verdict",
        compute_sudo=True,
        help="What Quality's test of these goods says.",
    )

    @api.depends("investigation_ids.verdict", "investigation_ids.done_on")
    @api.depends_context("lang")
    def _compute_test_verdict(self):
        tests = self.env["quality.complaint.investigation"]
        verdicts = dict(tests._fields["verdict"]._description_selection(self.env))
        for inspection in self:
            inspection.test_verdict = listed(
                self.env.lang,
                (
                    verdicts.get(test.verdict) or self.env._("being tested")
                    for test in inspection.investigation_ids
                ),
                ";",
            )

    def action_test(self):
        """Quality tests the returned goods: opens the investigation, which measures.

        :raise UserError: the goods belong to no complaint that is being handled
        """
        self.ensure_one()
        complaint = self.complaint_id
        if not complaint or complaint.state in ("new", "closed", "cancelled"):
            raise UserError(
                self.env._(
                    "%s: no complaint that is being handled brought these goods.",
                    self.display_name,
                )
            )
        tests = self.env["quality.complaint.investigation"]
        known = self.investigation_ids[:1]
        if not known:
            known = tests.create(
                {
                    "complaint_id": complaint.id,
                    "inspection_id": self.id,
                    "method": "returned_goods",
                    "lot_id": self.lot_id.id,
                    "user_id": self.env.uid,
                }
            )
        return known._get_records_action(name=self.env._("Test of Returned Goods"))
