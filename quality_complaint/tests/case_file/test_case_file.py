import re
import unicodedata
import zipfile
from io import BytesIO

from markupsafe import Markup
from PIL import Image
from pypdf import PdfReader, PdfWriter

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ...tools.moments import printed_day
from ..forms.test_slips import FormWorld

# what the customer said himself, or was told on a form
TOLD = {
    "quality.complaint": {
        "name",
        "complainant",
        "email",
        "phone",
        "customer_ref",
        "description",
        "usage_scene",
        "demand_note",
        "access_token",
        "severity_code",
    },
    "quality.complaint.remedy": {
        "instruction",
        "agreement_signed_by",
        "payment_method",
        "imbalance_told",
        "imbalance_accepted",
    },
    "quality.complaint.deadline": {"milestone_code", "source_model"},
}
RADICALS = str.maketrans("⻚⻅", "页见")
INTERNAL = (
    "quality.complaint",
    *(
        f"quality.complaint.{name}"
        for name in (
            "investigation",
            "approval",
            "revisit",
            "deadline",
            "inspection",
            "remedy",
        )
    ),
)


def picture(size=(400, 300), color="red", exif=None):
    stream = BytesIO()
    Image.new("RGB", size, color).save(
        stream, "JPEG", **({"exif": exif} if exif else {})
    )
    return stream.getvalue()


def document(pages=1, password=None):
    writer, stream = PdfWriter(), BytesIO()
    for _number in range(pages):
        writer.add_blank_page(width=300, height=500)
    if password:
        writer.encrypt(password)
    writer.write(stream)
    return stream.getvalue()


class CaseFileWorld(FormWorld):
    """A complaint with everything a file can hold."""

    @classmethod
    def build_case(cls):
        cls.build_forms()
        cls.complaint, cls.remedy = cls.executed(
            cls.lot, quantity=4, instruction="Leave it on the pallet"
        )
        cls.complaint.write(
            {
                "customer_ref": "NM-88",
                "usage_scene": "Stamping press",
                "internal_note": "<p>Our own view</p>",
            }
        )
        cls.picking = cls.receive(cls.remedy)
        cls.inspection = cls.inspect(cls.picking)
        cls.inspection.write({"condition": "used", "note": "Wrapping opened"})
        cls.remedy.credit_note_ids.action_post()
        cls.reply = cls.tell(
            cls.complaint,
            method="written",
            send_as="letter",
            subject="Our answer",
            body="<p>We refund four units.</p>",
        )
        cls.reply.answer_note = "Thank you, agreed"
        cls.reply.action_accepted()
        cls.env["quality.complaint.extension"].flush_model()

    @classmethod
    def attach(cls, record, name, raw, mimetype=None):
        file = cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": record._name,
                "res_id": record.id,
                **({"mimetype": mimetype} if mimetype else {}),
            }
        )
        record.attachment_ids = [Command.link(file.id)]
        return file

    def texts(self, pdf):
        """Of each page; characters the font shares with radicals read as what
        they are.
        """
        return [
            unicodedata.normalize("NFKC", page.extract_text()).translate(RADICALS)
            for page in PdfReader(BytesIO(pdf)).pages
        ]

    def case_file(self, audience="full", form="pdf", complaints=None, user=None):
        name, content = (
            (complaints or self.complaint)
            .with_user(user or self.env.user)
            ._make_case_file(audience, form)
        )
        return name, content


