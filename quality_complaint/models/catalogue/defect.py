from odoo import api, fields, models


class QualityComplaintDefect(models.Model):
    """Catalogue of what can be wrong with goods; groups are defects with children."""

    _name = "quality.complaint.defect"
    _description = "Defect"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "parent_path, sequence, id"
    _parent_store = True
    _rec_name = "complete_name"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, search="_search_complete_name"
    )
    code = fields.Char(help="The company's own defect code, printed on the forms.")
    parent_id = fields.Many2one(
        "quality.complaint.defect", "Group", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    check_instruction = fields.Char(
        "What to Check on Receipt",
        translate=True,
        help=(
            "Shown to the warehouse on the receipt of returned goods, e.g. “check for "
            "cracks, photograph the label”."
        ),
    )

    image = fields.Image(
        "Picture",
        max_width=256,
        max_height=256,
        help="Customers choose among the pictures when they file a complaint.",
    )

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for defect in self:
            defect.complete_name = (
                f"{defect.parent_id.complete_name} / {defect.name}"
                if defect.parent_id
                else defect.name
            )

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for defect in self:
            defect.display_name = defect.complete_name

    def _search_complete_name(self, operator, value):
        return [("name", operator, value)]
