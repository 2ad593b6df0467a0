from secrets import randbelow
from string import digits

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, email_normalize
from odoo.tools.misc import hmac

DIGITS = 6
MINUTES = 15
TRIES = 5
SCOPE = "quality_complaint.portal.code"


class QualityComplaintPortalCode(models.TransientModel):
    """A code by mail, for customers without a login: who has it reads the mails of the
    address our letters go to. It works once, for a quarter of an hour.
    """

    _name = "quality.complaint.portal.code"
    _description = "One-Time Code"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "address"
    _transient_max_hours = 1.0

    complaint_id = fields.Many2one("quality.complaint", required=True)
    address = fields.Char(required=True)
    # of code and row: the code itself is in the mail alone
    checksum = fields.Char()
    tries = fields.Integer()

    @api.model
    def _send(self, complaint):
        """Mail a code to the address that letters of a complaint go to.

        :param complaint: one in superuser mode, opened by its token
        :return: the address, partly hidden
        :raise UserError: there is none, or too many codes were sent
        """
        address = email_normalize(complaint.email or "")
        if not address:
            raise UserError(
                self.env._(
                    "We have no e-mail address of yours for this complaint. Please "
                    "call us."
                )
            )
        self.env["quality.complaint.intake.hit"]._count("code", address, complaint.id)
        # sudo: the complaint's token is checked
        codes = self.sudo()
        codes.search([("complaint_id", "=", complaint.id)]).unlink()
        row = codes.create({"complaint_id": complaint.id, "address": address})
        code = f"{randbelow(10**DIGITS):0{DIGITS}}"
        row.checksum = row._checksum(code)
        local = complaint.with_context(lang=complaint._customer_lang()).env
        complaint._mail_plain(
            address,
            local._("Your code: %s", code),
            local._(
                "Enter the code %(code)s on the page of your complaint %(number)s. It "
                "is valid for %(minutes)s minutes. If you did not ask for it, nothing "
                "has to be done.",
                code=code,
                number=complaint.name or complaint.intake_ref,
                minutes=MINUTES,
            ),
        )
        return self._masked(complaint)

    @api.model
    def _masked(self, complaint):
        """The address a code is mailed to, as its owner knows it again."""
        name, _at, domain = email_normalize(complaint.email or "").partition("@")
        return f"{name[:1]}…@{domain}"

    def _checksum(self, code):
        self.ensure_one()
        return hmac(self.env, SCOPE, (self.id, self.complaint_id.id, str(code)))

    @api.model
    def _confirm(self, complaint, code):
        """
        :param complaint: as in `_send`
        :param str code: as typed
        :return: the address that is proved
        :raise UserError: it is wrong or over
        """
        # sudo: as in `_send`
        row = self.sudo().search([("complaint_id", "=", complaint.id)], limit=1)
        late = fields.Datetime.subtract(fields.Datetime.now(), minutes=MINUTES)
        if not row or row.create_date < late or row.tries >= TRIES:
            raise UserError(
                self.env._("The code is not valid any more. Please ask for a new one.")
            )
        typed = "".join(sign for sign in str(code or "")[:20] if sign in digits)
        if not consteq(row.checksum, row._checksum(typed)):
            row.tries += 1
            return False
        address = row.address
        row.unlink()
        return address
