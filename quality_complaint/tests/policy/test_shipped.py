import copy
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools.convert import convert_file
from odoo.tools.misc import file_path

from ...models.policy.shipped import EARLIER
from ...tools.shipped_data import read_shipped, read_snapshot, write_snapshot
from ..common import ComplaintCase

LETTER, STEP, WORDS = (
    "quality_complaint.mail_template_acknowledgement",
    "quality_complaint.milestone_responded",
    "quality_complaint.term_crack",
)
OLD_BODY = {
    "en_US": "<p>Dear customer, thank you &amp; goodbye.</p>",
    "zh_CN": "<p>尊敬的客户，谢谢。</p>",
}


class ShippedCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.service = cls.env["quality.complaint.shipped"]
        cls.now = read_shipped(cls.env)
        # records of the test database may be as an earlier run of it left them
        for name in (LETTER, STEP, WORDS):
            values, texts = cls.now[name]["values"], cls.now[name]["texts"]
            cls.set_to(
                name,
                {
                    field: value
                    for field, value in values.items()
                    if isinstance(value, str) and field != "model_id"
                },
                texts,
            )

    def setUp(self):
        super().setUp()
        self.before = copy.deepcopy(self.now)

    @classmethod
    def set_to(cls, name, values, texts=None):
        """A shipped record as another version had it, in English and Chinese."""
        row = cls.env.ref(name).with_context(lang="en_US", install_mode=True)
        for field, value in values.items():
            if not getattr(row._fields[field], "fixed", False):  # codes never change
                row.write({field: value})
            chinese = (texts or {}).get("zh_CN", {}).get(field)
            if chinese and row._fields[field].translate:
                cls.service._replace(
                    row,
                    field,
                    {"values": {}, "texts": {}},
                    {"values": {field: value}, "texts": {"zh_CN": {field: chinese}}},
                )

    def shipped_before(self, name, /, **values):
        """The version before had other values: in the snapshot and in the database.

        :param values: field → text, or {language: text}
        """
        for field, value in values.items():
            english, chinese = (
                (value["en_US"], value["zh_CN"])
                if isinstance(value, dict)
                else (value, None)
            )
            self.before[name]["values"][field] = english
            if chinese:
                self.before[name]["texts"].setdefault("zh_CN", {})[field] = chinese
            self.set_to(name, {field: english}, {"zh_CN": {field: chinese}})

    def text(self, name, field, lang):
        return self.env.ref(name).with_context(lang=lang)[field]

    def words(self, name, field, lang):
        return str(self.text(name, field, lang)).split()

    def bring_up(self):
        self.service._bring_up(self.before)

    def told(self, name):
        row = self.env.ref(name)
        return self.env["mail.activity"].search(
            [
                ("note", "like", f'data-oe-id="{row.id}"'),
                ("note", "like", f'data-oe-model="{row._name}"'),
            ]
        )


