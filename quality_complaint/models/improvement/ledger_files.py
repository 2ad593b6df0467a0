import logging
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import PAPER_LANGUAGES, went_well

# rows of one file: written well within the time a job has, opened by any spreadsheet
ROWS_OF_A_FILE = 100_000
KEPT_DAYS = 30

_logger = logging.getLogger(__name__)


class QualityComplaintLedgerFiles(models.Model):
    """A ledger with more rows than one download can take: a job writes it in files of
    `ROWS_OF_A_FILE` rows, each in a transaction of its own, and tells who asked.

    Rows are read with the rights of who asked, when their file is written.
    """

    _name = "quality.complaint.ledger.files"
    _description = "Large Ledger"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Asked For By",
        required=True,
        readonly=True,
        fixed=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, fixed=True
    )
    team_id = fields.Many2one(
        "quality.complaint.team", readonly=True, check_company=True, fixed=True
    )
    date_from = fields.Date("Received From", required=True, readonly=True, fixed=True)
    date_to = fields.Date("Received Until", required=True, readonly=True, fixed=True)
    language = fields.Selection(
        PAPER_LANGUAGES, required=True, readonly=True, fixed=True
    )
    row_count = fields.Integer("Complaints", readonly=True, fixed=True)
    written_count = fields.Integer("Written", readonly=True, guarded=True)
    progress = fields.Float(compute="_compute_progress")
    last_day = fields.Date(readonly=True, guarded=True)
    last_number = fields.Char(readonly=True, guarded=True)
    state = fields.Selection(
        [
            ("waiting", "Being written"),
            ("done", "Finished"),
            ("failed", "Failed"),
            ("stopped", "Stopped"),
        ],
        "Status",
        default="waiting",
        required=True,
        readonly=True,
        guarded=True,
        index=True,
    )
    file_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        "Files",
        domain=[("res_model", "=", "quality.complaint.ledger.files")],
        readonly=True,
    )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for files in self:
            files.display_name = files.date_from and self.env[
                "quality.complaint.ledger"
            ]._name_of(files.date_from, files.date_to)

    @api.depends("written_count", "row_count", "state")
    def _compute_progress(self):
        for files in self:
            share = files.written_count / files.row_count if files.row_count else 1
            files.progress = 100.0 if files.state == "done" else 100 * min(share, 1)

    @api.model
    def _ask(self, ledger):
        """Have the job write it.

        :param ledger: `quality.complaint.ledger` of who asks
        :return: the large ledger
        """
        # sudo: nobody makes one by hand
        files = self.sudo().create(
            {
                **{name: ledger[name] for name in ("date_from", "date_to", "language")},
                "company_id": ledger.company_id.id,
                "team_id": ledger.team_id.id,
                "user_id": self.env.uid,
                "row_count": ledger.row_count,
            }
        )
        self.env.ref("quality_complaint.ir_cron_ledger")._trigger()
        return files.with_env(self.env)

    def action_stop(self):
        """It is not needed any more; what is written stays."""
        for files in self:
            files.check_access("read")
            if files.state != "waiting":
                raise UserError(
                    self.env._("%s is not being written.", files.display_name)
                )
            # sudo: theirs by the record rule, see above
            files.sudo()._advance({"state": "stopped"})

    # === the job ===

    @api.model
    def _cron_write(self):
        """Write what waits, a file in each transaction."""
        for files in self.search([("state", "=", "waiting")], order="id"):
            more = True
            while more:
                # another worker has it, or it was stopped
                locked = files.try_lock_for_update().filtered(
                    lambda row: row.state == "waiting"
                )
                if not locked:
                    break
                if not went_well(self.env, _logger, locked, locked._write_file):
                    locked._finish("failed")
                more = locked.state == "waiting"
                if not self.env["ir.cron"]._commit_progress(1, remaining=int(more)):
                    return

    def _write_file(self):
        self.ensure_one()
        user = self.user_id
        reader = self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
        )
        ledger = reader.env["quality.complaint.ledger"].create(
            {
                "company_id": self.company_id.id,
                "team_id": self.team_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "language": self.language,
            }
        )
        seen = _Seen(
            islice(ledger._rows(self.last_day, self.last_number), ROWS_OF_A_FILE)
        )
        with ledger._xlsx(seen) as file:
            raw = file.read()
        ledger.unlink()
        if seen.count or not self.file_ids:
            self.env["ir.attachment"].create(
                {
                    "name": f"{reader.display_name} ({len(self.file_ids) + 1}).xlsx",
                    "raw": raw,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        if seen.count:
            number, day = seen.last[:2]
            self._advance(
                {
                    "written_count": self.written_count + seen.count,
                    "last_number": number,
                    "last_day": day,
                }
            )
        if seen.count < ROWS_OF_A_FILE:
            self._finish("done")

    def _finish(self, state):
        """Nothing more is written: who asked hears of it."""
        self._advance({"state": state})
        user = self.user_id
        local = self.with_context(lang=user.lang)
        local.message_notify(
            partner_ids=user.partner_id.ids,
            subject=local.display_name,
            body=local.env._(
                "The ledger is written: %(count)s complaints in %(files)s files. They "
                "are kept for %(days)s days.",
                count=self.written_count,
                files=len(self.file_ids),
                days=KEPT_DAYS,
            )
            if state == "done"
            else local.env._(
                "The ledger could not be written. Ask for it again; if it fails once "
                "more, your administrator finds the reason in the log."
            ),
        )

    @api.autovacuum
    def _gc_old(self):
        """Files with names of customers are not kept longer than they are needed."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search(
            [("create_date", "<", before), ("state", "!=", "waiting")], limit=1_000
        ).unlink()


class _Seen:
    """Passes rows on, counts them and keeps the last one."""

    def __init__(self, rows):
        self.rows, self.count, self.last = rows, 0, None

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            self.last = row
            yield row
