import re

from odoo.fields import Command, Domain
from odoo.tests import freeze_time, new_test_user, tagged

from .common import ComplaintCase
from .eight_d.builders import EightDWorld

# how a record, a missing value or a model would look when it leaks into a text
TECHNICAL = re.compile(
    r"\b(?:quality|res|stock|account|sale|product)\.[a-z_.]+[(,]|NewId|\bFalse\b|\bNone\b|<odoo\.|^[:·,→⟳ ]|[:·,→⟳] *$"  # noqa: E501
)
OWN = ("quality.complaint", "quality.8d")
# marks of other languages between Chinese words
FOREIGN_MARK = re.compile(r"[\u4e00-\u9fff)）”] ?[,;] ?|[,;:] ?[\u4e00-\u9fff]")


@tagged("post_install", "-at_install")
class TestPlainWords(EightDWorld, ComplaintCase):
    """No screen shows technical text: not for an empty record, not for one with nothing
    due, not for one that is half filled in.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def own_models(self):
        return [
            self.env[name]
            for name in sorted(self.env.registry)
            if name.startswith(OWN) and not self.env[name]._abstract
        ]

    def assertPlain(self, text, where):
        if isinstance(text, str):
            self.assertNotRegex(re.sub(r"<[^>]*>", "", text), TECHNICAL, where)

    def texts(self, record):
        """Computed texts of a record, by field."""
        names = [
            "display_name",
            *(
                name
                for name, field in record._fields.items()
                if field.type in ("char", "text")
                and (field.compute or field.related)
                and not name.startswith(("access_", "message_", "activity_"))
            ),
        ]
        return {name: record[name] for name in names}

    def test_empty_records_show_no_technical_text(self):
        for model in self.own_models():
            for name, text in self.texts(model.new({})).items():
                self.assertPlain(text, f"{model._name}.{name}")

    def test_records_show_no_technical_text(self):
        lot = self.make_lot("PLAIN-1", quantity=10)
        self.sell({lot: 5})
        complaint, remedy = self.executed(lot, "refund", 2)
        self.inspect(self.receive(remedy))
        self.tell(complaint)
        report = self.start(complaint)
        self.fill(report, "D2")
        self.make_complaint(partner_id=self.customer.id, register=False)
        self.make_complaint(lot_ref="PLAIN-1")
        for model in self.own_models():
            model = model.with_context(active_test=False, lang="zh_CN")
            for record in model.search([], limit=40):
                english = record.with_context(lang="en_US")
                for name, text in self.texts(english).items():
                    self.assertPlain(text, f"{record}.{name}: {text}")
                for name, text in self.texts(record).items():
                    if isinstance(text, str) and not record._fields[name].store:
                        self.assertNotRegex(text, FOREIGN_MARK, f"{record}.{name}")

    def test_complaint_without_running_deadline_says_nothing(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        self.assertIn("left", complaint.next_due_text)
        complaint.action_cancel("mistake", "Entered twice")
        self.assertEqual(
            (complaint.next_due_text, complaint.next_deadline), (False, False)
        )


@tagged("post_install", "-at_install")
class TestDeadlinesAreTold(EightDWorld, ComplaintCase):
    """Work ‣ Deadlines never says that nothing is due while something is overdue for
    that person or their company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def help(self, user, name="action_deadline"):
        # in superuser mode, as the web client loads actions
        return str(
            self.env.ref(f"quality_complaint.{name}")
            .with_user(user)
            .sudo()
            .read(["help", "context", "res_model"])[0]["help"]
        )

    def test_nothing_is_due_is_said_when_nothing_runs(self):
        self.assertIn("Nothing is due", self.help(self.handler))

    def test_running_deadlines_of_others_are_no_reason_to_say_nothing_is_due(self):
        self.make_complaint(user=self.officer, partner_id=self.customer.id)
        self.assertNotIn("Nothing is due", self.help(self.handler))
        self.assertNotIn(
            "Nothing is due", self.help(self.officer, "action_deadline_all")
        )

    def test_overdue_work_is_named_whoever_does_it(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.make_complaint(
                user=self.officer, partner_id=self.customer.id
            )
        with freeze_time("2026-05-04 09:00:00"):
            late = len(complaint.sudo().limit_deadline_ids.filtered("is_overdue"))
            self.assertGreater(late, 0)
            self.assertIn(f"All Deadlines: {late} overdue", self.help(self.officer))
            text = self.help(self.handler)
            self.assertIn(f"for others to do: {late}", text)
            self.assertNotIn("Nothing is due", text)
            self.assertNotIn("QC/", text)

    def test_overdue_work_that_is_no_deadline_of_a_complaint_counts(self):
        with freeze_time("2026-03-02 09:00:00"):
            lot = self.make_lot("DUE-1", quantity=5)
            self.sell({lot: 2})
            report = self.start(self.make_complaint(lot_ref="DUE-1"))
        with freeze_time("2026-06-01 09:00:00"):
            late = len(report.step_ids.filtered("is_overdue"))
            self.assertGreater(late, 0)
            self.assertIn(f"{late} overdue", self.help(self.engineer))
            self.assertIn(
                "/odoo/action-quality_complaint.action_8d", self.help(self.engineer)
            )

    def test_passed_date_of_the_customer_counts(self):
        with freeze_time("2026-03-02 09:00:00"):
            self.make_complaint(
                user=self.officer,
                partner_id=self.customer.id,
                customer_due_on="2026-03-03 09:00:00",
            )
        with freeze_time("2026-03-03 09:30:00"):
            self.assertIn("Complaints: 1 overdue", self.help(self.officer))

    def test_manager_without_a_team_sees_the_deadlines_of_all(self):
        complaint = self.make_complaint(
            user=self.officer, partner_id=self.customer.id
        ).sudo()
        manager = new_test_user(
            self.env,
            "looks-after-all",
            "quality_complaint.group_quality_complaint_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        deadlines = self.env["quality.complaint.deadline"].with_user(manager)
        mine = Domain("is_team_mine", "=", True)
        own = Domain("complaint_id", "=", complaint.id)
        self.assertEqual(deadlines.search(mine & own), complaint.deadline_ids)
        team = self.env["quality.complaint.team"].create(
            {
                "name": "Elsewhere",
                "company_id": self.company.id,
                "leader_id": manager.id,
            }
        )
        self.assertFalse(deadlines.search(mine & own))
        complaint.team_id = team
        found = deadlines.search(mine & own)
        self.assertEqual(found, complaint.deadline_ids)
        self.assertEqual(set(found.mapped("is_team_mine")), {True})

    def test_own_deadlines_are_shown_beside_those_of_the_team(self):
        context = self.env.ref("quality_complaint.action_deadline").context
        self.assertIn("'search_default_mine': 1", context)
        self.assertIn("'search_default_my_team': 1", context)