@tagged("post_install", "-at_install")
class TestCaseFile(CaseFileWorld, HttpCase):
    """One file holds all that belongs to a complaint, in order, with contents and page
    numbers that are right.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-11-23 09:30:00"):
            cls.build_case()
            cls.attach(cls.complaint, "crack.jpg", picture())
            exif = Image.Exif()
            exif[0x0112] = 6  # held upright
            cls.attach(cls.inspection, "裂纹.jpg", picture((4000, 2000), "blue", exif))
            cls.attach(cls.complaint, "drawing.pdf", document(3))
            cls.attach(cls.complaint, "locked.pdf", document(1, "secret"))
            cls.attach(cls.complaint, "broken.pdf", b"%PDF-1.4 nonsense")
            cls.attach(cls.complaint, "notes.txt", b"Measured twice")
            cls.env.flush_all()

    def outline(self, reader):
        """:return: list of (title, page from 1), entries after their part"""
        flat, pages = [], [page.indirect_reference for page in reader.pages]

        def walk(marks):
            for mark in marks:
                if isinstance(mark, list):
                    walk(mark)
                else:
                    flat.append(
                        (
                            unicodedata.normalize("NFKC", mark.title),
                            pages.index(mark.page.indirect_reference) + 1,
                        )
                    )

        walk(reader.outline)
        return flat

    @mute_logger("pypdf._reader")
    def test_full_file_has_contents_with_the_right_pages(self):
        with freeze_time("2026-11-23 10:00:00"):
            name, pdf = self.case_file()
        self.assertEqual(name, f"{self.complaint.name.replace('/', '-')}.pdf")
        reader, texts = PdfReader(BytesIO(pdf)), self.texts(pdf)
        total = len(texts)
        for number, text in enumerate(texts, 1):
            self.assertRegex(
                text, rf"{self.complaint.name} · Page 页码 {number}/{total}"
            )
        marks = self.outline(reader)
        titles = [title for title, _page in marks]
        expected = [
            "Contents",
            "Complaint Registration and Handling Form",
            "Investigation Report",
            "Steps, time limits and extensions",
            "Replies and answers",
            "Letters to the customer",
            "Remedies and documents",
            "Return slips",
            "Credit notes",
            "Returns and deliveries",
            "Inspections of returned goods",
            "Photos",
            "crack.jpg",
            "裂纹.jpg",
            "Documents",
            "drawing.pdf",
        ]
        self.assertEqual(len(titles), len(expected), titles)
        for title, start in zip(titles, expected, strict=True):
            self.assertTrue(title.startswith(start), titles)
        contents, joined = re.sub(r"\s+", " ", texts[0]), re.sub(r"\s+", "", texts[0])
        day = re.sub(
            r"\s+",
            "",
            printed_day(self.env, self.complaint.attachment_ids[:1].create_date),
        )
        for title, page in marks[1:]:
            between = rf"[^.]*?{day}" if title.endswith(("jpg", "pdf")) else ""
            self.assertRegex(
                joined, re.escape("".join(title.split())) + between + str(page)
            )
        self.assertAll(
            [
                "Copper Works",
                "Northwind Motors",
                "Copper strip (S-1)",
                "Nov 23, 2026, 10:00 AM",
                "投诉编号",
                "Audit and court",
                "none 无",
                "locked.pdf",
                "notes.txt",
            ],
            contents,
        )
        pages = dict(marks)
        self.assertIn(self.remedy.credit_note_ids.name, texts[pages[titles[8]] - 1])
        self.assertIn("We refund four units.", texts[pages[titles[5]] - 1])
        self.assertIn("Scratches on the inner coil", texts[pages[titles[2]] - 1])
        self.assertIn("Wrapping opened", texts[pages[titles[10]] - 1])
        # each photo is one page, upright and not larger than needed; a PDF is appended
        # page by page
        sizes = [
            reader.pages[pages[photo] - 1].images[0].image.size
            for photo in ("crack.jpg", "裂纹.jpg")
        ]
        self.assertEqual(sizes, [(400, 300), (800, 1600)])
        self.assertEqual(total, pages["drawing.pdf"] + 2)
        self.assertEqual(
            [
                float(reader.pages[total - 1].mediabox.width),
                float(reader.pages[total - 1].mediabox.height),
            ],
            [300.0, 500.0],
        )
        self.assertNotIn("Our own view", "\n".join(texts))

    @mute_logger("pypdf._reader")
    def test_archive_holds_the_parts_and_the_originals(self):
        self.attach(self.complaint, "crack.jpg", picture(color="green"))
        name, content = self.case_file(form="zip")
        self.assertTrue(name.endswith(".zip"))
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            self.assertEqual(
                names[:3],
                [
                    "00_contents.pdf",
                    "01_Complaint_Registration_and_Handling_Form.pdf",
                    "02_Investigation_Report.pdf",
                ],
            )
            files = [name for name in names if name.startswith("attachments/")]
            self.assertEqual(
                sorted(files),
                sorted(
                    f"attachments/{name}"
                    for name in (
                        "crack.jpg",
                        "crack (2).jpg",
                        "裂纹.jpg",
                        "drawing.pdf",
                        "locked.pdf",
                        "broken.pdf",
                        "notes.txt",
                    )
                ),
            )
            self.assertEqual(
                archive.read("attachments/broken.pdf"), b"%PDF-1.4 nonsense"
            )
            # page numbers run on from file to file
            self.assertRegex(
                self.texts(
                    archive.read("01_Complaint_Registration_and_Handling_Form.pdf")
                )[0],
                r"Page 页码 2/\d+",
            )

    def fill_with_secrets(self):
        """“SECRET” in every text field the customer neither wrote nor was told."""
        records = [
            self.complaint,
            self.complaint.investigation_ids,
            self.complaint.revisit_ids,
            self.complaint.deadline_ids,
            self.inspection,
            self.remedy,
            self.env["quality.complaint.approval"].create(
                {
                    "complaint_id": self.complaint.id,
                    "subject": "plan",
                    "role_id": self.env["quality.complaint.role"]
                    .search([], limit=1)
                    .id,
                    "requested_by_id": self.env.uid,
                    "requested_on": "2026-11-23 09:00:00",
                    "state": "approved",
                }
            ),
        ]
        self.assertEqual({record._name for record in records}, set(INTERNAL))
        for group in records:
            self.assertTrue(group, group._name)
            names = {
                name
                for name, field in group._fields.items()
                if field.store
                and field.type in ("char", "text", "html")
                and not field.related
                and name not in TOLD.get(group._name, ())
            }
            self.assertTrue(names or group._name == "quality.complaint.deadline")
            for record in group:
                self.complaint._put(record, dict.fromkeys(names, "SECRET"))
        self.attach(self.complaint, "SECRET.pdf", document())
        self.attach(self.complaint.investigation_ids, "SECRET.jpg", picture())
        self.reply._advance(
            {
                "attachment_ids": [
                    Command.link(
                        self.attach(self.complaint, "offer.pdf", document()).id
                    )
                ]
            }
        )
        self.reply._advance(
            {
                "evidence_ids": [
                    Command.link(
                        self.attach(self.complaint, "SECRET call.pdf", document()).id
                    )
                ]
            }
        )
        stranger = self.reply.copy(
            {"recipient_id": self.distributor.id, "subject": "SECRET stranger"}
        )
        stranger._advance({"state": "sent", "sent_on": "2026-11-23 09:40:00"})
        self.complaint.message_post(body=Markup("SECRET"))
        self.complaint.reply_ids.create(
            {
                "complaint_id": self.complaint.id,
                "kind": "progress",
                "subject": "SECRET draft",
                "body": "<p>SECRET</p>",
            }
        )
        self.complaint.cause_id.name = self.complaint.responsible_id.name = "SECRET"

    def test_nothing_internal_is_in_the_customers_copy(self):
        self.fill_with_secrets()
        self.complaint.write(
            {
                "description": "Scratched by the press",
                "demand": "return",
                "demand_note": "Quickly",
                "contact_name": "Jo Hart",
                "address": "5 Nanjing Road",
                "fax": "+44 20 7946 0001",
                "place": "Press 4, hall B",
            }
        )
        self.env.invalidate_all()
        _name, content = self.case_file("customer", "zip")
        with zipfile.ZipFile(BytesIO(content)) as archive:
            texts = {
                name: "\n".join(self.texts(archive.read(name)))
                for name in archive.namelist()
                if name.endswith(".pdf")
            }
        self.assertEqual(
            [name for name in texts if name.startswith("attachments/")],
            ["attachments/offer.pdf"],
        )
        text = "\n".join([*texts, *texts.values()])
        self.assertNotIn("SECRET", text)
        for internal in (
            "Mona",
            "Wrapping opened",
            "Scratches on the inner coil",
            "Time limits",
            "Approvals",
            "crack.jpg",
            "Used 已使用",
        ):
            self.assertNotIn(internal, text)
        self.assertAll(
            [
                "NM-88",
                "Stamping press",
                "Scratched by the press",
                "Quickly",
                "Jo Hart",
                "5 Nanjing Road",
                "Press 4, hall B",
                "We refund four units.",
                "Thank you, agreed",
                "Leave it on the pallet",
                self.remedy.credit_note_ids.name,
                self.picking.name,
                "offer.pdf",
            ],
            text,
        )

    def test_who_makes_a_case_file(self):
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.complaint.with_user(self.officer).action_open_case_file()
        self.assertEqual(wizard["res_model"], "quality.complaint.case.file")
        own = self.complaint.with_user(self.handler)
        own.sudo().user_id = self.handler
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(AccessError, "complaint officers"):
            own.action_open_case_file()
        with self.assertRaisesRegex(AccessError, "complaint officers"):
            own._make_case_file()
        foreign = self.complaint.with_user(self.foreigner).with_context(
            allowed_company_ids=self.foreigner.company_ids.ids
        )
        for call in (foreign.action_open_case_file, foreign._make_case_file):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                call()
        self.refused_abroad("quality_complaint.action_report_case_file", self.complaint)
        # its pages are not to be had by their address
        with self.assertRaisesRegex(AccessError, "printed with it"):
            self.html(
                "quality_complaint.action_report_case_file",
                self.complaint.with_user(self.officer),
            )
        with self.assertRaisesRegex(UserError, "register it first"):
            self.make_complaint(
                register=False, partner_id=self.customer.id
            ).action_open_case_file()


@tagged("post_install", "-at_install")
class TestSmallCaseFiles(CaseFileWorld, HttpCase):
    """Files of complaints with little in them; several at once; copies that are
    kept.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_forms()
        cls.complaint = cls.make_complaint(partner_id=cls.customer.id)

    def test_contents_of_two_pages_count_themselves(self):
        for number in range(70):
            self.attach(
                self.complaint, f"measures {number:02d}.csv", b"1;2;3", "text/csv"
            )
        _name, pdf = self.case_file()
        texts = self.texts(pdf)
        contents = next(
            number
            for number, text in enumerate(texts)
            if "Complaint Registration and Handling Form" in text
            and "1. Receipt" in text
        )
        self.assertGreater(contents, 1)
        self.assertRegex(
            re.sub(r"\s+", " ", texts[0]),
            rf"Complaint Registration and Handling Form \S+ {contents + 1}\b",
        )
        self.assertIn("measures 69.csv", "\n".join(texts[:contents]))

    def test_language_of_the_file_follows_the_policy(self):
        policy = self.complaint.policy_id.copy({"active": True})
        policy.form_ids.filtered(lambda form: form.code == "case_file").write(
            {"language": "zh_CN", "document_number": "QR-CF-01"}
        )
        policy.action_move_running()
        text = "\n".join(self.texts(self.case_file("customer")[1]))
        self.assertAll(["投诉编号", "页码 1/2", "QR-CF-01", "Northwind Motors"], text)
        self.assertNotIn("Complaint No.", text)

    def test_a_kept_copy_is_no_part_of_the_next_file(self):
        wizard = self.env["quality.complaint.case.file"].with_user(self.officer)
        wizard = wizard.create(
            {"complaint_ids": [Command.set(self.complaint.ids)], "keep": True}
        )
        self.assertEqual((wizard.audience, wizard.format), ("full", "pdf"))
        action = wizard.action_make()
        name = f"{self.complaint.name.replace('/', '-')}.pdf"
        self.assertEqual(
            action["url"],
            f"/web/content/quality.complaint.case.file/{wizard.id}/file/{name}?download=true",
        )
        self.authenticate("qc_officer", "qc_officer")
        response = self.url_open(action["url"])
        self.assertEqual((response.status_code, response.content[:5]), (200, b"%PDF-"))
        kept = self.complaint.case_file_ids
        self.assertEqual(
            (kept.name, kept.mimetype, kept.res_model, kept.res_id),
            (name, "application/pdf", "quality.complaint", self.complaint.id),
        )
        note = self.complaint.message_ids[0]
        self.assertIn(
            f'<a href="/web/content/{kept.id}?download=true">{name}</a>', note.body
        )
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(
            self.complaint.with_user(self.officer).case_file_ids.read(["name"]),
            [{"id": kept.id, "name": name}],
        )
        # whoever recorded the complaint reads it, not its file
        self.complaint._advance({"reported_by_id": self.employee.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.complaint.with_user(self.employee).has_access("read"))
        for user in (self.employee, self.handler):
            with self.assertRaises(AccessError):
                kept.with_user(user).check_access("read")
        label = self.env["quality.complaint.form.labels"]._labeller("en_US")
        self.assertFalse(self.complaint._case_file_attachments("full", label))
        wizard.write({"audience": "customer"})
        wizard.action_make()
        self.assertEqual(self.complaint.case_file_ids, kept)

    def test_several_complaints_make_one_archive_with_folders(self):
        other = self.make_complaint(partner_id=self.distributor.id, description="Dents")
        wizard = self.env["quality.complaint.case.file"].with_user(self.officer)
        wizard = wizard.with_context(
            active_model="quality.complaint", active_ids=(self.complaint | other).ids
        ).create({"audience": "customer"})
        self.assertEqual(wizard.complaint_ids, self.complaint | other)
        name, content = wizard.complaint_ids._make_case_file("customer", "pdf")
        self.assertEqual(name, "case-files.zip")
        folders = [
            complaint.name.replace("/", "-") for complaint in wizard.complaint_ids
        ]
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self.assertEqual(
                archive.namelist(),
                [
                    f"{folder}/{file}"
                    for folder in folders
                    for file in ("00_contents.pdf", "01_Complaint_as_received.pdf")
                ],
            )

    def test_an_archive_takes_no_more_than_can_be_printed(self):
        many = self.env["quality.complaint"]
        for number in range(21):
            many |= self.make_complaint(
                partner_id=self.customer.id, description=f"Dent {number}"
            )
        with self.assertRaisesRegex(
            UserError,
            r"21 complaints are too many for one archive\. Choose at most 20\.",
        ):
            many._make_case_file()

    def test_case_lists_its_complaints(self):
        case = self.make_complaint(partner_id=self.distributor.id)
        case.sudo()._put(case.sudo(), {"parent_id": False})
        self.env.cr.execute(
            "UPDATE quality_complaint SET is_batch = TRUE WHERE id = %s", case.ids
        )
        self.env.cr.execute(
            "UPDATE quality_complaint SET parent_id = %s WHERE id = %s",
            (case.id, self.complaint.id),
        )
        self.env.invalidate_all()
        self.assertEqual(case._case_file_parts("full")[1].section, "children")
        data = {"sections": ["children"], "audience": "full"}
        html = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html(
                "quality_complaint.action_report_case_file", case.ids, data=data
            )[0]
            .decode()
        )
        self.assertAll([self.complaint.name, "Northwind Motors"], html)

    def test_extension_and_late_reason_are_on_record(self):
        deadline = self.complaint.limit_deadline_ids.filtered(
            lambda row: row.state == "running"
        )[:1]
        extension = self.env["quality.complaint.extension"].create(
            {
                "deadline_id": deadline.id,
                "due_on": "2099-01-01 10:00:00",
                "reason": "Part comes by ship",
                "consent_by": "Ms Ling",
                "consent_note": "By phone",
            }
        )
        extension.consent_on = self.complaint.received_on
        extension.action_grant()
        deadline.late_reason = "Customs"
        data = {"sections": ["steps"], "audience": "full"}
        html = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html(
                "quality_complaint.action_report_case_file",
                self.complaint.ids,
                data=data,
            )[0]
            .decode()
        )
        self.assertAll(
            [
                "Part comes by ship",
                "Ms Ling",
                "By phone",
                "Customs",
                "Jan 1, 2099",
                "Granted",
            ],
            html,
        )
