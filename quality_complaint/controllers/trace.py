import re

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from .ledger import xlsx_answer


class TraceController(http.Controller):
    @http.route("/quality_complaint/trace", type="http", auth="user", methods=["GET"])
    def trace(self, lots="", direction="down", **_others):
        """The trace of lots as a spreadsheet.

        :param str lots: ids of `stock.lot`, with commas between
        :param str direction: "down" or "up"
        """
        numbers = [int(part) for part in re.findall(r"[0-9]{1,9}", lots)]
        cookie = request.cookies.get("cids", "")
        allowed = [int(part) for part in re.findall(r"[0-9]{1,9}", cookie)]
        # those the reader works in, whatever the cookie says
        allowed = [c for c in allowed if c in request.env.user.company_ids.ids]
        trace = request.env["quality.complaint.trace"].with_context(
            allowed_company_ids=allowed or request.env.company.ids
        )
        try:
            file = trace._xlsx(numbers, direction)
        except (AccessError, UserError) as error:
            raise request.not_found() from error
        return xlsx_answer(file, trace._file_name(numbers))
