from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO

from PIL import Image

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html
from odoo.tools.translate import LazyTranslate

from ...tools import listed, merged, printed_moment
from ..remedy.slips import GIVING_KINDS

_lt = LazyTranslate(__name__)

SETTLEMENT = "quality_complaint.action_report_settlement"
# of a drawn signature, in base64
LARGEST = 2_000_000
# a field that nobody drew in has no darker spot
LIGHT = 250
EVIDENCE = "quality_complaint.action_report_consent"


class QualityComplaintConsent(models.Model):
    """What a customer signed online: the paper as they read it, its checksum, who, when
    and from where. Neither the row nor its papers change afterwards.

    Source: Electronic Signature Law of China, art. 5 to 8 (kept complete, unchanged,
    by whom and when); eIDAS art. 25 (an electronic signature is no lesser evidence).
    """

    _name = "quality.complaint.consent"
    _description = "Signed Online"
    _inherit = ["quality.complaint.guarded"]
    _order = "id desc"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="restrict", fixed=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [("settlement", "Settlement agreement"), ("eight_d", "8D report")],
        required=True,
        fixed=True,
    )
    reply_id = fields.Many2one(
        "quality.complaint.reply",
        "Letter",
        index="btree_not_null",
        ondelete="restrict",
        fixed=True,
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "As It Was Read",
        readonly=True,
        guarded=True,
        index="btree_not_null",
        bypass_search_access=True,
        ondelete="restrict",
    )
    checksum = fields.Char(
        "SHA-256", readonly=True, guarded=True, help="Of the paper as it was read."
    )
    # what the paper says, whatever the moment it is printed in
    content = fields.Char(readonly=True, guarded=True)
    name = fields.Char("Signed By", readonly=True, guarded=True)
    address = fields.Char("Login or E-mail", readonly=True, guarded=True)
    ip = fields.Char("Network Address", readonly=True, guarded=True)
    signature = fields.Image(
        readonly=True, guarded=True, max_width=1024, max_height=1024
    )
    signed_on = fields.Datetime(readonly=True, guarded=True)
    signed_attachment_id = fields.Many2one(
        "ir.attachment",
        "Signed Paper",
        readonly=True,
        index="btree_not_null",
        guarded=True,
        bypass_search_access=True,
        ondelete="restrict",
    )

    @api.depends("kind", "complaint_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = listed(
                self.env.lang, (row.complaint_id.name, kinds.get(row.kind)), ","
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never_signed(self):
        if self.filtered("signed_on"):
            raise UserError(
                self.env._("What was signed belongs to the file and cannot be deleted.")
            )

    # === what is read ===

    @api.model
    def _offer(self, complaint, kind, content, make, reply=None):
        """The paper a customer reads before they sign: made once, anew when it says
        something else.

        :param complaint: one in superuser mode
        :param str kind: of `kind`
        :param str content: what it says
        :param make: gives (file name, bytes of the PDF)
        :param reply: letter whose acceptance it is
        :return: the row
        """
        known = complaint.consent_ids.filtered(
            lambda row: (
                row.kind == kind
                and not row.signed_on
                and row.reply_id == (reply or row.reply_id.browse())
            )
        )
        fitting = known.filtered(lambda row: row.content == content)[:1]
        if fitting:
            return fitting
        name, pdf = make()
        row = self.create(
            {
                "complaint_id": complaint.id,
                "kind": kind,
                "reply_id": reply.id if reply else False,
            }
        )
        row._advance(
            {
                "attachment_id": row._kept(name, pdf).id,
                "checksum": sha256(pdf).hexdigest(),
                "content": content,
            }
        )
        return row

    def _portal_title(self):
        """What is signed, in the language of who reads: the file is named in that of
        whoever opened it first.
        """
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{kinds[self.kind]} {self.complaint_id.name}"

    def _kept(self, name, pdf):
        """A paper of this row, read by those who may see it.

        :return: `ir.attachment`
        """
        self.ensure_one()
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === signing ===

    def _sign(self, name, signature, address, ip):
        """Keep who signed, and make the signed paper.

        :param str name: as typed
        :param str signature: picture, base64
        :param str address: login, or the address a code was sent to
        :param str ip: of the network
        :raise UserError: no name or no signature
        """
        self.ensure_one()
        name = str(name or "").strip()[:100]
        if not name:
            raise UserError(self.env._("Please write your name."))
        self._advance(
            {
                "name": name,
                "signature": self._picture(signature),
                "address": address,
                "ip": ip,
                "signed_on": fields.Datetime.now(),
            }
        )
        page, _kind = self.env["ir.actions.report"]._render_qweb_pdf(EVIDENCE, self.ids)
        paper = self.attachment_id
        signed = merged([(paper.name, paper.raw, []), (self.display_name, page, [])])
        name = self.env._("%s (signed).pdf", paper.name.removesuffix(".pdf"))
        self._advance({"signed_attachment_id": self._kept(name, signed).id})

    @api.model
    def _picture(self, signature):
        """A signature as posted.

        :return: base64 of a PNG of ours: nothing of what came stays in it
        """
        try:
            raw = b64decode(str(signature or "")[:LARGEST], validate=True)
            with Image.open(BytesIO(raw), formats=("PNG", "JPEG")) as picture:
                picture.thumbnail((1024, 1024))
                ink = picture.convert("RGBA")
            sheet = Image.new("RGBA", ink.size, "white")
            sheet.alpha_composite(ink)
            if sheet.convert("L").getextrema()[0] > LIGHT:
                raise ValueError("nothing is on it")
            with BytesIO() as stream:
                sheet.convert("RGB").save(stream, "PNG")
                return b64encode(stream.getvalue())
        except Exception as error:
            raise UserError(self.env._("Please sign in the field.")) from error

    def _moment(self):
        """When it was signed, with its zone, as printed."""
        self.ensure_one()
        complaint = self.complaint_id
        zone = complaint.partner_id.tz or complaint.company_id.partner_id.tz or "UTC"
        return (
            f"{printed_moment(self.with_context(tz=zone).env, self.signed_on)} ({zone})"
        )


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    consent_ids = fields.One2many(related="complaint_id.consent_ids")


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    consent_ids = fields.One2many("quality.complaint.consent", "complaint_id")

    # === settlement agreement ===

    def _portal_agreement(self):
        """The remedies a customer may settle by signing the agreement of all of them:
        approved, and waiting for it.
        """
        self.ensure_one()
        live = self.remedy_ids._live()
        given = live.filtered(lambda remedy: remedy._can_settle())
        waiting = given.filtered(
            lambda remedy: remedy.needs_agreement and not remedy.agreement_signed_on
        )
        if not waiting or "to_approve" in given.mapped("state"):
            return waiting.browse()
        return waiting

    def _portal_agreement_words(self):
        """What the agreement gives, each in a line, beside the paper itself.

        :return: list of str
        """
        given = self.remedy_ids._live().filtered(
            lambda remedy: remedy.kind in GIVING_KINDS
        )
        return [remedy._in_offer_words() for remedy in given]

    def _portal_agreement_offer(self):
        """The agreement as the customer reads it.

        :return: `quality.complaint.consent`, empty when nothing is to be signed
        """
        remedies = self._portal_agreement()
        if not remedies:
            return self.env["quality.complaint.consent"]
        reports = self.env["ir.actions.report"].with_context(
            lang=self._customer_lang(), complaint_signed_online=True
        )
        html, _kind = reports._render_qweb_html(SETTLEMENT, remedies.ids)

        def make():
            pdf, _kind = reports._render_qweb_pdf(SETTLEMENT, remedies.ids)
            return self.env._("Settlement agreement %s", self.name) + ".pdf", pdf

        return self.env["quality.complaint.consent"]._offer(
            self, "settlement", sha256(html).hexdigest(), make
        )

    def _portal_sign_agreement(self, offer_id, name, signature, person):
        """The customer signs the agreement they have read.

        :param int offer_id: of what they have read
        :param person: `Person`
        :raise UserError: it says something else by now, or is signed
        """
        self.ensure_one()
        self.lock_for_update()
        offer = self._portal_agreement_offer()
        if not offer:
            raise UserError(self.env._("There is nothing to sign any more."))
        if offer.id != offer_id:
            raise UserError(
                self.env._(
                    "The agreement has changed since you opened it. Please read and "
                    "sign the new one."
                )
            )
        remedies = self._portal_agreement()
        offer._sign(name, signature, person.address, person.ip)
        remedies.write(
            {
                "agreement_signed_on": fields.Date.context_today(
                    remedies, offer.signed_on
                ),
                "agreement_signed_by": offer.name,
                "agreement_attachment_ids": [
                    Command.link(offer.signed_attachment_id.id)
                ],
            }
        )
        # what was offered with it is agreed to as well
        for letter in self._portal_letters():
            if letter.kind == "offer" and letter._portal_is_asked():
                letter._portal_accept(
                    person, self.env._("Accepted by signing the settlement agreement.")
                )
        self._portal_tell_handler(
            _lt("The customer has signed the settlement agreement")
        )
        self._portal_send_signed(offer)

    def _portal_send_signed(self, offer):
        """Their own copy of what they signed."""
        local = self.with_user(SUPERUSER_ID).with_context(lang=self._customer_lang())
        if not self.email:
            return
        local._send_to_customer(
            local.env._("Your signed settlement agreement: %s", self.name),
            plaintext2html(
                local.env._(
                    "Thank you. Attached is the agreement as you signed it, with the "
                    "evidence of your signature."
                )
            ),
            offer.signed_attachment_id,
            email_from=self.company_id.email_formatted or None,
        )
