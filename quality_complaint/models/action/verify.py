import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..mixins.due import BATCH, MAX_BATCHES
from .watch import VERIFIED_KINDS

_logger = logging.getLogger(__name__)


class QualityComplaintAction(models.Model):
    """Verifying an action against the figures: data propose, a person decides and says
    why when he sees it otherwise.

    Once data allow a verdict, whoever leads is reminded of it, once.
    """

    _inherit = "quality.complaint.action"

    # moving the cut-in moves the figures: it is seen
    cut_in_lot_id = fields.Many2one(tracking=True)
    cut_in_on = fields.Date(tracking=True)
    effect_override_reason = fields.Text(
        "Against the Figures",
        copy=False,
        tracking=True,
        help=(
            "Why it is effective although the same defect came in on goods made with "
            "it, or although it is early: another cause, a proof by test."
        ),
    )
    verified_figures = fields.Text(
        "Figures at Verification",
        readonly=True,
        copy=False,
        help="What data said when the effect was verified.",
        guarded=True,
    )
    effect_told_on = fields.Datetime(
        "Told That It Can Be Verified", readonly=True, copy=False, guarded=True
    )
    effect_checked_on = fields.Date(
        "Figures Looked At", readonly=True, copy=False, guarded=True
    )

    _effect_check_idx = models.Index(
        "(effect_checked_on) WHERE state = 'done' AND effect_told_on IS NULL"
    )

    def _forget_override(self):
        """Written when it is verified, by somebody else than its owner."""
        self.filtered("effect_override_reason")._advance(
            {"effect_override_reason": False}
        )

    def _forget_verification(self):
        """It stays in the history."""
        self._advance(
            {
                "effect_note": False,
                "effect_override_reason": False,
                "verified_figures": False,
                "effect_told_on": False,
                "effect_checked_on": False,
            }
        )

    def _check_override(self, vals):
        if "effect_override_reason" not in vals:
            return
        self._lock_fields(
            vals,
            {"effect_override_reason"},
            self.filtered(lambda action: action.state != "done"),
        )
        for action in self if not self.env.su else self.browse():
            if self.env.user in action.user_id | action.done_by_id:
                raise UserError(
                    self.env._(
                        "“%s”: why it is effective against the figures is written by "
                        "whoever verifies it, not by its owner.",
                        action.name,
                    )
                )

    # === verification ===

    def action_take_proposal(self):
        """Write down what data say as the verification; somebody else than the owner
        still decides.
        """
        self.check_access("write")
        effects = self._effects()
        for action in self:
            action._check_state("done")
            if action not in effects:
                raise UserError(
                    self.env._(
                        "“%(action)s”: %(why)s",
                        action=action.name,
                        why=action._effect_text(),
                    )
                )
            text = action._effect_sentences(effects[action])
            if text not in (action.effect_note or ""):
                action.effect_note = "\n".join(filter(None, (action.effect_note, text)))
        return True

    def _check_figures(self, effect):
        """Keep what data say at this moment.

        :param str effect: what the verifier says
        :raise UserError: data say that it is not effective, or that it is too early to
            tell, and nobody wrote why it is effective all the same
        """
        effects = self._effects()
        for action in self.filtered(lambda action: action in effects):
            figures = action._effect_sentences(effects[action], with_names=False)
            against = effect == "effective" and effects[action].proposal in (
                "ineffective",
                "too_early",
            )
            if against and action._is_blank("effect_override_reason"):
                raise UserError(
                    self.env._(
                        "“%(action)s” cannot be called effective: %(figures)s Write "
                        "down why it is all the same (“Against the Figures”).",
                        action=action.name,
                        figures=figures,
                    )
                )
            # complaints the verifier knew of do not open it again
            action._advance(
                {
                    "verified_figures": figures,
                    "recurrence_ids": [
                        Command.link(complaint.id)
                        for complaint in effects[action].recurrences
                    ],
                }
            )

    # === reminder ===

    @api.model
    def _cron_effect(self):
        """Remind of the actions that can be verified now, in batches that commit; each
        action is looked at once a day and told once.
        """
        # what is left when others keep getting in the way is looked at by the next run
        for _batch in range(MAX_BATCHES):
            if not self._effect_batch():
                break

    @api.model
    def _effect_check_domain(self):
        looked = Domain("effect_checked_on", "=", False) | Domain(
            "effect_checked_on", "<", fields.Date.today()
        )
        cut_in = Domain("cut_in_lot_id", "!=", False) | Domain("cut_in_on", "!=", False)
        waiting = (
            Domain("state", "=", "done")
            & Domain("kind", "in", VERIFIED_KINDS)
            & Domain("effect_told_on", "=", False)
        )
        return waiting & looked & cut_in & self._live_file_domain()

    @api.model
    def _live_file_domain(self):
        """What it was planned in was not given up."""
        return (
            Domain("eight_d_id", "=", False)
            | Domain("eight_d_id.state", "!=", "cancelled")
        ) & (
            Domain("complaint_id", "=", False)
            | Domain("complaint_id.state", "!=", "cancelled")
        )

    @api.model
    def _effect_batch(self):
        """Look at one batch and commit.

        :return: whether there may be more
        """
        domain = self._effect_check_domain()
        actions = self.search(domain, order="id", limit=BATCH)
        if not actions:
            return False
        try:
            # those another worker looks at are left to it
            actions = actions.try_lock_for_update().filtered_domain(domain)
            actions._advance({"effect_checked_on": fields.Date.today()})
            for action, effect in actions._effects().items():
                if effect.proposal in ("effective", "ineffective"):
                    action._tell_verifiable_safely(effect)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody changed the same records since this transaction began: once more
            # on what is there now
            self.env.cr.rollback()
            return True
        left = self.env["ir.cron"]._commit_progress(
            len(actions), remaining=self.search_count(domain, limit=10 * BATCH)
        )
        return bool(actions and left)

    def _tell_verifiable_safely(self, effect):
        """An action that cannot be told must not stand in the way of the others; it is
        tried again the next day.
        """
        try:
            with self.env.cr.savepoint():
                self._tell_verifiable(effect)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Could not tell that %s can be verified", self)
            self.env.invalidate_all(flush=False)

    def _tell_verifiable(self, effect):
        """Tell the leader of the 8D report, or of the complaint's team; the champion
        when the leader did it himself.
        """
        self.ensure_one()
        self._advance({"effect_told_on": fields.Datetime.now()})
        file, own = self._effect_file(), self.user_id | self.done_by_id
        leader = self.eight_d_id.leader_id or file.team_id.leader_id
        users = file._reachable(leader - own) or file._reachable(
            self.eight_d_id.champion_id - own
        )
        self._tell_users(
            users,
            lambda action: action.env._("Effect can be verified now: %s", action.name),
            effect,
        )

    def _effect_file(self):
        """Where its effect is told: the 8D report, else the complaint."""
        return self.eight_d_id or self.complaint_id or self.problem_id

    def _tell_users(self, users, summary, effect=None):
        """An activity on the file for each of them, in their language; it ends with the
        step.

        :param users: `res.users`; when there is none it is noted in the file
        :param summary: function of the action that gives one translated line
        :param effect: `Effect` whose figures are added
        """
        file = self._effect_file()
        if not users:
            file.message_post(
                body=self.env._("“%s”: nobody could be told.", summary(self))
            )
        for user in users:
            local = self.with_context(lang=user.lang or self.env.lang, tz=user.tz)
            activity = file.with_context(
                lang=user.lang or self.env.lang
            ).activity_schedule(
                "quality_complaint.mail_activity_deadline",
                date_deadline=fields.Date.context_today(local),
                user_id=user.id,
                summary=summary(local),
                note=local._effect_sentences(effect, with_names=False)
                if effect
                else False,
            )
            self._advance({"notice_activity_ids": [Command.link(activity.id)]})
