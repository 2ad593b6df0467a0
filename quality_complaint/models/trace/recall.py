from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from ...tools import IncompleteError, listed, says_nothing
from .hold import MAY_LIFT, MAY_ORDER

WRITTEN = {
    "name_of_goods", "kind", "class_id", "root_lot_ids", "include_made",
    "complaint_id", "eight_d_id",
}  # fmt: skip
TOLD = {"hazard", "instruction", "strategy", "contact"}
OPEN = ("running", "finished")


class QualityComplaintRecall(models.Model):
    """Getting goods back from everybody who has them (form 15; R3 7.6, R10 5.4)."""

    _name = "quality.complaint.recall"
    _description = "Recall"
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
        "Recall No.", readonly=True, copy=False, guarded=True, help="Given on decision."
    )
    name_of_goods = fields.Char("Goods", required=True, translate=True)
    kind = fields.Selection(
        [
            ("recall", "Recall"),
            ("withdrawal", "Withdrawal from the trade"),
            ("drill", "Drill"),
        ],
        required=True,
        default="recall",
        help="A withdrawal goes to dealers only: no consumer has the goods.",
    )
    class_id = fields.Many2one(
        "quality.complaint.recall.class",
        required=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [False, company_id])]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Led By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        index=True,
    )
    member_ids = fields.Many2many(
        "res.users",
        "quality_complaint_recall_member_rel",
        string="Team",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
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
    hazard = fields.Text(
        "Defect and Hazard", translate=True, help="In words for consignees."
    )
    instruction = fields.Text(
        "What to Do With the Goods", translate=True, help="In words for consignees."
    )
    strategy = fields.Selection(
        [
            ("dealers", "Down to dealers"),
            ("consumers", "Down to consumers"),
            ("announcement", "Down to consumers, with a public announcement"),
        ],
        "How Far",
        required=True,
        default="dealers",
    )
    contact = fields.Char(
        help="Whom consignees ask: name, telephone, e-mail.", tracking=True
    )
    root_lot_ids = fields.Many2many(
        "stock.lot",
        "quality_complaint_recall_root_rel",
        string="Suspect Lots",
        check_company=True,
    )
    include_made = fields.Boolean("Also What Was Made of Them", default=True)
    lot_ids = fields.One2many(
        "quality.complaint.recall.lot", "recall_id", "Lots", readonly=True, copy=False
    )
    consignee_ids = fields.One2many(
        "quality.complaint.recall.consignee", "recall_id", "Consignees", copy=False
    )
    notice_ids = fields.One2many(
        "quality.complaint.recall.notice", "recall_id", "Notices", copy=False
    )
    report_ids = fields.One2many(
        "quality.complaint.recall.report", "recall_id", "Times and Reports", copy=False
    )
    check_ids = fields.One2many(
        "quality.complaint.recall.check", "recall_id", "Checks", copy=False
    )
    hold_id = fields.Many2one(
        "quality.complaint.hold", readonly=True, copy=False, guarded=True
    )
    hold_state = fields.Selection(related="hold_id.state", string="Status of the Hold")
    state = fields.Selection(
        [
            ("draft", "Drafted"),
            ("proposed", "To decide"),
            ("running", "Running"),
            ("finished", "Finished"),
            ("closed", "Closed"),
            ("refused", "Not necessary"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        guarded=True,
    )
    proposed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    decided_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    decision_reason = fields.Text(readonly=True, copy=False, guarded=True)
    started_on = fields.Datetime(
        "First Notice On", readonly=True, copy=False, guarded=True
    )
    finished_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    closed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    conclusion = fields.Text(
        "Summary of the Recall", help="What was found, done and changed."
    )
    destruction = fields.Text(help="What was destroyed, where, when and how.")
    witnesses = fields.Char("Witnesses of the Destruction")
    unexplained_reason = fields.Text("Why Something Is Unexplained")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    waiting_for = fields.Char(compute="_compute_waiting_for")
    consignee_count = fields.Integer("Number of Consignees", compute="_compute_figures")
    notified_percent = fields.Float(
        "Notified (%)", compute="_compute_figures", digits=(16, 1)
    )
    confirmed_percent = fields.Float(
        "Confirmed (%)", compute="_compute_figures", digits=(16, 1)
    )
    recovered_percent = fields.Float(
        "Recovered (%)",
        compute="_compute_figures",
        digits=(16, 1),
        help="Of what consignees had when it was decided: what came back.",
    )
    explained_percent = fields.Float(
        "Mass Balance (%)",
        compute="_compute_figures",
        digits=(16, 1),
        help="Share of everything that came in of which our own documents say where it "
        "went.",
    )
    known_percent = fields.Float(
        "Accounted For (%)",
        compute="_compute_figures",
        digits=(16, 1),
        help="Share of what consignees had of which they said where it is, or that "
        "came back.",
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "The number of a recall is unique."
    )

    # === compute ===

    @api.depends("name", "name_of_goods")
    def _compute_display_name(self):
        for recall in self:
            recall.display_name = " · ".join(
                filter(None, (recall.name, recall.name_of_goods))
            )

    @api.depends("state", "class_id", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for recall in self:
            recall.can_decide = (
                recall.state == "proposed" and self.env.user in recall._deciders()
            )

    @api.depends("state", "class_id", "proposed_by_id", "root_lot_ids", "include_made")
    @api.depends_context("uid")
    def _compute_waiting_for(self):
        """Who decides, and on how much: nothing of it is frozen yet."""
        balance = self.env["quality.complaint.balance"]
        for recall in self:
            if recall.state != "proposed":
                recall.waiting_for = False
                continue
            # sudo: how much went to how many, for whoever decides
            lots, _rows = recall.sudo()._scope()
            customers = {
                row["partner_id"]
                for row in balance.sudo()._rows(lots, recall.company_id)
                if row["kind"] == "shipped"
            }
            recall.waiting_for = self.env._(
                "Waiting for the decision of %(users)s. As of now it is about "
                "%(lots)s lots; customers who got them: %(customers)s.",
                users=listed(self.env.lang, recall._deciders().mapped("name"))
                or self.env._("nobody holds this role yet"),
                lots=len(lots),
                customers=len(customers),
            )

    def _deciders(self):
        """Who may decide: holders of the role; whoever proposed it only when nobody
        else does.
        """
        self.ensure_one()
        # sudo: who holds a role is no secret
        holders = self.class_id.role_id.sudo()._possible_holders(self.company_id)
        return (holders - self.proposed_by_id) or holders

    @api.depends(
        "consignee_ids.notified_on",
        "consignee_ids.confirmed_on",
        "consignee_ids.line_ids.recovered_quantity",
        "consignee_ids.line_ids.missing_quantity",
        "lot_ids",
    )
    def _compute_figures(self):
        for recall in self:
            asked = recall.consignee_ids
            lines = asked.filtered(lambda row: not row.parent_id).line_ids
            had = sum(lines.mapped("shipped_quantity"))
            recall.consignee_count = len(asked)
            recall.notified_percent = self._percent(
                len(asked.filtered("notified_on")), len(asked)
            )
            recall.confirmed_percent = self._percent(
                len(asked.filtered("confirmed_on")), len(asked)
            )
            recall.recovered_percent = self._percent(
                sum(lines.mapped("recovered_quantity")), had
            )
            recall.known_percent = self._percent(
                had - sum(lines.mapped("missing_quantity")), had
            )
            came = sum(recall.lot_ids.mapped("in_quantity"))
            lost = sum(abs(row.unexplained_quantity) for row in recall.lot_ids)
            recall.explained_percent = self._percent(max(came - lost, 0.0), came)

    @api.model
    def _percent(self, part, whole):
        return 100.0 * part / whole if whole else 0.0

    @api.model
    def _new_recall(self, lots, **vals):
        """
        :param lots: `stock.lot` that are suspect
        :return: action that opens a new recall of them
        """
        # sudo: names, for people without rights in Inventory
        products = lots.sudo().product_id
        defaults = {
            "name_of_goods": listed(self.env.lang, products.mapped("name")),
            "root_lot_ids": lots.ids,
            **vals,
        }
        return self._get_records_action(
            name=self.env._("New recall"),
            context={f"default_{name}": value for name, value in defaults.items()},
        )

    # === CRUD ===

    def write(self, vals):
        self._lock_fields(
            vals, WRITTEN, self.filtered(lambda row: row.state != "draft")
        )
        self._lock_fields(
            vals,
            TOLD | {"conclusion", "destruction", "witnesses", "unexplained_reason"},
            self.filtered(lambda row: row.state in ("closed", "refused")),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for recall in self:
            if recall.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was proposed and stays in the file.", recall.display_name
                    )
                )

    def _check_right(self):
        """
        :raise AccessError: not theirs to change
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MAY_ORDER):
            raise UserError(self.env._("Officers of Complaints work on recalls."))

    # === deciding ===

    def action_propose(self):
        """Ask the role of the class to decide."""
        for recall in self:
            recall._check_right()
            recall._check_standing("draft")
            if recall.kind == "drill":
                raise UserError(self.env._("A drill is started, nobody decides on it."))
            missing = [
                recall._fields[name]._description_string(self.env)
                for name in ("root_lot_ids", "hazard", "instruction", "contact")
                if not recall[name]
                or (isinstance(recall[name], str) and says_nothing(recall[name]))
            ]
            if missing:
                raise IncompleteError(
                    self.env._(
                        "“%(recall)s” cannot be proposed yet. Still missing: "
                        "%(missing)s.",
                        recall=recall.name_of_goods,
                        missing=format_list(self.env, missing),
                    )
                )
            recall._advance({"state": "proposed", "proposed_by_id": self.env.uid})
            recall.sudo()._adopt_cases()  # sudo: the right to propose was checked
            for user in recall._reachable(recall._deciders()):
                words = self.with_context(lang=user.lang or self.env.lang).env
                # sudo: the activity is the decider's
                recall.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=words._("Decide on a recall: %s", recall.name_of_goods),
                )

    def action_decide(self):
        """Recall: goods are put on hold, the scope is frozen, the times run."""
        self.ensure_one()
        self._check_deciding()
        self.lock_for_update()  # once, also when two people click
        self._check_standing("proposed")
        self._take_number()
        # sudo: the right to decide was checked; it follows whoever may see what
        recall = self.sudo()
        recall._advance(
            {
                "state": "running",
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        recall._order_hold()
        recall._freeze()
        recall._start_clocks("decided")
        recall.activity_ids.unlink()

    def action_refuse(self):
        """Not necessary: with the reason."""
        self.ensure_one()
        self._check_deciding()
        self._check_reason(self.conclusion)
        self.sudo()._advance(  # sudo: as above
            {
                "state": "refused",
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "decision_reason": self.conclusion,
            }
        )
        self.sudo().activity_ids.unlink()

    def _check_deciding(self):
        """
        :raise UserError: somebody else decides
        """
        self.check_access("read")
        self._check_standing("proposed")
        if not self.can_decide:
            raise UserError(
                self.env._(
                    "“%(recall)s” is decided by %(role)s: %(users)s.",
                    recall=self.display_name,
                    role=self.class_id.role_id.name,
                    users=listed(self.env.lang, self._deciders().mapped("name"))
                    or self.env._("nobody holds this role yet"),
                )
            )

    def _order_hold(self):
        """What is here does not leave any more; a hold that stands serves too."""
        standing = self.env["quality.complaint.hold"].search(
            [
                ("state", "=", "standing"),
                ("company_id", "=", self.company_id.id),
                ("lot_ids.lot_id", "in", self.root_lot_ids.ids),
            ]
        )
        covered = standing.filtered(
            lambda hold: (
                self.root_lot_ids
                <= hold.lot_ids.filtered(lambda row: row.state != "lifted").lot_id
            )
        )[:1]
        if not covered:
            covered = self.env["quality.complaint.hold"].create(
                {
                    "reason": f"{self.name}: {self.hazard}",
                    "company_id": self.company_id.id,
                    "complaint_id": self.complaint_id.id,
                    "eight_d_id": self.eight_d_id.id,
                    "include_made": self.include_made,
                    "line_ids": [
                        Command.create({"kind": "lot", "lot_id": lot.id})
                        for lot in self.root_lot_ids
                    ],
                }
            )
            covered.action_order()
        self._advance({"hold_id": covered.id})

    # === scope ===

    def _scope(self):
        """The lots it is about as of now.

        :return: (`stock.lot`, their rows of the trace)
        """
        self.ensure_one()
        rows, _ends = self.env["quality.complaint.genealogy"]._trace(
            self.root_lot_ids, self.company_id, downstream=True
        )
        if not self.include_made:
            rows = [row for row in rows if not row["depth"]]
        return self.env["stock.lot"].browse(row["lot_id"] for row in rows), rows

    def _freeze(self):
        """Write down which lots it is about, how much of them is where, and who has
        them. What is found later is added, with its day; nothing is taken away.
        """
        lots = self.env["quality.complaint.recall.lot"]
        found, rows = self._scope()
        balance = self.env["quality.complaint.balance"]
        moved = balance._rows(found, self.company_id)
        totals = balance._totals(found, moved)
        known = self.lot_ids.lot_id
        lots.create(
            [
                lots._prepare_vals(self, lot, row, totals[lot])
                for lot, row in zip(found, rows, strict=True)
                if lot not in known
            ]
        )
        self._freeze_recipients(found - known, moved)
        return found - known

    def _freeze_recipients(self, lots, moved):
        """
        :param lots: `stock.lot` that are new
        :param list moved: rows of the balance
        """
        had, back = {}, {}
        for row in moved:
            if row["kind"] in ("shipped", "returned") and row["company_id"]:
                key = (row["partner_id"], row["lot_id"])
                sign = 1 if row["kind"] == "shipped" else -1
                had[key] = had.get(key, 0.0) + sign * row["quantity"]
                if sign < 0:
                    back[key] = back.get(key, 0.0) + row["quantity"]
        consignees = {
            row.partner_id.id: row for row in self.consignee_ids if not row.parent_id
        }
        rows = self.env["quality.complaint.recall.consignee"]
        own = self.env["res.company"].search([("id", "!=", False)]).partner_id
        for (partner, lot), quantity in had.items():
            lot = self.env["stock.lot"].browse(lot)
            if (
                lot not in lots
                or partner in own.ids
                or lot.product_id.uom_id.compare(quantity, 0.0) <= 0
            ):
                continue
            if partner not in consignees:
                consignees[partner] = rows.create(
                    {"recall_id": self.id, "partner_id": partner}
                )
            consignees[partner].line_ids = [
                Command.create(
                    {
                        "lot_id": lot.id,
                        "shipped_quantity": quantity,
                        "returned_before": back.get((partner, lot.id), 0.0),
                    }
                )
            ]

    def action_amend(self):
        """Look again: lots and consignees that were found since are added."""
        self.ensure_one()
        self._check_right()
        self._check_standing("running")
        added = self.sudo()._freeze()  # sudo: as for the decision
        if not added:
            raise UserError(
                self.env._("%s: nothing has been found since.", self.display_name)
            )
        self.message_post(
            body=self.env._(
                "Added: %s", format_list(self.env, added.mapped("display_name"))
            )
        )

    # === times ===

    def _start_clocks(self, event):
        """Times that count from an event of the recall.

        :param str event: "decided" or "finished"
        """
        final = event == "finished"
        moment = self.finished_on if final else self.decided_on
        self.env["quality.complaint.recall.report"].create(
            [
                {
                    "recall_id": self.id,
                    "kind": clock.kind,
                    "clock_id": clock.id,
                    "due_on": clock._due_after(moment, self.company_id),
                }
                for clock in self.class_id.clock_ids
                if (clock.kind == "final") == final
            ]
        )._schedule_notices()

    def _done_by_event(self, kind):
        """What the flow itself does, e.g. the first notices."""
        self.report_ids.filtered(
            lambda row: row.kind == kind and not row.done_on
        )._finish()

    # === notices ===

    def action_send_notices(self):
        """Write to all consignees who were not written to, in the background."""
        self.ensure_one()
        self._check_right()
        self._check_real()
        self._check_standing("running")
        waiting = self.consignee_ids.filtered(
            lambda row: not row.notified_on and row.email
        )
        without = self.consignee_ids.filtered(
            lambda row: not row.notified_on and not row.email
        )
        if not waiting:
            raise UserError(
                self.env._(
                    "Nobody is left to write to. Consignees without an e-mail are told "
                    "by letter or telephone: note it on their row (%s).",
                    listed(self.env.lang, without.mapped("display_name")) or "–",
                )
            )
        self.sudo()._queue_notices(waiting.sudo(), "notice")  # sudo: rights checked
        return self._queued(len(waiting))

    def _check_real(self):
        """
        :raise UserError: a drill writes to nobody
        """
        if "drill" in self.mapped("kind"):
            raise UserError(
                self.env._("This is a drill: nobody outside is written to.")
            )

    def _queued(self, count):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Notices are being sent; consignees: %s.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _queue_notices(self, consignees, kind):
        self.env["quality.complaint.recall.notice"].create(
            [
                {"recall_id": self.id, "consignee_id": row.id, "kind": kind}
                for row in consignees
            ]
        )
        self.env.ref("quality_complaint.ir_cron_recall")._trigger()

    def action_send_release(self):
        """Tell consignees that sale may go on: it was not necessary, or is over
        (000-K 5.1).
        """
        self.ensure_one()
        self._check_right()
        self._check_real()
        held = self.sudo().lot_ids.lot_id.filtered("complaint_held")  # sudo: names
        if held:
            raise UserError(
                self.env._(
                    "%(lots)s is still on hold: lift the hold first, then tell "
                    "consignees that sale may go on.",
                    lots=listed(self.env.lang, held.mapped("name")),
                )
            )
        written = self.notice_ids.filtered(lambda row: row.kind == "release")
        told = self.consignee_ids.filtered(
            lambda row: (
                row.notified_on and row.email and row not in written.consignee_id
            )
        )
        if not told:
            raise UserError(
                self.env._("Nobody is left to tell: no consignee, or all were told.")
            )
        self.sudo()._queue_notices(told.sudo(), "release")  # sudo: rights checked
        return self._queued(len(told))

    # === ending ===

    def action_finish(self):
        """Everything that can come back is back."""
        self.ensure_one()
        self._check_right()
        self._check_real()
        self._check_standing("running")
        rows = self.consignee_ids
        waiting = [
            (self.env._("notices to: %s"), rows.filtered(lambda r: not r.notified_on)),
            (
                self.env._("answers of: %s"),
                rows.filtered(lambda r: not r.confirmed_on and not r.unreachable),
            ),
            (
                self.env._("who has what was passed on by: %s"),
                rows.filtered("passed_left"),
            ),
        ]
        self._check_missing(
            [
                words % listed(self.env.lang, some.mapped("display_name"))
                for words, some in waiting
                if some
            ]
        )
        recall = self.sudo()  # sudo: the rights were checked
        recall._advance({"state": "finished", "finished_on": fields.Datetime.now()})
        recall._done_by_event("finish")
        recall._start_clocks("finished")

    def action_resume(self):
        """More has to come back after all: the recall runs again."""
        self.ensure_one()
        self._check_right()
        self._check_standing("finished")
        recall = self.sudo()  # sudo: the rights were checked
        recall._advance({"state": "running", "finished_on": False})
        # what counts from the end begins anew with it
        recall.report_ids.filtered(
            lambda row: row.kind == "final" and not row.done_on
        ).unlink()

    def action_close(self):
        """Only with mass balance, effectiveness and report."""
        self.ensure_one()
        self._check_right()
        if not self.env.user.has_group(MAY_LIFT):
            raise UserError(self.env._("Quality engineers close a recall."))
        self._check_standing("finished")
        missing = []
        lost = self.lot_ids.filtered("unexplained_quantity")
        if lost and says_nothing(self.unexplained_reason):
            missing.append(
                self.env._(
                    "why something of %s is unexplained",
                    listed(self.env.lang, lost.lot_id.mapped("name")),
                )
            )
        wanted = self._wanted_checks()
        passed = self.check_ids.filtered(lambda row: row.arrived and row.acted)
        if len(passed.consignee_id) < wanted:
            missing.append(
                self.env._(
                    "effectiveness checks that found that the notice arrived and was "
                    "acted on (%(done)s of %(wanted)s)",
                    wanted=wanted,
                    done=len(passed.consignee_id),
                )
            )
        missing += [
            row.display_name
            for row in self.report_ids.filtered(lambda r: not r.done_on)
        ]
        if says_nothing(self.conclusion):
            missing.append(self._fields["conclusion"]._description_string(self.env))
        if any(self.lot_ids.mapped("destroyed_quantity")) and not (
            self.destruction and self.witnesses
        ):
            missing.append(self.env._("destruction and its witnesses"))
        self._check_missing(missing)
        self.sudo()._advance(  # sudo: the rights were checked
            {"state": "closed", "closed_on": fields.Datetime.now()}
        )

    def _wanted_checks(self):
        """How many consignees are asked whether it worked: at least one."""
        count = len(self.consignee_ids)
        share = self.class_id.check_percent
        return min(count, max(1, -int(-count * share // 100))) if share else 0

    def _check_missing(self, missing):
        """
        :raise UserError: names all that is missing
        """
        if missing:
            raise IncompleteError(
                self.env._(
                    "%(recall)s: still missing: %(missing)s.",
                    recall=self.display_name,
                    missing=listed(self.env.lang, missing, ";"),
                )
            )

    def action_trace(self):
        return self.env["quality.complaint.trace"]._open(self.root_lot_ids)

    def action_view_hold(self):
        return self.hold_id._get_records_action(context={})

    @api.model
    def _cron_recall(self):
        """Send what waits, remind who did not answer; in batches that commit."""
        notices = self.env["quality.complaint.recall.notice"]
        running = [("state", "=", "running"), ("kind", "!=", "drill")]
        self.search(running)._remind_recipients()
        while notices._send_batch():
            pass

    def _remind_recipients(self):
        now = fields.Datetime.now()
        for recall in self:
            rule = recall.class_id
            if not rule.reminder_hours:
                continue
            before = fields.Datetime.subtract(now, hours=rule.reminder_hours)
            silent = recall.consignee_ids.filtered(
                lambda row, before=before, most=rule.reminder_count: (
                    row.email
                    and row.last_notice_on
                    and not row.confirmed_on
                    and not row.unreachable
                    and row.last_notice_on <= before
                    and row.reminder_count < most
                )
            )
            if silent:
                recall._queue_notices(silent, "reminder")
