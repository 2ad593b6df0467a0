import logging

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_list

from ...tools import listed
from ...tools.safely import went_well

_logger = logging.getLogger(__name__)

MAY_ORDER = "quality_complaint.group_quality_complaint_officer"
MAY_LIFT = "quality_complaint.group_quality_complaint_quality"
WRITTEN = {
    "reason", "line_ids", "include_made", "all_companies", "complaint_id",
    "eight_d_id",
}  # fmt: skip


class QualityComplaintHold(models.Model):
    """Goods on hold: while it stands, nothing of them is reserved, used or delivered in
    its company, on any screen.

    Returns, receipts, inspection, counting, scrap, going back to the supplier and moves
    into quarantine go on (R3 7.2, R10 5.4).
    """

    _name = "quality.complaint.hold"
    _description = "Hold"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.numbered",
        "quality.complaint.reachable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Hold No.", readonly=True, copy=False, guarded=True, help="Given when ordered."
    )
    reason = fields.Text("Reason of the Hold", required=True, tracking=True)
    line_ids = fields.One2many(
        "quality.complaint.hold.line", "hold_id", "What to Hold", copy=True
    )
    lot_ids = fields.One2many(
        "quality.complaint.hold.lot", "hold_id", "On Hold", readonly=True, copy=False
    )
    include_made = fields.Boolean(
        "Also What Was Made of Them",
        default=True,
        help="Lots made of these lots, and of those, are held too.",
    )
    all_companies = fields.Boolean(
        "In All Companies", help="Otherwise in the company of the hold alone."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    ordered_on = fields.Datetime(
        "Put on Hold On", readonly=True, copy=False, guarded=True
    )
    lifted_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    told_user_ids = fields.Many2many(
        "res.users",
        "quality_complaint_hold_told_rel",
        string="Told",
        readonly=True,
        copy=False,
        guarded=True,
        help="Whose open transfers and orders it stopped.",
    )
    # what it stopped: told again, and reserved anew, when it is lifted
    stopped_move_ids = fields.Many2many(
        "stock.move",
        "quality_complaint_hold_stopped_rel",
        readonly=True,
        copy=False,
        guarded=True,
    )
    notice_activity_ids = fields.Many2many(
        "mail.activity",
        "quality_complaint_hold_activity_rel",
        readonly=True,
        copy=False,
        guarded=True,
    )
    other_holds = fields.Char(
        "Also on Hold By", compute="_compute_other_holds", compute_sudo=True
    )
    not_covered = fields.Char(
        "Made Without Lots",
        readonly=True,
        copy=False,
        guarded=True,
        help="Made of goods on hold, and cannot be told apart: hold the whole product, "
        "or look for them.",
    )
    state = fields.Selection(
        [("draft", "Drafted"), ("standing", "On hold"), ("lifted", "Lifted")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        guarded=True,
    )
    lot_count = fields.Integer("Lots", compute="_compute_lot_count")
    open_transfers = fields.Html(
        "Still Planned With Them",
        compute="_compute_open_transfers",
        compute_sudo=True,
        sanitize=False,
        help="Transfers and orders in which somebody had picked them already. They "
        "cannot be finished with these goods.",
    )
    may_lift = fields.Boolean(compute="_compute_may_lift")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "The number of a hold is unique."
    )

    # === compute ===

    @api.depends("name", "reason")
    def _compute_display_name(self):
        for hold in self:
            reason = (hold.reason or "").strip().split("\n")[0][:60]
            hold.display_name = hold.name or reason or self.env._("New hold")

    @api.depends("lot_ids")
    def _compute_lot_count(self):
        counts = dict(
            self.env["quality.complaint.hold.lot"]._read_group(
                [("hold_id", "in", self.ids)], ["hold_id"], ["__count"]
            )
        )
        for hold in self:
            hold.lot_count = counts.get(hold._origin, 0)

    @api.depends("state", "lot_ids.state")
    @api.depends_context("lang")
    def _compute_open_transfers(self):
        for hold in self:
            lines = hold._planned_lines() if hold.state == "standing" else ()
            hold.open_transfers = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.hold_open_transfers", {"lines": lines}
                )
                if lines
                else False
            )

    @api.depends("state", "line_ids.lot_id", "lot_ids.state")
    def _compute_other_holds(self):
        rows = self.env["quality.complaint.hold.lot"]
        for hold in self:
            lots = (
                hold.line_ids.lot_id
                if hold.state == "draft"
                else hold.lot_ids.filtered(lambda row: row.state != "lifted").lot_id
            )
            others = rows.search(
                rows._of_company(hold.company_id)
                & Domain("lot_id", "in", lots.ids)
                & Domain("hold_id", "not in", hold._origin.ids)
            ).hold_id
            hold.other_holds = listed(self.env.lang, others.mapped("name")) or False

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_lift(self):
        for hold in self:
            hold.may_lift = hold.state == "standing" and self.env.user.has_group(
                MAY_LIFT
            )

    @api.model
    def _new_hold(self, lots, products=(), **vals):
        """
        :param lots: `stock.lot` to hold
        :param products: `product.product` to hold whole
        :param vals: of the hold
        :return: action that opens a new hold with these values
        """
        goods = [
            *({"kind": "lot", "lot_id": lot.id, "product_id": lot.product_id.id}
              for lot in lots),
            *({"kind": "product", "product_id": product.id} for product in products),
        ]  # fmt: skip
        defaults = {f"default_{name}": value for name, value in vals.items()}
        return self._get_records_action(
            name=self.env._("Put on Hold"),
            context={
                **defaults,
                "default_line_ids": [Command.create(row) for row in goods],
            },
        )

    @api.model
    def _view(self, domain):
        """:return: action that shows some holds, in their form when it is one"""
        holds = self.search(domain)
        return holds._get_records_action(name=self.env._("Holds"), context={})

    # === CRUD ===

    def write(self, vals):
        self._lock_fields(
            vals, WRITTEN, self.filtered(lambda hold: hold.state != "draft")
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for hold in self:
            if hold.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was ordered and stays in the file. Lift it instead.",
                        hold.display_name,
                    )
                )

    # === ordering ===

    def action_order(self):
        """From now on nothing of these goods leaves."""
        for hold in self:
            hold.check_access("write")
            hold._check_group(
                MAY_ORDER, self.env._("Officers of Complaints order a hold.")
            )
            hold._check_standing("draft")
            hold._check_reason(hold.reason)
            goods = hold.line_ids._goods()
            if not goods:
                raise UserError(
                    self.env._(
                        "Nothing was found to hold. Say in “What to Hold” which lots, "
                        "or which product."
                    )
                )
            if hold.all_companies:
                hold._check_everywhere()
            hold._take_number()
            # sudo: the rights were checked; goods are held whoever may see them
            hold.sudo()._advance(
                {
                    "state": "standing",
                    "decided_by_id": self.env.uid,
                    "ordered_on": fields.Datetime.now(),
                }
            )
            hold.sudo()._hold(hold._with_what_was_made(goods))

    def _check_group(self, group, words):
        """
        :raise UserError: the step is for others
        """
        if not self.env.su and not self.env.user.has_group(group):
            raise UserError(words)

    def _check_everywhere(self):
        """
        :raise UserError: a person stops goods in companies they do not work in
        """
        # sudo: only which companies there are
        others = (
            self.env["res.company"]
            .sudo()
            .search_count([("id", "not in", self.env.user.company_ids.ids)], limit=1)
        )
        if not self.env.su and others:
            raise UserError(
                self.env._(
                    "“In All Companies” is for those who work in all of them. Hold the "
                    "goods in %s, and tell the others.",
                    self.company_id.name,
                )
            )

    def _whom_to_ask(self):
        """Names of those who may lift it: whoever ordered it first."""
        self.ensure_one()
        # sudo: who works in Quality is no secret
        group = self.env.ref(MAY_LIFT).sudo()
        able = group.all_user_ids.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        first = able & self.decided_by_id
        people = (first | (able - first).sorted("name"))[:2] or self.decided_by_id
        return format_list(self.env, people.mapped("name"), "or")

    def _with_what_was_made(self, goods):
        """The goods and, if wished, all lots that were made of them.

        :param list goods: (product, lot or empty)
        """
        lots = self.env["stock.lot"].union(*(lot for _product, lot in goods))
        if not self.include_made or not lots:
            return goods
        # sudo: what is made of suspect goods is suspect, whoever may see it
        rows, ends = (
            self.env["quality.complaint.genealogy"]
            .sudo()
            ._trace(lots.sudo(), self._companies(), downstream=True)
        )
        made = lots.sudo().browse(row["lot_id"] for row in rows if row["depth"])
        if ends:
            # sudo: names, as above
            products = self.env["product.product"].sudo()
            loose = products.browse({end["product_id"] for end in ends})
            self.sudo()._advance(
                {
                    "not_covered": listed(
                        self.env.lang, sorted(loose.mapped("display_name"))
                    )
                }
            )
        return goods + [(lot.product_id, lot) for lot in made - lots]

    def _companies(self):
        # sudo: goods are stopped there, nothing of these companies is shown
        every = [("id", "!=", False)]
        return (
            self.env["res.company"].sudo().search(every)
            if self.all_companies
            else self.company_id
        )

    def _hold(self, goods):
        """Stop these goods, free what was reserved of them, tell whose work it stops.

        :param list goods: (product, lot or empty)
        """
        self.ensure_one()
        held = self.env["quality.complaint.hold.lot"]
        there = {(row.product_id, row.lot_id) for row in self.lot_ids}
        rows = held.create(
            [
                {"hold_id": self.id, "product_id": product.id, "lot_id": lot.id}
                for product, lot in dict.fromkeys(goods)
                if (product, lot) not in there
            ]
        )
        rows._mark()
        self._forget_what_stands()
        lines = self._planned_lines(rows)
        free = lines.filtered(lambda line: not line.picked)
        moves, owners = free.move_id, lines._complaint_by_document()
        self._advance(
            {"stopped_move_ids": [Command.link(move.id) for move in lines.move_id]}
        )
        free.unlink()
        # other lots may do
        waiting = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        # goods are held whatever stands against reserving others
        went_well(self.env, _logger, self, waiting._action_assign)
        self._tell_owners(owners)
        self.env.ref("quality_complaint.ir_cron_hold")._trigger()

    def _forget_what_stands(self):
        """After the change, and once more when it is there for everybody: meanwhile
        another thread may have looked.
        """
        registry = self.env.registry
        registry.clear_cache()
        self.env.cr.postcommit.add(registry.clear_cache)

    def _planned_lines(self, rows=None):
        """Lines of open transfers and orders that would take goods on hold away.

        :param rows: of `quality.complaint.hold.lot`; all that are held, by default
        :return: `stock.move.line`
        """
        self.ensure_one()
        planned = (
            (self.lot_ids if rows is None else rows)._goods_domain()
            & Domain("state", "not in", ("done", "cancel"))
            & Domain("quantity_product_uom", ">", 0)
            & Domain("company_id", "in", self._companies().ids)
        )
        lines = self.env["stock.move.line"].search(planned)
        return lines.filtered(lambda line: line._complaint_leaves())

    def _tell_owners(self, owners):
        """Whoever works on a transfer or order that it stops.

        :param dict owners: {document: (`res.users`, `stock.lot`, `product.product`)}
        """
        told, activities = self.env["res.users"], self.env["mail.activity"]
        for document, (users, lots, products) in owners.items():
            goods = sorted(
                lots.mapped("display_name") or products.mapped("display_name")
            )
            for user in users:
                words = self.with_context(lang=user.lang or self.env.lang)
                activities |= document.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=words.env._(
                        "On hold: %s", format_list(words.env, goods[:3])
                    ),
                    note=words._note_on_hold(goods),
                )
            language = users[:1].lang or self.company_id.partner_id.lang
            words = self.with_context(lang=language or self.env.lang)
            document.message_post(body=words._note_on_hold(goods))
            told |= users
        self._advance(
            {
                "told_user_ids": [Command.link(user.id) for user in told],
                "notice_activity_ids": [Command.link(row.id) for row in activities],
            }
        )

    def _note_on_hold(self, goods):
        return self.env._(
            "%(hold)s: %(goods)s may not leave. Reason: “%(reason)s”. Ask %(user)s.",
            hold=self.name,
            goods=format_list(self.env, goods),
            reason=(self.reason or "").strip(),
            user=self._whom_to_ask(),
        )

    # === lifting ===

    def action_lift(self):
        """Ask with which disposition."""
        self.ensure_one()
        self._check_group(
            MAY_LIFT, self.env._("Quality engineers lift a hold: ask one of them.")
        )
        self._check_standing("standing")
        return self.env["quality.complaint.hold.lift"]._get_records_action(
            name=self.env._("Lift %s", self.name),
            target="new",
            context={"default_hold_id": self.id},
        )

    def _lift(self, rows, disposition, reason):
        """
        :param rows: `quality.complaint.hold.lot` of this hold
        :param str disposition: of `DISPOSITIONS`
        """
        self.ensure_one()
        rows._decide(disposition, reason)
        self._forget_what_stands()
        if all(row.state == "lifted" for row in self.lot_ids):
            self._advance({"state": "lifted", "lifted_on": fields.Datetime.now()})
        note = self._tell_lifted(rows, reason)
        if disposition != "rework":
            self._call_off(rows, note)
        if self.state == "lifted":
            self._go_on(note)

    def _tell_lifted(self, rows, reason):
        """Work may go on: whom it stopped, who decided it, whose complaint it is (000-K
        5.1).
        """
        people = self.told_user_ids | self.decided_by_id | self.complaint_id.user_id
        people = people.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        goods = sorted({row.display_name for row in rows})
        for user in people - self.env.user:
            words = self.with_context(lang=user.lang or self.env.lang)
            self.message_notify(
                partner_ids=user.partner_id.ids,
                subject=words.env._(
                    "Hold lifted: %s", format_list(words.env, goods[:3])
                ),
                body=words._note_lifted(rows, goods, reason),
            )
        note = self._note_lifted(rows, goods, reason)
        self.message_post(body=note)
        return note

    def _note_lifted(self, rows, goods, reason):
        dispositions = dict(
            rows._fields["disposition"]._description_selection(self.env)
        )
        return self.env._(
            "%(hold)s: %(goods)s: %(disposition)s. Reason: “%(reason)s”.",
            hold=self.name,
            goods=format_list(self.env, goods),
            disposition=dispositions[rows[:1].disposition],
            reason=reason.strip(),
        )

    def _go_on(self, note):
        """What it stopped goes on: the people's tasks end, goods are reserved again."""
        moves = self.stopped_move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        documents = {move._complaint_document()[0] for move in moves} - {None}
        for document in documents:
            document.message_post(body=note)
        self.notice_activity_ids.unlink()
        went_well(self.env, _logger, self, moves._action_assign)

    def action_start_recall(self):
        """Open a new recall of what was ordered to be held."""
        self.ensure_one()
        return self.env["quality.complaint.recall"]._new_recall(
            self.line_ids.lot_id or self.lot_ids.lot_id,
            complaint_id=self.complaint_id.id,
            eight_d_id=self.eight_d_id.id,
            company_id=self.company_id.id,
        )

    # === what the gate asks ===

    @api.model
    @tools.ormcache()
    def _any_standing(self):
        """Whether anything is on hold in the database at all.

        Only spares work: the gate of done lines does not ask it.
        """
        # sudo: whether, not what
        return bool(
            self.env["quality.complaint.hold.lot"]
            .sudo()
            .search_count([("state", "!=", "lifted")], limit=1)
        )

    @api.model
    @tools.ormcache()
    def _any_ordered(self):
        """Whether a hold was ever ordered: else nobody counts any."""
        # sudo: as above
        return bool(self.sudo().search_count([("state", "!=", "draft")], limit=1))

    @api.model
    def _join_standing(self, lots):
        """Lots that came or were renamed while a hold stands that is about them, with
        what was made of them.
        """
        if not lots:
            return
        # sudo: goods are held whoever books them
        lines = self.env["quality.complaint.hold.line"].sudo()
        found = lines._standing_rules(lots.sudo())
        for hold, joined in found.items():
            hold._hold(
                hold._with_what_was_made([(lot.product_id, lot) for lot in joined])
            )

    @api.model
    def _cron_join(self):
        """Lots that holds missed: booked at the same moment, made of what was on hold
        then, or given another date since.
        """
        for hold in self.search([("state", "=", "standing")]):
            hold = hold.with_company(hold.company_id)
            known = set(hold.lot_ids.lot_id)
            goods = hold._with_what_was_made(hold.line_ids._goods())
            missed = [
                (product, lot) for product, lot in goods if lot and lot not in known
            ]
            if missed and not went_well(
                self.env, _logger, hold, lambda h=hold, m=missed: h._hold(m)
            ):
                continue
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _lock_goods(self, lots, products):
        """Lock what is about to leave, so that no hold is ordered on it meanwhile; one
        that was ordered since this transaction began makes it fail and start anew.
        Whoever edits the lot or the product is in nobody's way: a hold locks the row as
        for deletion (`FOR UPDATE`), which is all a key share waits for.

        :return: (ids of the lots, ids of the products) some hold is about
        """
        held = (set(), set())
        for ids, table, found in (
            (lots.ids, "stock_lot", held[0]),
            (products.product_tmpl_id.ids, "product_template", held[1]),
        ):
            if ids:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id, complaint_held FROM %s WHERE id = ANY(%s) "
                        "ORDER BY id FOR KEY SHARE",
                        SQL.identifier(table),
                        sorted(ids),
                    )
                )
                found.update(number for number, is_held in rows if is_held)
        return held
