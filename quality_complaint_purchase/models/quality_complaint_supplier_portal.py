from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from .quality_complaint_chargeback import SENT_STATES
from .quality_complaint_supplier_step import STEPS

_lt = LazyTranslate(__name__)
ANSWERS = ("accepted", "partly", "refused")
REPORT = "quality_complaint_purchase.action_report_supplier_complaint"


class QualityComplaintChargeback(models.Model):
    """What a supplier sees of a complaint of ours, and what they do about it.

    Pages are made of plain values from here: who complained, at what price the goods
    were sold and what else the complaint is about cannot be in them.
    """

    _name = "quality.complaint.chargeback"
    _inherit = "quality.complaint.chargeback"

    asks_8d = fields.Boolean(
        "8D Report Wanted",
        help="The supplier fills in D1 to D8 on their portal; each step is checked.",
    )
    step_ids = fields.One2many(
        "quality.complaint.supplier.step", "chargeback_id", "8D Report of the Supplier"
    )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for chargeback in self:
            chargeback.access_url = f"/my/supplier-complaints/{chargeback.id}"
        return result

    @api.model_create_multi
    def create(self, vals_list):
        chargebacks = super().create(vals_list)
        chargebacks._prepare_steps()
        return chargebacks

    def write(self, vals):
        result = super().write(vals)
        if vals.get("asks_8d"):
            self._prepare_steps()
        return result

    def _prepare_steps(self):
        # sudo: steps are made by the flow
        self.env["quality.complaint.supplier.step"].sudo().create(
            [
                {"chargeback_id": chargeback.id, "code": code}
                for chargeback in self.filtered(
                    lambda row: row.asks_8d and not row.step_ids
                )
                for code, _label in STEPS
            ]
        )

    # === who may see it ===

    @api.model
    def _portal_domain(self, partner):
        """Supplier complaints somebody sees: sent to the company they work for.

        :param partner: `res.partner` of the person
        """
        return Domain(
            "commercial_partner_id", "=", partner.commercial_partner_id.id
        ) & Domain("state", "in", SENT_STATES)

    @api.model
    def _portal_open(self, chargeback_id):
        """
        :return: the record in superuser mode, empty for all who are not of the supplier
        """
        user = self.env.user
        if user._is_public():
            return self.sudo().browse()
        # sudo: only what was sent to them
        return self.sudo().search(
            self._portal_domain(user.partner_id) & Domain("id", "=", chargeback_id)
        )

    # === what they see ===

    def _portal_row(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "url": self.access_url,
            "number": self.name,
            "product": self.product_id.display_name or "",
            "sent": self._portal_day(self.sent_on),
            "due": self._portal_day(self.due_on) if self.state == "sent" else "",
            "state": states[self.state],
        }

    def _portal_day(self, moment):
        return format_date(self.env, moment) if moment else ""

    def _portal_values(self):
        """Everything a page about it is made of: plain values."""
        self.ensure_one()
        answers = dict(self._fields["answer"]._description_selection(self.env))
        labels = dict(self.step_ids._fields["code"]._description_selection(self.env))
        states = dict(self.step_ids._fields["state"]._description_selection(self.env))
        return {
            **self._portal_row(),
            "id": self.id,
            "lot": self.lot_id.name or "",
            "quantity": f"{self.quantity:.12g}",
            "unit": self.product_uom_id.name or "",
            "order": self.purchase_id.name or "",
            "receipt": self.picking_id.name or "",
            "share": f"{self.share:.12g}",
            "amount": self.currency_id.format(self.amount) if self.amount else "",
            "basis": self.basis or "",
            "description": self.description or "",
            "files": [
                {"id": file.id, "name": file.name} for file in self.attachment_ids
            ],
            "is_asked": self.state == "sent",
            "answer": answers.get(self.answer, "") if self.answer else "",
            "answer_note": self.answer_note or "",
            "steps": [
                {
                    "id": step.id,
                    "label": labels[step.code],
                    "state": states[step.state],
                    "text": step.text or "",
                    "note": step.note or "" if step.state == "returned" else "",
                    "is_open": step.state in step._writable(),
                    "is_accepted": step.state == "accepted",
                    "files": [
                        {"id": file.id, "name": file.name}
                        for file in step.attachment_ids
                    ],
                }
                for step in self.step_ids
                if self.asks_8d
            ],
        }

    def _portal_file(self, file_id):
        """A file of this page, or nothing."""
        files = self.attachment_ids | self.step_ids.attachment_ids
        return files.filtered(lambda file: file.id == file_id)

    def _portal_form(self):
        """The printed supplier complaint.

        :return: bytes of a PDF
        """
        reports = self.env["ir.actions.report"].with_context(lang=self.partner_id.lang)
        return reports._render_qweb_pdf(REPORT, self.ids)[0]

    # === what they do ===

    def _portal_answer(self, answer, share, note, files=()):
        """The supplier answers themselves, once.

        :param str answer: of `ANSWERS`
        :param float share: percent, where accepted in part
        :param str note: in their words; a refusal needs it
        :param files: (name, bytes) pairs
        :raise UserError: what is wrong
        """
        self.ensure_one()
        self._lock()
        note = (note or "").strip()[:20_000]
        if self.state != "sent":
            raise UserError(self.env._("This is answered already."))
        if answer not in ANSWERS:
            raise UserError(
                self.env._("Choose whether you accept, accept in part or refuse.")
            )
        if answer == "refused" and not note:
            raise UserError(self.env._("Please say why you refuse."))
        self.attachment_ids = [Command.link(file.id) for file in self._attach(files)]
        self.action_record_answer(answer, agreed_share=share, note=note)
        person = self.env.user
        self.message_post(
            body=self.env._("Answered on the portal by %s", person.name),
            author_id=person.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
        self._tell_handler(_lt("The supplier has answered %s", self.name))

    def _tell_handler(self, what):
        complaint = self.complaint_id
        complaint._give_task(
            complaint.user_id or complaint.team_id.leader_id, what, record=self
        )

    def _tell_returned(self, steps):
        """Mail the supplier what is missing, in their language."""
        self.ensure_one()
        local = self.with_context(lang=self.partner_id.lang).env
        missing = "\n".join(f"{step.code}: {step.note}" for step in steps)
        self.message_post(
            body=local._(
                "Please complete your 8D report on our complaint %(number)s: %(url)s",
                number=self.name,
                url=self.get_base_url() + self.access_url,
            )
            + "\n"
            + missing,
            subject=local._("Your 8D report on %s", self.name),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
