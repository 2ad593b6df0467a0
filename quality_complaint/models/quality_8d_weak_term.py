import re

from odoo import api, fields, models, tools

# letters and digits of Latin words, or single Chinese characters
TOKENS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
# what may be left beside a weak term before a text says something of its own
REST_WORDS = 2
REST_CHARACTERS = 4


class Quality8dWeakTerm(models.Model):
    """Words that alone explain nothing or change nothing: “operator error” is no root cause, “training” no corrective action.

    Data in English and Chinese, to be extended by the company. Source: IATF 16949 10.2.3, customers' guidelines for 8D reports.
    """

    _name = "quality.8d.weak.term"
    _description = "Weak Cause or Action"
    _order = "kind, name"

    name = fields.Char("Words", required=True, help="A word or phrase as people write it, in any language.")
    kind = fields.Selection(
        [("cause", "No root cause"), ("action", "No corrective action"), ("filler", "Says nothing")], required=True, default="cause"
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(kind, lower(name))", "These words are listed already.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("kind")
    def _patterns(self, kind):
        """:return: (pattern of the weak terms or None, pattern of fillers or None), longest first"""
        names = {wanted: self.sudo().search([("kind", "=", wanted)]).mapped("name") for wanted in (kind, "filler")}  # sudo: words for everybody
        return tuple(self._pattern(names[wanted]) for wanted in (kind, "filler"))

    @staticmethod
    def _pattern(names):
        words = sorted({name.strip().lower() for name in names if name.strip()}, key=len, reverse=True)
        # Latin words whole, Chinese ones anywhere
        parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words]
        return re.compile("|".join(parts)) if parts else None

    @api.model
    def _is_weak(self, text, kind):
        """Whether a text says nothing but weak terms, apart from fillers and a word or two.

        :param str text: in any language
        :param str kind: `cause` or `action`
        """
        text = (text or "").lower()
        weak, filler = self._patterns(kind)
        if not weak or not weak.search(text):
            return False
        rest = weak.sub(" ", text)
        rest = filler.sub(" ", rest) if filler else rest
        tokens = TOKENS.findall(rest)
        characters = sum(len(token) == 1 and not token.isascii() for token in tokens)
        return len(tokens) - characters <= REST_WORDS and characters <= REST_CHARACTERS
