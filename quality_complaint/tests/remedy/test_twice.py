from odoo.tests import tagged

from .races import REMEDY, RemedyRaces

EXECUTED = ("executing", 1, 0, 0.0)


@tagged("post_install", "-at_install")
class TestRemedyConcurrency(RemedyRaces):
    """Never twice, never lost: with real processes, some of them killed."""

    def test_two_processes_make_one_return(self):
        (remedy,) = self.approved(4)
        self.one_of_two_executes(remedy, EXECUTED)

    def test_click_on_an_old_screen_makes_no_second_return(self):
        (remedy,) = self.approved(4)
        self.stale_click_is_repeated(remedy, EXECUTED)

    def test_killed_process_leaves_no_half_return(self):
        for point in (
            (REMEDY, "_lock"),
            (REMEDY, "_create_returns"),
            (REMEDY, "_sync_state"),
            "commit",
        ):
            with self.subTest(point=point):
                (remedy,) = self.approved(4)
                self.killed_while_executing(remedy, point, EXECUTED)

    def test_killed_process_leaves_no_half_credit_note(self):
        (remedy,) = self.approved(4, goods="keep", when="on_approval")
        self.killed_while_executing(
            remedy, (REMEDY, "_create_due_credit_notes"), ("executing", 0, 1, 40.0)
        )

    def test_free_goods_are_sent_once(self):
        for kind in ("replacement", "product_compensation"):
            with self.subTest(kind=kind):
                (remedy,) = self.approved(4, kind=kind, goods="keep")
                self.one_of_two_executes(remedy, ("executing", 1, 0, 0.0))
                with self.session() as env:
                    self.assertEqual(
                        env[REMEDY].browse(remedy).sale_ids.mapped("state"), ["sale"]
                    )

    def test_compensation_is_credited_once(self):
        (remedy,) = self.approved(4, kind="cash_compensation", amount=30.0)
        self.stale_click_is_repeated(remedy, ("executing", 0, 1, 30.0))

    def test_killed_process_leaves_no_half_order_or_compensation(self):
        for kind, point, expected in (
            ("replacement", "_create_free_order", ("executing", 1, 0, 0.0)),
            (
                "cash_compensation",
                "_create_due_compensations",
                ("executing", 0, 1, 30.0),
            ),
        ):
            with self.subTest(kind=kind):
                (remedy,) = self.approved(
                    4,
                    kind=kind,
                    goods="keep",
                    **({"amount": 30.0} if kind == "cash_compensation" else {}),
                )
                self.killed_while_executing(remedy, (REMEDY, point), expected)

    def test_killed_receipt_leaves_neither_receipt_nor_exchange(self):
        self.killed_on_receipt(
            self.under_way(4, kind="replacement"),
            (REMEDY, "_create_due_shipments"),
            ("executing", 2, 0, 0.0),
        )

    def test_click_repeated_after_a_crash_makes_no_second_return(self):
        (remedy,) = self.approved(4)
        self.killed_before_it_answered(remedy, EXECUTED)

    def test_killed_receipt_leaves_neither_receipt_nor_credit_note(self):
        for point in (
            (REMEDY, "_note_differences"),
            (REMEDY, "_create_due_credit_notes"),
            "commit",
        ):
            with self.subTest(point=point):
                self.killed_on_receipt(
                    self.under_way(4), point, ("executing", 1, 1, 40.0)
                )

    def test_two_plans_for_more_than_was_delivered(self):
        first, second = self.planned(7, 7)
        with self.session() as env:
            number = env[REMEDY].browse(first).complaint_id.name
        self.only_one_plan_fits(
            first,
            second,
            f"other remedies ({number}) settle 7 of the 10 Units delivered already",
        )
        with self.session() as env:
            self.assertEqual(
                env[REMEDY].browse([first, second]).mapped("state"),
                ["approved", "draft"],
            )

    def test_two_returns_of_more_than_was_delivered(self):
        first, second = self.approved(7, 7, kind="return")
        self.only_one_execution_fits(
            first, second, "sending back, 7 of the 10 Units delivered on"
        )
        self.assertEqual(self.documents(first), EXECUTED)
        self.assertEqual(self.documents(second), ("approved", 0, 0, 0.0))
        with self.session() as env:
            source = env[REMEDY].browse(first).line_ids.complaint_line_id
            self.assertEqual(
                source.move_id._complaint_returned_quantity(source.lot_id), 7.0
            )

    def test_two_refunds_of_one_invoice_at_the_same_moment_fit(self):
        first, second = self.approved(4, 6, goods="keep", when="on_approval")
        early, late = self.processes.start(), self.processes.start()
        self.execute(early, first, stop_at=["commit"]).wait_at("commit")
        self.execute(late, second).wait_blocked()
        self.assertEqual((early.go().result(), late.result()), ((1, None), (2, None)))
        self.assertEqual(self.documents(first), ("executing", 0, 1, 40.0))
        self.assertEqual(self.documents(second), ("executing", 0, 1, 60.0))

    def test_receipt_while_the_officer_executes(self):
        self.receipt_waits_for_execution(self.under_way(4), ("executing", 1, 1, 40.0))

    def test_officer_executes_during_the_receipt(self):
        self.execution_during_receipt_is_told(
            self.under_way(4), ("executing", 1, 1, 40.0)
        )

    def test_receipt_validated_twice_at_the_same_moment(self):
        remedy = self.under_way(4)
        first, second = self.processes.start(), self.processes.start()
        self.receive_in(first, remedy, stop_at=["commit"]).wait_at("commit")
        self.receive_in(second, remedy).wait_blocked()
        self.assertEqual(first.go().result(), (1, None))
        second.result()
        self.assertEqual(self.documents(remedy), ("executing", 1, 1, 40.0))
        with self.session() as env:
            lot = env[REMEDY].browse(remedy).line_ids.lot_id
            location = (
                self.world["warehouse"].with_env(env).complaint_return_location_id
            )
            self.assertEqual(
                lot.quant_ids.filtered(
                    lambda quant: quant.location_id == location
                ).quantity,
                4.0,
            )

    def test_receipt_that_cannot_be_serialized_is_repeated(self):
        """Another remedy on the same invoice was credited meanwhile: that is no failure
        of the credit note.
        """
        remedy, other = self.approved(4, 6, kind="refund")
        warehouse = self.processes.start()
        self.assertEqual(self.execute(warehouse, remedy).result(), (1, None))
        self.receive_in(warehouse, remedy, stop_at=["snapshot"]).wait_at("snapshot")
        self.assertEqual(
            self.execute(self.processes.start(), other).result(), (1, None)
        )
        self.assertEqual(warehouse.go().result(), (2, None))
        self.assertEqual(self.documents(remedy), ("executing", 1, 1, 40.0))
        self.assertFalse(self.failure(remedy))

    def test_two_credit_notes_posted_at_the_same_moment_finish_the_remedy(self):
        remedy = self.under_way(10)
        with self.session() as env:
            self.receive(env[REMEDY].browse(remedy), quantity=3, backorder=True)
            self.receive(env[REMEDY].browse(remedy))
            first, second = env[REMEDY].browse(remedy).credit_note_ids.ids
        early, late = self.processes.start(), self.processes.start()
        self.post(early, first, stop_at=["commit"]).wait_at("commit")
        self.post(late, second).wait_blocked()
        self.assertEqual((early.go().result(), late.result()), ((1, None), (2, None)))
        self.assertEqual(self.documents(remedy), ("done", 1 + 1, 2, 100.0))

    def test_credit_note_posted_while_the_rest_is_received(self):
        remedy = self.under_way(10)
        with self.session() as env:
            self.receive(env[REMEDY].browse(remedy), quantity=3, backorder=True)
            note = env[REMEDY].browse(remedy).credit_note_ids.id
        accountant, warehouse = self.processes.start(), self.processes.start()
        self.post(accountant, note, stop_at=["commit"]).wait_at("commit")
        self.receive_in(warehouse, remedy).wait_blocked()
        self.assertEqual(
            (accountant.go().result(), warehouse.result()), ((1, None), (2, None))
        )
        self.assertEqual(self.documents(remedy), ("executing", 2, 2, 100.0))


