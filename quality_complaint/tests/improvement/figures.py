from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase


class FiguresCase(ComplaintCase):
    """Complaints whose times are known, and their figures."""

    # figures are of months: it is always the same day here
    freeze_time = freeze_time("2026-11-25 09:30:00")

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    @classmethod
    def settle(cls):
        """What the transaction's end and the job behind it do."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env["quality.complaint.fact"]._settle_all()
        cls.env.invalidate_all()

    @classmethod
    def fact(cls, complaint):
        cls.settle()
        return cls.env["quality.complaint.fact"].search(
            [("complaint_id", "=", complaint.id)]
        )

    @classmethod
    def received(cls, moment, **vals):
        """A registered complaint, received and registered at a moment (UTC)."""
        with freeze_time(moment):
            return cls.make_complaint(
                **{
                    "partner_id": cls.customer.id,
                    "received_on": moment,
                    "user_id": cls.env.uid,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": cls.strip.id,
                                "defect_id": cls.scratch.id,
                                "quantity": 1,
                            }
                        )
                    ],
                    **vals,
                }
            )

    @classmethod
    def limit_of(cls, complaint, code, due, done=None):
        """A time limit of a complaint as it ended, beside those of its policy.

        :param due, done: moments (UTC)
        """
        limit = cls.policy.limit_ids.filtered(
            lambda row: row.to_milestone_id.code == code
        )[:1]
        complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id == limit
        ).unlink()
        state = "running" if not done else "missed" if done > due else "met"
        return (
            cls.env["quality.complaint.deadline"]
            .sudo()
            .create(
                {
                    "complaint_id": complaint.id,
                    "milestone_id": limit.to_milestone_id.id,
                    "limit_id": limit.id,
                    "start_on": complaint.received_on,
                    "due_on": due,
                    "done_on": done,
                    "state": state,
                }
            )
        )


def moment(text, **shift):
    return datetime.fromisoformat(text) + timedelta(**shift)
