"""Run in `odoo shell` on a database of the old version: at least one record in every
model of ours, and what a company changes in shipped records.

The bulk is the demo company. What it has none of comes here; flows are used where they
are short.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command


def by_flow(env):
    """Reopened, extended, issued, overridden, charged to the supplier."""
    company = env.ref("quality_complaint.demo_company")
    manager = env["res.users"].search([("login", "=", "manager")])
    env = env(
        user=1,
        context={
            **env.context,
            "allowed_company_ids": [company.id],
            "mail_notrack": True,
        },
    )
    complaints = env["quality.complaint"].search(
        [("company_id", "=", company.id)], order="id"
    )
    env.ref("quality_complaint.policy_r1").ensure_one()

    complaints.filtered(lambda complaint: complaint.state == "closed")[
        -1
    ].action_reopen("The customer sends another sample.")
    running = complaints.filtered(
        lambda complaint: complaint.state == "registered"
    ).deadline_ids.filtered(lambda row: row.state == "running" and row.due_on)
    env["quality.complaint.extension"].create(
        {
            "deadline_id": running[0].id,
            "due_on": running[0].due_on + timedelta(days=2),
            "reason": "The sample is on its way.",
        }
    )
    env["quality.complaint.score"].create(
        {
            "complaint_id": complaints[0].id,
            "kind": "complaint",
            "date": fields.Date.today(),
            "proposed_points": -1,
            "points": -1,
        }
    )
    reports = env["quality.8d"].search([], order="id")
    reports[-1]._issue(
        reports[-1]._proposed_stage(),
        "both",
        reports[-1]._covered_complaints()[:1],
        "First issue",
    )
    env["quality.8d.override"].create(
        {
            "eight_d_id": reports[0].id,
            "step": "D4",
            "missing": "Share of the second cause",
            "reason": "Measured next week",
            "user_id": manager.id,
            "date": fields.Datetime.now(),
        }
    )
    env["quality.complaint.compensation.rate"].create(
        {
            "amount": 34500,
            "date_from": "2026-01-01",
            "source": "City bureau of statistics",
            "company_id": company.id,
        }
    )
    env["quality.complaint.makeup.day"].create(
        {
            "calendar_id": company.resource_calendar_id.id,
            "date": "2026-10-10",
            "weekday": "0",
        }
    )
    charge(env, company, complaints)


def charge(env, company, complaints):
    """A lot bought, sold, complained of and charged to its supplier, who is warned of
    and put on hold.
    """
    vendor = env["res.partner"].create(
        {"name": "Rolling Mill", "email": "sales@mill.example", "is_company": True}
    )
    product = env["product.product"].create(
        {
            "name": "Bought strip",
            "type": "consu",
            "is_storable": True,
            "tracking": "lot",
            "invoice_policy": "delivery",
        }
    )
    order = env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "company_id": company.id,
            "order_line": [
                Command.create(
                    {"product_id": product.id, "product_qty": 10, "price_unit": 6}
                )
            ],
        }
    )
    order.button_confirm()
    move = order.picking_ids.move_ids
    move.move_line_ids.unlink()
    move.move_line_ids = [
        Command.create(
            {**move._prepare_move_line_vals(), "lot_name": "MILL-1", "quantity": 10}
        )
    ]
    move.picked = True
    order.picking_ids.button_validate()
    order.action_create_invoice()
    order.invoice_ids.invoice_date = fields.Date.today()
    order.invoice_ids.action_post()
    sale = env["sale.order"].create(
        {
            "partner_id": complaints.partner_id[0].id,
            "company_id": company.id,
            "warehouse_id": order.picking_type_id.warehouse_id.id,
            "order_line": [
                Command.create(
                    {"product_id": product.id, "product_uom_qty": 4, "price_unit": 10}
                )
            ],
        }
    )
    sale.action_confirm()
    sale.picking_ids.action_assign()
    sale.picking_ids.move_ids.picked = True
    sale.picking_ids.button_validate()
    sale._create_invoices().action_post()
    complaint = env["quality.complaint"].create(
        {"lot_ref": "MILL-1", "description": "Edges cracked", "company_id": company.id}
    )
    complaint.action_register()
    chargeback = env["quality.complaint.chargeback"].browse(
        complaint.action_supplier_complaint()["res_id"]
    )
    chargeback.action_mark_sent()
    rule = env.ref("quality_complaint_purchase.supplier_rule_r4_no_answer")
    env["quality.complaint.supplier.warning"].create(
        {
            "partner_id": vendor.id,
            "company_id": company.id,
            "rule_id": rule.id,
            "text": "No answer for 2 days",
        }
    )
    decision = env["quality.complaint.supplier.decision"].create(
        {
            "partner_id": vendor.id,
            "company_id": company.id,
            "kind": "hold",
            "reason": "No answer",
        }
    )
    decision._hold(order.invoice_ids)


def edits(env):
    """What a company changes in what was shipped; a policy of its own for a second
    company.
    """

    def shipped(name, lang="en_US"):
        return env.ref(f"quality_complaint.{name}").with_context(lang=lang)

    letter = shipped("mail_template_final_reply")
    letter.body_html = '<p>Dear customer, our own words for <t t-out="object.name">QC/2026/00001</t> &amp; nothing else.</p>'  # noqa: E501
    chinese = shipped("mail_template_progress", "zh_CN")
    chinese.subject = "我们自己的标题 {{ object.name or '' }}"
    shipped("milestone_responded").name = "Customer called"
    shipped("cause_process").name = "Our process"
    shipped("term_crack").words = "crack*, our own word"
    shipped("policy_r5").retention_years = 9  # edited, used by nobody
    company = env["res.company"].create({"name": "Second Works"})
    company.complaint_policy_id = shipped("policy_r4")


for step in (by_flow, edits):
    step(env)  # noqa: F821 given by the shell
env.flush_all()  # noqa: F821
empty = [
    name
    for name, model in env.registry.items()  # noqa: F821
    if name.startswith("quality.")
    and model._auto
    and not model._abstract
    and not model._transient
    and not env[name].with_context(active_test=False).search_count([], limit=1)  # noqa: F821
]
assert not empty, f"no record in {empty}"
env.cr.commit()  # noqa: F821
print("OK")
