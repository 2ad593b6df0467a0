from odoo import fields, models
from odoo.exceptions import UserError

from .sheet_type import STAGES


class QualityComplaint(models.Model):
    """Special cases of a complaint: opened where the rules say so, and what waits for
    them.
    """

    _inherit = "quality.complaint"

    sheet_ids = fields.One2many(
        "quality.complaint.sheet", "complaint_id", "Case Sheets"
    )
    sheet_count = fields.Integer(
        "Case Sheets Opened", readonly=True, copy=False, guarded=True
    )

    def _open_sheets(self):
        """Open the sheets whose conditions hold now."""
        types = self.env["quality.complaint.sheet.type"]
        for complaint in self.filtered(
            lambda row: row.name and row.state not in ("closed", "cancelled")
        ):
            wanted = types._due_for(complaint)
            if wanted:
                # sudo: the flow opens them, whoever registers
                complaint.sudo()._add_sheets(wanted)

    def _add_sheets(self, types):
        self.ensure_one()
        return self.env["quality.complaint.sheet"].create(
            [{"complaint_id": self.id, "type_id": kind.id} for kind in types]
        )

    def _end_sheet_tasks(self):
        """The case is over: nobody needs to be reminded of steps any more."""
        if self.filtered("sheet_count"):
            # sudo: reminders of others end, too
            tasks = self.sudo().sheet_ids.task_ids
            tasks._end_notices()
            tasks._schedule_notices()

    def _missing_on_sheets(self, stage):
        """Sheets that have to be closed first.

        :param str stage: one of `STAGES`
        :return: list of translated phrases
        """
        if not self.sheet_count:
            return []
        # sudo: a confidential sheet blocks also those who may not read it
        waiting = self.sudo().sheet_ids.filtered(
            lambda sheet: sheet.state == "open" and sheet.type_id[STAGES[stage]]
        )
        return [
            self.env._("the case sheet “%s”, which is open", sheet.type_id.name)
            for sheet in waiting
        ]

    def _check_sheet_stamps(self, milestone):
        """
        :raise UserError: the step is stamped by closing a case sheet, which is open
        """
        self.ensure_one()
        # sudo: a confidential sheet counts also for those who may not read it
        waiting = self.sudo().sheet_ids.filtered(
            lambda sheet: (
                sheet.state == "open" and sheet.type_id.milestone_id == milestone
            )
        )
        if waiting:
            raise UserError(
                self.env._(
                    "“%(step)s” of %(complaint)s happens when its case sheet "
                    "“%(sheet)s” is closed: fill that in.",
                    step=milestone.name,
                    complaint=self.display_name,
                    sheet=waiting[0].type_id.name,
                )
            )

    def _sheet_ends(self):
        """As in `_get_open_ends`."""
        return [(text, None) for text in self._missing_on_sheets("close")]

    def action_view_sheets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_sheet"
        )
        sheets = self.sheet_ids
        if len(sheets) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=sheets.id)
        return {
            **action,
            "domain": [("complaint_id", "=", self.id)],
            "context": {"default_complaint_id": self.id},
        }