@tagged("post_install", "-at_install")
class TestShippedRecords(ShippedCase):
    """An update brings what is shipped to every record nobody changed, in all
    languages; what somebody changed is kept and its manager told.
    """

    def test_untouched_letter_is_replaced_in_every_language(self):
        self.shipped_before(
            LETTER,
            body_html=OLD_BODY,
            subject={"en_US": "Old subject", "zh_CN": "旧标题"},
        )
        self.bring_up()
        shipped = self.now[LETTER]
        for field in ("subject", "body_html"):
            self.assertEqual(
                self.words(LETTER, field, "en_US"), shipped["values"][field].split()
            )
            self.assertEqual(
                self.words(LETTER, field, "zh_CN"),
                shipped["texts"]["zh_CN"][field].split(),
            )
        self.assertFalse(self.told(LETTER))

    def test_edited_letter_is_kept_and_the_manager_sees_both_texts_once(self):
        self.shipped_before(LETTER, body_html=OLD_BODY)
        self.env.ref(LETTER).body_html = "<p>Our own <b>words</b> &lt;script&gt;</p>"
        self.bring_up()
        self.bring_up()
        self.assertEqual(
            self.text(LETTER, "body_html", "en_US"),
            "<p>Our own <b>words</b> &lt;script&gt;</p>",
        )
        activity = self.told(LETTER)
        self.assertEqual(activity.user_id, self.service._managers())
        self.assertEqual(len(activity), len(activity.user_id))
        self.assertIn("Our own", activity[0].note)
        self.assertIn("&lt;script&gt;", activity[0].note)
        self.assertIn("Thank you for telling us.", activity[0].note)

    def test_letter_edited_in_chinese_only_is_kept_in_both_languages(self):
        self.shipped_before(LETTER, subject={"en_US": "Old subject", "zh_CN": "旧标题"})
        self.env.ref(LETTER).with_context(lang="zh_CN").subject = "我们的标题"
        self.bring_up()
        self.assertEqual(
            (
                self.text(LETTER, "subject", "en_US"),
                self.text(LETTER, "subject", "zh_CN"),
            ),
            ("Old subject", "我们的标题"),
        )
        self.assertTrue(self.told(LETTER))

    def test_corrected_translation_alone_reaches_the_record(self):
        shipped = self.now[STEP]
        self.before[STEP]["texts"]["zh_CN"]["name"] = "旧译"
        self.env.ref(STEP).with_context(lang="zh_CN").name = "旧译"
        self.bring_up()
        self.assertEqual(
            self.text(STEP, "name", "zh_CN"), shipped["texts"]["zh_CN"]["name"]
        )
        self.assertEqual(self.text(STEP, "name", "en_US"), shipped["values"]["name"])

    def test_translation_that_is_no_longer_shipped_falls_back_to_english(self):
        self.shipped_before(WORDS, name={"en_US": "Old crack", "zh_CN": "旧裂纹"})
        row = self.env.ref(WORDS).with_context(lang="en_US")
        self.service.with_context(lang="en_US")._replace(
            row, "name", self.before[WORDS], {**self.now[WORDS], "texts": {}}
        )
        self.assertEqual(
            self.text(WORDS, "name", "zh_CN"), self.now[WORDS]["values"]["name"]
        )

    def test_other_languages_of_the_company_stay(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.shipped_before(STEP, name={"en_US": "Old step", "zh_CN": "旧步骤"})
        self.env.ref(STEP).with_context(lang="de_DE").name = "Eigener Schritt"
        self.bring_up()
        self.assertEqual(
            self.text(STEP, "name", "en_US"), self.now[STEP]["values"]["name"]
        )
        self.assertEqual(self.text(STEP, "name", "de_DE"), "Eigener Schritt")

    def test_edit_of_what_the_update_does_not_change_stays_without_a_word(self):
        self.shipped_before(LETTER, subject={"en_US": "Old subject", "zh_CN": "旧标题"})
        self.env.ref(LETTER).body_html = "<p>Our own</p>"
        self.bring_up()
        self.assertEqual(
            self.text(LETTER, "subject", "en_US"), self.now[LETTER]["values"]["subject"]
        )
        self.assertEqual(self.text(LETTER, "body_html", "en_US"), "<p>Our own</p>")
        self.assertFalse(self.told(LETTER))

    def test_archived_and_reordered_records_get_the_new_words_and_stay_archived(self):
        self.shipped_before(WORDS, words="crack*, old")
        self.env.ref(WORDS).active = False
        self.bring_up()
        self.assertEqual(
            self.words(WORDS, "words", "en_US"),
            self.now[WORDS]["values"]["words"].split(),
        )
        self.assertFalse(self.env.ref(WORDS).active)

    def test_every_company_has_its_manager_told_and_the_administrator_where_there_is_none(  # noqa: E501
        self,
    ):
        admin = self.env.ref("base.user_admin")
        own = self.manager
        self.assertIn(own, self.service._managers())
        self.env["res.company"].create({"name": "Nobody's Works"})
        self.assertIn(admin, self.service._managers())

    def test_snapshot_file_keeps_everything(self):
        with TemporaryDirectory() as folder:
            path = Path(folder, "shipped.jsonl")
            write_snapshot(self.now, path, "made by a test")
            self.assertEqual(read_snapshot(path), self.now)
            self.assertEqual(
                path.read_text(encoding="utf-8").splitlines()[0], "# made by a test"
            )


@tagged("post_install", "-at_install")
class TestShippedPolicies(ShippedCase):
    """A policy is shipped anew: untouched and unused it is replaced, else a version
    that is not in force waits for a manager.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script(
            file_path(
                "quality_complaint/migrations/19.0.1.6.0/pre-shipped-policies.py"
            ),
            "pre-shipped-policies",
        )
        # as a new database has it: that of the test database may be older than the data
        # file
        cls.load_anew()
        cls.env["ir.model.data"].search(
            [("module", "=", "quality_complaint"), ("name", "=like", "%\\_\\_v%")]
        ).filtered(lambda row: EARLIER.search(row.name)).unlink()
        cls.old = cls.env.ref("quality_complaint.policy_r3").with_context(lang="en_US")
        cls.old.active = True

    @classmethod
    def load_anew(cls):
        """Room is made for all policies; of one the data file is loaded, the others
        keep their place.
        """
        cls.env.flush_all()
        cls.script.migrate(cls.env.cr, "19.0.1.5.0")
        cls.env.cr.execute(
            r"""
            UPDATE ir_model_data SET name = regexp_replace(name, '__v[0-9]+$', '')
            WHERE module LIKE 'quality\_complaint%' AND name ~ '__v[0-9]+$' AND name !~ '_r3(_|$)'
            """  # noqa: E501
        )
        cls.env.invalidate_all()
        cls.env.registry.clear_cache()
        convert_file(
            cls.env(context={**cls.env.context, "install_mode": True}),
            "quality_complaint",
            "data/policies/r3_food.xml",
            {},
            mode="update",
        )

    def shipped_otherwise(self):
        """The version before had other figures, one row more and one less."""
        severity = self.old.severity_ids.sorted("rank")[-1].with_context(
            install_mode=True
        )
        name = severity.get_external_id()[severity.id]
        severity.score = -7
        self.before[name]["values"]["score"] = -7.0
        limit = self.old.limit_ids[-1]
        del self.before[limit.get_external_id()[limit.id]]
        limit.unlink()
        return severity

    def update(self):
        """What an update does: make room, load the data files, decide."""
        self.load_anew()
        self.bring_up()

    def versions(self, policy):
        return policy.with_context(active_test=False).search(
            [("code", "=", policy.code), ("id", ">=", self.old.id)], order="version"
        )

    def test_unchanged_policy_stays_the_same_record_with_its_external_ids(self):
        rows = {table: self.old[table].ids for table in self.old._tables()}
        names = self.old.limit_ids.get_external_id()
        self.update()
        self.assertEqual(self.versions(self.old), self.old)
        self.assertEqual(
            {table: self.old[table].ids for table in self.old._tables()}, rows
        )
        self.assertEqual(self.old.limit_ids.get_external_id(), names)
        self.assertEqual(self.env.ref("quality_complaint.policy_r3"), self.old)

    def test_unused_and_untouched_policy_is_replaced_in_place(self):
        severity = self.shipped_otherwise()
        score, limits = (
            self.now[severity.get_external_id()[severity.id]]["values"].get("score", 0),
            len(self.old.limit_ids),
        )
        code = severity.code
        self.update()
        self.assertEqual(self.versions(self.old), self.old)
        self.assertEqual(self.env.ref("quality_complaint.policy_r3"), self.old)
        self.assertEqual(
            self.old.severity_ids.filtered(lambda row: row.code == code).score, score
        )
        self.assertEqual(len(self.old.limit_ids), limits + 1)
        self.assertTrue(self.old.active)
        self.assertFalse(self.old.activity_ids)

    def test_policy_in_use_gets_a_version_that_waits_with_its_differences_in_words(
        self,
    ):
        severity = self.shipped_otherwise()
        self.company.complaint_policy_id = self.old
        complaint = self.make_complaint(partner_id=self.customer.id)
        clocks = [
            (row.limit_id, row.due_on) for row in complaint.deadline_ids.sorted("id")
        ]
        self.update()
        new = self.versions(self.old) - self.old
        self.assertEqual(
            (new.version, new.active, new.previous_id),
            (self.old.version + 1, False, self.old),
        )
        self.assertEqual(
            (complaint.policy_id, self.company.complaint_policy_id),
            (self.old, self.old),
        )
        self.assertEqual(
            [(row.limit_id, row.due_on) for row in complaint.deadline_ids.sorted("id")],
            clocks,
        )
        self.assertEqual(severity.score, -7)
        self.assertEqual(self.env.ref("quality_complaint.policy_r3"), new)
        self.assertEqual(len(new.limit_ids), len(self.old.limit_ids) + 1)
        differences = new._differences_from(self.old)
        points = new.severity_ids.filtered(lambda row: row.code == severity.code).score
        self.assertIn(
            f"Severities, “{severity.name}”: Points: {points:.12g} (before: -7)",
            differences,
        )
        self.assertTrue(
            any(line.startswith("Time Limits: added") for line in differences),
            differences,
        )
        activity = new.activity_ids
        self.assertEqual(
            (activity.user_id, len(activity)),
            (self.service._managers(), len(self.service._managers())),
        )
        self.assertIn("(before: -7)", activity[0].note)
        self.assertIn("(before: -7)", new.message_ids[:1].body)
        self.bring_up()
        self.assertEqual(
            (self.versions(self.old), new.activity_ids), (self.old | new, activity)
        )

    def test_edited_policy_is_kept_beside_the_new_version(self):
        self.shipped_otherwise()
        self.old.retention_years = 9
        self.update()
        new = self.versions(self.old) - self.old
        self.assertEqual(
            (self.old.retention_years, new.active, new.previous_id),
            (9, False, self.old),
        )

    def test_later_version_of_the_company_is_the_one_that_is_compared(self):
        self.shipped_otherwise()
        own = self.old.browse(
            self.old.with_context(active_test=False).action_new_version()["res_id"]
        )
        own.action_put_into_force()
        self.update()
        new = self.versions(self.old) - self.old - own
        self.assertEqual(
            (new.version, new.previous_id, own.active), (own.version + 1, own, True)
        )

    def test_further_policy_of_a_code_is_its_next_version(self):
        self.assertEqual(
            self.old.create({"name": "Again", "code": self.old.code}).version,
            self.old.version + 1,
        )
        self.assertEqual(
            self.old.create({"name": "Other", "code": "NEW-CODE"}).version, 1
        )
