"""What each step of an 8D report needs before it may be closed: one method per step,
sentences for whoever has to add it.
"""

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import format_list

from ...tools import listed
from .eight_d import DOCUMENT_KINDS
from .step import FREE_ORDER

LIVE = ("open", "done", "effective")


class Quality8dStep(models.Model):
    _inherit = "quality.8d.step"

    def _missing(self):
        """
        :return: list of translated phrases, empty when the step may be closed
        """
        self.ensure_one()
        report = self.eight_d_id
        missing = []
        if self.code not in FREE_ORDER:
            before = report.step_ids.filtered(
                lambda step: step.code < self.code and not step.done_on
            ).sorted("code")
            if before:
                missing.append(
                    self.env._(
                        "the steps before it: %s",
                        listed(self.env.lang, before.mapped("code")),
                    )
                )
        return missing + getattr(report, f"_missing_{self.code.lower()}")()


class Quality8d(models.Model):
    _inherit = "quality.8d"

    def _labels(self, *names):
        """Labels of those of the fields that are empty."""
        return [
            self._fields[name]._description_string(self.env)
            for name in names
            if self._is_blank(name)
        ]

    def _missing_d0(self):
        missing = (
            [self.env._("the decision whether deliveries are stopped")]
            if not self.stop_ship
            else []
        )
        if self.stop_ship == "yes" and self._is_blank("stop_ship_note"):
            missing.append(self.env._("what is stopped, why and since when"))
        return missing

    def _missing_d1(self):
        missing = self._labels("champion_id", "leader_id")
        if not self.member_ids:
            missing.append(self.env._("the members of the team"))
        return missing

    def _missing_d2(self):
        return self._labels(
            "what", "where_found", "when_found", "how_many", "specification", "actual"
        )

    def _missing_d3(self):
        missing = []
        if not self.containment_ids and self._is_blank("containment_note"):
            missing.append(
                self.env._(
                    "the suspect goods by place, or why there are none (“Effect of the "
                    "Containment”)"
                )
            )
        places = dict(
            self.env["quality.8d.containment"]
            ._fields["place"]
            ._description_selection(self.env)
        )
        for row in self.containment_ids.filtered(lambda row: not row._is_checked()):
            what = " ".join(filter(None, (places[row.place], row.lot_id.name)))
            missing.append(
                self.env._("%s: all suspect goods checked, by whom and when", what)
            )
        if self.containment_ids and not (self.clean_lot_id or self.clean_on):
            missing.append(
                self.env._(
                    "the clean point: the lot or date from which goods are free of the "
                    "fault"
                )
            )
        open_actions = self.action_ids.filtered(
            lambda action: action.kind == "containment" and action.state == "open"
        )
        return missing + [
            self.env._("containment “%s” done", action.name) for action in open_actions
        ]

    def _roots(self, kind=None):
        """Verified root causes, of a kind."""
        return self.node_ids.filtered(
            lambda node: (
                node.is_root
                and node.verdict == "verified"
                and kind in (None, node.kind)
            )
        )

    def _missing_d4(self):
        missing = []
        if not self._roots("occurrence"):
            missing.append(self.env._("a verified root cause why it occurred"))
        if not self._roots("escape"):
            missing.append(self.env._("a verified root cause why it escaped"))
        for node in self.node_ids.filtered(
            lambda node: node.is_root and node.verdict == "suspected"
        ):
            missing.append(self.env._("“%s” verified or excluded", node.name))
        for node in self._roots():
            if node._is_blank("evidence") and not node.attachment_ids:
                missing.append(self.env._("the evidence of “%s”", node.name))
            if node.parent_id.verdict == "excluded":
                missing.append(
                    self.env._(
                        "“%(cause)s” explains “%(effect)s”, which is excluded",
                        cause=node.name,
                        effect=node.parent_id.name,
                    )
                )
            if (
                self.env["quality.8d.weak.term"]._is_weak(node.name, "cause")
                and not node.shallow_reason
            ):
                missing.append(
                    self.env._(
                        "a deeper why than “%s”, or a quality manager's reason for it",
                        node.name,
                    )
                )
        kinds = dict(
            self.env["quality.complaint.cause.node"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for kind in ("occurrence", "escape", "systemic"):
            roots = self._roots(kind)
            total = sum(roots.mapped("share"))
            # shares are rounded to one digit: three thirds are 99.9
            if roots and abs(total - 100.0) > 0.05 * len(roots) + 0.001:
                missing.append(
                    self.env._(
                        "shares of “%(kind)s” that add up to 100 %% (now %(total).12g "
                        "%%)",
                        kind=kinds[kind],
                        total=round(total, 1),
                    )
                )
        return missing + self._labels("escape_point")

    def _corrective(self):
        """Corrective actions that count: not given up, not found wanting."""
        return self.action_ids.filtered(
            lambda action: action.kind == "corrective" and action.state in LIVE
        )

    def _missing_coverage(self):
        """Root causes nothing is done against."""
        return [
            self.env._("a corrective action against “%s”", node.name)
            for node in self._roots()
            if not node.action_ids & self._corrective()
        ]

    def _missing_d5(self):
        missing = self._missing_coverage()
        for action in self._corrective():
            details = []
            if not action.node_id:
                details.append(self.env._("the cause it removes"))
            needed = ("user_id", "due_on", "choice_reason", "pre_check")
            details += [
                action._fields[name]._description_string(self.env)
                for name in needed
                if action._is_blank(name)
            ]
            if details:
                missing.append(
                    self.env._(
                        "“%(action)s”: %(details)s",
                        action=action.name,
                        details=format_list(self.env, details),
                    )
                )
            if (
                self.env["quality.8d.weak.term"]._is_weak(action.name, "action")
                and not action.shallow_reason
            ):
                missing.append(
                    self.env._(
                        "more than “%s”, or a quality manager's reason for it",
                        action.name,
                    )
                )
        return missing

    def _missing_d6(self):
        missing = self._missing_coverage()
        for action in self.action_ids.filtered(
            lambda action: action.kind != "preventive" and action.state == "open"
        ):
            missing.append(self.env._("“%s” done", action.name))
        for action in self._corrective().filtered(
            lambda action: action.state != "open"
        ):
            if not action.attachment_ids:
                missing.append(
                    self.env._(
                        "“%s”: a file that shows it (report, photo, revised document)",
                        action.name,
                    )
                )
            if not (action.cut_in_lot_id or action.cut_in_on):
                missing.append(
                    self.env._(
                        "“%s”: the first lot or date with it (cut-in)", action.name
                    )
                )
        return missing

    def _missing_d7(self):
        missing = []
        kinds = dict(
            self.env["quality.8d.document"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for kind in DOCUMENT_KINDS:
            if kind not in self.document_ids.mapped("kind") and not (
                kind == "pfmea" and "dfmea" in self.document_ids.mapped("kind")
            ):
                missing.append(self.env._("the document “%s”", kinds[kind]))
        for row in self.document_ids.filtered(lambda row: not row._is_complete()):
            missing.append(
                self.env._(
                    "“%s”: document, revision and date, or why it does not apply",
                    kinds[row.kind],
                )
            )
        if not self.readacross_ids:
            missing.append(self.env._("the read-across to other products and plants"))
        for row in self.readacross_ids.filtered(lambda row: row.affected == "open"):
            missing.append(
                self.env._("read-across: whether “%s” has the trouble too", row.name)
            )
        for row in self.readacross_ids.filtered(
            lambda row: row.affected == "yes" and row._is_blank("note")
        ):
            missing.append(
                self.env._(
                    "read-across: what is done for “%s”, which has the trouble too",
                    row.name,
                )
            )
        for action in self.action_ids.filtered(
            lambda action: action.kind == "preventive" and action.state == "open"
        ):
            missing.append(self.env._("“%s” done", action.name))
        return missing

    def _missing_d8(self):
        missing = self._missing_coverage()
        for action in self.action_ids:
            if action._open_end():
                missing.append(action._open_end())
            elif (
                action.state == "effective"
                and action.verified_by_id in action.user_id | action.done_by_id
            ):
                missing.append(
                    self.env._(
                        "“%s”: verified by somebody other than its owner", action.name
                    )
                )
        if self.containment_ids and not self.containment_ended_on:
            missing.append(self.env._("the day the containment ended"))
        return missing + self._labels("thanks")

    def _check_quality_manager(self, author):
        """Whoever accepts what the rules call weak is a quality manager, and neither
        its author nor the leader of the team.

        :param author: `res.users`
        :raise AccessError: otherwise
        """
        self.ensure_one()
        role = self.env.ref(
            "quality_complaint.role_quality_manager", raise_if_not_found=False
        )
        managers = role._holders(self) if role else self.env["res.users"]
        user = self.env.user
        allowed = user in managers or user.has_group(
            "quality_complaint.group_quality_complaint_manager"
        )
        # whoever writes on the report, or has done so, could give himself the right
        # otherwise
        if (
            not allowed
            or user in author | self.led_by_ids | self.editor_ids - self.champion_id
        ):
            raise AccessError(
                self.env._(
                    "This is accepted by a quality manager who neither wrote it nor "
                    "works on the report."
                )
            )
