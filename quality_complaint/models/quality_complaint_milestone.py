from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class QualityComplaintMilestone(models.Model):
    """A step whose time is stamped: bound to an event in code, or ticked by a person."""

    _name = "quality.complaint.milestone"
    _description = "Complaint Milestone"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"
    _fixed = frozenset({"code"})

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    manual = fields.Boolean(
        "Ticked by a person",
        help="On: somebody states that this has happened. Off: the step is stamped when it happens in the system.",
    )

    role_id = fields.Many2one(
        "quality.complaint.role", "Ticked By", ondelete="restrict",
        help="Only holders of this role state that it happened; empty: whoever handles the complaint.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "The code of a milestone must be unique.")

    @api.model
    def _by_code(self, code):
        """The milestone of a code.

        :raise UserError: it is not known
        """
        found = self.browse(self._id_by_code(code))
        if not found:
            raise UserError(self.env._("The step “%s” is missing from the configuration. Update the Complaints app.", code))
        return found

    @ormcache("code")
    def _id_by_code(self, code):
        # sudo: steps are no secret
        return self.sudo().search([("code", "=", code)], limit=1).id

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
