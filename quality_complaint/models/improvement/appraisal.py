from io import BytesIO

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import download, listed, printed_moment, write_sheet
from .kpi import Scope, figure_text
from .management_inspection import CHECKS


class QualityComplaintAppraisal(models.Model):
    """What complaint handling of a month says about a department or a person, for the
    personnel department: points lost and won, results of inspections, praise and
    criticism (R1 §13, R2). Whoever it is about answers before it is confirmed.
    """

    _name = "quality.complaint.appraisal"
    _description = "Appraisal"
    _inherit = ["quality.complaint.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    date_from = fields.Date(
        "Month",
        required=True,
        default=lambda self: self.env[
            "quality.complaint.analysis"
        ]._default_date_from(),
        fixed=True,
        help="Any day of it.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        index=True,
        domain="[('share', '=', False)]",
        fixed=True,
        help="Empty: the department as a whole.",
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        index=True,
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
        fixed=True,
    )
    line_ids = fields.One2many(
        "quality.complaint.appraisal.line", "appraisal_id", "Points", copy=False
    )
    total = fields.Float(
        "Sum of Points", digits=(16, 2), compute="_compute_total", store=True
    )
    statement = fields.Text("Their Answer", readonly=True, copy=False, guarded=True)
    answered_on = fields.Datetime(
        "Their Answer Of", readonly=True, copy=False, guarded=True
    )
    answered_by_id = fields.Many2one(
        "res.users", "Answer By", readonly=True, copy=False, guarded=True
    )
    without_points = fields.Boolean(
        compute="_compute_without_points",
        help="The policy gives no points for KPIs.",
    )
    confirmed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    confirmed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    state = fields.Selection(
        [
            ("draft", "In preparation"),
            ("asked", "Waiting for their answer"),
            ("answered", "Their answer is there"),
            ("confirmed", "Confirmed"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _once = models.UniqueIndex(
        "(company_id, date_from, coalesce(user_id, 0), coalesce(department_id, 0))",
        "There is an appraisal of this month already. Open it instead.",
    )

    @api.depends("date_from", "user_id.name", "department_id.name")
    def _compute_name(self):
        for row in self:
            month = row.date_from and f"{row.date_from:%Y-%m}"
            row.name = " · ".join(
                filter(None, (month, row.user_id.name or row.department_id.name))
            )

    @api.depends("line_ids.points")
    def _compute_total(self):
        for row in self:
            row.total = sum(row.line_ids.mapped("points"))

    @api.depends("company_id")
    def _compute_without_points(self):
        for row in self:
            # sudo: only whether there are any
            policy = row.company_id.sudo().complaint_policy_id
            row.without_points = not policy.kpi_weight_ids

    @api.depends("user_id", "department_id.manager_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for row in self:
            row.is_mine = row._subject() == self.env.user

    def _subject(self):
        """Who answers: the person, or the head of the department."""
        self.ensure_one()
        # sudo: who heads a department is no secret
        return self.user_id or self.sudo().department_id.manager_id.sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["date_from"])
        vals_list = [{**defaults, **vals} for vals in vals_list]
        for vals in vals_list:
            self._check_sensible(vals)
            day = fields.Date.to_date(vals["date_from"])
            vals["date_from"] = day and day.replace(day=1)
        rows = super().create(vals_list)
        for row in rows:
            if not row.user_id and not row.department_id:
                raise UserError(
                    self.env._("Say whom it is about: a person or a department.")
                )
            if row.user_id and not row.company_id.complaint_accountability:
                raise UserError(
                    self.env._(
                        "%s does not appraise persons. An administrator switches it on "
                        "in Settings (“Accountability of Persons”).",
                        row.company_id.name,
                    )
                )
            row._fill()
        return rows

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_confirmed(self):
        for row in self:
            if row.state == "confirmed":
                raise UserError(
                    self.env._("The appraisal %s is confirmed and stays.", row.name)
                )

    # === filled ===

    def _fill(self):
        """Collect the points of the month; those a manager added stay."""
        # what has just happened counts as well
        self.env["quality.complaint.fact"].sudo()._settle_all()  # sudo: see `_rebuild`
        for row in self:
            # sudo: points and inspections of one's own, whoever prepares it
            source = row.sudo()
            source.line_ids.filtered(lambda line: line.kind != "other").unlink()
            source._advance(
                {
                    "line_ids": [
                        Command.create(vals)
                        for vals in (
                            *source._kpi_rows(),
                            *source._point_rows(),
                            *source._complained_rows(),
                            *source._merit_rows(),
                            *source._inspection_rows(),
                        )
                    ]
                }
            )

    def _scope(self):
        """The month, as far as it is about them."""
        return Scope(
            self.company_id,
            self.env["quality.complaint.team"],
            self.date_from,
            self.date_from + relativedelta(months=1, days=-1),
            user=self.user_id,
            department=None if self.user_id else self.department_id,
        )

    def _month(self, name):
        scope = self._scope()
        return Domain(name, ">=", scope.first) & Domain(name, "<=", scope.last)

    def _kpi_rows(self):
        """Indicators of the month: with the points of the policy, as much of them as of
        the target was reached; without points where it gives none, or has no target.
        """
        scope = self._scope()
        targets = self.env["quality.complaint.kpi.target"]._in_force(
            self.company_id, scope.last, self.department_id
        )
        weights = {
            row.kpi_id: row.points
            for row in self.company_id.complaint_policy_id.kpi_weight_ids
        }
        nothing = self.env["quality.complaint.kpi.target"]
        for kpi, ratio in self.env["quality.complaint.kpi"]._figures(scope).items():
            value = kpi._value(*ratio)
            if value is None:
                continue
            target = targets.get(kpi, nothing)
            attained = target._attained(value)
            result = figure_text(self.env, kpi.unit, value)
            yield {
                "kind": "kpi",
                "label": self.env._(
                    "%(kpi)s: %(result)s (target %(target)s)",
                    kpi=kpi.name,
                    result=result,
                    target=figure_text(self.env, kpi.unit, target.target),
                )
                if target
                else self.env._("%(kpi)s: %(result)s", kpi=kpi.name, result=result),
                "at_most": weights.get(kpi, 0.0) if target else 0.0,
                "points": weights.get(kpi, 0.0) * (attained or 0.0),
            }

    def _complained_rows(self):
        """Justified complaints about the person, by the month they were closed; a
        manager says how many points each is (000-F 4.2).
        """
        if not self.user_id:
            return
        for complaint in self.env["quality.complaint"].search(
            Domain("complained_user_id", "=", self.user_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("validity", "=", "valid")
            & Domain("state", "=", "closed")
            & self.env["quality.complaint.kpi"]._moments("closed_on", self._scope()),
            order="id",
        ):
            yield {
                "kind": "complained",
                "label": ": ".join(
                    filter(None, (complaint.name, complaint.severity_id.name))
                ),
                "points": 0.0,
            }

    def _point_rows(self):
        """Points of the policy: of a person those of steps that were theirs when they
        were missed, of a department those of its complaints as well.
        """
        own = (
            Domain("user_id", "=", self.user_id.id) & Domain("kind", "=", "late")
            if self.user_id
            else Domain("responsible_id", "=", self.department_id.id)
        )
        scores = self.env["quality.complaint.score"].search(
            Domain("company_id", "=", self.company_id.id) & own & self._month("date"),
            order="date, id",
        )
        for score in scores:
            yield {
                "kind": "points",
                "label": ": ".join(
                    filter(
                        None,
                        (
                            score.complaint_id.name,
                            score.deadline_id.milestone_id.name
                            or score.severity_id.name,
                        ),
                    )
                ),
                "points": score.points,
            }

    def _merit_rows(self):
        own = (
            Domain("user_id", "=", self.user_id.id)
            if self.user_id
            else Domain("department_id", "=", self.department_id.id)
        )
        for merit in self.env["quality.complaint.merit"].search(
            Domain("company_id", "=", self.company_id.id) & own & self._month("date"),
            order="date, id",
        ):
            yield {"kind": merit.kind, "label": merit.reason, "points": merit.points}

    def _inspection_rows(self):
        """What inspections by management found; a manager says how many points it is.

        Cases handled by the person, or those the department is responsible for.
        """
        own = (
            Domain("complaint_id.user_id", "=", self.user_id.id)
            if self.user_id
            else Domain("complaint_id.responsible_id", "=", self.department_id.id)
        )
        for line in self.env["quality.complaint.management.inspection.line"].search(
            own
            & Domain("company_id", "=", self.company_id.id)
            & Domain("inspection_id.state", "=", "done")
            & self._month("inspection_id.date"),
            order="id",
        ):
            failed = [
                line._fields[name]._description_string(self.env)
                for name in CHECKS
                if line[name] == "no"
            ]
            if failed:
                yield {
                    "kind": "inspection",
                    "label": self.env._(
                        "%(case)s: not %(checks)s. %(finding)s",
                        case=line.complaint_id.name,
                        checks=listed(self.env.lang, failed),
                        finding=line.finding or "",
                    ).strip(),
                    "points": 0.0,
                }

    # === the way through ===

    def action_refill(self):
        for row in self:
            row.check_access("write")
            row._check_state("draft")
            row._fill()

    def action_ask(self):
        """Put it before whoever it is about."""
        for row in self:
            row.check_access("write")
            row._check_state("draft")
            subject = row._subject()
            if not subject:
                raise UserError(
                    self.env._(
                        "“%s” has no head who could answer. Name one under Responsible "
                        "Parties.",
                        row.department_id.name,
                    )
                )
            row._advance({"state": "asked"})
            local = row.with_context(lang=subject.lang)
            local.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=subject.id,
                summary=local.env._("Answer the appraisal %s", row.name),
            )

    def action_ask_statement(self):
        """Ask for the answer in a dialog."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("My Answer"), "state", appraisal_id=self.id
        )

    def action_state(self, statement=None):
        """Whoever it is about answers; nobody else does.

        :param str statement: in their own words
        """
        for row in self:
            row._check_state("asked")
            if row._subject() != self.env.user:
                raise UserError(
                    self.env._("Only %s answers this appraisal.", row._subject().name)
                )
            row._check_reason(statement)
            # sudo: they may write nothing else of it
            row.sudo()._advance(
                {
                    "statement": statement,
                    "answered_on": fields.Datetime.now(),
                    "answered_by_id": self.env.uid,
                    "state": "answered",
                }
            )
            row.sudo()._tell_maker()
            # sudo: as above
            row.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == self.env.user
            ).action_done()

    def _tell_maker(self):
        """Whoever prepared it reads the answer, and confirms it or takes it back."""
        maker = self.create_uid
        local = self.with_context(lang=maker.lang)
        if maker.active and not maker._is_superuser():
            local.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=maker.id,
                summary=local.env._("Read the answer to the appraisal %s", self.name),
            )

    def action_take_back(self):
        """Into preparation again: the answer stays in the file, points may change, and
        they are asked anew.
        """
        for row in self:
            row.check_access("write")
            if row.state not in ("asked", "answered"):
                row._check_state("answered")
            row._advance({"state": "draft"})
            row.activity_ids.unlink()

    def action_confirm(self):
        """By a manager it is not about, after the answer."""
        for row in self:
            row.check_access("write")
            row._check_state("answered")
            if row._subject() == self.env.user:
                raise UserError(
                    self.env._(
                        "Nobody confirms their own appraisal: ask another manager."
                    )
                )
            row._advance(
                {
                    "state": "confirmed",
                    "confirmed_by_id": self.env.uid,
                    "confirmed_on": fields.Datetime.now(),
                }
            )

    # === for the personnel department ===

    def action_xlsx(self):
        """The chosen appraisals as a spreadsheet, to be downloaded."""
        self.check_access("read")
        title = self.env._("Appraisals")
        return download(self.env, f"{title}.xlsx", self._xlsx())

    def _xlsx(self):
        """:return: bytes of an .xlsx: a sheet of appraisals with the points of each
        kind, and one of what the points are for
        """
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        kinds = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        rows = self.sorted(lambda row: (row.date_from, row.name))

        def heads(model, *names):
            fields_ = self.env[model]._fields
            return [fields_[name]._description_string(self.env) for name in names]

        def about(row):
            return f"{row.date_from:%Y-%m}", row.department_id.name, row.user_id.name

        whose = heads(self._name, "date_from", "department_id", "user_id")
        write_sheet(
            book,
            self.env._("Appraisals"),
            [
                *whose,
                *kinds.values(),
                *heads(
                    self._name,
                    "total",
                    "state",
                    "statement",
                    "confirmed_by_id",
                    "confirmed_on",
                ),
            ],
            [
                (
                    *about(row),
                    *(
                        sum(line.points for line in row.line_ids if line.kind == kind)
                        for kind in kinds
                    ),
                    row.total,
                    states[row.state],
                    row.statement,
                    row.confirmed_by_id.name,
                    printed_moment(self.env, row.confirmed_on)
                    if row.confirmed_on
                    else "",
                )
                for row in rows
            ],
            (10, 22, 22, *(14 for _kind in kinds), 12, 18, 50, 22, 18),
        )
        write_sheet(
            book,
            self.env._("Points"),
            [*whose, *heads(self.line_ids._name, "kind", "label", "points", "note")],
            [
                (*about(row), kinds[line.kind], line.label, line.points, line.note)
                for row in rows
                for line in row.line_ids
            ],
            (10, 22, 22, 22, 60, 12, 40),
        )
        book.close()
        return stream.getvalue()

    def _check_state(self, state):
        self.ensure_one()
        if self.state != state:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The appraisal %(name)s is “%(state)s”: this is not possible any "
                    "more, or not yet.",
                    name=self.name,
                    state=names[self.state],
                )
            )


class QualityComplaintAppraisalLine(models.Model):
    """Points of an appraisal, and what for."""

    _name = "quality.complaint.appraisal.line"
    _description = "Points of an Appraisal"
    _inherit = ["quality.complaint.guarded"]
    _rec_name = "label"

    appraisal_id = fields.Many2one(
        "quality.complaint.appraisal",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("kpi", "KPI"),
            ("points", "Points of the policy"),
            ("complained", "Complaint about them"),
            ("inspection", "Inspection by management"),
            ("praise", "Praise"),
            ("criticism", "Criticism"),
            ("other", "Added"),
        ],
        required=True,
        default="other",
    )
    label = fields.Text("What For", required=True)
    points = fields.Float(digits=(16, 2))
    at_most = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="Points of the KPI when its target is reached.",
    )
    note = fields.Char("Why Adjusted")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_in_preparation()
        return lines

    def write(self, vals):
        self._check_in_preparation()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_in_preparation(self):
        self._check_in_preparation()

    def _check_in_preparation(self):
        for line in self:
            line.appraisal_id._check_state("draft")
