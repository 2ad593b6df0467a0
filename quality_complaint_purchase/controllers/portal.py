from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.quality_complaint.controllers.portal import (
    MAX_REQUEST,
    MOST,
    PAGE,
    REFUSED,
    number,
    typed_text,
    uploaded,
)


class SupplierPortal(CustomerPortal):
    """Complaints of ours to the supplier who is signed in. What is posted is taken name
    by name; what they may reach is decided by the models.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "supplier_complaint_count" in counters:
            chargebacks = request.env["quality.complaint.chargeback"]
            # sudo: only what was sent to them
            values["supplier_complaint_count"] = chargebacks.sudo().search_count(
                chargebacks._portal_domain(request.env.user.partner_id)
            )
        return values

    @http.route(
        ["/my/supplier-complaints", "/my/supplier-complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_supplier_complaints(self, page=1, **_kw):
        # sudo: only what was sent to them
        chargebacks = request.env["quality.complaint.chargeback"].sudo()
        domain = chargebacks._portal_domain(request.env.user.partner_id)
        pager = portal_pager(
            url="/my/supplier-complaints",
            total=chargebacks.search_count(domain),
            page=page,
            step=PAGE,
        )
        found = chargebacks.search(domain, limit=PAGE, offset=pager["offset"])
        return request.render(
            "quality_complaint_purchase.portal_supplier_complaints",
            {
                **self._prepare_portal_layout_values(),
                "rows": [row._portal_row() for row in found],
                "page_name": "supplier_complaint",
                "pager": pager,
                "default_url": "/my/supplier-complaints",
            },
        )

    def _supplier_complaint_opened(self, chargeback_id):
        chargeback = request.env["quality.complaint.chargeback"]._portal_open(
            chargeback_id
        )
        if not chargeback:
            raise request.not_found()
        return chargeback

    @http.route(
        "/my/supplier-complaints/<int:chargeback_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_supplier_complaint(self, chargeback_id, said="", **_kw):
        return self._supplier_complaint_page(
            self._supplier_complaint_opened(chargeback_id), said=said
        )

    def _supplier_complaint_page(self, chargeback, said="", error="", typed=None):
        told = {"done": request.env._("Thank you. We have received it.")}
        return request.render(
            "quality_complaint_purchase.portal_supplier_complaint",
            {
                **self._prepare_portal_layout_values(),
                "res_company": chargeback.company_id,
                "row": chargeback._portal_values(),
                "page_name": "supplier_complaint",
                "said": told.get(said, ""),
                "error": error,
                "typed": typed or {},
            },
        )

    @http.route(
        [
            "/my/supplier-complaints/<int:chargeback_id>/form",
            "/my/supplier-complaints/<int:chargeback_id>/file/<int:file_id>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
    )
    def my_supplier_complaint_file(self, chargeback_id, file_id=None, **_kw):
        chargeback = self._supplier_complaint_opened(chargeback_id)
        if file_id is None:
            name = f"{chargeback.name.replace('/', '-')}.pdf"
            return request.make_response(
                chargeback._portal_form(),
                [
                    ("Content-Type", "application/pdf"),
                    ("Content-Disposition", content_disposition(name)),
                ],
            )
        file = chargeback._portal_file(file_id)
        if not file:
            raise request.not_found()
        return (
            request.env["ir.binary"]
            ._get_stream_from(file)
            .get_response(as_attachment=True)
        )

    @http.route(
        "/my/supplier-complaints/<int:chargeback_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def my_supplier_complaint_answer(
        self, chargeback_id, answer="", share="", note="", **_kw
    ):
        chargeback = self._supplier_complaint_opened(chargeback_id)
        return self._supplier_complaint_done(
            chargeback,
            lambda: chargeback._portal_answer(
                typed_text(answer, 20),
                number(share, float) or 0.0,
                typed_text(note, MOST),
                uploaded(),
            ),
            {"note": typed_text(note, MOST)},
        )

    @http.route(
        "/my/supplier-complaints/<int:chargeback_id>/step/<int:step_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def my_supplier_complaint_step(self, chargeback_id, step_id, text="", **_kw):
        chargeback = self._supplier_complaint_opened(chargeback_id)
        step = chargeback.step_ids.filtered(lambda row: row.id == step_id)
        if not step or not chargeback.asks_8d:
            raise request.not_found()
        return self._supplier_complaint_done(
            chargeback,
            lambda: step._submit(
                typed_text(text, MOST), request.env.user.name, uploaded()
            ),
            {step_id: typed_text(text, MOST)},
        )

    def _supplier_complaint_done(self, chargeback, do, typed):
        """Do something and show the page again; what is refused is told on it, with
        what was typed.
        """
        try:
            with request.env.cr.savepoint():
                do()
        except REFUSED as error:
            chargeback.invalidate_recordset()
            return self._supplier_complaint_page(
                chargeback, error=str(error), typed=typed
            )
        return request.redirect(f"/my/supplier-complaints/{chargeback.id}?said=done")
