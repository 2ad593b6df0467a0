"""What must hold for every kind of remedy when several processes work on it and when
one of them dies.
"""

from contextlib import contextmanager
from uuid import uuid4

from odoo.tests import get_db_name
from odoo.tools import mute_logger

from ..committed import CommittedWorld
from ..common import APP
from ..processes import Processes

REMEDY = "quality.complaint.remedy"
# everything a remedy may write
DOCUMENTS = (
    "stock.picking",
    "stock.move",
    "stock.move.line",
    "stock.quant",
    "account.move",
    "account.move.line",
    "sale.order",
    "sale.order.line",
    "quality.complaint.deadline",
    REMEDY,
)


class RemedyRaces(CommittedWorld):
    """Processes and committed data for the scenarios below. Each takes a remedy;
    `documents` counts what it has made.
    """

    @classmethod
    def setUpClass(cls):
        cls.processes = Processes(get_db_name())
        cls.addClassCleanup(cls.processes.stop)
        super().setUpClass()

    @classmethod
    def prepare_world(cls):
        cls.policy.rule_ids.unlink()  # nothing waits for an approval
        cls.officer_id, cls.warehouse_id, cls.accountant_id = (
            cls.colleague(group).id
            for group in (
                f"{APP}officer",
                "stock.group_stock_user",
                "account.group_account_invoice",
            )
        )
        cls.world = {
            name: getattr(cls, name)
            for name in (
                "company",
                "warehouse",
                "stock",
                "unit",
                "customer",
                "strip",
                "cause",
                "department",
            )
        }

    @contextmanager
    def building(self):
        """The world's builders, on a transaction that is committed at the end."""
        with self.session() as env:
            cls = type(self)
            cls.env = env
            for name, record in cls.world.items():
                setattr(cls, name, record.with_env(env))
            yield env

    def planned(self, *quantities, kind="refund", delivered=10, **vals):
        """Planned remedies of complaints of their own on one delivered lot.

        :return: their ids
        """
        with self.building():
            lot = self.make_lot(f"RACE-{uuid4()}", quantity=delivered)
            self.sell({lot: delivered})
            complaints = [
                self.investigated(self.make_complaint(lot_ref=lot.name))
                for _quantity in quantities
            ]
            return [
                self.plan(complaint, kind, quantity, **vals).id
                for complaint, quantity in zip(complaints, quantities, strict=True)
            ]

    def approved(self, *quantities, **vals):
        remedies = self.planned(*quantities, **vals)
        with self.session() as env:
            for remedy in env[REMEDY].browse(remedies):
                remedy.complaint_id.action_submit_plan()
        return remedies

    def under_way(self, quantity, **vals):
        """An executed remedy that waits for its goods; its id."""
        (remedy,) = self.approved(quantity, **vals)
        with self.session() as env:
            env[REMEDY].browse(remedy).action_execute()
        return remedy

    def execute(self, process, remedy, **options):
        """Somebody clicks Execute."""
        with self.session() as env:
            return process.run(
                env[REMEDY].browse(remedy),
                "action_execute",
                uid=self.officer_id,
                **options,
            )

    def receive_in(self, process, remedy, **options):
        """The warehouse validates the remedy's open return as it is."""
        with self.session() as env:
            picking = (
                env[REMEDY]
                .browse(remedy)
                .picking_ids.filtered(
                    lambda picking: picking.state not in ("done", "cancel")
                )
            )
            return process.run(
                picking,
                "button_validate",
                uid=self.warehouse_id,
                context={"skip_backorder": True},
                **options,
            )

    def on_complaint(self, process, remedy, method, **options):
        """Somebody clicks a button of the remedy's complaint."""
        with self.session() as env:
            return process.run(
                env[REMEDY].browse(remedy).complaint_id,
                method,
                uid=self.officer_id,
                **options,
            )

    def post(self, process, notes, **options):
        """The accountant posts credit notes, given by id."""
        with self.session() as env:
            return process.run(
                env["account.move"].browse(notes),
                "action_post",
                uid=self.accountant_id,
                **options,
            )

    def run_cron(self, process, xml_id, **options):
        """The scheduler runs an action."""
        with self.session() as env:
            return process.run(env.ref(xml_id), "method_direct_trigger", **options)

    def with_failed_note(self, quantity=4):
        """A remedy whose goods were received while the invoice was reset: its credit
        note failed, and could be made now. Its id.
        """
        remedy = self.under_way(quantity)
        with self.session() as env:
            invoice = env[REMEDY].browse(remedy).line_ids.complaint_line_id.invoice_id
            invoice.button_draft()
            with mute_logger("odoo.addons.quality_complaint.models.remedy.credit"):
                self.receive(env[REMEDY].browse(remedy))
            invoice.action_post()
        self.assertEqual(self.documents(remedy), ("executing", 1, 0, 0.0))
        self.assertIn("not a posted invoice", self.failure(remedy))
        return remedy

    def failure(self, remedy):
        with self.session() as env:
            return env[REMEDY].browse(remedy).failure

    def documents(self, remedy):
        """(state, returns, credit notes, untaxed amount credited), cancelled ones left
        out.
        """
        with self.session() as env:
            record = env[REMEDY].browse(remedy)
            pickings = record.picking_ids.filtered(
                lambda picking: picking.state != "cancel"
            )
            notes = record.credit_note_ids.filtered(lambda note: note.state != "cancel")
            return (
                record.state,
                len(pickings),
                len(notes),
                sum(notes.mapped("amount_untaxed")),
            )

    def footprint(self):
        """Number of rows of the company in everything remedies write, and when each was
        written last.
        """
        with self.session() as env:
            rows = {}
            for model in DOCUMENTS:
                records = env[model].search(
                    [("company_id", "=", self.world["company"].id)]
                )
                rows[model] = sorted(
                    (record.id, record.write_date) for record in records
                )
            return rows

    # === scenarios ===

    def one_of_two_executes(self, remedy, expected):
        """Two people click Execute at the same moment: one is told to wait, the
        documents exist once.
        """
        first, second = self.processes.start(), self.processes.start()
        self.execute(first, remedy, stop_at=["commit"]).wait_at("commit")
        attempts, told = self.execute(second, remedy).result()
        self.assertEqual(
            (attempts, told),
            (
                1,
                (
                    "UserError: Somebody else is executing this remedy at this moment. "
                    "Look again in a few seconds."
                ),
            ),
        )
        self.assertEqual(first.go().result(), (1, None))
        self.assertEqual(self.documents(remedy), expected)

    def stale_click_is_repeated(self, remedy, expected):
        """A click on a screen older than the other's commit cannot be serialized;
        repeated, it finds everything done.
        """
        early, late = self.processes.start(), self.processes.start()
        self.execute(late, remedy, stop_at=["snapshot"]).wait_at("snapshot")
        self.assertEqual(self.execute(early, remedy).result(), (1, None))
        self.assertEqual(late.go().result(), (2, None))
        self.assertEqual(self.documents(remedy), expected)

    def killed_while_executing(self, remedy, point, expected):
        """Killed before its commit, a process leaves nothing; executing again is as if
        it had never been.
        """
        before = self.footprint()
        process = self.processes.start()
        self.execute(process, remedy, stop_at=[point]).wait_at(point)
        process.kill()
        self.assertEqual(self.footprint(), before)
        self.assertEqual(self.documents(remedy), ("approved", 0, 0, 0.0))
        self.assertEqual(
            self.execute(self.processes.start(), remedy).result(), (1, None)
        )
        self.assertEqual(self.documents(remedy), expected)

    def killed_before_it_answered(self, remedy, expected):
        """Killed after its commit, before anybody was told: everything is there, and
        the second click adds nothing.
        """
        process = self.processes.start()
        self.execute(process, remedy, stop_at=["answer"]).wait_at("answer")
        process.kill()
        self.assertEqual(self.documents(remedy), expected)
        self.assertEqual(
            self.execute(self.processes.start(), remedy).result(), (1, None)
        )
        self.assertEqual(self.documents(remedy), expected)

    def killed_on_receipt(self, remedy, point, expected):
        """Receipt and credit note are one: killed in the middle neither is there, done
        again both are, once.
        """
        before = self.footprint()
        process = self.processes.start()
        self.receive_in(process, remedy, stop_at=[point]).wait_at(point)
        process.kill()
        self.assertEqual(self.footprint(), before)
        self.assertEqual(
            self.receive_in(self.processes.start(), remedy).result(), (1, None)
        )
        self.assertEqual(self.documents(remedy), expected)

    def only_one_plan_fits(self, first, second, expected):
        """Two plans for more than there is, submitted at the same moment: the later one
        waits, is repeated and told what the first one took.
        """
        early, late = self.processes.start(), self.processes.start()
        self.on_complaint(
            early, first, "action_submit_plan", stop_at=["commit"]
        ).wait_at("commit")
        self.on_complaint(late, second, "action_submit_plan").wait_blocked()
        self.assertEqual(early.go().result(), (1, None))
        attempts, told = late.result()
        self.assertEqual(attempts, 2)
        self.assertIn(expected, told)

    def only_one_execution_fits(self, first, second, expected):
        """Two remedies for more than was delivered, executed at the same moment: the
        later one waits, is repeated and told.
        """
        early, late = self.processes.start(), self.processes.start()
        self.execute(early, first, stop_at=["commit"]).wait_at("commit")
        self.execute(late, second).wait_blocked()
        self.assertEqual(early.go().result(), (1, None))
        attempts, told = late.result()
        self.assertEqual(attempts, 2)
        self.assertIn(expected, told)

    def receipt_waits_for_execution(self, remedy, expected):
        """Goods are received while the officer executes: the receipt waits, and its
        credit note is drafted once.
        """
        officer, warehouse = self.processes.start(), self.processes.start()
        self.execute(officer, remedy, stop_at=["commit"]).wait_at("commit")
        self.receive_in(warehouse, remedy).wait_blocked()
        self.assertEqual(officer.go().result(), (1, None))
        self.assertEqual(warehouse.result(), (2, None))
        self.assertEqual(self.documents(remedy), expected)
        self.assertFalse(self.failure(remedy))

    def execution_during_receipt_is_told(self, remedy, expected):
        """The officer executes while the goods are being received: told to look again,
        the credit note is drafted once.
        """
        officer, warehouse = self.processes.start(), self.processes.start()
        self.receive_in(warehouse, remedy, stop_at=["commit"]).wait_at("commit")
        attempts, told = self.execute(officer, remedy).result()
        self.assertEqual(
            (attempts, told),
            (
                1,
                (
                    "UserError: Somebody else is executing this remedy at this moment. "
                    "Look again in a few seconds."
                ),
            ),
        )
        self.assertEqual(warehouse.go().result(), (1, None))
        self.assertEqual(self.documents(remedy), expected)
        self.assertEqual(self.execute(officer, remedy).result(), (1, None))
        self.assertEqual(self.documents(remedy), expected)
