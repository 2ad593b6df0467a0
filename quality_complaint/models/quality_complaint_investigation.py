from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class QualityComplaintInvestigation(models.Model):
    """One way of finding out what happened: in writing, by phone, on site, or by testing a sample."""

    _name = "quality.complaint.investigation"
    _description = "Complaint Investigation"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files", "quality.complaint.due", "mail.thread"]
    _order = "complaint_id, id"
    _check_company_auto = True
    _guarded = frozenset({"done_on", "missed_on", "notice_level", "next_notice_on", "notice_activity_ids"})
    _fixed = frozenset({"complaint_id", "round"})

    complaint_id = fields.Many2one("quality.complaint", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    round = fields.Integer(default=1, readonly=True)
    method = fields.Selection(
        [
            ("written", "In writing"),
            ("phone", "By phone"),
            ("on_site", "On site"),
            ("customer_sample", "Sample sent by the customer"),
            ("retained_sample", "Retained sample"),
            ("production_records", "Production records"),
        ],
        required=True,
        default="written",
        tracking=True,
    )
    user_id = fields.Many2one("res.users", "Investigator", domain="[('share', '=', False)]", tracking=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial Number", check_company=True)
    sample_received_on = fields.Datetime("Sample Received", help="When the sample of the customer arrived; the re-inspection is due from then.")
    due_on = fields.Datetime("To Be Done By", copy=False, help="The investigator is reminded a day before and when it is due.")
    done_on = fields.Datetime(readonly=True, copy=False)
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
    attachment_ids = fields.Many2many(
        "ir.attachment", "quality_complaint_investigation_attachment_rel", string="Photos", bypass_search_access=True
    )

    @api.depends("method", "complaint_id.name")
    def _compute_display_name(self):
        methods = dict(self._fields["method"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.complaint_id.display_name}: {methods.get(row.method, '')}"

    @api.model_create_multi
    def create(self, vals_list):
        investigations = super().create(vals_list)
        investigations._schedule_notices()
        investigations._stamp_sample()
        investigations.complaint_id._refresh_deadlines()  # a limit may depend on the method
        return investigations

    def write(self, vals):
        self._lock_fields(vals, {"method", "result", "finding", "sample_received_on", "due_on"}, self.filtered("done_on"))
        result = super().write(vals)
        if "due_on" in vals:
            self._advance({"notice_level": 0, "missed_on": False})
            self._schedule_notices()
        if "user_id" in vals:
            # sudo: the deadlines of an investigation are its investigator's
            rows = self.env["quality.complaint.deadline"].sudo().search([("source_model", "=", self._name), ("source_id", "in", self.ids)])
            rows.modified(["source_id"])
        if vals.get("sample_received_on"):
            self._stamp_sample()
        if "method" in vals:
            self.complaint_id._refresh_deadlines()
        return result

    @api.constrains("sample_received_on")
    def _check_sample_received_on(self):
        for row in self:
            if row.sample_received_on and row.sample_received_on > fields.Datetime.now():
                raise ValidationError(self.env._("%s: the sample cannot have been received in the future.", row.display_name))

    def action_sample_received(self):
        """Book the arrival of the sample; starts the re-inspection."""
        self.check_access("write")
        for row in self:
            if row.method not in ("customer_sample", "retained_sample"):
                raise UserError(self.env._("%s needs no sample.", row.display_name))
            row.sample_received_on = row.sample_received_on or fields.Datetime.now()
        return True

    def _stamp_sample(self):
        """The arrival of a sample starts its re-inspection and ends the waiting for it."""
        for row in self.filtered(lambda row: row.sample_received_on and row.complaint_id.state != "new"):
            row.complaint_id._reach("sample_received", on=row.sample_received_on, source=row)
            row.complaint_id._resume("sample")

    def action_done(self):
        """Finish the investigation; needs a result and a finding."""
        self.check_access("write")
        for row in self:
            missing = []
            if not row.result:
                missing.append(self.env._("the result"))
            if not row.finding:
                missing.append(self.env._("the finding"))
            if row.method == "customer_sample" and not row.sample_received_on:
                missing.append(self.env._("the arrival of the sample"))
            row.complaint_id._refuse(self.env._("The investigation cannot be finished yet. Still missing: %s."), missing)
            row._advance({"done_on": fields.Datetime.now()})
            row._schedule_notices()
            row._end_notices()
            if row.method in ("customer_sample", "retained_sample"):
                row.complaint_id._reach("reinspected", on=row.done_on, source=row)
            if row.method == "on_site":
                row.complaint_id._reach("on_site", on=row.done_on, source=row)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        if self.filtered("done_on"):
            raise UserError(self.env._("A finished investigation belongs to the file and cannot be deleted."))

    def unlink(self):
        # sudo: what was due for an investigation goes with it
        rows = self.env["quality.complaint.deadline"].sudo().search([("source_model", "=", self._name), ("source_id", "in", self.ids)])
        complaints = self.complaint_id
        result = super().unlink()
        rows.filtered(lambda row: row.state in ("running", "paused"))._cancel()
        rows.filtered(lambda row: not row.limit_id).unlink()
        complaints._refresh_deadlines()
        return result
