from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class QualityComplaintShortWay(models.TransientModel):
    """All that rejecting with an explanation, or settling on the spot, asks for, in one
    dialog; every step is taken as the buttons of the form take it, with its checks.
    """

    _name = "quality.complaint.short.way"
    _description = "Short Way"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "purpose"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    purpose = fields.Selection(
        [
            ("reject", "Reject with explanation"),
            ("settle", "Settle on the spot"),
        ],
        required=True,
    )
    must_conclude = fields.Boolean(compute="_compute_must_conclude", compute_sudo=True)
    validity = fields.Selection(
        [("valid", "Valid"), ("invalid", "Not valid")],
        compute="_compute_validity",
        store=True,
        readonly=False,
    )
    cause_id = fields.Many2one(
        "quality.complaint.cause",
        compute="_compute_conclusion",
        store=True,
        readonly=False,
    )
    responsible_id = fields.Many2one(
        "quality.complaint.responsible",
        "Responsible Party",
        compute="_compute_conclusion",
        store=True,
        readonly=False,
    )
    evidence = fields.Text(
        compute="_compute_conclusion",
        store=True,
        readonly=False,
        help="What shows that it is not ours; it stands in the letter.",
    )
    explanation = fields.Text(
        "Explanation to the Customer",
        compute="_compute_conclusion",
        store=True,
        readonly=False,
    )
    answer = fields.Text("What the Customer Was Told")

    # === compute ===

    @api.depends("complaint_id")
    def _compute_must_conclude(self):
        for dialog in self:
            dialog.must_conclude = dialog.complaint_id._must_conclude()

    @api.depends("complaint_id", "purpose")
    def _compute_validity(self):
        for dialog in self:
            known = dialog.complaint_id.validity
            dialog.validity = (
                "invalid"
                if dialog.purpose == "reject" or known == "invalid"
                else "valid"
            )

    @api.depends("complaint_id")
    def _compute_conclusion(self):
        """What is on the complaint already."""
        for dialog in self:
            complaint = dialog.complaint_id
            dialog.cause_id = complaint.cause_id
            dialog.responsible_id = complaint.responsible_id
            dialog.evidence = complaint.validity_reason
            dialog.explanation = complaint.explanation

    # === buttons ===

    def action_confirm(self):
        """Conclude, plan and have approved what is planned; then the letter to the
        customer, or what they were told and the end of the case.

        :raise UserError: a step is refused; then none is taken
        """
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        if not complaint[f"can_{self.purpose}"]:
            raise UserError(
                self.env._(
                    "%s has gone too far for the short way. Use the buttons of the "
                    "complaint.",
                    complaint.display_name,
                )
            )
        if not complaint.user_id:
            complaint.action_take()
        if self.must_conclude:
            self._conclude()
            if complaint.state == "planning" and complaint._requires("planned"):
                self._plan()
        if self.purpose == "settle":
            return self._settle()
        if complaint.next_step == "approve":
            # the letter waits until somebody has agreed
            return {"type": "ir.actions.act_window_close"}
        return complaint.action_open_reply()

    def _conclude(self):
        complaint = self.complaint_id
        if complaint.state == "planning":
            return
        complaint.write(
            {
                "validity": self.validity,
                "cause_id": self.cause_id.id,
                "responsible_id": self.responsible_id.id,
                **(
                    {
                        "validity_reason": self.evidence,
                        "explanation": self.explanation,
                    }
                    if self.validity == "invalid"
                    else {}
                ),
            }
        )
        begun = complaint._begun_investigations()
        if not begun and not complaint._is_not_investigated():
            complaint.action_skip_investigation(
                self.evidence if self.validity == "invalid" else self.answer
            )
        elif complaint.state == "registered":
            complaint.action_start_investigation()
        complaint.action_conclude()

    def _plan(self):
        complaint = self.complaint_id
        if not complaint._planned_remedies():
            self.env["quality.complaint.remedy"].create(
                {"complaint_id": complaint.id, "kind": "explanation"}
            )
        complaint.action_submit_plan()

    def _settle(self):
        complaint = self.complaint_id
        if complaint.next_step == "approve":
            raise UserError(
                self.env._(
                    "%s needs an approval before the customer is answered. Use "
                    "the buttons of the complaint.",
                    complaint.display_name,
                )
            )
        composer = complaint.action_open_reply()
        reply = self.env["quality.complaint.reply"].browse(composer["res_id"])
        reply.write(
            {
                "kind": "final",
                "method": "oral",
                **(
                    {"inquiry_answer": self.answer}
                    if reply.asks_answer
                    else {"body": plaintext2html(self.answer or "")}
                ),
            }
        )
        reply.action_send()
        if complaint.next_step == "close" and not complaint._get_open_ends():
            return complaint.action_ask_close()
        return {"type": "ir.actions.act_window_close"}