@tagged("post_install", "-at_install")
class TestRemedyConcurrencyWithCrons(RemedyRaces):
    """The scheduled actions are one more process among others."""

    CRON = "quality_complaint.ir_cron_retry_credit_notes"
    CREDITED = ("executing", 1, 1, 40.0)

    def test_person_completes_the_documents_while_the_action_does(self):
        remedy = self.with_failed_note()
        cron, officer = self.processes.start(), self.processes.start()
        self.run_cron(cron, self.CRON, stop_at=[(REMEDY, "_try_follow_up")]).wait_at(
            (REMEDY, "_try_follow_up")
        )
        self.assertIn("Somebody else", self.execute(officer, remedy).result()[1])
        self.assertEqual(cron.go().result(), (1, None))
        self.assertEqual(self.execute(officer, remedy).result(), (1, None))
        self.assertEqual(
            (self.documents(remedy), self.failure(remedy)), (self.CREDITED, False)
        )

    def test_action_leaves_alone_what_a_person_completes(self):
        remedy = self.with_failed_note()
        cron, officer = self.processes.start(), self.processes.start()
        self.execute(officer, remedy, stop_at=["commit"]).wait_at("commit")
        self.assertEqual(self.run_cron(cron, self.CRON).result(), (1, None))
        self.assertEqual(officer.go().result(), (1, None))
        self.assertEqual(
            (self.documents(remedy), self.failure(remedy)), (self.CREDITED, False)
        )
        self.assertEqual(self.run_cron(cron, self.CRON).result(), (1, None))
        self.assertEqual(self.documents(remedy), self.CREDITED)

    def test_two_workers_share_the_failed_credit_notes(self):
        remedies = [self.with_failed_note(), self.with_failed_note()]
        first, second = self.processes.start(), self.processes.start()
        with self.session() as env:
            first.run(
                env[REMEDY],
                "_cron_retry_credit_notes",
                stop_at=[(REMEDY, "_try_follow_up")],
            ).wait_at((REMEDY, "_try_follow_up"))
            self.assertEqual(
                second.run(env[REMEDY], "_cron_retry_credit_notes").result(), (1, None)
            )
            self.assertEqual([self.documents(remedy)[2] for remedy in remedies], [0, 1])
        self.assertEqual(first.go().result(), (1, None))
        self.assertEqual(
            [self.documents(remedy) for remedy in remedies], [self.CREDITED] * 2
        )

    def test_killed_action_leaves_no_half_credit_note_and_is_run_again(self):
        remedy = self.with_failed_note()
        for point in ((REMEDY, "_create_due_credit_notes"), (REMEDY, "_try_follow_up")):
            with self.subTest(point=point):
                cron = self.processes.start()
                self.run_cron(cron, self.CRON, stop_at=[point]).wait_at(point)
                cron.kill()
                self.assertEqual(self.documents(remedy), ("executing", 1, 0, 0.0))
                self.assertIn("not a posted invoice", self.failure(remedy))
        self.assertEqual(
            self.run_cron(self.processes.start(), self.CRON).result(), (1, None)
        )
        self.assertEqual(
            (self.documents(remedy), self.failure(remedy)), (self.CREDITED, False)
        )

    def test_races_are_the_same_while_the_action_runs(self):
        failed = self.with_failed_note()
        (clicked,), (stale,), (killed,) = (
            self.approved(4),
            self.approved(4),
            self.approved(4),
        )
        received = self.under_way(4)
        cron, reminders = self.processes.start(), self.processes.start()
        self.run_cron(cron, self.CRON, stop_at=[(REMEDY, "_try_follow_up")]).wait_at(
            (REMEDY, "_try_follow_up")
        )
        self.assertEqual(
            self.run_cron(reminders, "quality_complaint.ir_cron_due").result(),
            (1, None),
        )
        self.one_of_two_executes(clicked, EXECUTED)
        self.stale_click_is_repeated(stale, EXECUTED)
        self.killed_while_executing(killed, (REMEDY, "_create_returns"), EXECUTED)
        self.receipt_waits_for_execution(received, self.CREDITED)
        self.assertEqual(cron.go().result(), (1, None))
        self.assertEqual(
            (self.documents(failed), self.failure(failed)), (self.CREDITED, False)
        )
