from datetime import datetime, time

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed, printed_day
from .remedy import LIVE_STATES

# may be settled by an agreement of both sides
AGREED_KINDS = (
    "refund",
    "replacement",
    "credit",
    "product_compensation",
    "cash_compensation",
)
# give the customer something, so that an agreement has to name it
GIVING_KINDS = (*AGREED_KINDS, "repair")
# time of the day at which the warehouse expects the goods
NOON = time(12)


class QualityComplaintRemedy(models.Model):
    """Paper of a remedy: the slip that travels with returned goods (form 7), the
    settlement agreement (form 9), the mail that asks the goods back.
    """

    _inherit = "quality.complaint.remedy"

    freight_payer = fields.Selection(
        [
            ("us", "Us"),
            ("customer", "The customer"),
            ("carrier", "Our account with the carrier"),
        ],
        "Return Freight Paid By",
        default="us",
        required=True,
        copy=False,
        tracking=True,
        help=(
            "Printed on the return slip and told to the customer. Our account with "
            "the carrier: collected by our carrier, nothing to be paid in advance."
        ),
    )
    return_by = fields.Date(
        "Goods Expected By",
        copy=False,
        tracking=True,
        help="Told to the customer; the warehouse expects the return on this day.",
    )
    return_picking_ids = fields.Many2many(
        "stock.picking",
        "quality_complaint_remedy_return_picking_rel",
        compute="_compute_return_picking_ids",
        compute_sudo=True,
        string="Returns",
    )

    @api.depends("line_ids.move_ids.state", "line_ids.move_ids.location_id")
    def _compute_return_picking_ids(self):
        for remedy in self:
            remedy.return_picking_ids = remedy.line_ids._return_moves().picking_id

    def _schedule_returns(self):
        """Let the warehouse expect open returns on the day the customer was told."""
        for remedy in self.filtered(
            "return_by"
        ).sudo():  # sudo: officers have no rights in Inventory
            remedy.return_picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ).scheduled_date = datetime.combine(remedy.return_by, NOON)

    # === form 7: return and exchange slip ===

    def action_print_return_slip(self):
        self._check_return_slip()
        return self.env.ref(
            "quality_complaint.action_report_return_slip"
        ).report_action(self, config=False)

    def _check_return_slip(self):
        """
        :raise UserError: nothing comes back on this remedy, or there is no return
            transfer yet
        """
        self.check_access("read")
        for remedy in self:
            if not remedy._needs_goods():
                raise UserError(
                    self.env._(
                        "“%s”: no goods come back on it, so it has no return slip.",
                        remedy.description,
                    )
                )
            if not remedy.sudo().return_picking_ids:  # sudo: only whether there are any
                raise UserError(
                    self.env._(
                        "“%s” has no return of its own: it is not executed yet, or "
                        "its goods came back earlier.",
                        remedy.description,
                    )
                )

    def _return_due(self):
        """Day on which the goods are expected: as told to the customer, else as planned
        by the warehouse; False when nobody said.
        """
        self.ensure_one()
        if self.return_by:
            return self.return_by
        # a return nobody planned is “expected” in the moment it is made
        planned = self.return_picking_ids.filtered(
            lambda picking: (
                picking.state != "cancel"
                and picking.scheduled_date.date() > picking.create_date.date()
            )
        )
        return max(
            (
                fields.Date.context_today(picking, picking.scheduled_date)
                for picking in planned
            ),
            default=False,
        )

    def _return_receiver(self, picking):
        """`res.partner` the goods are sent to: the warehouse's address, else the
        company's.
        """
        return (
            picking.picking_type_id.warehouse_id.partner_id
            or picking.company_id.partner_id
        )

    def _return_instruction(self, pickings):
        """What the slip says on packing and checking, one sentence per product, each
        once.
        """
        lines = self.line_ids.filtered(
            lambda line: line._return_moves().picking_id & pickings
        )
        return "\n".join(
            dict.fromkeys(
                filter(None, (line._warehouse_instruction() for line in lines))
            )
        )

    def _return_facts(self):
        """What the mail on a return says.

        :return: dict: goods (list of str), returns (list of (number, address)), due
            (str or False), instruction (str)
        """
        self.ensure_one()
        remedy = (
            self.sudo()
        )  # sudo: numbers and addresses are told to people who may not open transfers
        pickings = remedy.return_picking_ids
        address = self.env["quality.complaint.form.labels"]._formatters()["address"]
        due = remedy._return_due()
        return {
            "goods": [
                line._in_return_words()
                for line in remedy.line_ids
                if line._return_moves()
            ],
            "returns": [
                (
                    picking.name,
                    listed(
                        self.env.lang,
                        [receiver.display_name, address(receiver), receiver.phone],
                        ",",
                    ),
                )
                for picking in pickings
                for receiver in [remedy._return_receiver(picking)]
            ],
            "due": due and printed_day(self.env, due),
            "instruction": remedy.instruction,
        }

    def action_send_return_instructions(self):
        """Write to the customer how to send the goods back, with the slip; the mail can
        be changed before it leaves.

        :raise UserError: see `_check_return_slip`
        """
        self.ensure_one()
        self.check_access("write")
        self._check_return_slip()
        template = self.env.ref(
            "quality_complaint.mail_template_return_instructions",
            raise_if_not_found=False,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Return Instructions"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
                "complaint_return_instructions": True,
            },
        }

    def _message_post_after_hook(self, message, msg_vals):
        """What is written to the customer from here, and what comes back by mail, is
        kept in the complaint's thread, too.
        """
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email" or self.env.context.get(
            "complaint_return_instructions"
        ):
            self._copy_to_complaint(message)
        return result

    def _copy_to_complaint(self, message):
        self.ensure_one()
        complaint = self.complaint_id
        incoming = message.message_type == "email"
        title = (
            self.env._("Received by mail on:")
            if incoming
            else self.env._("Return instructions sent on:")
        )
        complaint.with_context(complaint_return_instructions=False).message_post(
            body=Markup("<p><b>%s</b> %s</p>%s")
            % (title, self._get_html_link(title=self.description), message.body or ""),
            subject=message.subject,
            author_id=message.author_id.id,
            email_from=message.email_from,
            attachment_ids=message.attachment_ids.ids,
            # an answer has to reach the handler, who does not follow the remedy
            partner_ids=complaint.user_id.partner_id.ids if incoming else [],
            subtype_xmlid="mail.mt_note",
        )

    # === form 9: settlement agreement ===

    def action_print_settlement(self):
        self._check_settlement()
        return self.env.ref("quality_complaint.action_report_settlement").report_action(
            self, config=False
        )

    def _can_settle(self):
        """Whether `_check_settlement` lets it be printed."""
        self.ensure_one()
        return self.kind in AGREED_KINDS and self.state in LIVE_STATES

    def _check_settlement(self):
        """
        :raise UserError: a remedy that nothing is agreed on, or one that is not
            submitted or was given up
        """
        self.check_access("read")
        for remedy in self:
            if remedy.kind not in AGREED_KINDS:
                raise UserError(
                    self.env._(
                        "“%s” gives the customer neither money nor goods to agree on.",
                        remedy.description,
                    )
                )
            if remedy.state not in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "“%(remedy)s” cannot be put into an agreement: %(state)s. "
                        "Submit it first, so that what is signed is what gets "
                        "approved.",
                        remedy=remedy.description,
                        state=self._document_status(remedy),
                    )
                )


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _in_return_words(self):
        """`4 Units of Copper strip (L0042)`: what shall come back on this line's own
        return.
        """
        return self._goods_in_words(self._to_bring_back())

    def _in_agreement_words(self):
        """All that comes back, also what came back before."""
        return self._goods_in_words(self.quantity)

    def _agreed_amount(self):
        """What the customer gets for this line, taxes included as on the credit note
        that follows.
        """
        self.ensure_one()
        if not self.remedy_id._credits():
            return 0.0
        taxes = self._agreed_taxes()
        total = (
            taxes.compute_all(
                self.amount, self.currency_id, handle_price_include=False
            )["total_included"]
            if taxes
            else self.amount
        )
        return self.currency_id.round(total)

    def _agreed_taxes(self):
        """The taxes of the credit note: those of the invoice, else of the compensation
        product for this customer.
        """
        source = self.complaint_line_id
        if self.kind != "cash_compensation":
            return source.invoice_line_id.tax_ids or source.sale_line_id.tax_ids
        return self.remedy_id._compensation_taxes(self._compensated_invoice())

    def _agreed_value(self):
        """Value of goods given, untaxed: as planned, else the price paid for the goods
        replaced.
        """
        self.ensure_one()
        if self.kind == "product_compensation":
            return self.amount
        return (
            self._share_of_value(self.quantity) if self.kind == "replacement" else 0.0
        )
