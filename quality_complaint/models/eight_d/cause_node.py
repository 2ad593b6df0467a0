from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [("occurrence", "Occurrence"), ("escape", "Escape"), ("systemic", "Systemic")]
CATEGORIES = [
    ("man", "Man"),
    ("machine", "Machine"),
    ("material", "Material"),
    ("method", "Method"),
    ("environment", "Environment"),
    ("measurement", "Measurement"),
]
VERDICTS = [
    ("suspected", "Suspected"),
    ("verified", "Verified"),
    ("excluded", "Excluded"),
]


class QualityComplaintCauseNode(models.Model):
    """A cause in the tree of an 8D report (D4): its parent is what it explains, its
    children say why it is so (5-why).

    Main causes of a kind share what is explained: their shares add up to 100 %.
    """

    _name = "quality.complaint.cause.node"
    _description = "Cause in an 8D Report"
    _inherit = ["quality.complaint.files", "quality.8d.part"]
    _order = "eight_d_id, place, id"
    _parent_store = True
    _check_company_auto = True
    _step = "D4"

    sequence = fields.Integer(default=10)
    name = fields.Char("Cause", required=True)
    parent_id = fields.Many2one(
        "quality.complaint.cause.node",
        "Explains",
        index=True,
        ondelete="cascade",
        domain="[('eight_d_id', '=', eight_d_id)]",
    )
    parent_path = fields.Char(index=True)
    place = fields.Char(
        compute="_compute_place",
        store=True,
        recursive=True,
        help="Sorts a cause behind what it explains, in the order people gave them.",
    )
    child_ids = fields.One2many("quality.complaint.cause.node", "parent_id", "Because")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="occurrence",
        help=(
            "Why it occurred, why it escaped although it was checked, or why the "
            "system let both happen."
        ),
    )
    category = fields.Selection(CATEGORIES, default="method", required=True)
    cause_id = fields.Many2one(
        "quality.complaint.cause", "In the Catalogue", ondelete="restrict"
    )
    verdict = fields.Selection(VERDICTS, required=True, default="suspected")
    is_root = fields.Boolean(
        "Root Cause", help="Where the whys end: what the corrective actions remove."
    )
    share = fields.Float(
        "Share (%)",
        digits=(5, 1),
        help=(
            "How much of the trouble this root cause explains; those of a kind add up "
            "to 100."
        ),
    )
    evidence = fields.Text(help="What shows that this is the cause, or is not.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_cause_node_attachment_rel",
        string="Files",
        bypass_search_access=True,
    )
    depth = fields.Integer(compute="_compute_depth")
    outline = fields.Char(
        "No.",
        compute="_compute_outline",
        help="Its place in the tree: 2.1 is why 2 is so.",
    )
    shallow_reason = fields.Char(
        "Accepted as It Is",
        readonly=True,
        copy=False,
        help=(
            "A quality manager's reason why a cause like “operator error” is where "
            "the whys end."
        ),
        guarded=True,
    )
    shallow_by_id = fields.Many2one(
        "res.users",
        "Accepted By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        guarded=True,
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")
    worded_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
        guarded=True,
    )
    action_ids = fields.One2many("quality.complaint.action", "node_id", "Actions")

    @api.depends("parent_id.place", "sequence")
    def _compute_place(self):
        # paths of ids cannot be sorted: as texts, 100 comes before 99
        for node in self:
            own = f"{node.sequence:06}.{node._origin.id or 0:012}/"
            node.place = (node.parent_id.place or "") + own

    @api.depends("parent_path")
    def _compute_depth(self):
        for node in self:
            node.depth = len((node.parent_path or "").strip("/").split("/"))

    @api.depends("eight_d_id.node_ids.parent_id", "eight_d_id.node_ids.sequence")
    def _compute_outline(self):
        self.outline = False
        for report in self.eight_d_id:
            for node, outline in report._cause_tree():
                node.outline = outline

    @api.ondelete(at_uninstall=False)
    def _unlink_without_actions(self):
        for node in self.filtered("action_ids"):
            action = node.action_ids[0].name
            raise UserError(
                self.env._(
                    "“%(cause)s” is removed by “%(action)s”: choose another cause "
                    "there first.",
                    cause=node.name,
                    action=action,
                )
            )

    @api.constrains("parent_id", "kind")
    def _check_parent(self):
        for node in self | self.child_ids:
            if node.parent_id.eight_d_id - node.eight_d_id:
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” explains a cause of another report.",
                        cause=node.name,
                    )
                )
            if node.parent_id and node.parent_id.kind != node.kind:
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” is of another kind than what it explains, "
                        "“%(parent)s”.",
                        cause=node.name,
                        parent=node.parent_id.name,
                    )
                )

    @api.depends("eight_d_id.step_ids.done_on", "eight_d_id.state")
    def _compute_is_locked(self):
        for node in self:
            node.is_locked = bool(node.eight_d_id) and node._has_locked_files()

    @api.onchange("is_root")
    def _onchange_is_root(self):
        """A root cause is offered what the others of its kind leave."""
        for node in self:
            others = node.eight_d_id.node_ids.filtered(
                lambda other, n=node: (
                    other.is_root
                    and other.kind == n.kind
                    and other._origin != n._origin
                )
            )
            node.share = (
                max(100.0 - sum(others.mapped("share")), 0.0)
                if node.is_root and not node.share
                else node.share * node.is_root
            )

    @api.onchange("parent_id")
    def _onchange_parent_id(self):
        for node in self.filtered("parent_id"):
            node.kind, node.category = node.parent_id.kind, node.parent_id.category

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self._advance(
                {
                    "shallow_reason": False,
                    "shallow_by_id": False,
                    "worded_by_id": self.env.uid,
                }
            )
        return result

    def action_add_weak(self):
        """This wording explains nothing: listed for all reports to come."""
        return self.env["quality.8d.weak.term"]._add("cause", self.mapped("name"))

    def action_accept(self, reason):
        """A quality manager accepts a cause like “operator error” as the end of the
        whys.

        :param str reason: mandatory
        """
        for node in self:
            node.eight_d_id._check_changeable("D4")
            node.eight_d_id._check_quality_manager(node.create_uid | node.worded_by_id)
            node._check_reason(reason)
            node._advance({"shallow_reason": reason, "shallow_by_id": self.env.uid})
            node.eight_d_id.message_post(
                body=self.env._(
                    "“%(cause)s” accepted as it is: %(reason)s",
                    cause=node.name,
                    reason=reason,
                )
            )
        return True

    def _has_locked_files(self):
        return self.eight_d_id.state != "open" or self.eight_d_id._is_done("D4")

    def action_ask_why(self):
        """Plan the next why: a cause that explains this one."""
        self.ensure_one()
        return self.browse()._get_records_action(
            name=self.env._("Why: %s", self.name),
            target="new",
            context={
                "default_eight_d_id": self.eight_d_id.id,
                "default_parent_id": self.id,
                "default_kind": self.kind,
                "default_category": self.category,
            },
        )

    def action_open_reason(self):
        """Ask the quality manager for the reason."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("Accept the cause as it is"),
            "accept",
            node_id=self.id,
            eight_d_id=self.eight_d_id.id,
        )

    @api.constrains("share")
    def _check_share(self):
        for node in self:
            if not 0 <= node.share <= 100:
                raise ValidationError(
                    self.env._("“%s”: a share lies between 0 and 100 %%.", node.name)
                )
