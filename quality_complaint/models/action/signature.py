from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_list


class QualityComplaintActionSignature(models.Model):
    """A role signed a measure, or its verified effect (R5: the salesperson and the head
    of the department). Set by the flow only.
    """

    _name = "quality.complaint.action.signature"
    _description = "Signature of a Measure"
    _inherit = ["quality.complaint.guarded"]
    _rec_name = "role_id"
    _order = "signed_on, id"

    action_id = fields.Many2one(
        "quality.complaint.action",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="action_id.company_id", store=True, index=True)
    subject = fields.Selection(
        [("measure", "Measure"), ("effect", "Effect")], required=True, readonly=True
    )
    role_id = fields.Many2one(
        "quality.complaint.role", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Signed By", required=True, readonly=True, ondelete="restrict"
    )
    signed_on = fields.Datetime(required=True, readonly=True)

    def _outdate(self):
        """What was signed is another measure now: it is signed anew."""
        actions = self.action_id.sudo(False)  # sudo: back to the caller's rights
        self.unlink()
        for action in actions:
            action.message_post(
                body=self.env._("Changed after it was signed: to be signed again.")
            )
        actions._ask_signatures()


class QualityComplaintAction(models.Model):
    """Who signs a measure and its effect, and who verifies it, by the policy of its
    complaint.
    """

    _inherit = "quality.complaint.action"

    signature_ids = fields.One2many(
        "quality.complaint.action.signature",
        "action_id",
        "Signatures",
        readonly=True,
        copy=False,
    )
    unsigned_role_ids = fields.Many2many(
        "quality.complaint.role",
        compute="_compute_unsigned_role_ids",
        compute_sudo=True,
        string="Still to Be Signed By",
        help="Roles that must sign the measure, or its effect once it is verified.",
    )
    signer_ids = fields.Many2many(
        "res.users",
        "quality_complaint_action_signer_rel",
        string="Put Before",
        readonly=True,
        copy=False,
        help="Whoever was asked to sign or verify it; they may open the complaint.",
    )
    can_sign = fields.Boolean(compute="_compute_can_sign")

    # === who ===

    def _signed_subject(self):
        """What is signed at this stage: the measure, after its verification the
        effect.
        """
        return "effect" if self.state in ("effective", "ineffective") else "measure"

    def _unsigned_roles(self, subject):
        """Roles whose signature is missing.

        :param str subject: `measure` or `effect`
        """
        self.ensure_one()
        action = self.sudo()  # sudo: the policy asks whoever may see it
        policy = action.complaint_id.policy_id
        if (
            not policy
            or action.kind == "containment"
            or action.state == "cancelled"
            or not action.complaint_id.type_id.uses_severity
        ):
            return policy.action_role_ids.browse()
        wanted = (
            policy.action_role_ids if subject == "measure" else policy.effect_role_id
        )
        return (
            wanted
            - action.signature_ids.filtered(lambda row: row.subject == subject).role_id
        ).sudo(False)  # sudo: back to the caller's rights

    @api.depends("state", "kind", "complaint_id.policy_id", "signature_ids.role_id")
    def _compute_unsigned_role_ids(self):
        for action in self:
            action.unsigned_role_ids = action._unsigned_roles(action._signed_subject())

    @api.depends("state", "kind", "complaint_id.policy_id", "signature_ids.role_id")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        for action in self:
            action.can_sign = bool(action._roles_to_sign())

    def _roles_to_sign(self):
        """Roles that this user can sign for now."""
        roles = self._unsigned_roles(self._signed_subject())
        if self._signed_subject() == "effect" and self.verified_by_id == self.env.user:
            return (
                roles.browse()
            )  # the effect is signed by somebody else than who verified it
        return roles.filtered(
            lambda role: self.env.user in role._holders(self.complaint_id)
        )

    def _verifier_role(self):
        action = self.sudo()  # sudo: as in `_unsigned_roles`
        role = (
            action.complaint_id.policy_id.verifier_role_id
            if action.complaint_id or not action.problem_id
            else action.problem_id.company_id.complaint_verifier_role_id
        )
        return role.sudo(False)  # sudo: back to the caller's rights

    # === the flow ===

    @api.model
    def _without_signatures(self, vals_list):
        """Values of a `create` without what only the flow gives."""
        return [
            {
                name: value
                for name, value in vals.items()
                if name not in ("signature_ids", "signer_ids")
            }
            for vals in vals_list
        ]

    def _check_signatures_untouched(self, vals):
        if {"signature_ids", "signer_ids"} & vals.keys():
            raise UserError(
                self.env._("Measures are signed by the button “Sign” only.")
            )

    def _signatures_touched(self, vals):
        """Signatures of measures that a `write` of these values makes others."""
        signed = self.sudo().signature_ids.filtered(
            lambda row: row.subject == "measure"
        )  # sudo: signatures are the flow's
        return signed.filtered(
            lambda row: any(
                name in vals and row.action_id[name] != vals[name]
                for name in ("name", "kind")
            )
        )

    def _check_verifier(self):
        """
        :raise AccessError: the policy names others
        :raise UserError: the measure is not signed
        """
        for action in self:
            action._check_state("done")
            role = action._verifier_role()
            if (
                role
                and not self.env.su
                and self.env.user not in role._holders(action._due_file())
            ):
                raise AccessError(
                    self.env._(
                        "“%(action)s” is verified by %(holders)s.",
                        action=action.name,
                        holders=action._names_of(role),
                    )
                )
            if missing := action._unsigned_roles("measure"):
                raise UserError(
                    self.env._(
                        "“%(action)s” cannot be verified yet. Still to be signed by: "
                        "%(holders)s.",
                        action=action.name,
                        holders=action._names_of(missing),
                    )
                )

    def _forget_effect_signatures(self):
        # sudo: signatures are the flow's; the thread keeps them
        self.sudo().signature_ids.filtered(lambda row: row.subject == "effect").unlink()

    def _open_signatures(self):
        """As `_open_end`: signatures of what is done."""
        if self.state == "cancelled":
            return ""
        verified = self.kind in ("corrective", "preventive")
        missing = self._unsigned_roles("measure") or (
            self._unsigned_roles("effect")
            if verified
            else self.env["quality.complaint.role"]
        )
        return (
            self.env._(
                "action “%(action)s” (to be signed by: %(roles)s)",
                action=self.name,
                roles=self._names_of(missing),
            )
            if missing
            else ""
        )

    def action_sign(self):
        """Sign the measure, or its verified effect, for every role of the user that has
        not signed yet.
        """
        self.check_access("read")
        for action in self:
            roles = action._roles_to_sign()
            if not roles:
                action._refuse_to_sign()
            subject = action._signed_subject()
            action.sudo().with_context(
                mail_notrack=True
            ).signature_ids.create(  # sudo: signatures are made by the flow only
                [
                    {
                        "action_id": action.id,
                        "subject": subject,
                        "role_id": role.id,
                        "user_id": self.env.uid,
                        "signed_on": fields.Datetime.now(),
                    }
                    for role in roles
                ]
            )
            action.sudo().activity_feedback(
                ["mail.mail_activity_data_todo"], user_id=self.env.uid
            )  # sudo: the request is done with
            subjects = dict(
                self.env["quality.complaint.action.signature"]
                ._fields["subject"]
                ._description_selection(self.env)
            )
            action.sudo().message_post(  # sudo: who signs needs no further rights
                body=self.env._(
                    "%(subject)s signed: %(roles)s.",
                    subject=subjects[subject],
                    roles=format_list(self.env, roles.mapped("name")),
                )
            )
        return True

    def _refuse_to_sign(self):
        """
        :raise UserError: nothing is left to sign
        :raise AccessError: it is for others to sign
        """
        self.ensure_one()
        roles = self._unsigned_roles(self._signed_subject())
        if not roles:
            raise UserError(self.env._("“%s” needs no further signature.", self.name))
        raise AccessError(
            self.env._(
                "“%(action)s” is for others to sign: %(holders)s.",
                action=self.name,
                holders=self._names_of(roles),
            )
        )

    def _names_of(self, roles):
        """Roles with their holders, in words."""
        texts = []
        for role in roles:
            holders = role._holders(self._due_file()).mapped("name")
            texts.append(
                f"{role.name} "
                f"({format_list(self.env, holders) or self.env._('nobody')})"
            )
        return format_list(self.env, texts)

    def _ask_signatures(self):
        """An activity for everybody who can sign now and was not asked yet."""
        for action in self:
            asking = action._unsigned_roles(action._signed_subject())
            holders = self.env["res.users"].union(
                *(
                    role._holders(action.complaint_id)
                    for role in asking | action._verifier_role()
                )
            )
            if not asking or action.kind == "containment":
                continue
            if holders - action.sudo().signer_ids:  # sudo: only who was asked
                action._advance(
                    {"signer_ids": [Command.link(user.id) for user in holders]}
                )
            for role in asking:
                asked = action.sudo().activity_ids.user_id  # sudo: only who was asked
                for user in (
                    action._due_file()._reachable(role._holders(action.complaint_id))
                    - asked
                ):
                    local = action.with_context(lang=user.lang)
                    # sudo: the activity is for somebody else
                    local.sudo().activity_schedule(
                        "mail.mail_activity_data_todo",
                        user_id=user.id,
                        summary=local.env._("Sign: %s", action.name),
                    )
