import re

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from ..common import ComplaintWorld

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
    "78da63f8ffff3f0005fe02fea735a1d30000000049454e44ae426082"
)


class PortalCase(ComplaintWorld, HttpCase):
    """A customer with two people and delivered goods, another customer, colleagues."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.make_users()
        cls.lot = cls.make_lot("P-1", quantity=50)
        cls.order = cls.sell({cls.lot: 10})
        cls.move_line = cls.order.picking_ids.move_line_ids
        cls.people = {
            "own": cls.invited("Pia Portal", cls.customer),
            "colleague": cls.invited("Carl Colleague", cls.customer),
            "other": cls.invited("Otto Other", cls.distributor),
        }
        cls.complaint = cls.make_complaint(lot_ref=cls.lot.name)
        cls.complaint.write(
            {
                "internal_note": "INTERNAL-SECRET",
                "user_id": cls.officer.id,
                "description": "Scratched all over",
            }
        )
        cls.complaint.sudo().line_ids.quantity = 4
        cls.letter = cls.env["quality.complaint.reply"].create(
            {
                "complaint_id": cls.complaint.id,
                "kind": "offer",
                "method": "oral",
                "subject": "Our offer",
                "body": "<p>We take the goods back.</p>",
            }
        )
        cls.paper = cls.env["ir.attachment"].create(
            {
                "name": "offer.txt",
                "raw": b"the offer",
                "res_model": cls.letter._name,
                "res_id": cls.letter.id,
            }
        )
        cls.letter.attachment_ids = [Command.link(cls.paper.id)]
        cls.letter.action_send()
        cls.secret = cls.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"cost of it",
                "res_model": cls.complaint._name,
                "res_id": cls.complaint.id,
            }
        )
        cls.complaint.attachment_ids = [Command.link(cls.secret.id)]
        talk = "TALK AMONG US"
        cls.complaint.message_post(body=talk, subtype_xmlid="mail.mt_comment")
        cls.other_complaint = cls.make_complaint(partner_id=cls.distributor.id)
        for row in (cls.complaint, cls.other_complaint):
            row.sudo()._portal_ensure_token()
        cls.env.flush_all()

    @classmethod
    def invited(cls, name, company):
        login = f"qc_{name.split()[0].lower()}"
        user = new_test_user(cls.env, login, "base.group_portal", name=name)
        user.partner_id.parent_id = company
        return user

    def page(self, path, who=None, **options):
        self.authenticate(who and who.login, who and who.login)
        return self.url_open(path, allow_redirects=False, **options)

    def post(self, path, who, files=None, **data):
        self.authenticate(who.login, who.login)
        form = self.url_open("/my/complaints/new")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]
        return self.url_open(
            path, data={"csrf_token": token, **data}, files=files, allow_redirects=False
        )
