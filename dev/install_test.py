"""Life of an installation: into a database that already holds stock and accounting,
upgraded, uninstalled.

Each step is a script for `odoo shell`; it prints OK as its last word or fails.
"""

BUSINESS_BEFORE = """
company = env.company
env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
customer = env["res.partner"].create({"name": "Old Customer", "is_company": True})
product = env["product.product"].create(
    {"name": "Old strip", "type": "consu", "is_storable": True, "tracking": "lot", "invoice_policy": "delivery"}
)
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
lot = env["stock.lot"].create({"name": "OLD-1", "product_id": product.id})
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10, lot_id=lot)
order = env["sale.order"].create(
    {"partner_id": customer.id, "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 10, "price_unit": 7})]}
)
order.action_confirm()
order.picking_ids.action_assign()
order.picking_ids.move_ids.picked = True
order.picking_ids.button_validate()
order._create_invoices().action_post()
env.cr.commit()
print("OK")
"""  # noqa: E501

COMPLAINT_ON_OLD_DATA = """
complaint = env["quality.complaint"].create(
    {"lot_ref": "OLD-1", "description": "Scratches", "contact_name": "Jo Hart", "phone": "+44 20 7946 0000"}
)
assert complaint.line_ids.match_state == "matched", complaint.match_message
assert complaint.line_ids.value == 70.0, complaint.line_ids.value
complaint.action_register()
remedy = env["quality.complaint.remedy"].create(
    {"complaint_id": complaint.id, "kind": "return", "line_ids": [(0, 0, {"complaint_line_id": complaint.line_ids.id})]}
)
remedy.action_submit()
remedy.action_execute()
remedy.picking_ids.move_ids.picked = True
remedy.picking_ids.button_validate()
assert remedy.state == "done", remedy.state
complaint.action_take()
complaint.action_start_investigation()
investigation = complaint.investigation_ids
departments = complaint.severity_id.team_department_ids
investigation.write({"user_id": env.uid, "member_ids": [(0, 0, {"name": d.name, "department_id": d.id}) for d in departments]})
investigation.action_name_team()
investigation.write({"result": "confirmed", "finding": "Scratches", "proposal": "Exchange the roller"})
investigation.action_done()
complaint.write(
    {
        "validity": "valid", "root_cause": "A worn roller", "cause_id": env.ref("quality_complaint.cause_process").id,
        "responsible_id": env.ref("quality_complaint.responsible_production").id,
    }
)
complaint.action_conclude()
measure = env["quality.complaint.action"].create(
    {"complaint_id": complaint.id, "name": "Exchange the roller", "kind": "correction", "evidence": "New roller fitted",
     "department_id": env.ref("quality_complaint.responsible_production").id, "due_on": "2099-12-31"}
)
measure.action_done()
line = complaint.line_ids
plan = {"complaint_id": complaint.id, "department_id": env.ref("quality_complaint.responsible_sales").id, "due_on": "2099-12-31"}
money, gift = env["quality.complaint.remedy"].create(
    [
        {**plan, "kind": "cash_compensation", "line_ids": [(0, 0, {"complaint_line_id": line.id, "amount": 5.0})]},
        {**plan, "kind": "product_compensation", "line_ids": [(0, 0, {"complaint_line_id": line.id, "quantity": 1})]},
    ]
)
complaint.action_submit_plan()
complaint.action_execute()
money.credit_note_ids.action_post()
assert (money.state, gift.state) == ("done", "executing"), (money.state, gift.state)
assert complaint.cost_total == 5.0, complaint.cost_total
env.cr.commit()
print("OK")
"""  # noqa: E501

AFTER_UPGRADE = """
complaint = env["quality.complaint"].search([])
assert complaint.state == "executing" and complaint.remedy_ids[0].state == "done"
for rows in (complaint.policy_id.severity_ids, complaint.policy_id.limit_ids):
    shipped = env["ir.model.data"].search_count([("module", "=", "quality_complaint"), ("model", "=", rows._name), ("res_id", "in", rows.ids)])
    assert rows and shipped == len(rows), "tables are there once"
assert complaint.next_deadline_on, "its clocks run on"
print("OK")
"""  # noqa: E501

AFTER_UNINSTALL = """
env.cr.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'quality_complaint%'")
assert not env.cr.fetchall(), "tables left"
env.cr.execute(
    "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE 'complaint_%' OR column_name = 'remedy_line_id'"
)
left = env.cr.fetchall()
assert not left, left
assert not env["ir.model.data"].search([("module", "=", "quality_complaint")]), "external ids left"
assert not env["ir.sequence"].search([("code", "=", "quality.complaint")]), "sequence left"
picking = env["stock.picking"].search([("return_id", "!=", False)])
assert picking.state == "done", "the return is history"
location = env["stock.location"].with_context(active_test=False).search([("name", "like", "Complaint Returns")])
assert location == picking.move_ids.location_dest_id and location.active, "it still holds goods"
assert env["sale.order"].search([("amount_total", ">", 0)]).order_line.qty_delivered == 10
assert env["sale.order"].search([("amount_total", "=", 0)]).state == "sale", "the free order is history"
note = env["account.move"].search([("move_type", "=", "out_refund")])
assert (note.state, note.amount_total, note.invoice_line_ids.product_id.name) == ("posted", 5.0, "Customer compensation"), "the credit note is history"
print("OK")
"""  # noqa: E501

# Odoo goes on without demo data that cannot be loaded
DEMO = """
states = set(env["quality.complaint"].search([]).mapped("state"))
assert len(states) > 6, "no demo company: %s" % states
print("OK")
"""
