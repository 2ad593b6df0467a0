import re
import unicodedata
import zipfile
from io import BytesIO

from freezegun import freeze_time
from PIL import Image
from pypdf import PdfReader, PdfWriter

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_report_slips import FormWorld

# what the customer said himself, or was told on a form
TOLD = {
    "quality.complaint": {"name", "complainant", "email", "phone", "customer_ref", "description", "usage_scene", "demand_note", "access_token", "severity_code"},
    "quality.complaint.remedy": {"instruction", "agreement_signed_by", "payment_method", "imbalance_told", "imbalance_accepted"},
    "quality.complaint.deadline": {"milestone_code", "source_model"},
}
INTERNAL = ("quality.complaint", *(f"quality.complaint.{name}" for name in ("investigation", "approval", "revisit", "deadline", "inspection", "remedy")))


def picture(size=(400, 300), color="red", exif=None):
    stream = BytesIO()
    Image.new("RGB", size, color).save(stream, "JPEG", **({"exif": exif} if exif else {}))
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
        cls.complaint, cls.remedy = cls.executed(cls.lot, quantity=4, instruction="Leave it on the pallet")
        cls.complaint.write({"customer_ref": "NM-88", "usage_scene": "Stamping press", "internal_note": "<p>Our own view</p>"})
        cls.picking = cls.receive(cls.remedy)
        cls.picking.action_complaint_inspection()
        cls.inspection = cls.env["quality.complaint.inspection"].search([("picking_id", "=", cls.picking.id)])
        cls.inspection.write({"condition": "used", "note": "Wrapping opened"})
        cls.remedy.credit_note_ids.action_post()
        cls.reply = cls.tell(cls.complaint, method="written", send_as="letter", subject="Our answer", body="<p>We refund four units.</p>")
        cls.reply.answer_note = "Thank you, agreed"
        cls.reply.action_accepted()
        cls.env["quality.complaint.extension"].flush_model()

    @classmethod
    def attach(cls, record, name, raw, mimetype=None):
        file = cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id, **({"mimetype": mimetype} if mimetype else {})}
        )
        record.attachment_ids = [Command.link(file.id)]
        return file

    def texts(self, pdf):
        return [unicodedata.normalize("NFKC", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]

    def case_file(self, audience="full", form="pdf", complaints=None, user=None):
        name, content = (complaints or self.complaint).with_user(user or self.env.user)._make_case_file(audience, form)
        return name, content
