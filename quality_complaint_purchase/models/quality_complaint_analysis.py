from odoo import api, fields, models
from odoo.fields import Domain


class QualityComplaintAnalysis(models.Model):
    _inherit = "quality.complaint.analysis"

    def _dimension_rows(self, scopes):
        """Complaints by the suppliers that were told of them as well."""
        yield from super()._dimension_rows(scopes)
        yield from self._ranked_rows(
            "supplier", *(self._counted_by_supplier(scope) for scope in scopes)
        )

    def _counted_by_supplier(self, scope):
        """:return: {supplier: figures}, as of `_added_up`"""
        facts = self.env["quality.complaint.fact"].search(scope.facts("received_day"))
        fact_of = {fact.complaint_id.id: fact for fact in facts}
        claims = self.env["quality.complaint.chargeback"]._read_group(
            Domain("complaint_id", "in", list(fact_of))
            & Domain("state", "in", ("sent", "answered", "settled")),
            ["commercial_partner_id", "complaint_id"],
        )
        return self._added_up(
            [(supplier, fact_of[complaint.id]) for supplier, complaint in claims]
        )


class QualityComplaintAnalysisLine(models.Model):
    _inherit = "quality.complaint.analysis.line"

    dimension = fields.Selection(
        selection_add=[("defect",), ("supplier", "Supplier")],
        ondelete={"supplier": "cascade"},
    )


class QualityComplaintKpi(models.Model):
    _inherit = "quality.complaint.kpi"

    @api.model
    def _of_company_alone(self):
        return [*super()._of_company_alone(), "supplier_recovery"]

    @api.model
    def _figure_supplier_recovery(self, scope):
        """Of what suppliers were charged with whose answer came in the period."""
        # sudo: indicators are the same for everybody who may read the analysis
        claims = self.env["quality.complaint.chargeback"].sudo()
        [(recovered, charged)] = claims._read_group(
            Domain("company_id", "=", scope.company.id)
            & (
                Domain("complaint_id.team_id", "in", scope.team.ids)
                if scope.team
                else Domain.TRUE
            )
            & Domain("state", "in", ("answered", "settled"))
            & self._moments("answered_on", scope),
            [],
            ["recovered_company:sum", "charged_company:sum"],
        )
        return recovered or 0.0, charged or 0.0
