from urllib.parse import urlencode
from uuid import uuid4

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

PAGE = 20
MAX_UPLOAD = 26 * 1024 * 1024
OVER = ("closed", "cancelled")
STATES = {"open": Domain("state", "not in", OVER), "over": Domain("state", "in", OVER)}
REFUSED = (UserError, ValidationError, AccessError)


class ComplaintPortal(CustomerPortal):
    """Complaints of the customer who is signed in; a letter's token reads one.

    What is posted is taken name by name; which complaint, letter, file or goods
    somebody may reach is decided by the models.
    """

    # === home and list ===

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = self._complaints().search_count(self._theirs())
        return values

    def _complaints(self):
        # sudo: always with `_theirs`, or opened by `_portal_open`
        return request.env["quality.complaint"].sudo()

    def _theirs(self):
        return request.env["quality.complaint"]._portal_domain(
            request.env.user.partner_id
        )

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_complaints(self, page=1, search="", filterby="all", sortby="date", **_kw):
        orders = {
            "date": (request.env._("Newest"), "received_on desc, id desc"),
            "name": (request.env._("Number"), "name desc, id desc"),
        }
        states = {
            "all": request.env._("All"),
            "open": request.env._("Open"),
            "over": request.env._("Finished"),
        }
        sortby = sortby if sortby in orders else "date"
        filterby = filterby if filterby in states else "all"
        search = str(search)[:100].strip()
        complaints = self._complaints()
        domain = (
            self._theirs()
            & complaints._portal_search(search)
            & STATES.get(filterby, Domain.TRUE)
        )
        pager = portal_pager(
            url="/my/complaints",
            url_args={"search": search, "filterby": filterby, "sortby": sortby},
            total=complaints.search_count(domain),
            page=page,
            step=PAGE,
        )
        found = complaints.search(
            domain, order=orders[sortby][1], limit=PAGE, offset=pager["offset"]
        )
        return request.render(
            "quality_complaint.portal_my_complaints",
            {
                **self._prepare_portal_layout_values(),
                "complaints": [row._portal_row() for row in found],
                "page_name": "complaint",
                "pager": pager,
                "default_url": "/my/complaints",
                "search": search,
                "search_in": "all",
                "searchbar_inputs": {
                    "all": {
                        "input": "all",
                        "label": request.env._("Search in all"),
                    }
                },
                "sortby": sortby,
                "searchbar_sortings": {
                    key: {"label": label} for key, (label, _order) in orders.items()
                },
                "filterby": filterby,
                "searchbar_filters": {
                    key: {"label": label} for key, label in states.items()
                },
            },
        )

    # === one complaint ===

    def _opened(self, complaint_id, token=None, theirs=False):
        """
        :param bool theirs: whether a token is not enough
        :return: (complaint in superuser mode, whether this person is of the customer)
        """
        complaint, is_theirs = request.env["quality.complaint"]._portal_open(
            complaint_id, token
        )
        if not complaint or (theirs and not is_theirs):
            raise request.not_found()
        return complaint, is_theirs

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_complaint(self, complaint_id, access_token=None, said=None, **_kw):
        complaint, theirs = self._opened(complaint_id, access_token)
        return self._page(complaint, theirs, access_token, said=said)

    def _page(self, complaint, theirs, token=None, said=None, error=""):
        told = {
            "filed": request.env._("Thank you. We have received your complaint."),
            "written": request.env._("Thank you. Your message has reached us."),
            "answered": request.env._("Thank you. Your answer has reached us."),
        }
        return request.render(
            "quality_complaint.portal_complaint",
            {
                **self._prepare_portal_layout_values(),
                "complaint": complaint._portal_values(),
                "theirs": theirs,
                # what the files of a letter are read with
                "query": f"?{urlencode({'access_token': token})}" if token else "",
                "page_name": "complaint",
                "said": told.get(said, ""),
                "error": error,
            },
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:file_id>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def my_complaint_file(self, complaint_id, file_id, access_token=None, **_kw):
        complaint, _theirs = self._opened(complaint_id, access_token)
        file = complaint._portal_file(file_id)
        if not file:
            raise request.not_found()
        # never shown in the page's own name: what somebody sent may hold scripts
        return (
            request.env["ir.binary"]
            ._get_stream_from(file)
            .get_response(as_attachment=True)
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/message",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_message(self, complaint_id, text="", **_kw):
        complaint, _theirs = self._opened(complaint_id, theirs=True)
        return self._done(
            complaint,
            "written",
            lambda: complaint._portal_write_message(str(text), self._files()),
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/answer/<int:letter_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_answer(self, complaint_id, letter_id, answer="", note="", **_kw):
        complaint, _theirs = self._opened(complaint_id, theirs=True)
        letter = complaint._portal_letters().filtered(lambda row: row.id == letter_id)
        if not letter:
            raise request.not_found()
        return self._done(
            complaint,
            "answered",
            lambda: letter._portal_answer(str(answer), str(note)),
        )

    def _done(self, complaint, said, do):
        """Do something and show the page again; what is refused is told on it, and
        nothing of it is kept.
        """
        try:
            with request.env.cr.savepoint():
                do()
        except REFUSED as error:
            complaint.invalidate_recordset()
            return self._page(complaint, True, error=str(error))
        return request.redirect(f"/my/complaints/{complaint.id}?said={said}")

    def _files(self):
        """:return: list of (name, bytes) of what was uploaded"""
        return [
            (file.filename, file.read(MAX_UPLOAD))
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]

    # === filing one ===

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_complaint_new(self, search="", **_kw):
        return self._filing(search=str(search))

    def _filing(self, search="", typed=None, error=""):
        complaints = request.env["quality.complaint"]
        return request.render(
            "quality_complaint.portal_complaint_new",
            {
                **self._prepare_portal_layout_values(),
                "goods": complaints._portal_goods(request.env.user.partner_id, search),
                "defects": complaints._portal_defects(),
                "search": search,
                "typed": typed or {"key": uuid4().hex, "quantities": {}},
                "page_name": "complaint",
                "error": error,
            },
        )

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_file_it(self, key="", search="", **posted):
        typed = {
            "key": str(key)[:64],
            "description": str(posted.get("description", ""))[:20_000],
            "customer_ref": str(posted.get("customer_ref", ""))[:100],
            "defect_id": number(posted.get("defect_id"), int),
            "quantities": {
                int(name[len("quantity_") :]): number(value, float)
                for name, value in posted.items()
                if name.startswith("quantity_") and name[len("quantity_") :].isdigit()
            },
        }
        if len(typed["key"]) < 32:
            return self._filing(
                error=request.env._("Please fill in the form and send it again.")
            )
        try:
            with request.env.cr.savepoint():
                complaint = request.env["quality.complaint"]._portal_file_complaint(
                    typed["key"],
                    {
                        line: amount or 0.0
                        for line, amount in typed["quantities"].items()
                    },
                    {
                        name: typed[name]
                        for name in ("description", "customer_ref", "defect_id")
                    },
                    self._files(),
                )
        except REFUSED as error:
            return self._filing(str(search), typed, str(error))
        return request.redirect(f"/my/complaints/{complaint.id}?said=filed")


def number(text, kind):
    """A posted number, or None: not a number, infinite or too large."""
    try:
        value = kind(str(text).replace(",", "."))
    except (ValueError, OverflowError):
        return None
    return value if -1e9 < value < 1e9 else None
