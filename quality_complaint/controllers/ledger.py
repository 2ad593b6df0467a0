from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_answer(file, name):
    """
    :param file: open spreadsheet, sent bit by bit and closed
    :param str name: without its ending
    """
    return Response(
        wrap_file(request.httprequest.environ, file),
        direct_passthrough=True,
        headers=[
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
        ],
    )


class LedgerController(http.Controller):
    @http.route(
        "/quality_complaint/ledger/<int:ledger_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def ledger(self, ledger_id):
        """The ledger somebody asked for, as a spreadsheet; another one's is not
        found.
        """
        ledger = request.env["quality.complaint.ledger"].browse(ledger_id).exists()
        if not ledger or not ledger.has_access("read"):
            raise request.not_found()
        return xlsx_answer(ledger._xlsx(), ledger._file_name())
