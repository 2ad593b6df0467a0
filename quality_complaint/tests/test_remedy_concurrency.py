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
        for point in ((REMEDY, "_lock"), (REMEDY, "_create_returns"), (REMEDY, "_sync_state"), "commit"):
            with self.subTest(point=point):
                (remedy,) = self.approved(4)
                self.killed_while_executing(remedy, point, EXECUTED)

    def test_killed_process_leaves_no_half_credit_note(self):
        (remedy,) = self.approved(4, goods="keep", when="on_approval")
        self.killed_while_executing(remedy, (REMEDY, "_create_due_credit_notes"), ("executing", 0, 1, 40.0))

    def test_click_repeated_after_a_crash_makes_no_second_return(self):
        (remedy,) = self.approved(4)
        self.killed_before_it_answered(remedy, EXECUTED)

    def test_killed_receipt_leaves_neither_receipt_nor_credit_note(self):
        for point in ((REMEDY, "_note_differences"), (REMEDY, "_create_due_credit_notes"), "commit"):
            with self.subTest(point=point):
                self.killed_on_receipt(self.under_way(4), point, ("executing", 1, 1, 40.0))
