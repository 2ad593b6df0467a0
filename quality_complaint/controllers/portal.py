from pathlib import PurePosixPath
from time import time
from urllib.parse import urlencode
from uuid import uuid4

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from odoo.tools import email_normalize

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.portal.person import Person

PAGE = 20
MAX_UPLOAD = 26 * 1024 * 1024
# whole requests: ten files and what is typed
MAX_REQUEST = 128 * 1024 * 1024
# complaints this visitor has proved to be theirs, by a code sent to their address
PROVED = "quality_complaint_proved"
PROVED_SECONDS = 30 * 60
# signs of a text
MOST = 20_000
OVER = ("closed", "cancelled")
STATES = {"open": Domain("state", "not in", OVER), "over": Domain("state", "in", OVER)}
REFUSED = (UserError, ValidationError, AccessError)


class ComplaintPortal(CustomerPortal):
    """Complaints of the customer who is signed in; a letter's token reads one.

    What is posted is taken name by name; which complaint, letter, file or goods
    somebody may reach is decided by the models. Names of methods have a prefix: all
    portals of a database are one class in the end.
    """

    # === home and list ===

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = self._complaint_records().search_count(
                self._complaint_theirs()
            )
        return values

    def _complaint_records(self):
        # sudo: always with `_complaint_theirs`, or opened by `_portal_open`
        return request.env["quality.complaint"].sudo()

    def _complaint_theirs(self):
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
        search = typed_text(search, 100).strip()
        complaints = self._complaint_records()
        domain = (
            self._complaint_theirs()
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
                "wants_news": request.env.user.partner_id.complaint_news,
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

    @http.route(
        "/my/complaints/news", type="http", auth="user", website=True, methods=["POST"]
    )
    def my_complaints_news(self, wanted="", **_kw):
        # sudo: a wish of their own
        request.env.user.partner_id.sudo().complaint_news = wanted == "1"
        return request.redirect("/my/complaints")

    # === one complaint ===

    def _complaint_opened(self, complaint_id, token=None, acts=False):
        """
        :param bool acts: whether a token is not enough
        :return: (complaint in superuser mode, `Person` who may act on it, or None for
            who may read it only)
        """
        complaint, theirs = request.env["quality.complaint"]._portal_open(
            complaint_id, token
        )
        person = complaint and self._complaint_person(complaint, theirs)
        if not complaint or (acts and not person):
            raise request.not_found()
        return complaint, person

    def _complaint_person(self, complaint, theirs):
        ip = request.httprequest.remote_addr
        if theirs:
            user = request.env.user
            return Person(user.partner_id.name, user.login, ip)
        proved = request.session.get(PROVED, {}).get(str(complaint.id))
        if (
            not proved
            or proved["until"] < time()
            or proved["address"] != email_normalize(complaint.email or "")
        ):
            return None
        name = complaint.complainant or complaint.partner_id.name or proved["address"]
        return Person(name, proved["address"], ip)

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_complaint(self, complaint_id, access_token=None, said=None, **_kw):
        complaint, person = self._complaint_opened(complaint_id, access_token)
        return self._complaint_page(complaint, person, access_token, said=said)

    def _complaint_page(
        self, complaint, person, token=None, said=None, error="", **more
    ):
        told = {
            "filed": request.env._("Thank you. We have received your complaint."),
            "received": request.env._(
                "Thank you. We have received your message and will look into it. "
                "Please note the reference."
            ),
            "written": request.env._("Thank you. Your message has reached us."),
            "answered": request.env._("Thank you. Your answer has reached us."),
            "signed": request.env._("Thank you. You find what you signed below."),
            "proved": request.env._("You can answer now."),
            "corrected": request.env._("Thank you. It is corrected."),
            "withdrawn": request.env._("It is withdrawn."),
        }
        return request.render(
            "quality_complaint.portal_complaint",
            {
                **self._prepare_portal_layout_values(),
                # whose logo is on the page
                "res_company": complaint.company_id,
                "complaint": complaint._portal_values(),
                "acts": bool(person),
                "signer": person.name if person else "",
                "token": token or "",
                # what the files of a letter are read with
                "query": self._complaint_query(token),
                "page_name": "complaint",
                "said": told.get(said, ""),
                "error": error,
                "code_sent_to": request.env._(
                    "We have mailed a code to %s.", more["code_sent_to"]
                )
                if more.get("code_sent_to")
                else "",
            },
        )

    def _complaint_query(self, token, **more):
        values = {**({"access_token": token} if token else {}), **more}
        return f"?{urlencode(values)}" if values else ""

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:file_id>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def my_complaint_file(self, complaint_id, file_id, access_token=None, **_kw):
        complaint, person = self._complaint_opened(complaint_id, access_token)
        file = complaint._portal_file(file_id, acts=bool(person))
        if not file:
            raise request.not_found()
        # never shown in the page's own name: what somebody sent may hold scripts
        return (
            request.env["ir.binary"]
            ._get_stream_from(file)
            .get_response(as_attachment=True)
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/return/<int:remedy_id>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def my_complaint_return_slip(
        self, complaint_id, remedy_id, access_token=None, **_kw
    ):
        """The slip that travels with the goods; like a letter, the link reads it."""
        complaint, _person = self._complaint_opened(complaint_id, access_token)
        slip = complaint._portal_slip(remedy_id)
        if not slip:
            raise request.not_found()
        name, pdf = slip
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    # === a code instead of a login ===

    @http.route(
        "/my/complaints/<int:complaint_id>/code",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def my_complaint_code(self, complaint_id, access_token=None, code="", **_kw):
        """Without a code one is sent; with it the visitor may act for a while."""
        complaint, person = self._complaint_opened(complaint_id, access_token)
        codes = request.env["quality.complaint.portal.code"]
        code = typed_text(code, 20).strip()
        try:
            if not code:
                sent_to = codes._send(complaint)
                return self._complaint_page(
                    complaint, person, access_token, code_sent_to=sent_to
                )
            address = codes._confirm(complaint, code)
        except UserError as error:
            return self._complaint_page(
                complaint, person, access_token, error=str(error)
            )
        if not address:
            return self._complaint_page(
                complaint,
                person,
                access_token,
                error=request.env._("This is not the code we have sent."),
                code_sent_to=codes._masked(complaint),
            )
        proved = {"address": address, "until": time() + PROVED_SECONDS}
        request.session[PROVED] = {
            **request.session.get(PROVED, {}),
            str(complaint.id): proved,
        }
        return self._complaint_back(complaint, access_token, "proved")

    # === what they do ===

    @http.route(
        "/my/complaints/<int:complaint_id>/message",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def my_complaint_message(self, complaint_id, access_token=None, text="", **_kw):
        complaint, person = self._complaint_opened(
            complaint_id, access_token, acts=True
        )
        return self._complaint_done(
            complaint,
            person,
            access_token,
            "written",
            lambda: complaint._portal_write_message(
                typed_text(text, MOST), person, uploaded()
            ),
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/answer/<int:letter_id>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def my_complaint_answer(
        self, complaint_id, letter_id, access_token=None, answer="", note="", **_kw
    ):
        complaint, person = self._complaint_opened(
            complaint_id, access_token, acts=True
        )
        letter = self._complaint_letter(complaint, letter_id)
        return self._complaint_done(
            complaint,
            person,
            access_token,
            "answered",
            lambda: letter._portal_answer(
                typed_text(answer, 20), typed_text(note, MOST), person
            ),
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/correct",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def my_complaint_correct(
        self, complaint_id, access_token=None, text="", withdraw="", **posted
    ):
        complaint, person = self._complaint_opened(
            complaint_id, access_token, acts=True
        )
        return self._complaint_done(
            complaint,
            person,
            access_token,
            "withdrawn" if withdraw == "1" else "corrected",
            lambda: (
                complaint._portal_withdraw(person)
                if withdraw == "1"
                else complaint._portal_correct(
                    typed_text(text, MOST), person, quantities(posted)
                )
            ),
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/rating",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def my_complaint_rating(
        self, complaint_id, access_token=None, comment="", **posted
    ):
        complaint, person = self._complaint_opened(
            complaint_id, access_token, acts=True
        )
        revisit = complaint._portal_revisit()
        if not revisit:
            raise request.not_found()
        return self._complaint_done(
            complaint,
            person,
            access_token,
            "answered",
            lambda: revisit._portal_rate(posted, typed_text(comment, MOST), person),
        )

    def _complaint_letter(self, complaint, letter_id):
        letter = complaint._portal_letters().filtered(lambda row: row.id == letter_id)
        if not letter:
            raise request.not_found()
        return letter

    def _complaint_done(self, complaint, person, token, said, do):
        """Do something and show the page again; what is refused is told on it, and
        nothing of it is kept.
        """
        try:
            with request.env.cr.savepoint():
                do()
        except REFUSED as error:
            complaint.invalidate_recordset()
            return self._complaint_page(complaint, person, token, error=str(error))
        return self._complaint_back(complaint, token, said)

    def _complaint_back(self, complaint, token, said):
        query = self._complaint_query(token, said=said)
        return request.redirect(f"/my/complaints/{complaint.id}{query}")

    # === signing ===

    @http.route(
        [
            "/my/complaints/<int:complaint_id>/sign",
            "/my/complaints/<int:complaint_id>/sign/<int:letter_id>",
        ],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_complaint_to_sign(
        self, complaint_id, letter_id=None, access_token=None, **_kw
    ):
        """What is to be signed, to be read first: the settlement agreement, or the 8D
        report of a letter.
        """
        complaint, person = self._complaint_opened(
            complaint_id, access_token, acts=True
        )
        if letter_id:
            letter = self._complaint_letter(complaint, letter_id)
            if not letter._portal_is_asked() or not letter._portal_asks_signature():
                raise request.not_found()
            offer, agreed = letter._portal_paper(), []
        else:
            offer = complaint._portal_agreement_offer()
            agreed = complaint._portal_agreement_words()
        if not offer:
            raise request.not_found()
        query = self._complaint_query(access_token)
        part = f"/{letter_id}" if letter_id else ""
        return request.render(
            "quality_complaint.portal_sign",
            {
                **self._prepare_portal_layout_values(),
                "res_company": complaint.company_id,
                "page_name": "complaint",
                "back": f"/my/complaints/{complaint.id}{query}",
                "paper": offer._portal_title(),
                "url": f"{complaint._portal_file_url(offer.attachment_id)}{query}",
                "checksum": offer.checksum,
                "agreed": agreed,
                "signer": person.name,
                "call_url": (
                    f"/my/complaints/{complaint.id}/signed/{offer.id}{part}{query}"
                ),
            },
        )

    @http.route(
        [
            "/my/complaints/<int:complaint_id>/signed/<int:offer_id>",
            "/my/complaints/<int:complaint_id>/signed/<int:offer_id>/<int:letter_id>",
        ],
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def my_complaint_signed(
        self,
        complaint_id,
        offer_id,
        letter_id=None,
        access_token=None,
        name="",
        signature="",
    ):
        # get from query string if not on json param
        token = access_token or request.httprequest.args.get("access_token")
        complaint, person = self._complaint_opened(complaint_id, token, acts=True)
        if not isinstance(signature, str) or not isinstance(name, str):
            return {"error": request.env._("Please sign in the field.")}
        name = typed_text(name, 100)
        try:
            with request.env.cr.savepoint():
                if letter_id:
                    letter = self._complaint_letter(complaint, letter_id)
                    letter._portal_sign(name, signature, person)
                else:
                    complaint._portal_sign_agreement(offer_id, name, signature, person)
        except REFUSED as error:
            return {"error": str(error)}
        query = self._complaint_query(token, said="signed")
        return {
            "force_refresh": True,
            "redirect_url": f"/my/complaints/{complaint.id}{query}",
        }

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
        return self._complaint_filing(search=typed_text(search, 100))

    def _complaint_filing(self, search="", typed=None, error=""):
        complaints = request.env["quality.complaint"]
        return request.render(
            "quality_complaint.portal_complaint_new",
            {
                **self._prepare_portal_layout_values(),
                "goods": complaints._portal_goods(
                    complaints._portal_goods_domain(request.env.user.partner_id), search
                ),
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
        max_content_length=MAX_REQUEST,
    )
    def my_complaint_file_it(self, key="", search="", **posted):
        typed = {
            "key": typed_text(key, 64),
            "complainant": typed_text(posted.get("complainant"), 100),
            "description": typed_text(posted.get("description"), MOST),
            "customer_ref": typed_text(posted.get("customer_ref"), 100),
            "defect_id": number(posted.get("defect_id"), int),
            "quantities": quantities(posted),
        }
        if len(typed["key"]) < 32:
            return self._complaint_filing(
                error=request.env._("Please fill in the form and send it again.")
            )
        try:
            with request.env.cr.savepoint():
                complaint = request.env["quality.complaint"]._portal_file_complaint(
                    typed["key"],
                    typed["quantities"],
                    {
                        name: typed[name]
                        for name in (
                            "complainant",
                            "description",
                            "customer_ref",
                            "defect_id",
                        )
                    },
                    uploaded(),
                )
        except REFUSED as error:
            return self._complaint_filing(typed_text(search, 100), typed, str(error))
        return request.redirect(f"/my/complaints/{complaint.id}?said=filed")


def typed_text(value, most):
    """What somebody posted, as a text no longer than so many signs, without the one
    that no database takes.
    """
    return str(value or "").replace("\x00", "")[:most]


def uploaded():
    """:return: list of (name, bytes) of the request's files"""
    return [
        (
            typed_text(PurePosixPath(file.filename.replace("\\", "/")).name, 200)
            or request.env._("file"),
            file.read(MAX_UPLOAD),
        )
        for file in request.httprequest.files.getlist("files")
        if file.filename
    ]


def quantities(posted):
    """:return: {id of a move line: quantity}, of fields `quantity_<id>`"""
    found = {
        name.removeprefix("quantity_"): number(value, float) or 0.0
        for name, value in posted.items()
        if name.startswith("quantity_")
    }
    return {
        int(line): quantity
        for line, quantity in found.items()
        if line.isascii() and line.isdigit() and len(line) < 10
    }


def number(text, kind):
    """A posted number, or None: not a number, infinite or too large."""
    try:
        value = kind(str(text).replace(",", "."))
    except (ValueError, OverflowError):
        return None
    return value if -1e9 < value < 1e9 else None
