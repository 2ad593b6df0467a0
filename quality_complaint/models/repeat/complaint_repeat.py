from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_list

# of the complaint: a change of one of them may show another repeat
TROUBLE = {"description", "cause_id"}

# keys of the context by which the list of similar complaints knows what they are
# similar to
SIMILAR = (
    "similar_lot_ids",
    "similar_product_ids",
    "similar_troubles",
    "similar_sale_ids",
    "similar_partner_ids",
)

from ...tools import listed


class QualityComplaint(models.Model):
    """The same trouble again: what was complained of before, how often, and what
    follows from it.

    Candidates are found and scored in `repeat/search.py`.
    """

    _inherit = "quality.complaint"

    repeat_of_id = fields.Many2one(
        "quality.complaint",
        "Repeats",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help=(
            "The last earlier complaint of the same product and defect, or of the "
            "same lot."
        ),
        guarded=True,
    )
    repeat_rank = fields.Integer(
        "Times Complained Of",
        default=1,
        readonly=True,
        copy=False,
        help="1: for the first time; 2: second complaint of the same trouble …",
        guarded=True,
    )
    repeat_raised = fields.Boolean(
        "Severity Raised by Repetition", readonly=True, copy=False, guarded=True
    )
    repeat_ids = fields.One2many(
        "quality.complaint.repeat",
        "complaint_id",
        "Possible Repeats",
        groups="quality_complaint.group_quality_complaint_user",
        copy=False,
    )
    repeat_count = fields.Integer(
        "Repeats Found", compute="_compute_repeat_count", compute_sudo=True
    )
    repeat_message = fields.Char(
        "Possible Repeat", compute="_compute_repeat_message", compute_sudo=True
    )
    similar_count = fields.Integer(
        "Similar",
        compute="_compute_similar_counts",
        compute_sudo=True,
        help="Earlier complaints that share lot, product, contract or customer.",
    )
    same_contract_count = fields.Integer(
        compute="_compute_similar_counts", compute_sudo=True, string="Same Contract"
    )
    same_product_count = fields.Integer(
        compute="_compute_similar_counts", compute_sudo=True, string="Same Product"
    )
    contract_rank = fields.Integer(
        "Of the Same Contract",
        compute="_compute_ranks",
        compute_sudo=True,
        help="Which complaint of the same sales order this is.",
    )
    product_rank = fields.Integer(
        "Of the Same Product",
        compute="_compute_ranks",
        compute_sudo=True,
        help="Which complaint of the same product this is.",
    )
    in_common = fields.Char(
        compute="_compute_in_common",
        help="What it shares with the complaint from which the list was opened.",
    )
    rank_text = fields.Char("Which Complaint", compute="_compute_rank_text")
    fault_rank = fields.Integer(
        "Of the Same Fault",
        compute="_compute_ranks",
        compute_sudo=True,
        help="Which complaint of the same trouble this is: its occurrence.",
    )

    # === counting ===

    def _similar_domain(self, kind):
        """Domain of earlier complaints that share something with this one.

        :param str kind: `customer`, `contract`, `product`, `lot` or `defect` (same
            product and same defect)
        """
        self.ensure_one()
        earlier = (
            Domain("id", "!=", self._origin.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "not in", ("new", "cancelled"))
            & Domain("received_on", "<=", self.received_on or fields.Datetime.now())
        )
        lines = self.line_ids
        if kind == "customer":
            return earlier & Domain(
                "commercial_partner_id", "=", self.commercial_partner_id.id or -1
            )
        if kind == "contract":
            return earlier & Domain(
                "line_ids", "any", Domain("sale_id", "in", lines.sale_id.ids)
            )
        if kind == "product":
            return earlier & Domain(
                "line_ids", "any", Domain("product_id", "in", lines.product_id.ids)
            )
        if kind == "lot":
            return earlier & Domain(
                "line_ids", "any", Domain("lot_id", "in", lines.lot_id.ids)
            )
        pairs = Domain.OR(
            Domain("product_id", "=", line.product_id.id)
            & Domain("defect_id", "=", line.defect_id.id)
            for line in lines
            if line.product_id and line.defect_id
        )
        return earlier & Domain("line_ids", "any", pairs)

    @api.depends(
        "partner_id",
        "line_ids.product_id",
        "line_ids.lot_id",
        "line_ids.defect_id",
        "line_ids.sale_id",
        "received_on",
    )
    def _compute_similar_counts(self):
        # over all complaints of the company, whoever may open them; shown on the form
        # and printed, never in lists
        for complaint in self:
            domains = {
                kind: complaint._similar_domain(kind) for kind in complaint._shared()
            }
            if not domains:
                complaint.similar_count = 0
                complaint.same_contract_count = complaint.same_product_count = 0
                continue
            wanted = {
                "any": Domain.OR(domains.values()),
                **{
                    kind: domains.get(kind, Domain.FALSE)
                    for kind in ("contract", "product")
                },
            }
            counts = [
                SQL(
                    "(SELECT COUNT(*) FROM (%s) AS found)",
                    self._search(domain).select(),
                )
                for domain in wanted.values()
            ]
            (
                complaint.similar_count,
                complaint.same_contract_count,
                complaint.same_product_count,
            ) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(counts)))[0]

    @api.depends(
        "same_contract_count", "same_product_count", "line_ids.defect_id", "repeat_rank"
    )
    def _compute_ranks(self):
        for complaint in self:
            lines = complaint.line_ids
            complaint.contract_rank = (
                complaint.same_contract_count + 1 if lines.sale_id else 0
            )
            complaint.product_rank = (
                complaint.same_product_count + 1 if lines.product_id else 0
            )
            # one figure, wherever it is shown: the occurrence of the trouble
            complaint.fault_rank = (
                complaint.repeat_rank
                if lines.defect_id or complaint.repeat_rank > 1
                else 0
            )

    @api.depends("contract_rank", "product_rank", "fault_rank")
    @api.depends_context("lang")
    def _compute_rank_text(self):
        for complaint in self:
            ranks = (
                self.env._("no. %s of the contract", complaint.contract_rank)
                if complaint.contract_rank > 1
                else "",
                self.env._("no. %s of the product", complaint.product_rank)
                if complaint.product_rank > 1
                else "",
                self.env._("no. %s of the fault", complaint.fault_rank)
                if complaint.fault_rank > 1
                else "",
            )
            complaint.rank_text = listed(self.env.lang, ranks, ",") or False

    def action_view_similar(self):
        """Open the earlier complaints that share something with this one; the filters
        say what.
        """
        self.ensure_one()
        lines = self.line_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Similar Complaints"),
            "res_model": self._name,
            "view_mode": "list,kanban,form",
            "views": [
                (
                    self.env.ref(
                        "quality_complaint.quality_complaint_view_list_similar"
                    ).id,
                    "list",
                ),
                (False, "kanban"),
                (False, "form"),
            ],
            "search_view_id": self.env.ref(
                "quality_complaint.quality_complaint_view_search_similar"
            ).id,
            "domain": list(
                Domain.OR(self._similar_domain(kind) for kind in self._shared())
            ),
            "context": {
                "similar_lot_ids": lines.lot_id.ids,
                "similar_product_ids": lines.product_id.ids,
                "similar_defect_ids": lines.defect_id.ids,
                "similar_troubles": [line._trouble_key() for line in lines],
                "similar_sale_ids": lines.sale_id.ids,
                "similar_partner_ids": self.commercial_partner_id.ids,
            },
        }

    @api.depends(
        "line_ids.product_id",
        "line_ids.lot_id",
        "line_ids.defect_id",
        "line_ids.sale_id",
        "commercial_partner_id",
    )
    @api.depends_context(*SIMILAR, "lang")
    def _compute_in_common(self):
        lots, products, troubles, orders, customers = (
            set(self.env.context.get(key) or ()) for key in SIMILAR
        )
        for complaint in self:
            lines = complaint.line_ids
            same = lines.filtered(lambda line: line.product_id.id in products)
            shared = [
                *lines.lot_id.filtered(lambda lot: lot.id in lots).mapped("name"),
                self.env._("product and defect")
                if same.filtered(
                    lambda line: line.defect_id and line._trouble_key() in troubles
                )
                else self.env._("product")
                if same
                else "",
                self.env._("contract")
                if orders.intersection(lines.sale_id.ids)
                else "",
                self.env._("customer")
                if complaint.commercial_partner_id.id in customers
                else "",
            ]
            complaint.in_common = (
                format_list(self.env, list(filter(None, shared))) or False
            )

    def _shared(self):
        """What other complaints can share with this one, as in `_similar_domain`."""
        lines = self.line_ids
        wanted = {
            "customer": self.partner_id,
            "contract": lines.sale_id,
            "product": lines.product_id,
            "lot": lines.lot_id,
            "defect": lines.defect_id,
        }
        return [kind for kind, shared in wanted.items() if shared]

    # === what was found ===

    def _repeats_domain(self):
        """Rows of the complaints that are of use: what they may repeat, and what is
        known to repeat them.
        """
        return (
            Domain("complaint_id", "in", self.ids) & Domain("state", "!=", "dismissed")
        ) | (Domain("other_id", "in", self.ids) & Domain("state", "=", "linked"))

    @api.depends("repeat_ids.state")
    def _compute_repeat_count(self):
        rows = self.env["quality.complaint.repeat"].search(self._repeats_domain())
        for complaint in self:
            complaint.repeat_count = len(
                rows.filtered(
                    lambda row, c=complaint._origin: (
                        c in (row.complaint_id, row.other_id)
                    )
                )
            )

    @api.depends("repeat_ids.state", "repeat_ids.score", "repeat_of_id")
    @api.depends_context("lang")
    def _compute_repeat_message(self):
        for complaint in self:
            waiting = complaint.repeat_ids.filtered(
                lambda row: row.state == "proposed"
            ).sorted("score", reverse=True)
            if not waiting:
                complaint.repeat_message = False
                continue
            values = {
                "complaint": waiting[0].other_id.display_name,
                "evidence": waiting[0].explanation,
                "number": len(waiting) - 1,
            }
            if complaint.repeat_of_id:
                complaint.repeat_message = complaint._question_of_repeat(values)
                continue
            complaint.repeat_message = (
                self.env._("It may repeat %(complaint)s (%(evidence)s).", **values)
                if len(waiting) == 1
                else self.env._(
                    "It may repeat %(complaint)s (%(evidence)s), or another one.",
                    **values,
                )
                if len(waiting) == 2
                else self.env._(
                    "It may repeat %(complaint)s (%(evidence)s), or one of %(number)s "
                    "others.",
                    **values,
                )
            )

    def _question_of_repeat(self, values):
        """What is asked where it counts as a repeat already.

        :param dict values: of the likeliest earlier complaint
        """
        self.ensure_one()
        return (
            self.env._(
                "It counts as a repeat of %(complaint)s (%(evidence)s).", **values
            )
            if values["complaint"] == self.repeat_of_id.display_name
            else self.env._(
                "It may also repeat %(complaint)s (%(evidence)s).", **values
            )
        )

    def action_view_repeats(self):
        """Open what was found, to decide."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_repeat"
        )
        return {
            **action,
            "domain": list(self._repeats_domain()),
            "context": {"create": False},
        }

    def action_find_repeats(self):
        """Look again for earlier complaints of the same trouble."""
        self.ensure_one()
        self.check_access("write")
        self._check_state(
            "registered", "investigating", "planning", "executing", "replied"
        )
        self._review_repeats()
        if self.repeat_message:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Nothing else was found that looks like the same trouble."
                ),
                "type": "info",
            },
        }

    def action_dismiss_repeat_of(self):
        """The complaint that counts as the last of the same trouble was about another
        one.
        """
        self.ensure_one()
        other = self.repeat_of_id
        self.check_access("write")
        other.check_access("read")
        rows = self.env[
            "quality.complaint.repeat"
        ].sudo()  # sudo: rows are written by buttons only
        row = rows.search(
            [("complaint_id", "=", self.id), ("other_id", "=", other.id)], limit=1
        )
        if other:
            (row or rows.create({"complaint_id": self.id, "other_id": other.id})).sudo(
                False
            ).action_dismiss()  # sudo: decided with the user's rights
        return True

    def _decided_others(self, state):
        """Earlier complaints linked to this one or dismissed."""
        return (
            self.sudo().repeat_ids.filtered(lambda row: row.state == state).other_id
        )  # sudo: as in `_detect_repeat`

    # === detecting ===

    def _looks_for_repeats(self):
        self.ensure_one()
        return (
            self.state not in ("new", "closed", "cancelled")
            and not self.is_batch
            and not self._is_asked_back()
            and self.type_id.uses_severity
        )

    def _detect_repeat(self):
        """Set `repeat_of_id` and `repeat_rank`: complaints of the same trouble within
        the policy's window.

        The same product and defect, or the same lot, unless dismissed; and everything
        linked, also from before the window.
        """
        for complaint in self:
            since = fields.Datetime.subtract(
                complaint.received_on, days=complaint.policy_id.repeat_window
            )
            trouble = Domain.FALSE
            if complaint.line_ids.lot_id:
                trouble |= complaint._similar_domain("lot")
            if complaint.line_ids.defect_id:
                trouble |= complaint._similar_domain("defect")
            dismissed = complaint._decided_others("dismissed")
            # sudo: repeats are counted over all complaints of the company, whoever may
            # open them
            earlier = self.sudo().search(
                trouble
                & Domain("received_on", ">=", since)
                & Domain("is_batch", "=", False)
                & Domain("id", "not in", dismissed.ids)
            )
            linked = complaint._decided_others("linked").filtered(
                lambda other: other.state != "cancelled"
            )
            earlier = (earlier | linked).sorted(
                lambda other: (other.received_on, other.id), reverse=True
            )
            found = {"repeat_of_id": earlier[:1].id, "repeat_rank": len(earlier) + 1}
            if (complaint.repeat_of_id.id, complaint.repeat_rank) != tuple(
                found.values()
            ):
                complaint._advance(found)

    def _with_other_trouble(self, vals):
        """Complaints that a `write` of these values makes tell of another trouble."""
        return self._changed_by(vals, TROUBLE)

    def _review_repeats(self):
        """Something about the trouble has changed: look for repeats, count them, do
        what follows.
        """
        reviewed = self.sudo().filtered(
            lambda complaint: complaint._looks_for_repeats()
        )  # sudo: whoever changed it
        reviewed._find_repeats()
        reviewed._recount_repeats()

    def _recount_repeats(self):
        ranks = {complaint: complaint.repeat_rank for complaint in self}
        self._detect_repeat()
        self._raise_for_repeats()
        self.filtered(
            lambda complaint: complaint.repeat_rank > ranks[complaint]
        )._start_needed_8d()

    def _raise_for_repeats(self):
        """One level up from the nth complaint of the same trouble on, once, where the
        policy says so.
        """
        for (
            complaint
        ) in self.sudo():  # sudo: what the policy says happens whoever registers
            nth = complaint.policy_id.repeat_severity_from
            if (
                not nth
                or complaint.repeat_rank < nth
                or complaint.repeat_raised
                or not complaint._looks_for_repeats()
            ):
                continue
            reason = self.env._(
                "Complaint no. %s of the same trouble", complaint.repeat_rank
            )
            complaint._advance(
                {
                    "repeat_raised": True,
                    "severity_reason": complaint.severity_reason or reason,
                }
            )
            complaint._raise_severity(reason)

    def _note_undecided_repeats(self):
        """Closed with possible repeats undecided: allowed, and recorded."""
        for complaint in self:
            if undecided := complaint._undecided_repeats():
                names = format_list(self.env, undecided.other_id.mapped("display_name"))
                complaint.message_post(
                    body=self.env._(
                        "Closed without a decision whether it repeats %s.", names
                    )
                )

    def _undecided_repeats(self):
        """Possible repeats nobody has decided about."""
        return self.sudo().repeat_ids.filtered(
            lambda row: row.state == "proposed"
        )  # sudo: proposals hold whoever closes


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _trouble_key(self):
        """What is wrong with what, for a context: a pair is none."""
        self.ensure_one()
        return f"{self.product_id.id}-{self.defect_id.id}"
