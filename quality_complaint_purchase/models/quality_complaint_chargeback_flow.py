from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_list

from odoo.addons.quality_complaint.tools import IncompleteError


class QualityComplaintChargeback(models.Model):
    """The way of a supplier complaint: sent, answered, settled or cancelled."""

    _inherit = "quality.complaint.chargeback"

    # === flow ===

    def _check_state(self, *states):
        """:raise UserError: the record is in none of these states"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for chargeback in self:
            if chargeback.state not in states:
                raise UserError(
                    self.env._(
                        "%(number)s is in the status “%(state)s”; this step is for: "
                        "%(states)s.",
                        number=chargeback.display_name,
                        state=labels[chargeback.state],
                        states=format_list(
                            self.env, [labels[state] for state in states]
                        ),
                    )
                )

    def _check_officer(self):
        self.check_access("write")

    def action_send(self):
        """Draft → sent: mail the supplier complaint, with its printed form and the
        evidence, to the supplier in his language.
        """
        self._check_officer()
        template = self.env.ref(
            "quality_complaint_purchase.mail_template_supplier_complaint"
        )
        for chargeback in self:
            chargeback._check_state("draft")
            if not chargeback.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(supplier)s has no e-mail address. Enter one on the contact, "
                        "or print the supplier complaint, hand it over and "
                        "press “Sent by other means”.",
                        supplier=chargeback.partner_id.display_name,
                    )
                )
            chargeback._set_sent()
            message = chargeback.message_post_with_source(
                template, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            if not message:
                raise UserError(
                    self.env._(
                        "%s could not be mailed. Look at its template “Supplier "
                        "Complaint”.",
                        chargeback.display_name,
                    )
                )
        return True

    def action_mark_sent(self):
        """Draft → sent, handed over without a mail from here: printed, by the
        supplier's portal, in person.
        """
        self._check_officer()
        for chargeback in self:
            chargeback._check_state("draft")
            chargeback._set_sent()
            chargeback.message_post(
                body=self.env._(
                    "Handed over to %s without a mail from here.",
                    chargeback.partner_id.display_name,
                )
            )
        return True

    def _process_attachments_for_template_post(self, mail_template):
        # the evidence goes along with the printed form
        result = super()._process_attachments_for_template_post(mail_template)
        for chargeback in self.filtered("attachment_ids"):
            result.setdefault(chargeback.id, {}).setdefault(
                "attachment_ids", []
            ).extend(chargeback.attachment_ids.ids)
        return result

    def _set_sent(self):
        self.ensure_one()
        now = fields.Datetime.now()
        if self.complaint_id.state in ("new", "closed", "cancelled"):
            raise UserError(
                self.env._(
                    "%s is not open; reopen it before a supplier is asked.",
                    self.complaint_id.display_name,
                )
            )
        if not self.description:
            raise UserError(
                self.env._(
                    "%s: write down what is wrong before it is sent.", self.display_name
                )
            )
        due_on = self.due_on or now + timedelta(
            days=self.complaint_id.policy_id.supplier_answer_days
        )
        if due_on <= now:
            raise UserError(
                self.env._(
                    "%s: the answer cannot be due before the supplier complaint is "
                    "sent. Correct “Answer Due”.",
                    self.display_name,
                )
            )
        day = fields.Date.context_today(self)
        self._advance(
            {
                "state": "sent",
                "sent_on": now,
                "due_on": due_on,
                "name": self.name or self.company_id._next_supplier_complaint_number(),
                "charged_company": self.currency_id._convert(
                    self.amount, self.company_id.currency_id, self.company_id, day
                ),
            }
        )
        self._schedule_notices()
        if self.party == "supplier":
            self.complaint_id._reach("supplier_told")
        self.complaint_id.message_post(
            body=self.env._(
                "Supplier complaint %(number)s sent to %(supplier)s.",
                number=self.name,
                supplier=self.partner_id.display_name,
            )
        )

    def action_record_answer(
        self, answer=None, agreed_share=None, note=None, answered_on=None
    ):
        """Sent → answered. Without an answer given: ask for it in a dialog.

        :param str answer: `accepted`, `partly`, `refused` or `none`
        :param float agreed_share: percent of the price paid that the supplier bears;
            needed when accepted in part
        :param str note: the answer in words
        :param datetime answered_on: when it was given, naive UTC; now unless told
            otherwise
        """
        self._check_officer()
        if not answer:
            return self._open_answer()
        for chargeback in self:
            chargeback._check_state("sent", "answered")
            chargeback._lock()
            if chargeback._live_account_lines():
                raise UserError(
                    self.env._(
                        "%s has its vendor credit note already. Cancel that first, "
                        "then record the other answer.",
                        chargeback.display_name,
                    )
                )
            when = answered_on or fields.Datetime.now()
            if when < chargeback.sent_on or when > fields.Datetime.now() + timedelta(
                minutes=1
            ):
                raise UserError(
                    self.env._(
                        "%s: the answer came after it was sent and not in the future. "
                        "Correct the time.",
                        chargeback.display_name,
                    )
                )
            agreed = {"accepted": chargeback.share, "partly": agreed_share or 0.0}.get(
                answer, 0.0
            )
            if answer == "partly" and not 0.0 < agreed < chargeback.share:
                raise UserError(
                    self.env._(
                        "%(number)s: accepted in part means a share above 0 and below "
                        "%(share).12g percent.",
                        number=chargeback.display_name,
                        share=chargeback.share,
                    )
                )
            chargeback._advance(
                {
                    "state": "answered",
                    "answer": answer,
                    "agreed_share": agreed,
                    "answer_note": note,
                    "answered_on": when,
                }
            )
            chargeback._end_notices()
            chargeback._schedule_notices()
        return True

    def _open_answer(self):
        self.ensure_one()
        return self.env["quality.complaint.supplier.answer"]._get_records_action(
            name=self.env._("Answer of the Supplier"),
            target="new",
            context={
                "default_chargeback_id": self.id,
                "default_agreed_share": self.agreed_share or self.share,
            },
        )

    def action_settle(self):
        """Answered → settled, once what was agreed is here: credit note posted, goods
        gone.
        """
        self._check_officer()
        for chargeback in self:
            chargeback._check_state("answered")
            missing = chargeback._missing_to_settle()
            if missing:
                raise IncompleteError(
                    self.env._(
                        "%(number)s cannot be settled yet. Still missing: %(missing)s.",
                        number=chargeback.display_name,
                        missing=format_list(self.env, missing),
                    )
                )
            chargeback._advance({"state": "settled"})
        return True

    def _missing_to_settle(self):
        self.ensure_one()
        # sudo: number and status of documents are shown to people who may not open them
        chargeback = self.sudo()
        missing = [
            self.env._(
                "%(document)s, which is not finished", document=document.display_name
            )
            for document in [
                *chargeback.vendor_return_ids.filtered(
                    lambda picking: picking.state not in ("done", "cancel")
                ),
                *chargeback.vendor_credit_note_ids.filtered(
                    lambda note: note.state == "draft"
                ),
            ]
        ]
        if (
            chargeback.currency_id.compare_amounts(chargeback.agreed_amount, 0.0) > 0
            and not chargeback._live_account_lines()
        ):
            missing.append(
                self.env._(
                    "the vendor credit note for %s",
                    chargeback.currency_id.format(chargeback.agreed_amount),
                )
            )
        return missing

    def action_cancel(self):
        """Give it up; documents must be cancelled first."""
        self._check_officer()
        for chargeback in self:
            chargeback._check_state("draft", "sent", "answered")
            chargeback._lock()
            linked = chargeback.sudo()  # sudo: as in `_missing_to_settle`
            documents = linked.vendor_return_ids.filtered(
                lambda p: p.state != "cancel"
            ) or linked.vendor_credit_note_ids.filtered(
                lambda note: note.state != "cancel"
            )
            if documents:
                raise UserError(
                    self.env._(
                        "%(number)s has the document %(document)s. Cancel that first "
                        "(Inventory or Invoicing), then the supplier complaint.",
                        number=chargeback.display_name,
                        document=format_list(
                            self.env, documents.mapped("display_name")
                        ),
                    )
                )
            chargeback._advance({"state": "cancelled"})
            chargeback._end_notices()
            chargeback._schedule_notices()
        return True

    def _lock(self):
        """Let nobody else make documents for these, or for others on the same receipts
        and bills, until this transaction ends.

        The rows are updated without a change: a transaction that began earlier then
        fails to serialize and is repeated by
        Odoo on fresh data, instead of counting documents it cannot see yet.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on this supplier complaint at this "
                    "moment. Look again in a few seconds."
                )
            ) from error
        self._advance({"documents_on": fields.Datetime.now()})
        self.flush_recordset()
        chargebacks = (
            self.sudo()
        )  # sudo: receipts and bills are locked for people who may not open them
        for records in (
            chargebacks.move_id.sorted("id"),
            chargebacks.purchase_line_id.sorted("id"),
            chargebacks.bill_line_id.sorted("id"),
        ):
            if records:
                records.flush_recordset()
                table = SQL.identifier(records._table)
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET write_uid = write_uid WHERE id IN %s",
                        table,
                        tuple(records.ids),
                    )
                )

    def _sync_state(self):
        """A settled complaint whose documents were taken back is open again; called
        whenever one of them changes.
        """
        for chargeback in self.filtered(
            lambda chargeback: chargeback.state == "settled"
        ):
            if chargeback._missing_to_settle():
                chargeback._advance({"state": "answered"})
                chargeback.message_post(
                    body=self.env._("Reopened: one of its documents changed.")
                )

    # === opening ===

    def _open(self):
        """Action that opens the record, or the list of several."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Supplier Complaints"),
            "res_model": self._name,
        }
        if len(self) == 1:
            return {**action, "view_mode": "form", "res_id": self.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", self.ids)]}

    def action_view_complaint(self):
        return self.complaint_id._open()

    def action_view_vendor_returns(self):
        self.ensure_one()
        return self.env["quality.complaint.remedy"]._view_documents(
            self.vendor_return_ids, self.env._("Vendor Returns")
        )

    def action_view_vendor_credit_notes(self):
        self.ensure_one()
        return self.env["quality.complaint.remedy"]._view_documents(
            self.vendor_credit_note_ids, self.env._("Vendor Credit Notes")
        )
