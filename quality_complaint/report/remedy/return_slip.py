"""Form 7: the slip that travels with returned goods and is filled in when they
arrive.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["return slip"] = {
    "title_return_slip": _lt("Return and Exchange Slip"),
    "part_return": _lt("1. Goods to send back"),
    "part_arrival": _lt("2. On arrival"),
    "business_trip": _lt("Business trip"),
    "part_outcome": _lt("3. Settled by"),
    "put_into_parcel": _lt("Put this slip into the parcel."),
    "send_to": _lt("Send to"),
    "return_no": _lt("Return No."),
    "remedy_no": _lt("Remedy"),
    "expected_by": _lt("Expected by"),
    "freight": _lt("Freight paid by"),
    "freight_us": _lt("Us, the supplier"),
    "freight_customer": _lt("The customer"),
    "freight_carrier": _lt("Us, on our account with the carrier"),
    "packing": _lt("Packing and labelling"),
    "packing_text": _lt(
        "Pack the goods so that they cannot be damaged, each lot separately. Write "
        "the complaint number and the return number on the parcel."
    ),
    "instruction": _lt("Please note"),
    "authorised": _lt("Authorised quantity"),
    "received_quantity": _lt("Received"),
    "lot_found": _lt("Lot as found"),
    "condition": _lt("Condition"),
    "no_fault": _lt("No fault found"),
    "disposition": _lt("Disposition"),
    "checked_by": _lt("Checked by, on"),
    "yes": _lt("Yes"),
    "credit_note": _lt("Credit note"),
    "replacement_delivery": _lt("Replacement delivery"),
    "sign_warehouse": _lt("Received by (warehouse)"),
    "sign_quality": _lt("Inspected by (quality)"),
    "sign_handler": _lt("Handler"),
    "kind_return": _lt("Return for inspection"),
    "kind_refund": _lt("Refund"),
    "kind_replacement": _lt("Replacement"),
    "kind_repair": _lt("Repair"),
    "condition_as_new": _lt("As new, unopened"),
    "condition_used": _lt("Used"),
    "condition_damaged": _lt("Damaged"),
    "condition_defective": _lt("Defective as reported"),
    "condition_incomplete": _lt("Incomplete"),
    "condition_wrong": _lt("Other goods"),
    "disposition_restock": _lt("Restock"),
    "disposition_repack": _lt("New outer package"),
    "disposition_rework": _lt("Rework"),
    "disposition_scrap": _lt("Scrap"),
    "disposition_repair": _lt("Repair"),
    "disposition_supplier": _lt("Back to the supplier"),
    "disposition_customer": _lt("Back to the customer"),
}


class ReportReturnSlip(models.AbstractModel):
    _name = "report.quality_complaint.return_slip"
    _description = "Return and Exchange Slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        remedies = self.env["quality.complaint.remedy"].browse(docids)
        remedies._check_return_slip()
        # sudo: the slip shows numbers of transfers and credit notes the person printing
        # may not open
        pages = [
            self._page(remedy, remedy.return_picking_ids) for remedy in remedies.sudo()
        ]
        labels = self.env["quality.complaint.form.labels"]
        return {
            "doc_ids": docids,
            "doc_model": remedies._name,
            "docs": remedies,
            "pages": pages,
            **labels._formatters(),
        }

    def _page(self, remedy, pickings):
        """What one slip is made of.

        :param remedy: a `quality.complaint.remedy`, in superuser mode
        :param pickings: the returns it is printed for
        """
        labels = self.env["quality.complaint.form.labels"]
        form, language, lang = labels._form_of(
            remedy.complaint_id.policy_id, "return_slip"
        )
        voices = labels._voices(language, lang)
        label = voices["label"]
        remedy, pickings = (
            remedy.with_context(lang=lang),
            pickings.with_context(lang=lang),
        )
        lines = remedy.line_ids.filtered(
            lambda line: line._return_moves().picking_id & pickings
        )
        moves = remedy.line_ids.move_ids.filtered(lambda move: move.state != "cancel")
        inspections = self._inspections(lines, pickings)
        return {
            "doc": remedy,
            "form": form,
            **voices,
            "kind": self._terms(remedy, "kind", label)[remedy.kind],
            "returns": [
                (picking, remedy._return_receiver(picking)) for picking in pickings
            ],
            "rows": [(number, line) for number, line in enumerate(lines, 1)],
            "due": remedy._return_due(),
            "instruction": remedy._return_instruction(pickings),
            "inspections": inspections,
            "trips": self._trips(remedy.complaint_id, voices["day"]),
            "terms": {
                name: self._terms(inspections, name, label)
                for name in ("condition", "disposition")
            },
            "credit_notes": remedy.credit_note_ids.filtered(
                lambda note: (
                    note.state == "posted"
                    or (
                        note.state == "draft"
                        and not self.env.context.get("complaint_customer_copy")
                    )
                )
            ),
            "deliveries": moves.filtered(
                lambda move: move.location_dest_id.usage == "customer"
            ).picking_id,
        }

    def _trips(self, complaint, day):
        """The business trips made for a complaint, one a line (000-H); the customer's
        copy says nothing of them.

        :param day: writes a date
        """
        if self.env.context.get("complaint_customer_copy"):
            return ""
        trips = complaint.service_ids.filtered(
            lambda row: row.kind == "trip" and row.state != "cancelled"
        )
        return "\n".join(
            " · ".join(
                filter(
                    None,
                    (
                        " – ".join(
                            day(moment)
                            for moment in (trip.planned_on, trip.planned_to)
                            if moment
                        ),
                        ", ".join((trip.user_id | trip.participant_ids).mapped("name")),
                        trip.name,
                    ),
                )
            )
            for trip in trips.sorted("planned_on")
        )

    def _inspections(self, lines, pickings):
        """Results of these lines; one without a line of the receipt belongs to the
        whole receipt. The customer's copy is the slip he got.
        """
        if self.env.context.get("complaint_customer_copy"):
            return self.env["quality.complaint.inspection"]
        return (
            self.env["quality.complaint.inspection"]
            .sudo()
            .search(
                [("picking_id", "in", pickings.ids)]
            )  # sudo: see `_get_report_values`
            .filtered(
                lambda inspection: (
                    not inspection.move_id.remedy_line_id
                    or inspection.move_id.remedy_line_id in lines
                )
            )
        )

    def _terms(self, records, name, label):
        """The choices of a selection field on paper.

        :return: dict of value → text; values without a label of their own (e.g. of
            other addons) in the user's language only
        """
        known = {
            key
            for _module, table in self.env[
                "quality.complaint.form.labels"
            ]._label_tables()
            for key in table
        }
        return {
            value: label(f"{name}_{value}", inline=True)
            if f"{name}_{value}" in known
            else text
            for value, text in records._fields[name]._description_selection(records.env)
        }


class ReportReturnSlipTransfer(models.AbstractModel):
    """The slip by transfer, for warehouse staff."""

    _name = "report.quality_complaint.return_slip_transfer"
    _description = "Return and Exchange Slip of a Transfer"
    _inherit = ["report.quality_complaint.return_slip"]

    @api.model
    def _get_report_values(self, docids, data=None):
        pickings = self.env["stock.picking"].browse(docids)
        if not self.env.user.has_group(
            "stock.group_stock_user"
        ):  # customers may read their transfers, not what the warehouse finds
            raise AccessError(
                self.env._("The return slip of a transfer is printed by the warehouse.")
            )
        pickings._check_return_slip()
        # sudo: warehouse staff see no remedies, only the slip of goods they receive
        pages = [
            self._page(remedy, picking)
            for picking in pickings.sudo()
            for remedy in picking.move_ids.remedy_line_id.remedy_id.filtered(
                lambda remedy, p=picking: p in remedy.return_picking_ids
            )
        ]
        labels = self.env["quality.complaint.form.labels"]
        return {
            "doc_ids": docids,
            "doc_model": pickings._name,
            "docs": pickings,
            "pages": pages,
            **labels._formatters(),
        }
