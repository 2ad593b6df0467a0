from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ...tools import short_moment


class QualityComplaintMilestone(models.Model):
    """A step whose time is stamped: bound to an event in code, or ticked by a
    person.
    """

    _name = "quality.complaint.milestone"
    _description = "Complaint Milestone"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    task = fields.Char(
        "As a Task",
        translate=True,
        help=(
            "The step as something to be done, as the next due step is read: “Start "
            "investigation”. Empty: the name."
        ),
    )
    code = fields.Char(required=True, readonly=True, fixed=True)
    sequence = fields.Integer(default=10)
    manual = fields.Boolean(
        "Recorded by hand",
        help=(
            "On: somebody states that this has happened. Off: the step is stamped "
            "when it happens in the system."
        ),
    )

    role_id = fields.Many2one(
        "quality.complaint.role",
        "Recorded By",
        ondelete="restrict",
        help=(
            "Only holders of this role state that it happened; empty: whoever handles "
            "the complaint."
        ),
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "The code of a milestone must be unique."
    )

    @api.model
    def _by_code(self, code):
        """The milestone of a code.

        :raise UserError: it is not known
        """
        found = self.browse(self._id_by_code(code))
        if not found:
            raise UserError(
                self.env._(
                    "The step “%s” is missing from the configuration. Update the "
                    "Complaints app.",
                    code,
                )
            )
        return found

    @ormcache("code")
    def _id_by_code(self, code):
        # sudo: steps are no secret
        return self.sudo().search([("code", "=", code)], limit=1).id

    @api.model
    def _required_by(self, asking):
        """Steps that a feedback type or a severity asks for.

        :param asking: one record, or none, with `required_milestone_ids`
        """
        return self.browse(self._ids_required_by(asking))

    @ormcache("asking._name", "asking.id")
    def _ids_required_by(self, asking):
        # sudo: steps are no secret
        return asking.sudo().required_milestone_ids._ids

    def _due_by(self, moment, named=""):
        """Says what is to be done and by when: “Start investigation by Dec 1, 9:00 AM”.

        :param moment: naive UTC datetime; told in the time zone, and in the way of the
            language, of whoever reads
        :param str named: how the limit calls it, when it has a name of its own
        """
        self.ensure_one()
        return self.env._(
            "%(task)s by %(date)s",
            task=named or self.task or self.name,
            date=short_moment(self.env, moment),
        )
