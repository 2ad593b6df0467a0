import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import MOST, REFUSED, number, typed_text

PARTS = ("used", "stock", "passed")
# 1,200 is 1200 here and 1.2 there
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")


def quantity(text):
    """A posted quantity; nothing typed is none.

    :raise UserError: no number, below zero, or with signs between thousands that may be
        decimals elsewhere
    """
    if not text:
        return 0.0
    value = number(text, float)
    if value is None or value < 0 or THOUSANDS.fullmatch(text):
        raise UserError(
            request.env._(
                "“%s” is not clear: write a number such as 1200 or 1.5.",
                text,
            )
        )
    return value


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
        kept = {
            f"{name}_{line.id}": typed_text(posted.get(f"{name}_{line.id}"), most)
            for line in row.line_ids
            for name, most in (*((part, 20) for part in PARTS), ("to", MOST))
        }
        who = typed_text(posted.get("who"), 100)
        remark = typed_text(posted.get("remark"), MOST)
        try:
            with request.env.cr.savepoint():
                stated = {
                    line.id: {
                        **{part: quantity(kept[f"{part}_{line.id}"]) for part in PARTS},
                        "passed_to": kept[f"to_{line.id}"],
                    }
                    for line in row.line_ids
                }
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
                "res_company": row.company_id,
                "released": any(
                    notice.kind == "release" and notice.sent_on
                    for notice in row.recall_id.notice_ids
                    if notice.consignee_id == row
                ),
                "lines": row.line_ids,
                "token": row.access_token,
                "posted": posted or {},
                "error": error,
                "page_name": "recall",
                "figure": lambda value: f"{value:.12g}",
            },
        )

    # === questions of a drill ===

    @http.route(
        "/my/drill-question/<int:question_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_drill_question(self, question_id, **_kw):
        return self._question_page(self._question_opened(question_id))

    @http.route(
        "/my/drill-question/<int:question_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_drill_answer(self, question_id, answer="", **_kw):
        question = self._question_opened(question_id)
        text = typed_text(answer, MOST)
        try:
            with request.env.cr.savepoint():
                question._answered(text)
        except REFUSED as error:
            request.env.invalidate_all()
            return self._question_page(question, text, str(error))
        return request.redirect(f"/my/drill-question/{question.id}")

    def _question_opened(self, question_id):
        """
        :raise NotFound: asked of somebody else
        """
        question = request.env["quality.complaint.recall.question"].browse(question_id)
        question = question._portal_open(request.env.user)
        if not question:
            raise request.not_found()
        return question

    def _question_page(self, question, typed="", error=""):
        return request.render(
            "quality_complaint.portal_drill_question",
            {
                "question": question,
                "res_company": question.company_id,
                "drill": question.recall_id,
                "about": question._about(),
                "typed": typed,
                "error": error,
                "page_name": "recall",
            },
        )
