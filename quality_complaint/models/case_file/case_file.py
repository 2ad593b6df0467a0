from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..investigation.investigation import SAMPLE_METHODS

OWN = "quality_complaint.action_report_"
SECTIONS = f"{OWN}case_file"
AUDIENCES = ("full", "customer")


class CaseFilePart(NamedTuple):
    """One entry of the contents: a report printed for its records, or a section printed
    from the complaint.
    """

    title: str  # key of a label
    report: str  # XML id of an `ir.actions.report`
    records: (
        models.BaseModel
    )  # what is printed; an empty part is named in the contents, without a page
    section: str = (
        ""  # with the report `SECTIONS`: which one, see `report/case_file/case_file.py`
    )


class QualityComplaint(models.Model):
    """The case file: all that belongs to a complaint as one PDF or archive, for audit
    and court, or what of it the customer may have.

    Which parts it has is said here, attachments in `…_case_file_attachments.py`; it is
    put together in `…_case_file_build.py`.
    """

    _inherit = "quality.complaint"

    case_file_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_case_file_rel",
        string="Archived Case Files",
        readonly=True,
        copy=False,
        bypass_search_access=True,
        groups="quality_complaint.group_quality_complaint_officer",
        guarded=True,
    )

    def action_open_case_file(self):
        """Ask for whom and in which form the case file is made."""
        self._check_case_file()
        return self.env["quality.complaint.case.file"]._get_records_action(
            name=self.env._("Case File"),
            target="new",
            context={"default_complaint_ids": self.ids},
        )

    def _check_case_file(self):
        """
        :raise AccessError: no complaint officer, or a complaint of another company
        :raise UserError: a complaint that is not registered has no file yet
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        ):
            raise AccessError(self.env._("Case files are made by complaint officers."))
        for complaint in self:
            if not complaint.name:
                raise UserError(
                    self.env._(
                        "%s has no file yet: register it first.", complaint.display_name
                    )
                )

    def _case_file_parts(self, audience):
        """What the case file consists of, before photos and documents.

        To add a form, or to replace a section by one, extend this and insert or change
        a `CaseFilePart`.

        :param str audience: `full`, or `customer`: what the customer gave or was told,
            nothing else
        :return: list of `CaseFilePart`
        """
        self.ensure_one()
        return (
            self._case_file_parts_customer()
            if audience == "customer"
            else self._case_file_parts_full()
        )

    def _case_file_parts_full(self):
        remedies = self.remedy_ids
        parts = [
            CaseFilePart(
                "title_registration",
                "quality_complaint.action_report_registration_form",
                self,
            ),
            CaseFilePart(
                "title_investigation",
                f"{OWN}investigation_report",
                self
                if self.investigation_ids or self.not_investigated_on
                else self.browse(),
            ),
            CaseFilePart(
                "title_reinspection",
                f"{OWN}reinspection_report",
                self._case_file_reinspections(),
            ),
            CaseFilePart(
                "title_defect_confirmation",
                f"{OWN}defect_confirmation",
                self._case_file_confirmations(),
            ),
            CaseFilePart("title_sheet", f"{OWN}sheet", self._case_file_sheets()),
            CaseFilePart("case_steps", SECTIONS, self.deadline_ids, "steps"),
            CaseFilePart("case_approvals", SECTIONS, self.approval_ids, "approvals"),
            CaseFilePart(
                "case_correspondence",
                SECTIONS,
                self._case_file_replies("full"),
                "correspondence",
            ),
            CaseFilePart(
                "case_letters",
                "quality_complaint.action_report_reply_letter",
                self._case_file_letters("full"),
            ),
            CaseFilePart("case_remedies", SECTIONS, remedies, "remedies"),
            CaseFilePart("case_actions", SECTIONS, self.action_ids, "actions"),
            CaseFilePart(
                "case_slips",
                "quality_complaint.action_report_return_slip",
                self._case_file_slips(),
            ),
            CaseFilePart(
                "case_settlements",
                "quality_complaint.action_report_settlement",
                self._case_file_settlements("full"),
            ),
            CaseFilePart(
                "case_credit_notes",
                "account.account_invoices",
                self._case_file_credit_notes(),
            ),
            CaseFilePart(
                "case_transfers",
                "stock.action_report_delivery",
                self._case_file_transfers(),
            ),
            CaseFilePart(
                "case_inspections", SECTIONS, self.inspection_ids, "inspections"
            ),
            CaseFilePart(
                "title_revisit",
                f"{OWN}revisit_record",
                self.revisit_ids.filtered(lambda revisit: revisit.state == "done"),
            ),
        ]
        report = self._covering_8d()
        if report and report.state != "cancelled":
            parts.insert(4, CaseFilePart("title_eight_d", f"{OWN}eight_d", report))
        if self.asks_serious_event:
            parts.insert(1, CaseFilePart("title_medical", f"{OWN}medical_report", self))
        if self.is_batch:
            parts.insert(
                1, CaseFilePart("case_children", SECTIONS, self.child_ids, "children")
            )
        return parts

    def _case_file_parts_customer(self):
        parts = [
            CaseFilePart("case_register", SECTIONS, self, "register"),
            CaseFilePart(
                "case_correspondence",
                SECTIONS,
                self._case_file_replies("customer"),
                "correspondence",
            ),
            CaseFilePart(
                "case_letters",
                "quality_complaint.action_report_reply_letter",
                self._case_file_letters("customer"),
            ),
            CaseFilePart(
                "case_slips",
                "quality_complaint.action_report_return_slip",
                self._case_file_slips(),
            ),
            CaseFilePart(
                "case_settlements",
                "quality_complaint.action_report_settlement",
                self._case_file_settlements("customer"),
            ),
            CaseFilePart(
                "case_credit_notes",
                "account.account_invoices",
                self._case_file_credit_notes(),
            ),
        ]
        return [part for part in parts if part.records]

    def _case_file_reinspections(self):
        """Samples that were tested, or at least received."""
        return self.investigation_ids.filtered(
            lambda row: (
                row.method in SAMPLE_METHODS and (row.done_on or row.sample_received_on)
            )
        )

    def _case_file_confirmations(self):
        """What was seen at the customer's."""
        return self.investigation_ids.filtered(
            lambda row: (
                row.checked_quantity or row.customer_opinion or row.customer_signature
            )
        )

    def _case_file_replies(self, audience):
        """Replies that went out; what an authority, or anybody else, was told is not
        told to the customer.
        """
        replies = self.reply_ids.filtered(
            lambda reply: reply.state in ("sent", "answered")
        )
        if audience == "customer":
            strangers = replies.recipient_id.filtered(
                lambda partner: (
                    partner.commercial_partner_id != self.commercial_partner_id
                )
            )
            replies = replies.filtered(
                lambda reply: (
                    reply.kind != "authority" and reply.recipient_id not in strangers
                )
            )
        return replies.sorted(lambda reply: (reply.sent_on, reply.id))

    def _case_file_letters(self, audience):
        return self._case_file_replies(audience).filtered(
            lambda reply: reply.method == "written"
        )

    def _case_file_sheets(self):
        """Special cases; confidential ones for their readers alone."""
        return self.sheet_ids.filtered(
            lambda sheet: not sheet.is_confidential or self.env.user in sheet.reader_ids
        )

    def _case_file_slips(self):
        return self.remedy_ids.filtered(
            lambda remedy: remedy._needs_goods() and remedy.return_picking_ids
        )

    def _case_file_settlements(self, audience):
        """Remedies of an agreement that was wanted or signed; one agreement names all
        that a complaint gives, so one of them is enough.

        A draft that still waits for its approval is not for the customer.
        """
        agreed = self.remedy_ids.filtered(
            lambda remedy: (
                (remedy.needs_agreement or remedy.agreement_signed_on)
                and remedy._can_settle()
            )
        )
        waiting = self.remedy_ids.filtered(lambda remedy: remedy.state == "to_approve")
        return agreed[:0] if audience == "customer" and waiting else agreed[:1]

    def _case_file_credit_notes(self):
        return self.remedy_ids.credit_note_ids.filtered(
            lambda note: note.state == "posted"
        )

    def _case_file_transfers(self):
        return self.remedy_ids.picking_ids.filtered(
            lambda picking: picking.state == "done"
        )
