import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import consteq, email_normalize

from ...tools import listed, says_nothing

WAYS = [
    ("portal", "On the page"),
    ("mail", "By e-mail"),
    ("phone", "By telephone"),
    ("letter", "By letter"),
]
MOST_TEXT = 2000


class QualityComplaintRecallConsignee(models.Model):
    """Somebody who has goods of a recall: what they got, and what they say is where."""

    _name = "quality.complaint.recall.consignee"
    _description = "Consignee of Recalled Goods"
    _inherit = ["quality.complaint.guarded", "quality.complaint.page", "mail.thread"]
    _order = "recall_id, id"
    _check_company_auto = True

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    parent_id = fields.Many2one(
        "quality.complaint.recall.consignee",
        "Passed On By",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('recall_id', '=', recall_id)]",
        help="Consignees of the second level: who has it from whom.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="restrict"
    )
    name = fields.Char("Consignee", compute="_compute_name", store=True, readonly=False)
    email = fields.Char(compute="_compute_name", store=True, readonly=False)
    phone = fields.Char(compute="_compute_name", store=True, readonly=False)
    line_ids = fields.One2many(
        "quality.complaint.recall.consignee.line", "consignee_id", "Goods"
    )
    notified_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    last_notice_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    reminder_count = fields.Integer(
        "Reminders", readonly=True, copy=False, guarded=True
    )
    notified_by = fields.Selection(WAYS, readonly=True, copy=False, guarded=True)
    confirmed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    confirmed_by = fields.Char(
        copy=False, help="Who of them said it; of an answer on the page: who signed it."
    )
    confirmed_via = fields.Selection(WAYS, copy=False)
    remark = fields.Text(help="What they wrote, or what was said.")
    unreachable = fields.Boolean(
        readonly=True, copy=False, guarded=True, help="With the reason in the remark."
    )
    state = fields.Selection(
        [
            ("open", "Not notified"),
            ("notified", "Notified"),
            ("confirmed", "Confirmed"),
            ("unreachable", "Not reached"),
        ],
        "Status",
        compute="_compute_state",
        store=True,
    )
    shipped_quantity = fields.Float(
        "Had", digits="Product Unit", compute="_compute_sums"
    )
    recovered_quantity = fields.Float(
        "Recovered", digits="Product Unit", compute="_compute_sums"
    )
    unknown_quantity = fields.Float(
        "Not Known",
        digits="Product Unit",
        compute="_compute_sums",
        help="Of what they had nobody has said yet where it is.",
    )
    passed_left = fields.Boolean(
        compute="_compute_passed_left",
        help="They passed goods on, and who has them is not listed yet.",
    )

    _partner_uniq = models.UniqueIndex(
        "(recall_id, partner_id) WHERE partner_id IS NOT NULL AND parent_id IS NULL",
        "A recall names a customer once.",
    )

    @api.depends("partner_id")
    def _compute_name(self):
        for row in self:
            partner = row.sudo().partner_id  # sudo: names, as in the list of consignees
            if partner:
                row.name = partner.display_name
                row.email = partner.email or next(
                    filter(None, partner.child_ids.mapped("email")), False
                )
                row.phone = partner.phone or next(
                    filter(None, partner.child_ids.mapped("phone")), False
                )

    @api.depends("name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name or self.env._("Customer unknown")

    @api.depends("notified_on", "confirmed_on", "unreachable")
    def _compute_state(self):
        for row in self:
            row.state = (
                "confirmed"
                if row.confirmed_on
                else "unreachable"
                if row.unreachable
                else "notified"
                if row.notified_on
                else "open"
            )

    @api.depends(
        "line_ids.shipped_quantity",
        "line_ids.recovered_quantity",
        "line_ids.missing_quantity",
    )
    def _compute_sums(self):
        for row in self:
            row.unknown_quantity = sum(row.line_ids.mapped("missing_quantity"))
            row.shipped_quantity = sum(row.line_ids.mapped("shipped_quantity"))
            row.recovered_quantity = sum(row.line_ids.mapped("recovered_quantity"))

    @api.depends("line_ids.passed_quantity", "line_ids.passed_line_ids")
    def _compute_passed_left(self):
        for row in self:
            row.passed_left = any(line._passed_left() > 0 for line in row.line_ids)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for row in self:
            row.access_url = f"/my/recall/{row.id}"
        return result

    def write(self, vals):
        self._lock_fields(
            vals, {"confirmed_by", "confirmed_via"}, self.filtered("confirmed_on")
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_second_level_only(self):
        for row in self:
            if not row.parent_id or row.notified_on:
                raise UserError(
                    self.env._("%s stays in the file of the recall.", row.display_name)
                )

    def action_passed_on(self):
        """Open a new consignee of the second level: who has it from them."""
        self.ensure_one()
        self.recall_id._check_right()
        self._check_open()
        lines = self.line_ids.filtered(lambda line: line._passed_left() > 0)
        if not lines:
            raise UserError(
                self.env._(
                    "%s has passed nothing on that is not listed already. Enter how "
                    "much was passed on first.",
                    self.display_name,
                )
            )
        return self._get_records_action(
            name=self.env._("Who Has It from %s", self.display_name),
            res_id=False,
            target="new",
            view_mode="form",
            views=[
                (
                    self.env.ref(
                        "quality_complaint.quality_complaint_recall_consignee_view_form_passed"
                    ).id,
                    "form",
                )
            ],
            context={
                "default_recall_id": self.recall_id.id,
                "default_parent_id": self.id,
                **lines._passed_defaults(),
                "default_line_ids": [
                    Command.create(
                        {
                            "parent_line_id": line.id,
                            "lot_id": line.lot_id.id,
                            "shipped_quantity": line._passed_left(),
                        }
                    )
                    for line in lines
                ],
            },
        )

    def action_listed(self):
        """They are on the list: show it, without the dialogs in front of it."""
        return self.recall_id._get_records_action(target="main", context={})

    # === told and confirmed ===

    def action_told(self):
        """Told by telephone or letter."""
        for row in self:
            row.recall_id._check_right()
            row.recall_id._check_standing("running")
            row.sudo()._set_told("phone")  # sudo: the rights were checked

    def _set_told(self, way):
        now = fields.Datetime.now()
        for row in self:
            row._advance(
                {
                    "notified_on": row.notified_on or now,
                    "notified_by": row.notified_by or way,
                    "last_notice_on": now,
                }
            )
            recall = row.recall_id
            if not recall.started_on:
                recall._advance({"started_on": now})
            if all(recall.consignee_ids.mapped("notified_on")):
                recall._done_by_event("notify")

    def action_confirm(self):
        """They said by telephone or letter how much is where: it stands on their
        goods.
        """
        for row in self:
            row.recall_id._check_right()
            row._check_open()
            row.line_ids._check_stated()
            row._check_accounted(row.remark)
            if says_nothing(row.confirmed_by):
                raise UserError(
                    self.env._(
                        "%s: write into “Confirmed By” who of them said it.",
                        row.display_name,
                    )
                )
            # sudo: as above
            row.sudo()._set_confirmed(row.confirmed_by, row.confirmed_via or "phone")
            row.sudo()._tell_confirmed()  # sudo: as above

    def _set_confirmed(self, who, way):
        self.ensure_one()
        if not self.notified_on:
            self._set_told(way)
        self._advance(
            {
                "confirmed_on": fields.Datetime.now(),
                "confirmed_by": who,
                "confirmed_via": way,
                "unreachable": False,
            }
        )

    def _check_accounted(self, remark):
        """
        :raise UserError: something they had is neither stated nor explained
        """
        for line in self.line_ids:
            unit = line.product_id.uom_id
            if unit.compare(line.missing_quantity, 0.0) > 0 and says_nothing(remark):
                raise UserError(
                    self.env._(
                        "%(lot)s: of %(had)s %(unit)s, %(left)s are not accounted for. "
                        "Correct the quantities, or say in the remark what became of "
                        "them.",
                        lot=line.lot_id.name,
                        had=f"{line.shipped_quantity:.12g}",
                        left=f"{line.missing_quantity:.12g}",
                        unit=unit.name,
                    )
                )

    def _tell_confirmed(self):
        """What they said stands on the recall; whoever leads it hears of it, and that
        somebody else has goods now.
        """
        self.ensure_one()
        recall = self.recall_id
        user = recall._reachable(recall.user_id)
        words = recall.with_context(lang=user.lang or self.env.lang)
        goods = [line._stated_words() for line in self.line_ids.with_env(words.env)]
        words.message_post(
            subject=words.env._("%s has confirmed", self.name),
            body=words.env._(
                "%(consignee)s has confirmed (%(who)s): %(goods)s. %(remark)s",
                consignee=self.name,
                who=self.confirmed_by,
                goods=listed(self.env.lang, goods, ";"),
                remark=self.remark or "",
            ),
            partner_ids=user.partner_id.ids,
        )
        if self.passed_left:
            recall._give_task(
                user, words.env._("Name who has what %s passed on", self.name)
            )

    def action_unreachable(self):
        """Nobody could be reached; the remark says what was tried."""
        for row in self:
            row.recall_id._check_right()
            row._check_open()
            if says_nothing(row.remark):
                raise UserError(
                    self.env._(
                        "%s: write into the remark what was tried.", row.display_name
                    )
                )
            row.sudo()._advance({"unreachable": True})  # sudo: the rights were checked

    def _check_open(self):
        self.recall_id._check_standing("running")

    # === the consignee's page ===

    def _portal_open(self, token, partner):
        """The recall of somebody who has the link, or is signed in as this customer.

        :param str token: of the link
        :param partner: `res.partner` who is signed in, or empty
        :return: the record in superuser mode, or empty
        """
        self.ensure_one()
        # sudo: the token or the relation is checked here
        row = self.sudo().exists()
        if not row or row.recall_id.state not in ("running", "finished", "closed"):
            return self.browse()
        by_token = bool(token) and self._portal_ensure_token_equals(row, token)
        theirs = (
            partner
            and row.partner_id
            and partner.commercial_partner_id == row.partner_id.commercial_partner_id
        )
        return row if row.notified_on and (by_token or theirs) else self.browse()

    @api.model
    def _portal_ensure_token_equals(self, row, token):
        return bool(row.access_token) and consteq(row.access_token, token)

    def _portal_confirm(self, stated, who, remark):
        """What a consignee states on the page.

        :param dict stated: {id of the line: {"used", "stock", "passed": quantity,
            "passed_to": text}}
        :raise UserError: more than they got, or nobody's name
        """
        self.ensure_one()
        self._check_open()
        if says_nothing(who):
            raise UserError(self.env._("Please enter your name."))
        for line in self.line_ids:
            line._state(stated.get(line.id, {}))
        self._check_accounted(remark)
        self.remark = (remark or "")[:MOST_TEXT] or self.remark
        self._set_confirmed(who.strip()[:100], "portal")
        self._tell_confirmed()

    @api.model
    def _portal_domain(self, partner):
        return (
            Domain("partner_id", "child_of", partner.commercial_partner_id.id)
            & Domain("notified_on", "!=", False)
            & Domain("recall_id.state", "in", ("running", "finished", "closed"))
        )

    def _language(self):
        """The language they are written to in; who has it from a customer is written to
        in that customer's.
        """
        self.ensure_one()
        return (
            self.partner_id.lang
            or self.parent_id.partner_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
        )

    def _mail_to(self):
        return email_normalize(self.email or "")


class QualityComplaintRecallConsigneeLine(models.Model):
    """Goods of one lot that a consignee has: what they got and where it is."""

    _name = "quality.complaint.recall.consignee.line"
    _description = "Recalled Goods of a Consignee"
    _inherit = ["quality.complaint.guarded"]
    _order = "consignee_id, id"
    _rec_name = "lot_id"

    consignee_id = fields.Many2one(
        "quality.complaint.recall.consignee",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    recall_id = fields.Many2one(
        related="consignee_id.recall_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="consignee_id.company_id", store=True, index=True
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        required=True,
        ondelete="restrict",
        index=True,
        fixed=True,
    )
    parent_line_id = fields.Many2one(
        "quality.complaint.recall.consignee.line",
        "Passed On By",
        index="btree_not_null",
        ondelete="restrict",
        fixed=True,
    )
    passed_line_ids = fields.One2many(
        "quality.complaint.recall.consignee.line", "parent_line_id", "Passed On To"
    )
    product_id = fields.Many2one(related="lot_id.product_id", store=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    shipped_quantity = fields.Float("Had", digits="Product Unit")
    returned_before = fields.Float(digits="Product Unit", readonly=True)
    used_quantity = fields.Float("Used", digits="Product Unit")
    stock_quantity = fields.Float("In Stock, Sealed", digits="Product Unit")
    passed_quantity = fields.Float("Given to Others", digits="Product Unit")
    passed_to = fields.Text("To Whom")
    recovered_quantity = fields.Float(
        "Came Back Since", digits="Product Unit", compute="_compute_recovered_quantity"
    )
    missing_quantity = fields.Float(
        "Not Known", digits="Product Unit", compute="_compute_recovered_quantity"
    )

    @api.depends(
        "shipped_quantity", "used_quantity", "stock_quantity", "passed_quantity"
    )
    def _compute_recovered_quantity(self):
        balance = self.env["quality.complaint.balance"]
        back = {}
        for company, rows in self.grouped("company_id").items():
            # sudo: how much came back, for people without rights in Inventory
            for moved in balance._rows(rows.sudo().lot_id, company):
                if moved["kind"] == "returned" and moved["company_id"]:
                    key = (company.id, moved["partner_id"], moved["lot_id"])
                    back[key] = back.get(key, 0.0) + moved["quantity"]
        for row in self:
            partner = row.consignee_id.partner_id.commercial_partner_id
            key = (
                row.company_id.id,
                partner.id,
                row.sudo().lot_id.id,
            )  # sudo: as above
            came = max(back.get(key, 0.0) - row.returned_before, 0.0)
            row.recovered_quantity = came
            row.missing_quantity = max(
                row.shipped_quantity
                - max(
                    row.used_quantity + row.stock_quantity + row.passed_quantity, came
                ),
                0.0,
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines._check_second_level()
        lines._check_passed_on()
        return lines

    def write(self, vals):
        if "shipped_quantity" in vals:
            self._check_second_level()
        result = super().write(vals)
        if {"shipped_quantity", "passed_quantity"} & vals.keys():
            (self | self.parent_line_id)._check_passed_on()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_second_level_only(self):
        self._check_second_level()

    def _check_second_level(self):
        """What our own documents say of a consignee is never typed; who has it from
        them is, until they are told.

        :raise UserError: of the first level, told already, or of another lot
        """
        for line in self:
            row, source = line.consignee_id, line.parent_line_id
            if (
                not source
                or row.notified_on
                or source.consignee_id != row.parent_id
                or source.lot_id != line.lot_id
            ):
                raise UserError(
                    self.env._(
                        "%(lot)s of %(consignee)s stays as it is: it follows from the "
                        "deliveries, or they were told already.",
                        lot=line.lot_id.name,
                        consignee=row.display_name,
                    )
                )
            row.recall_id._check_standing("running")

    def _asked_words(self):
        """What a consignee is asked on the page."""
        self.ensure_one()
        return self.env._(
            "%(product)s, lot %(lot)s: you have had %(quantity)s %(unit)s. Where are "
            "they?",
            product=self.product_id.display_name,
            lot=self.lot_id.name,
            quantity=f"{self.shipped_quantity:.12g}",
            unit=self.product_uom_id.name,
        )

    def _stated_words(self):
        """What they answered."""
        self.ensure_one()
        return self.env._(
            "%(lot)s: used %(used)s, in stock %(stock)s, passed on %(passed)s %(unit)s",
            lot=self.lot_id.name,
            used=f"{self.used_quantity:.12g}",
            stock=f"{self.stock_quantity:.12g}",
            passed=f"{self.passed_quantity:.12g}",
            unit=self.product_uom_id.name,
        )

    def _passed_left(self):
        """How much was passed on to somebody who is not listed yet."""
        self.ensure_one()
        return self.product_id.uom_id.round(
            self.passed_quantity - sum(self.passed_line_ids.mapped("shipped_quantity"))
        )

    def _check_passed_on(self):
        """
        :raise UserError: more is listed with others than was passed on
        """
        for line in self | self.parent_line_id:
            unit = line.product_id.uom_id
            if line.passed_line_ids and unit.compare(line._passed_left(), 0.0) < 0:
                raise UserError(
                    self.env._(
                        "%(lot)s: %(consignee)s passed on %(passed)s %(unit)s, but "
                        "more is listed with %(others)s.",
                        lot=line.lot_id.name,
                        consignee=line.consignee_id.display_name,
                        passed=f"{line.passed_quantity:.12g}",
                        unit=unit.name,
                        others=listed(
                            self.env.lang,
                            line.passed_line_ids.consignee_id.mapped("display_name"),
                        ),
                    )
                )

    def _passed_defaults(self):
        """Name, e-mail and telephone as far as the words of “To Whom” give them away;
        a person corrects them before they are kept.
        """
        text = next((line.passed_to for line in self if line.passed_to), "") or ""
        mail = re.search(r"[^\s,;<>()]+@[^\s,;<>()]+\.\w+", text)
        phone = re.search(r"\+?\d[\d ()/-]{5,}\d", text)
        first = re.split(r"[,;\n，；]", text.strip())[0].strip()
        return {
            "default_name": first[:100],
            "default_email": mail and mail[0],
            "default_phone": phone and phone[0],
        }

    def _check_stated(self):
        """
        :raise UserError: more than they got
        """
        for row in self:
            unit = row.product_id.uom_id
            stated = row.used_quantity + row.stock_quantity + row.passed_quantity
            if (
                min(row.used_quantity, row.stock_quantity, row.passed_quantity) < 0
                or unit.compare(stated, row.shipped_quantity) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(lot)s: used, in stock and passed on are %(stated)s "
                        "%(unit)s together, but %(had)s were delivered.",
                        lot=row.lot_id.name,
                        stated=f"{stated:.12g}",
                        unit=unit.name,
                        had=f"{row.shipped_quantity:.12g}",
                    )
                )
            if unit.compare(row.passed_quantity, 0.0) > 0 and says_nothing(
                row.passed_to
            ):
                raise UserError(
                    self.env._(
                        "%s: say to whom it was passed on, with how to reach them.",
                        row.lot_id.name,
                    )
                )

    def _state(self, stated):
        """
        :param dict stated: "used", "stock", "passed" and "passed_to"
        """
        self.write(
            {
                "used_quantity": stated.get("used", 0.0),
                "stock_quantity": stated.get("stock", 0.0),
                "passed_quantity": stated.get("passed", 0.0),
                "passed_to": (stated.get("passed_to") or "")[:MOST_TEXT],
            }
        )
        self._check_stated()
