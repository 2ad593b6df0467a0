from odoo import fields, models
from odoo.exceptions import UserError


class QualityComplaintAction(models.Model):
    """Who told us is told what came of it."""

    _inherit = "quality.complaint.action"

    public_text = fields.Text(
        "What Customers May Read",
        help="What is better now, in words for customers: for thanks and news.",
    )
    thanked_ids = fields.Many2many(
        "quality.complaint",
        "quality_complaint_action_thanked_rel",
        string="Customers Thanked",
        readonly=True,
        copy=False,
        guarded=True,
    )

    def _to_be_thanked(self):
        """Complaints whose customers this measure is good news for: its own, those of
        its 8D report, and what repeated them; nobody is told twice.

        :return: `quality.complaint` the user may read
        """
        self.ensure_one()
        own = self.complaint_id | self.eight_d_id.complaint_ids
        repeated = own.search([("repeat_of_id", "in", own.ids)])
        return (own | repeated | own.repeat_of_id).filtered(
            lambda row: (
                row.name
                and row.state != "cancelled"
                and not row.is_batch
                and not row.anonymised_on
            )
        ) - self.thanked_ids

    def _set_thanked(self, complaints):
        # sudo: kept by the flow
        self.sudo()._advance(
            {"thanked_ids": [fields.Command.link(row.id) for row in complaints]}
        )

    def action_thank(self):
        """Open the dialog with those who told us of it."""
        self.ensure_one()
        if self.state != "effective":
            raise UserError(
                self.env._(
                    "“%s” is not verified as effective yet: customers are told only "
                    "what holds.",
                    self.name,
                )
            )
        return self.env["quality.complaint.thank"]._get_records_action(
            name=self.env._("Thank Those Who Told Us"),
            target="new",
            context={"default_action_id": self.id},
        )


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def action_thank(self):
        """Open the dialog for this one, e.g. an adopted suggestion."""
        self.ensure_one()
        return self.env["quality.complaint.thank"]._get_records_action(
            name=self.env._("Thank Those Who Told Us"),
            target="new",
            context={"default_complaint_ids": self.ids},
        )

    def _thank(self, text):
        """Mail thanks to the customer, in their language.

        :param str text: what is better now
        """
        self.ensure_one()
        template = self.env.ref("quality_complaint.mail_template_thanks")
        texts = self._in_their_words(template, improved=text)
        self._send_to_customer(
            texts["subject"],
            texts["body_html"],
            self.env["ir.attachment"],
            self.partner_id,
            self.email,
            email_from=texts["email_from"],
        )
