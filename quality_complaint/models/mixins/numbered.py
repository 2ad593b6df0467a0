import re

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintNumbered(models.AbstractModel):
    """Records with a number without gaps, per company and period. Format and start are
    those of the company's sequence; which number is next follows from the records.

    The sequence itself is not touched: whoever counted it up would make all others
    wait, and then fail, until their own work is done. Here they wait for the record
    that takes the same number, and take the next one.
    """

    _name = "quality.complaint.numbered"
    _description = "Record with a Number without Gaps"

    def _take_number(self):
        """Give each record of this set its number; `(company_id, name)` is unique.

        Source: `_locked_increment` of Odoo's `sequence.mixin`, which says why an
        `UPDATE` waits here and a lock on a row would not do.
        """
        for record in self:
            record.flush_recordset()
            before, after, number, padding = record._number_format()
            number = max(number, record._last_number(before, after) + 1)
            with self.env.cr.savepoint(flush=False) as savepoint:
                while True:
                    name = f"{before}{number:0{padding}d}{after}"
                    try:
                        self.env.cr.execute(
                            SQL(
                                "UPDATE %s SET name = %s WHERE id = %s",
                                SQL.identifier(self._table),
                                name,
                                record.id,
                            ),
                            log_exceptions=False,
                        )
                        break
                    except UniqueViolation:
                        # somebody else has taken it since our transaction began
                        savepoint.rollback()
                        number += 1
            record.invalidate_recordset(["name"])
            record.modified(["name"])

    def _number_format(self):
        """
        :return: (prefix, suffix, number that numbering starts with, digits)
        """
        # sudo: any employee may register, nobody but administrators may touch sequences
        sequence = self.company_id.sudo()._complaint_sequence(self._name)
        today = fields.Date.context_today(self)
        period, start = today, sequence.number_next_actual
        if sequence.use_date_range:
            current = sequence.date_range_ids.filtered(
                lambda row: row.date_from <= today <= row.date_to
            )[:1]
            period = current.date_from or today.replace(month=1, day=1)
            start = current.number_next_actual or 1
        before, after = sequence._get_prefix_suffix(date=today, date_range=period)
        return before, after, start, sequence.padding

    @api.model
    def _last_number(self, before, after):
        """The highest number in this format in the company, 0 when there is none."""
        pattern = rf"^{re.escape(before)}([0-9]+){re.escape(after)}$"
        found = self.env.execute_query(
            SQL(
                """
                SELECT name FROM %s
                 WHERE company_id = %s AND name IS NOT NULL AND name ~ %s
                 ORDER BY length(name) DESC, name DESC LIMIT 1
                """,
                SQL.identifier(self._table),
                self.company_id.id,
                pattern,
            )
        )
        return int(re.match(pattern, found[0][0])[1]) if found else 0
