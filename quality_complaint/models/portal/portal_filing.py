from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import float_compare

from ...tools import goods_in_words, listed, quantity_in_words

# how far back delivered goods are offered
YEARS = 5
# deliveries of one page
OFFERED = 50
MAX_FILES = 10


class QualityComplaint(models.Model):
    """A complaint filed by the customer themselves, about goods that were delivered to
    them: sent once, even on a double click.
    """

    _inherit = "quality.complaint"

    portal_key = fields.Char(
        readonly=True, copy=False, guarded=True, help="Of the form it was filed with."
    )

    _portal_key_uniq = models.UniqueIndex("(portal_key) WHERE portal_key IS NOT NULL")

    @api.model
    def _portal_goods_domain(self, partner):
        """Lines that were delivered to somebody's company."""
        return (
            Domain("state", "=", "done")
            & Domain("picking_id.picking_type_code", "=", "outgoing")
            & Domain(
                "picking_id.partner_id.commercial_partner_id",
                "=",
                partner.commercial_partner_id.id,
            )
            & Domain(
                "date",
                ">=",
                fields.Datetime.subtract(fields.Datetime.now(), years=YEARS),
            )
        )

    @api.model
    def _portal_goods(self, domain, search=""):
        """Delivered goods to choose from, the latest first.

        :param domain: of `stock.move.line`: those that are theirs
        :param str search: part of a product, lot, delivery or order
        :return: list of plain dicts `id`, `product`, `lot`, `delivery`, `date`, `left`
            (quantity that is not complained of yet), `unit`, `taken` (what to say
            where nothing is left)
        """
        search = (search or "").strip()[:100]
        if search:
            domain &= Domain.OR(
                Domain(name, "ilike", search)
                for name in (
                    "product_id.name",
                    "product_id.default_code",
                    "lot_id.name",
                    "picking_id.name",
                    "picking_id.origin",
                )
            )
        # sudo: only what was delivered to them
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(domain, order="date desc, id desc", limit=OFFERED)
        )
        left = {
            line: quantity
            if float_compare(
                quantity, 0.0, precision_rounding=line.product_uom_id.rounding
            )
            > 0
            else 0.0
            for line, quantity in self._portal_left(lines).items()
        }
        known = self._portal_known([line.id for line in lines if not left[line]])
        return [
            {
                "id": line.id,
                "product": line.product_id.display_name,
                "lot": line.lot_id.name or "",
                "delivery": line.picking_id.name,
                "date": self._portal_day(line.date),
                "left": left[line],
                "unit": line.product_uom_id.name,
                "taken": self.env._(
                    "Complained of already: %s",
                    listed(self.env.lang, known[line.id]),
                )
                if line.id in known
                else self.env._("Complained of already"),
            }
            for line in lines
        ]

    @api.model
    def _portal_known(self, move_line_ids):
        """
        :return: {id of a move line: numbers of complaints about it that who is signed
            in may open}; nothing for visitors
        """
        user = self.env.user
        if not move_line_ids or user._is_public():
            return {}
        # sudo: numbers of their own complaints
        rows = (
            self.env["quality.complaint.line"]
            .sudo()
            .search_fetch(
                Domain("move_line_id", "in", move_line_ids)
                & Domain(
                    "complaint_id",
                    "any",
                    self._portal_domain(user.partner_id)
                    & Domain("state", "!=", "cancelled")
                    & Domain("name", "!=", False),
                ),
                ["move_line_id", "complaint_id"],
                order="id",
            )
        )
        return {
            line.id: rows_of.complaint_id.mapped("name")
            for line, rows_of in rows.grouped("move_line_id").items()
        }

    @api.model
    def _portal_left(self, move_lines):
        """Delivered less what is complained of already.

        :return: {move line: quantity in its unit}
        """
        left = {line: line.quantity for line in move_lines}
        # sudo: quantities alone
        rows = (
            self.env["quality.complaint.line"]
            .sudo()
            ._read_group(
                Domain("move_line_id", "in", move_lines.ids)
                & Domain("complaint_id.state", "!=", "cancelled"),
                ["move_line_id", "product_uom_id"],
                ["quantity:sum"],
            )
        )
        for line, unit, quantity in rows:
            own = line.product_uom_id
            if unit and unit._has_common_reference(own):
                quantity = unit._compute_quantity(quantity, own, round=False)
            left[line] -= quantity
        return left

    @api.model
    def _portal_file_complaint(self, key, quantities, vals, files=()):
        """File a complaint for the customer who is signed in.

        :param str key: of the form; the same one files it once
        :param dict quantities: {id of a delivered move line: quantity in its unit}
        :param dict vals: `description`, `defect_id`, `customer_ref`; nothing else is
            taken
        :param files: (name, bytes) pairs
        :return: the complaint, in superuser mode
        :raise UserError: what is wrong, and what to do
        """
        partner = self.env.user.partner_id
        # sudo: the goods are checked to be theirs
        complaints = self.sudo()
        theirs = Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
        known = complaints.search(Domain("portal_key", "=", key) & theirs)
        if known:
            return known
        lines = self._portal_chosen(self._portal_goods_domain(partner), quantities)
        description = (vals.get("description") or "").strip()
        if not description:
            raise UserError(self.env._("Please say what is wrong."))
        complaint = self._portal_create(
            "portal",
            lines[0][0].company_id,
            key,
            {
                "partner_id": partner.id,
                "complainant": (vals.get("complainant") or "")[:100],
                "description": description,
                "customer_ref": (vals.get("customer_ref") or "")[:100],
            },
            lines,
            vals.get("defect_id"),
            files,
        )
        if complaint.commercial_partner_id != partner.commercial_partner_id:
            raise UserError(
                self.env._("Please fill in the form and send it again.")
            )  # the key of somebody else's form
        if not complaint.name and complaint._registers_by_itself("portal"):
            complaint._portal_register()
        return complaint

    @api.model
    def _portal_create(
        self, channel, company, key, vals, lines, defect_id=None, files=()
    ):
        """A complaint of a form, once: of two clicks the second finds the first's.

        :param str channel: its code
        :param company: `res.company`
        :param str key: of the form
        :param dict vals: checked
        :param lines: (move line, quantity) pairs
        :param int defect_id: of what is wrong with them
        :param files: (name, bytes) pairs
        :return: the complaint, in superuser mode
        """
        if len(files) > MAX_FILES:
            raise UserError(self.env._("Please send at most %s files.", MAX_FILES))
        # sudo: whoever fills in the form has no rights in the register
        complaints = (
            self.sudo()
            .with_company(company)
            .with_context(allowed_company_ids=company.ids, mail_create_nosubscribe=True)
        )
        defect = (
            complaints.env["quality.complaint.defect"].browse(defect_id or []).exists()
        )
        channel = complaints.env["quality.complaint.channel"].search(
            [("code", "=", channel)]
        )
        try:
            with self.env.cr.savepoint():
                complaint = complaints.create(
                    {
                        **vals,
                        "company_id": company.id,
                        "channel_id": channel.id,
                        # none of our people; theirs are not ours to read
                        "reported_by_id": False,
                        "line_ids": [
                            Command.create(
                                {
                                    "move_line_id": line.id,
                                    "product_id": line.product_id.id,
                                    "lot_id": line.lot_id.id,
                                    "product_uom_id": line.product_uom_id.id,
                                    "quantity": quantity,
                                    "defect_id": defect.id,
                                }
                            )
                            for line, quantity in lines
                        ],
                    }
                )
                complaint._advance({"portal_key": key})
                attached = complaint._attach(files)
                complaint.attachment_ids = [Command.link(file.id) for file in attached]
        except UniqueViolation:
            # the second click of two
            return complaints.search([("portal_key", "=", key)])
        return complaint

    @api.model
    def _portal_chosen(self, domain, quantities):
        """
        :param domain: of the move lines that may be chosen
        :return: list of (move line in superuser mode, quantity), all of one company
        """
        chosen = {
            line: quantity for line, quantity in quantities.items() if quantity > 0
        }
        if not chosen:
            raise UserError(
                self.env._("Choose the goods you complain of, and how many.")
            )
        # sudo: only what was delivered to them is found
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(domain & Domain("id", "in", list(chosen)))
        )
        if len(lines) != len(chosen):
            raise UserError(
                self.env._("These goods were not delivered to you. Choose them anew.")
            )
        if len(lines.company_id) > 1:
            raise UserError(
                self.env._(
                    "These goods come from different companies (%s). Please file one "
                    "complaint for each.",
                    listed(self.env.lang, lines.company_id.mapped("name")),
                )
            )
        left = self._portal_left(lines)
        for line in lines:
            if (
                float_compare(
                    chosen[line.id],
                    left[line],
                    precision_rounding=line.product_uom_id.rounding,
                )
                > 0
            ):
                raise self._portal_too_many(
                    line.product_id, left[line], line.product_uom_id
                )
        return [(line, chosen[line.id]) for line in lines]

    @api.model
    def _portal_too_many(self, product, left, unit):
        """
        :param float left: what may be complained of, in this unit
        :return: the error to raise
        """
        return UserError(
            self.env._(
                "%(product)s: of this delivery at most %(left)s can still be "
                "complained of.",
                product=product.display_name,
                left=quantity_in_words(left, unit),
            )
        )

    def _registers_by_itself(self, way):
        """Whether the policy leaves nothing for an officer to take over.

        :param str way: `portal` or `mail`
        """
        self.ensure_one()
        chosen = self.policy_id.register_known
        return bool(self.partner_id) and (
            chosen == "known" or (chosen == "portal" and way == "portal")
        )

    def _portal_register(self):
        """Register it at once; what the policy wants beforehand is asked by an officer,
        who is told.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.action_register()
        except (UserError, ValidationError) as error:
            self.message_post(body=str(error), subtype_xmlid="mail.mt_note")
            self._portal_tell_handler(self.env._("Register the customer's complaint"))


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _portal_correct(self, quantities, lang):
        """The customer says how many it really are.

        :param dict quantities: {id of a line: quantity in its unit}; lines it does not
            name, and those without a product, stay
        :param str lang: of the colleagues who read what has changed
        :return: list of str: lines that changed, as they were
        :raise UserError: none, or more than were delivered
        """
        before = []
        for line in self.filtered("product_id"):
            unit, quantity = line.product_uom_id, quantities.get(line.id)
            if quantity is None or not float_compare(
                quantity, line.quantity, precision_rounding=unit.rounding
            ):
                continue
            if float_compare(quantity, 0.0, precision_rounding=unit.rounding) <= 0:
                raise UserError(
                    self.env._(
                        "%s: enter how many are faulty. If none is, withdraw the "
                        "complaint.",
                        line._label(),
                    )
                )
            line._portal_check_delivered(quantity)
            told = line.with_context(lang=lang)
            before.append(
                goods_in_words(
                    told.env, told.quantity, told.product_uom_id, told._label()
                )
            )
            line.quantity = quantity
        return before

    def _portal_check_delivered(self, quantity):
        """No more than was delivered and nobody else complains of.

        :param float quantity: in the line's unit
        """
        delivered = self.move_line_id
        if not delivered:
            return
        unit, own = self.product_uom_id, delivered.product_uom_id
        left = self.quantity + own._compute_quantity(
            self.complaint_id._portal_left(delivered)[delivered], unit, round=False
        )
        if float_compare(quantity, left, precision_rounding=unit.rounding) > 0:
            raise self.complaint_id._portal_too_many(self.product_id, left, unit)
