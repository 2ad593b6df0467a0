from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools import listed

SAMPLE_METHODS = ("customer_sample", "retained_sample")


class QualityComplaintInvestigation(models.Model):
    """One way of finding out what happened: in writing, by phone, on site, by testing a
    sample, from the records of production.

    The sample is in `investigation/sample.py`, the team in `investigation/team.py`.
    """

    _name = "quality.complaint.investigation"
    _description = "Complaint Investigation"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
        "mail.thread",
    ]
    _due_action = "quality_complaint.action_investigation"
    _order = "complaint_id, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    round = fields.Integer(default=1, readonly=True, fixed=True)
    method = fields.Selection(
        [
            ("written", "In writing"),
            ("phone", "By phone"),
            ("on_site", "On site"),
            ("customer_sample", "Sample sent by the customer"),
            ("retained_sample", "Retained sample"),
            ("returned_goods", "Test of returned goods"),
            ("production_records", "Production records"),
        ],
        "Method of Investigation",
        required=True,
        default="written",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Investigator",
        domain="[('share', '=', False)]",
        tracking=True,
        index=True,
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        check_company=True,
        domain="[('product_id', '=?', product_id)]",
        index="btree_not_null",
    )
    due_on = fields.Datetime(
        "To Be Done By",
        copy=False,
        help="The investigator is reminded a day before and when it is due.",
    )
    limit_due_on = fields.Datetime(
        "Due by the Policy",
        compute="_compute_limit_due_on",
        compute_sudo=True,
        help="The next time limit this investigation has to keep.",
    )
    done_on = fields.Datetime("Finished On", readonly=True, copy=False, guarded=True)
    done_by_id = fields.Many2one(
        "res.users", "Finished By", readonly=True, copy=False, guarded=True
    )
    result = fields.Selection(
        [
            ("confirmed", "Confirmed"),
            ("not_confirmed", "Not confirmed"),
            ("no_fault_found", "No fault found"),
            ("inconclusive", "Inconclusive"),
        ],
        tracking=True,
        copy=False,
    )
    finding = fields.Text(help="What was found, and the evidence for it.")
    is_proposal_locked = fields.Boolean(compute="_compute_is_proposal_locked")
    proposal = fields.Text(
        help="What should be done about it; printed on the investigation report."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_investigation_attachment_rel",
        string="Photos",
        bypass_search_access=True,
    )
    measurement_ids = fields.One2many(
        "quality.complaint.measurement", "investigation_id", "Measurements"
    )
    verdict = fields.Selection(
        [("open", "Not judged"), ("pass", "Passes"), ("fail", "Fails")],
        "Overall Verdict",
        compute="_compute_verdict",
        store=True,
        help="Fails when one measurement fails, passes when all pass.",
    )
    reply_ids = fields.One2many(
        "quality.complaint.reply", "investigation_id", "Letters About the Sample"
    )
    answer_ids = fields.One2many(
        "quality.complaint.answer", "investigation_id", "Questions"
    )

    # --- goods seen at the customer's (form 8)
    place = fields.Char(help="Where the goods were looked at.")
    confirmed_with = fields.Char(help="Who of the customer's people was there.")
    checked_quantity = fields.Float("Checked", digits="Product Unit")
    good_quantity = fields.Float(
        "Good", compute="_compute_good_quantity", digits="Product Unit"
    )
    bad_quantity = fields.Float("Bad", digits="Product Unit")
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    on_spot_handling = fields.Text(
        "Done on the Spot", help="Sorting, exchange, blocking … at the customer's."
    )
    customer_opinion = fields.Text("Opinion of the Customer")
    customer_signature = fields.Image(
        "Signature of the Customer", copy=False, max_width=1024, max_height=1024
    )
    customer_signed_on = fields.Datetime("Signed On", copy=False)

    # --- figures of the lot
    lot_facts = fields.Json(readonly=True, copy=False, guarded=True)
    lot_facts_on = fields.Datetime(
        "Figures Taken On", readonly=True, copy=False, guarded=True
    )
    lot_facts_html = fields.Html(
        "Figures of the Lot", compute="_compute_lot_facts_html", sanitize=False
    )

    # === compute ===

    @api.depends("method", "complaint_id.name")
    def _compute_display_name(self):
        methods = dict(self._fields["method"]._description_selection(self.env))
        for row in self:
            row.display_name = listed(
                self.env.lang,
                (row.complaint_id.display_name, methods.get(row.method)),
                ":",
            )

    @api.depends("complaint_id.product_id", "lot_id")
    def _compute_product_id(self):
        for row in self:
            if not row.done_on:
                row.product_id = (
                    row.lot_id.product_id
                    or row.product_id
                    or row.complaint_id.product_id
                )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for row in self:
            if not row.product_uom_id or not row.product_uom_id._has_common_reference(
                row.product_id.uom_id or row.product_uom_id
            ):
                row.product_uom_id = row.product_id.uom_id

    @api.depends("checked_quantity", "bad_quantity")
    def _compute_good_quantity(self):
        for row in self:
            row.good_quantity = max(row.checked_quantity - row.bad_quantity, 0.0)

    @api.depends("measurement_ids.verdict")
    def _compute_verdict(self):
        for row in self:
            verdicts = set(row.measurement_ids.mapped("verdict"))
            row.verdict = (
                (
                    "fail"
                    if "fail" in verdicts
                    else "open"
                    if "open" in verdicts
                    else "pass"
                )
                if verdicts
                else False
            )

    @api.depends(
        "complaint_id.deadline_ids.due_on", "complaint_id.deadline_ids.state", "method"
    )
    def _compute_limit_due_on(self):
        for row in self:
            codes = {"on_site"} if row.method == "on_site" else set()
            own = row.complaint_id.deadline_ids.filtered(
                lambda d, row=row, codes=codes | {"concluded"}: (
                    d.state == "running"
                    and (
                        (d.source_model == row._name and d.source_id == row._origin.id)
                        or d.milestone_code in codes
                    )
                )
            )
            row.limit_due_on = (
                min(own.mapped("due_on"), default=False) if not row.done_on else False
            )

    @api.depends("lot_facts")
    @api.depends_context("lang")
    def _compute_lot_facts_html(self):
        for row in self:
            row.lot_facts_html = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.lot_facts", {"facts": row.lot_facts}
                )
                if row.lot_facts
                else False
            )

    # === constraints ===

    @api.constrains("checked_quantity", "bad_quantity", "sample_quantity")
    def _check_quantities(self):
        for row in self:
            unit = row.product_uom_id or row.env.ref("uom.product_uom_unit")
            if min(row.checked_quantity, row.bad_quantity, row.sample_quantity) < 0:
                raise ValidationError(
                    self.env._("%s: quantities cannot be negative.", row.display_name)
                )
            if unit.compare(row.bad_quantity, row.checked_quantity) > 0:
                raise ValidationError(
                    self.env._(
                        "%(investigation)s: %(bad).12g bad ones cannot be among "
                        "%(checked).12g checked ones.",
                        investigation=row.display_name,
                        bad=row.bad_quantity,
                        checked=row.checked_quantity,
                    )
                )

    # === CRUD ===

    def _check_finished(self, vals):
        """
        :raise UserError: what a finished investigation found would be changed
        """
        filed = {
            "method",
            "user_id",
            "result",
            "finding",
            "product_id",
            "lot_id",
            "due_on",
            "place",
            "confirmed_with",
            "checked_quantity",
            "bad_quantity",
            "product_uom_id",
            "on_spot_handling",
            "customer_opinion",
            "customer_signature",
            "customer_signed_on",
            "sample_asked_on",
            "sample_quantity",
            "sample_number",
            "sample_condition",
        }
        self._lock_fields(vals, filed, self.filtered("done_on"))
        # what should be done may still be added until it is concluded
        self._lock_fields(vals, {"proposal"}, self.filtered("is_proposal_locked"))

    @api.depends("done_on", "complaint_id.state")
    def _compute_is_proposal_locked(self):
        for row in self:
            row.is_proposal_locked = (
                row.done_on and row.complaint_id.state != "investigating"
            )

    def _check_leader(self, vals):
        if "user_id" in vals:
            for row in self.filtered(
                lambda row: row.team_named_on and row.user_id.id != vals["user_id"]
            ):
                row._check_may_name_team()

    def _photos_before(self, vals):
        return (
            {row: row.attachment_ids for row in self.filtered("done_on")}
            if "attachment_ids" in vals
            else {}
        )

    def _check_photos_kept(self, photos):
        """
        :param dict photos: {investigation: its photos before}
        """
        for row, files in photos.items():
            if files - row.attachment_ids:
                raise UserError(
                    self.env._(
                        "%s is finished: its photos belong to the file and cannot be "
                        "taken away.",
                        row.display_name,
                    )
                )

    def _hand_over_deadlines(self):
        # sudo: the deadlines of an investigation are its investigator's
        rows = (
            self.env["quality.complaint.deadline"].sudo().search(self._own_deadlines())
        )
        rows.modified(["source_id"])

    def _own_deadlines(self):
        return Domain("source_model", "=", self._name) & Domain(
            "source_id", "in", self.ids
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        if self.filtered("done_on"):
            raise UserError(
                self.env._(
                    "A finished investigation belongs to the file and cannot be "
                    "deleted."
                )
            )

    def unlink(self):
        # sudo: what was due for an investigation goes with it
        rows = (
            self.env["quality.complaint.deadline"].sudo().search(self._own_deadlines())
        )
        complaints = self.complaint_id
        self._end_sample_reminder()
        result = super().unlink()
        complaints._resume_unless_sample_awaited()
        rows.filtered(lambda row: row.state in ("running", "paused"))._cancel()
        rows.filtered(lambda row: not row.limit_id).unlink()
        complaints._refresh_deadlines()
        return result

    # === questions ===

    def _ask_questions(self):
        """Copy the questions that fit the method and the complaint, and take the
        figures of the lot.

        Questions that do not fit any more go, unless somebody answered them.
        """
        for row in self.filtered(lambda row: not row.done_on):
            # sudo: which questions are asked does not depend on who opens the
            # investigation
            wanted = self.env["quality.complaint.question"].sudo()._asked(row)
            answers = row.sudo()  # sudo: as above
            present = answers.answer_ids
            needless = present.filtered(
                lambda answer, wanted=wanted: (
                    answer.question_id and answer.question_id not in wanted
                )
            )
            needless.filtered(
                lambda answer: answer.is_open or answer.kind == "figure"
            ).unlink()
            answers.answer_ids = [
                Command.create(
                    {
                        "question_id": question.id,
                        "sequence": question.sequence,
                        "question": question.name,
                    }
                )
                for question in wanted - present.exists().question_id
            ]
            if row._lots():
                row._take_lot_facts()

    # === figures of the lot ===

    def _lots(self):
        """The lots it is about: its own, else all complained of."""
        self.ensure_one()
        return self.lot_id or self.complaint_id.line_ids.lot_id

    def action_take_lot_facts(self):
        """Take the figures of the lot from stock as they are now: made, in stock,
        shipped per region, returned.

        :raise UserError: no lot is known
        """
        self.check_access("write")
        for row in self:
            if row.done_on:
                row._lock_fields({"lot_facts": True}, {"lot_facts"}, row)
            if not row._lots():
                raise UserError(
                    self.env._(
                        "%s: choose the lot first. Without a lot, stock knows no "
                        "figures.",
                        row.display_name,
                    )
                )
        self._take_lot_facts()
        return True

    def _take_lot_facts(self):
        source = self.env["quality.complaint.lot.facts"]
        for row in self:
            facts = source._collect(row._lots(), row.company_id)
            row._advance(
                {
                    "lot_facts": facts or False,
                    "lot_facts_on": fields.Datetime.now() if facts else False,
                }
            )
            for answer in row.sudo().answer_ids.filtered(
                lambda answer: answer.kind == "figure"
            ):  # sudo: figures are no one's opinion
                answer.answer = source._figure_in_words(
                    facts, answer.question_id.figure
                )

    # === finishing ===

    def action_done(self):
        """Finish the investigation; needs a result, a finding, a verdict on every
        measurement and the required answers.
        """
        self.check_access("write")
        for row in self:
            if row.done_on:
                raise UserError(self.env._("%s is finished already.", row.display_name))
            row.complaint_id._refuse(
                self.env._(
                    "The investigation cannot be finished yet. Still missing: %s."
                ),
                row._missing_to_finish(),
            )
            if row.lot_id and not row.lot_facts:
                row._take_lot_facts()
            row._advance({"done_on": fields.Datetime.now(), "done_by_id": self.env.uid})
            row._schedule_notices()
            row._end_notices()
            row._end_tasks()
            row._stop_waiting_for_sample()
            if row.method in SAMPLE_METHODS and (
                row.method == "retained_sample" or row.sample_received_on
            ):
                row.complaint_id._reach("reinspected", on=row.done_on, source=row)
            if row.method == "on_site":
                row.complaint_id._reach("on_site", on=row.done_on, source=row)
        return True

    def _is_untouched(self):
        """Nobody has written anything into it yet."""
        self.ensure_one()
        return not (
            self.done_on
            or self.finding
            or self.result
            or self.measurement_ids
            or self.attachment_ids
            or self.sample_asked_on
            or self.sample_received_on
            or self.answer_ids.filtered(
                lambda answer: answer.kind != "figure" and not answer.is_open
            )
        )

    def action_open(self):
        self.ensure_one()
        return self._get_records_action(context={})

    def _missing_findings(self):
        """What the work itself lacks, as in `_missing_to_finish`."""
        missing = []
        if not self.result:
            missing.append(self.env._("the result"))
        if not self.finding:
            missing.append(self.env._("the finding"))
        if (
            self.method == "customer_sample"
            and not self.sample_received_on
            and self.result != "inconclusive"
        ):
            missing.append(self.env._("the arrival of the sample"))
        missing += [
            self.env._("the values of “%s”", row.name)
            for row in self.measurement_ids
            if row.verdict == "open"
        ]
        missing += [
            self.env._("the answer to “%s”", answer.question)
            for answer in self.answer_ids
            if answer.required and answer.is_open
        ]
        return missing
