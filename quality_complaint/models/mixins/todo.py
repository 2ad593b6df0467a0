from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintTodo(models.AbstractModel):
    """A complaint of which something kept beside it has to be made anew.

    Events only append here: two people who change one complaint do not wait for each
    other, and nothing they do fails because of it. A triggered job takes the rows.
    """

    _name = "quality.complaint.todo"
    _description = "Complaint to Recalculate"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _rec_name = "complaint_id"
    _todo_cron = None  # XML id of the job that takes the rows

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _wanted(self):
        """SQL condition on `changed.id`: which complaints are worth a row."""
        return SQL("EXISTS (SELECT 1 FROM quality_complaint c WHERE c.id = changed.id)")

    @api.model
    def _append(self, complaints):
        """Have complaints reckoned anew as soon as this transaction is committed."""
        if not complaints:
            return
        added = self.env.execute_query(
            SQL(
                "INSERT INTO %s (complaint_id) SELECT changed.id FROM unnest(%s) "
                "changed (id) WHERE %s RETURNING id",
                SQL.identifier(self._table),
                complaints.ids,
                self._wanted(),
            )
        )
        if not added:
            return
        self.invalidate_model()
        # none yet while the addon is installed
        cron = self.env.ref(self._todo_cron, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: whoever changes a document sets it going

    @api.model
    def _take(self, complaints=None, limit=500):
        """Remove rows; those another worker has are left to it.

        :param complaints: only these `quality.complaint`
        :param int limit: rows looked at
        :return: (how many rows there were, their complaints)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM %(table)s
                WHERE id IN (
                    SELECT id FROM %(table)s WHERE %(wanted)s ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
                )
                RETURNING complaint_id
                """,  # noqa: E501
                table=SQL.identifier(self._table),
                wanted=SQL("TRUE")
                if complaints is None
                else SQL("complaint_id = ANY(%s)", complaints.ids),
                limit=limit,
            )
        )
        if rows:
            self.invalidate_model()
        return len(rows), self.complaint_id.browse(sorted({id_ for (id_,) in rows}))
