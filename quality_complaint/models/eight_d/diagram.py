from markupsafe import Markup

from odoo import api, models

from ...tools import five_why, ishikawa, pareto
from .cause_node import KINDS

# of what a form sends
MAX_CAUSES = 300
MAX_TEXT = 500


class Quality8d(models.Model):
    """Pictures of the causes: the same layout in the form, where it follows what is
    typed, and on the printed report.
    """

    _inherit = "quality.8d"

    @api.readonly
    def draw_causes(self, effect, causes, picture):
        """The picture of causes as they stand in a form, saved or not. Reads nothing
        from the database but labels.

        :param str effect: the problem
        :param list causes: dicts of id, parent_id, name, kind, category, verdict,
            is_root, share
        :param str picture: `ishikawa`, `five_why` or `pareto`
        :return: SVG as text
        """
        self.check_access("read")
        sent = causes[:MAX_CAUSES] if isinstance(causes, list) else []
        drawn = [
            self._prepare_drawn_cause(cause)
            for cause in sent
            if isinstance(cause, dict)
        ]
        # each cause stands for itself once
        known = {cause["id"]: cause for cause in reversed(drawn)}
        return self._draw(
            picture, str(effect or "")[:MAX_TEXT], list(known.values())[::-1], None
        )

    @api.model
    def _prepare_drawn_cause(self, cause):
        """What is drawn of a cause sent by a form; anything else in it is left out."""
        share = cause.get("share")
        return {
            "id": str(cause.get("id"))[:MAX_TEXT],
            "parent_id": str(cause["parent_id"])[:MAX_TEXT]
            if cause.get("parent_id")
            else None,
            "name": str(cause.get("name") or "")[:MAX_TEXT],
            # what is no code of theirs is drawn as what a new cause is
            **{
                name: str(cause.get(name))[:MAX_TEXT]
                for name in ("kind", "category", "verdict")
            },
            "is_root": bool(cause.get("is_root")),
            "share": float(share)
            if isinstance(share, (int, float)) and 0 <= share <= 100
            else 0.0,
        }

    def _cause_diagram(self, picture, width, lang=None, reword=None):
        """The picture of the saved causes, for print.

        :param str picture: as in `draw_causes`
        :param int width: in pixels; a picture that would be higher than a page is
            printed smaller
        :param str lang: code of the language of the labels
        :param reword: function(str) → str, what is drawn instead of a text: names have
            to go before a text is broken into lines
        :return: SVG as Markup
        """
        self.ensure_one()
        reword = reword or str
        causes = [
            {**cause, "name": reword(cause["name"])} for cause in self._cause_values()
        ]
        return self.with_context(lang=lang or self.env.lang)._draw(
            picture, reword(self.subject), causes, width
        )

    def _cause_values(self):
        """:return: list of dicts: the saved causes as the pictures take them"""
        names = ("name", "kind", "category", "verdict", "is_root", "share")
        return [
            {
                "id": node.id,
                "parent_id": node.parent_id.id,
                **{name: node[name] for name in names},
            }
            for node in self.node_ids
        ]

    @api.model
    def _draw(self, picture, effect, causes, width):
        labels = self._diagram_labels()
        # our own pictures: what people type is escaped there
        if picture == "pareto":
            roots = [
                cause
                for cause in causes
                if cause["is_root"] and cause["verdict"] != "excluded"
            ]
            # shares add up within a kind: a chart for each
            rows = [
                (cause["name"], cause["share"], labels[kind])
                for kind, _label in KINDS
                for cause in roots
                if cause["kind"] == kind
            ]
            return Markup(pareto(rows, labels, width))
        return Markup(
            (five_why if picture == "five_why" else ishikawa)(
                effect, causes, labels, width
            )
        )

    @api.model
    def _diagram_labels(self):
        """Words of the pictures in the language of the context."""
        nodes = self.env["quality.complaint.cause.node"]
        words = {
            code: label
            for name in ("category", "kind", "verdict")
            for code, label in nodes._fields[name]._description_selection(self.env)
        }
        return {
            **words,
            "letter_occurrence": self.env._("O"),
            "letter_escape": self.env._("E"),
            "letter_systemic": self.env._("S"),
            "root": self.env._("Root cause"),
            "why": self.env._("why?"),
            "title_ishikawa": self.env._("Cause-and-effect diagram"),
            "title_five_why": self.env._("5-why chain"),
            "title_pareto": self.env._("Pareto of root causes"),
            "unit": " %",
            "empty": self.env._("Nothing to show yet"),
        }
