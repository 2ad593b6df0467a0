from io import BytesIO

import xlsxwriter

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import download, shown, write_sheet
from .recall import OPEN


class QualityComplaintRecall(models.Model):
    """Cases of a recall: goods come back and are settled through complaints, whose
    costs are the recall's.
    """

    _inherit = "quality.complaint.recall"

    case_ids = fields.One2many(
        "quality.complaint", "recall_id", "Complaints", readonly=True
    )
    case_count = fields.Integer("Number of Complaints", compute="_compute_cases")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary("Actual Cost", compute="_compute_cases")

    @api.depends("case_ids")
    def _compute_cases(self):
        counts = dict(
            self.env["quality.complaint"]._read_group(
                [("recall_id", "in", self.ids), ("is_batch", "=", False)],
                ["recall_id"],
                ["__count"],
            )
        )
        costs = dict(
            self.env["quality.complaint.cost"]._read_group(
                [("recall_id", "in", self.ids), ("is_booked", "=", True)],
                ["recall_id"],
                ["actual:sum"],
            )
        )
        for recall in self:
            recall.case_count = counts.get(recall._origin, 0)
            recall.cost = costs.get(recall._origin, 0.0)

    def _adopt_cases(self):
        """The complaints a recall came from belong to it."""
        for recall in self:
            origin = recall.complaint_id | recall.eight_d_id.complaint_ids
            origin.filtered(
                lambda row, recall=recall: (
                    not row.recall_id and row.company_id == recall.company_id
                )
            ).recall_id = recall

    def action_take_back(self):
        """Open the dialog that makes a case for every consignee whose goods come back,
        and asks for them.
        """
        self.ensure_one()
        self._check_right()
        self._check_real()
        self._check_standing(*OPEN)
        return self.env["quality.complaint.batch"]._get_records_action(
            name=self.env._("Take Goods Back"),
            target="new",
            context={
                "default_recall_id": self.id,
                "default_description": f"{self.display_name}: {self.hazard}",
                "default_bring_back": True,
            },
        )

    def action_view_cases(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaints of %s", self.display_name),
            "res_model": "quality.complaint",
            "view_mode": "list,form",
            "domain": Domain("recall_id", "=", self.id)
            & Domain("is_batch", "=", False),
            "context": {"default_recall_id": self.id},
        }

    def action_view_costs(self):
        """What the recall cost, up to this moment."""
        self.ensure_one()
        return self.case_ids.action_view_costs()

    # === the spreadsheet ===

    def action_xlsx(self):
        """For an authority: consignees with what they have, lots with their balance,
        notices, times and reports.
        """
        self.ensure_one()
        self.check_access("read")
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        for title, rows, columns in self._tables():
            write_sheet(
                book,
                title,
                [label for label, _value, _width in columns],
                [[value(row) for _label, value, _width in columns] for row in rows],
                [width for _label, _value, width in columns],
            )
        book.close()
        name = (self.name or self.env._("Recall")).replace("/", "-")
        return download(self.env, f"{name}.xlsx", stream.getvalue())

    def _tables(self):
        """:return: list of (title, records, columns) of the spreadsheet"""
        consignees = self.consignee_ids
        return [
            (
                self.env._("Consignees"),
                consignees.line_ids,
                [
                    *self._columns(
                        consignees,
                        {"name": 30, "parent_id": 20, "email": 26, "phone": 18},
                        lambda line: line.consignee_id,
                    ),
                    (
                        self.env._("Address"),
                        # sudo: the address, as on the notice
                        lambda line: (
                            line.consignee_id.sudo().partner_id.contact_address_inline
                        ),
                        36,
                    ),
                    *self._columns(
                        consignees.line_ids,
                        {
                            "product_id": 28, "lot_id": 18, "shipped_quantity": 10,
                            "used_quantity": 10, "stock_quantity": 10,
                            "passed_quantity": 10, "passed_to": 30,
                            "recovered_quantity": 10, "missing_quantity": 10,
                            "product_uom_id": 8,
                        },
                    ),
                    *self._columns(
                        consignees,
                        {
                            "notified_on": 16, "notified_by": 14, "reminder_count": 10,
                            "confirmed_on": 16, "confirmed_by": 18, "state": 12,
                            "remark": 30,
                        },
                        lambda line: line.consignee_id,
                    ),
                ],
            ),
            (
                self.env._("Lots"),
                self.lot_ids,
                self._columns(
                    self.lot_ids,
                    {
                        "product_id": 28, "lot_id": 18, "depth": 8, "added_on": 16,
                        "in_quantity": 10, "here_quantity": 10, "shipped_quantity": 10,
                        "consumed_quantity": 10, "scrapped_before": 10,
                        "recovered_quantity": 10, "destroyed_quantity": 10,
                        "now_here_quantity": 10, "unexplained_quantity": 10,
                        "product_uom_id": 8,
                    },
                ),
            ),
            (
                self.env._("Notices"),
                self.notice_ids,
                self._columns(
                    self.notice_ids,
                    {
                        "sent_on": 16, "kind": 18, "consignee_id": 30, "email": 26,
                        "subject": 50, "failed": 8,
                    },
                ),
            ),
            (
                self.env._("Times and Reports"),
                self.report_ids,
                self._columns(
                    self.report_ids,
                    {
                        "kind": 24, "due_on": 16, "done_on": 16, "done_by_id": 20,
                        "text": 60,
                    },
                ),
            ),
        ]  # fmt: skip

    @api.model
    def _columns(self, records, widths, source=lambda row: row):
        """Columns of a spreadsheet that show fields as the screen does.

        :param records: whose fields they are
        :param dict widths: {name of a field: width in characters}
        :param source: the record of such fields, of a row
        :return: list of (label, value of a row, width)
        """
        return [
            (
                records._fields[name]._description_string(self.env),
                lambda row, name=name: shown(source(row), name),
                width,
            )
            for name, width in widths.items()
        ]
