from odoo import http
from odoo.http import request

from .portal import MOST, REFUSED, number, typed_text

PARTS = ("used", "stock", "passed")


class RecallPortal(http.Controller):
    """The page on which a recipient reads a recall and says how much is where."""

    @http.route(
        "/my/recall/<int:consignee_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_recall(self, consignee_id, access_token=None, **_kw):
        return self._recall_page(self._recall_opened(consignee_id, access_token))

    @http.route(
        "/my/recall/<int:consignee_id>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def my_recall_confirm(self, consignee_id, access_token=None, **posted):
        row = self._recall_opened(consignee_id, access_token)
        stated, kept = {}, {}
        for line in row.line_ids:
            values = {}
            for part in PARTS:
                text = typed_text(posted.get(f"{part}_{line.id}"), 20)
                values[part] = number(text or "0", float) or 0.0
                kept[f"{part}_{line.id}"] = values[part]
            values["passed_to"] = typed_text(posted.get(f"to_{line.id}"), MOST)
            kept[f"to_{line.id}"] = values["passed_to"]
            stated[line.id] = values
        who = typed_text(posted.get("who"), 100)
        remark = typed_text(posted.get("remark"), MOST)
        try:
            with request.env.cr.savepoint():
                row._portal_confirm(stated, who, remark)
        except REFUSED as error:
            request.env.invalidate_all()
            return self._recall_page(
                row, {**kept, "who": who, "remark": remark}, str(error)
            )
        return request.redirect(row._get_share_url())

    def _recall_opened(self, consignee_id, token):
        """
        :raise NotFound: neither the link nor this customer's login
        """
        user = request.env.user
        row = request.env["quality.complaint.recall.consignee"].browse(consignee_id)
        row = row._portal_open(
            typed_text(token, 100),
            user.partner_id if not user._is_public() else user.partner_id.browse(),
        )
        if not row:
            raise request.not_found()
        return row

    def _recall_page(self, row, posted=None, error=""):
        return request.render(
            "quality_complaint.portal_recall",
            {
                "row": row,
                "heading": request.env._(
                    "Recall of %(goods)s (%(number)s)",
                    goods=row.recall_id.name_of_goods,
                    number=row.recall_id.name,
                ),
                "recall": row.recall_id,
                "lines": row.line_ids,
                "token": row.access_token,
                "posted": posted or {},
                "error": error,
                "page_name": "recall",
                "figure": lambda value: f"{value:.12g}",
            },
        )
