from odoo import fields, models


class QualityComplaintType(models.Model):
    _inherit = "quality.complaint.type"

    asks_adoption = fields.Boolean(
        "Adopted or Not",
        help="Closed only when somebody has decided whether it is adopted.",
    )


class QualityComplaint(models.Model):
    """A suggestion ends as adopted or not: by whom, when and why is recorded."""

    _inherit = "quality.complaint"

    asks_adoption = fields.Boolean(related="type_id.asks_adoption")
    adoption = fields.Selection(
        [("adopted", "Adopted"), ("not_adopted", "Not adopted")],
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    adoption_reason = fields.Text(readonly=True, copy=False, guarded=True)
    adoption_by_id = fields.Many2one(
        "res.users", "Adoption Decided By", readonly=True, copy=False, guarded=True
    )
    adoption_on = fields.Datetime(
        "Adoption Decided On", readonly=True, copy=False, guarded=True
    )

    def action_open_adopt(self):
        return self._open_reason("adopt", self.env._("Adopt the Suggestion"))

    def action_open_not_adopt(self):
        return self._open_reason("not_adopt", self.env._("Do Not Adopt"))

    def action_adopt(self, reason):
        """The suggestion is adopted.

        :param str reason: what is done with it; mandatory
        """
        return self._decide_adoption("adopted", reason)

    def action_not_adopt(self, reason):
        """The suggestion is not adopted.

        :param str reason: why not; mandatory
        """
        return self._decide_adoption("not_adopted", reason)

    def _decide_adoption(self, adoption, reason):
        self.check_access("write")
        for complaint in self:
            complaint._check_state(
                "registered", "investigating", "planning", "executing", "replied"
            )
            complaint._check_reason(reason)
            complaint._advance(
                {
                    "adoption": adoption,
                    "adoption_reason": reason,
                    "adoption_by_id": self.env.uid,
                    "adoption_on": fields.Datetime.now(),
                }
            )
        return True

    def _adoption_ends(self):
        """As in `_get_open_ends`."""
        self.ensure_one()
        if not self.type_id.asks_adoption or self.adoption:
            return []
        return [(self.env._("the decision whether it is adopted (“Adopt”)"), None)]
