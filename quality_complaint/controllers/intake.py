from time import time
from uuid import uuid4

from odoo import http
from odoo.http import request
from odoo.tools import email_normalize
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.portal.intake import LONGEST
from .portal import MAX_REQUEST, REFUSED, number, quantities, typed_text, uploaded

SCOPE = "quality_complaint.intake.form"
# nobody fills in the form faster; programs do
FASTEST = 3
# of a form that was left open
LONGEST_OPEN = 24 * 3600


class ComplaintIntake(CustomerPortal):
    """Pages that are open to everybody, where a company wants them: how to complain,
    the form, with or without a QR code, and where it stands.

    What is filed waits for an officer. Names of the fields are taken one by one; the
    company comes from the QR code's paper or is one with a public form.
    """

    # === how to complain ===

    def _intake_company(self, company_id=None):
        """
        :return: the `res.company` whose form it is, in superuser mode
        """
        companies = request.env["quality.complaint"]._intake_companies()
        chosen = companies.filtered(lambda row: row.id == number(company_id, int))
        current = companies.filtered(lambda row: row == request.env.company)
        company = chosen or current or companies[:1]
        if not company:
            raise request.not_found()
        return company

    @http.route("/complaint", type="http", auth="public", website=True, methods=["GET"])
    def complaint_ways(self, company=None, **_kw):
        chosen = self._intake_company(company)
        complaints = request.env["quality.complaint"]
        return request.render(
            "quality_complaint.intake_ways",
            {
                # whose logo is on the page
                "res_company": chosen,
                "ways": complaints._intake_ways(chosen),
                "companies": [
                    {"id": row.id, "name": row.name}
                    for row in complaints._intake_companies()
                ],
                "is_signed_in": not request.env.user._is_public(),
            },
        )

    # === the form ===

    @http.route(
        ["/complaint/new", "/complaint/qr/<string:token>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def complaint_new(self, token=None, company=None, **_kw):
        row = self._intake_token(token)
        return self._intake_form(row.company_id or self._intake_company(company), row)

    def _intake_token(self, token):
        """
        :return: `quality.complaint.intake.token`, empty without one
        """
        tokens = request.env["quality.complaint.intake.token"]
        if token is None:
            return tokens
        row = tokens._open(typed_text(token, 64))
        if not row:
            raise request.not_found()
        return row

    def _intake_form(self, company, token, typed=None, error=""):
        complaints = request.env["quality.complaint"]
        goods = complaints._portal_goods(token._goods()) if token else []
        user = request.env.user
        known = (
            {}
            if user._is_public()
            else {
                "complainant": user.partner_id.name,
                "email": user.partner_id.email,
            }
        )
        sudo_env = request.env(su=True)
        return request.render(
            "quality_complaint.intake_form",
            {
                "res_company": company,
                "goes_to": request.env._(
                    "About %(paper)s of %(company)s.",
                    paper=token.display_name,
                    company=company.name,
                )
                if token
                else request.env._("Your message goes to %s.", company.name),
                "company_id": company.id,
                # sudo: the key is signed, nothing else
                "key": hash_sign(sudo_env, SCOPE, [uuid4().hex, int(time())]),
                "paper": token.display_name if token else "",
                "token": token.token if token else "",
                "goods": goods,
                "types": complaints._intake_types(),
                "defects": complaints._portal_defects(),
                "typed": {"quantities": {}, **known, **(typed or {})},
                "error": error,
            },
        )

    @http.route(
        ["/complaint/new", "/complaint/qr/<string:token>"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def complaint_file(self, token=None, key="", company=None, **posted):
        row = self._intake_token(token)
        company = row.company_id or self._intake_company(company)
        typed = {
            **{
                name: typed_text(posted.get(name), most)
                for name, most in LONGEST.items()
            },
            "type_id": number(posted.get("type_id"), int),
            "defect_id": number(posted.get("defect_id"), int),
            "quantities": quantities(posted),
        }
        form_key, age = self._intake_key(key)
        if posted.get("website"):
            # the field that only programs see: nothing is kept
            return request.render("quality_complaint.intake_thanks", {})
        if not form_key or age > LONGEST_OPEN or age < FASTEST:
            return self._intake_form(
                company,
                row,
                typed,
                request.env._("Please check the form and send it once more."),
            )
        try:
            with request.env.cr.savepoint():
                request.env["quality.complaint.intake.hit"]._count(
                    "file", request.httprequest.remote_addr, row.id and row.token
                )
                complaint = request.env["quality.complaint"]._intake_file(
                    company,
                    form_key,
                    typed,
                    typed["quantities"],
                    uploaded(),
                    row,
                )
        except REFUSED as error:
            return self._intake_form(company, row, typed, str(error))
        complaint._portal_ensure_token()
        return request.redirect(
            f"/my/complaints/{complaint.id}"
            f"?access_token={complaint.access_token}&said=received"
        )

    def _intake_key(self, key):
        """
        :return: (key of the form, seconds since it was opened); (None, 0) when it is
            none of ours
        """
        try:
            # sudo: the signature is checked, nothing else
            values = verify_hash_signed(
                request.env(su=True), SCOPE, typed_text(key, 500)
            )
            form_key, opened = values
        except (ValueError, TypeError):
            return None, 0
        return str(form_key), time() - opened

    # === news ===

    @http.route(
        "/complaint/news/stop/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
        # mail programs send it themselves (RFC 8058)
        csrf=False,
    )
    def complaint_news_stop(self, token, **_kw):
        stopped = request.httprequest.method == "POST"
        if stopped and not request.env["quality.complaint.news"]._stopped(
            typed_text(token, 500)
        ):
            raise request.not_found()
        return request.render(
            "quality_complaint.intake_news_stop", {"is_stopped": stopped}
        )

    # === where it stands ===

    @http.route(
        "/complaint/follow",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def complaint_follow(self, ref="", email="", **_kw):
        """By the reference at once; by a number and the address we write to, a link to
        it by mail.
        """
        company = self._intake_company()
        ref = typed_text(ref, 100).strip()
        email = typed_text(email, 200).strip()
        values = {
            "res_company": company,
            "ref": ref,
            "email": email,
            "error": "",
            "said": "",
        }
        hits = request.env["quality.complaint.intake.hit"]
        complaints = request.env["quality.complaint"]
        try:
            if ref:
                hits._count("follow", request.httprequest.remote_addr)
                complaint = complaints._with_intake_ref(ref)
                if complaint:
                    complaint._portal_ensure_token()
                    return request.redirect(complaint.get_portal_url())
                if not email_normalize(email):
                    values["error"] = request.env._(
                        "There is no such reference. If it is the number of a "
                        "complaint, please add your e-mail address: we mail you the "
                        "link."
                    )
                elif request.httprequest.method == "POST":
                    hits._count("link", email)
                    complaints._portal_mail_link(ref, email)
                    values["said"] = request.env._(
                        "If number and address fit, the link is in your mailbox in a "
                        "minute."
                    )
        except REFUSED as error:
            values["error"] = str(error)
        return request.render("quality_complaint.intake_follow", values)
