"""What installing and uninstalling must do beyond loading data."""

from odoo.fields import Domain
from odoo.tools import SQL

from .models.res_company import SEQUENCES


def post_init_hook(env):
    """Give every existing company its number sequence and every warehouse its location
    for returned goods; words belong to the company from now on.
    """
    companies = env["res.company"].search([])
    companies._create_complaint_defaults()
    env["stock.warehouse"].with_context(active_test=False).search(
        []
    )._create_complaint_return_location()
    # a table of words cannot say so itself
    env["ir.model.data"].search(
        [("module", "=", "quality_complaint"), ("model", "=", "quality.8d.weak.term")]
    ).noupdate = True
    share_customer_files(env)


def share_customer_files(env):
    """All users of Complaints have the quality files of customers, until Settings say
    otherwise: what a company chose there is not in the data, which would undo it.
    """
    users = env.ref("quality_complaint.group_quality_complaint_user")
    users.implied_ids |= env.ref(
        "quality_complaint.group_quality_complaint_customer_file"
    )


def uninstall_hook(env):
    """Leave nothing behind but what holds history: locations with stock moves stay,
    archived when empty of goods.
    """
    # complaints go before the catalogues they point to, in the order of their links
    for table in (
        "quality_complaint_hold",
        "quality_complaint_service",
        "quality_complaint_contact_letter",
        "quality_complaint_case_review_line",
        "quality_complaint_management_inspection_line",
        "quality_complaint_accountability",
        "quality_complaint_merit",
        "quality_complaint_appraisal",
        "quality_complaint_action",
        "quality_complaint_problem",
        "quality_complaint_remedy_line",
        "quality_complaint_remedy",
        "quality_complaint_line",
        "quality_complaint",
        "quality_8d",
    ):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all()
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    places = (
        "complaint_return_location_id",
        "complaint_loan_location_id",
        "complaint_quarantine_location_id",
    )
    locations = env["stock.location"].union(*(warehouses[name] for name in places))
    domain = Domain("location_id", "in", locations.ids) | Domain(
        "location_dest_id", "in", locations.ids
    )
    kept = locations.browse()
    for model in ("stock.picking", "stock.move", "stock.move.line"):
        used = env[model].search(domain)
        kept |= locations & (used.location_id | used.location_dest_id)
    holding = (
        env["stock.quant"]
        .search([("location_id", "in", kept.ids), ("quantity", "!=", 0)])
        .location_id
    )
    (kept - holding).active = False
    warehouses.write(dict.fromkeys(places, False))
    (locations - kept).unlink()
    env["ir.sequence"].with_context(active_test=False).search(
        [("code", "in", list(SEQUENCES))]
    ).unlink()
    _keep_compensation_product(env)


def _keep_compensation_product(env):
    """A product on posted credit notes stays as what they say it is, archived and no
    longer ours.
    """
    product = env.ref(
        "quality_complaint.product_compensation", raise_if_not_found=False
    )
    if product and env["account.move.line"].search_count(
        [("product_id", "=", product.id)], limit=1
    ):
        product.active = False
        records = {
            "product.product": product.id,
            "product.template": product.product_tmpl_id.id,
        }
        for model, record in records.items():
            env["ir.model.data"].search(
                [
                    ("module", "=", "quality_complaint"),
                    ("model", "=", model),
                    ("res_id", "=", record),
                ]
            ).unlink()
