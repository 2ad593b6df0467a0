"""Complaints beside what other addons call a ticket, a claim, an RMA or a
nonconformity: the same database, the same number of records, in turn. Run by `make
bench`; figures and their meaning are in README.md.

One record of each is made as a person would, with everything that happens by itself;
the others are copies of it in SQL. Every measurement is rolled back.
"""

import os
import statistics

from lxml import etree
from mass import copied, copied_parts, measured

from odoo import fields

SIZE = int(os.environ.get("QC_BENCH_SIZE") or 10_000)
ROUNDS = 5


class Subject:
    """What is measured: a model, how a record of it is made, what belongs to it.

    :param str model: name of the model
    :param str number: its field that is unique
    :param dict parts: {table: column} of rows that are copied with a record
    """

    delivery = None  # what is complained of: a `stock.picking`

    def __init__(self, env, model, number, parts=None):
        self.env, self.model, self.number = env, env[model], number
        self.parts = parts or {}
        self.shown = {
            kind: specified(
                self.model,
                etree.fromstring(self.model.get_view(view_type=kind)["arch"]),
            )
            for kind in ("form", "list", "kanban")
        }

    def values(self):
        return {}

    def make(self):
        return self.model.create(self.values())

    def finish(self, record):
        """What makes it more than a draft."""

    # === what is measured ===

    def open(self):
        self.seed.web_read(self.shown["form"])

    def list(self):
        self.model.web_search_read([], self.shown["list"], limit=80)

    def kanban(self):
        self.model.web_search_read([], self.shown["kanban"], limit=80)

    def create(self):
        """With a customer and a text, as all of them can be."""
        self.make()

    create_with_the_delivery_found = None

    def create_and_finish(self):
        self.finish(self.make())

    def number_in_a_many2one(self):
        self.model.name_search(self.seed[self.number], limit=8)

    # what is done with one that `before_…` has made, which is not measured
    refund_to_credit_note = None
    return_to_receipt = None
    receipt_to_credit_note = None

    # === the mass ===

    def grow(self, number):
        self.seed = self.make()
        self.finish(self.seed)
        self.env.flush_all()
        copies = copied(
            self.env, self.model._table, self.seed.id, number, {self.number: "B"}
        )
        for table, column in self.parts.items():
            copied_parts(self.env, table, column, self.seed.id, copies)


class Complaint(Subject):
    def __init__(self, env):
        super().__init__(
            env,
            "quality.complaint",
            "name",
            {
                "quality_complaint_line": "complaint_id",
                "quality_complaint_deadline": "complaint_id",
            },
        )

    def values(self):
        return {
            "lot_ref": self.delivery.name,
            "description": "Scratches on every coil, found under grazing light",
            "user_id": self.env.uid,
        }

    def finish(self, record):
        record.action_register()

    def create(self):
        self.model.create(
            {
                "partner_id": self.delivery.partner_id.id,
                "description": "Scratches on every coil, found under grazing light",
                "user_id": self.env.uid,
            }
        )

    def create_with_the_delivery_found(self):
        """By its number: customer, goods, invoice and price follow."""
        self.make()

    # === money and goods ===

    def planned(self, **vals):
        """:return: a remedy as it is approved: the case is found justified"""
        complaint = self.make()
        complaint.line_ids.quantity = 1
        complaint.write({"complainant": "Ann Buyer", "phone": "+1 555 0100"})
        complaint.action_register()
        complaint.action_start_investigation()
        look = complaint.investigation_ids
        departments = complaint.severity_id.team_department_ids
        look.write(
            {
                "result": "confirmed",
                "finding": "Scratches on the inner coil",
                "proposal": "Polish the guides",
                "user_id": self.env.uid,
                "member_ids": [
                    (0, 0, {"name": "Member", "department_id": department.id})
                    for department in departments
                ],
            }
        )
        if look.needs_team:
            look.action_name_team()
        look.action_done()
        department = self.env["quality.complaint.responsible"].search(
            [("kind", "=", "department")], limit=1
        )
        soon = fields.Datetime.add(fields.Datetime.now(), days=5)
        complaint.write(
            {
                "root_cause": "Guide 3 was worn",
                "validity": "valid",
                "cause_id": self.env["quality.complaint.cause"].search([], limit=1).id,
                "responsible_id": department.id,
            }
        )
        complaint.action_conclude()
        self.env["quality.complaint.action"].create(
            {
                "name": "Replace guide 3",
                "kind": "corrective",
                "complaint_id": complaint.id,
                "department_id": department.id,
                "user_id": self.env.uid,
                "due_on": soon,
            }
        )
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "refund",
                "department_id": department.id,
                "due_on": soon,
                "line_ids": [
                    (0, 0, {"complaint_line_id": complaint.line_ids.id, "quantity": 1})
                ],
                **vals,
            }
        )
        complaint.action_submit_plan()
        complaint.approval_ids.filtered(
            lambda row: row.state == "pending"
        ).action_approve()
        return remedy

    def before_refund_to_credit_note(self):
        return self.planned(goods="keep")

    def refund_to_credit_note(self, remedy):
        remedy.action_execute()
        assert remedy.credit_note_ids.state == "draft"

    def before_return_to_receipt(self):
        return self.planned()

    def return_to_receipt(self, remedy):
        remedy.action_execute()
        assert remedy.return_picking_ids.state == "assigned"

    def before_receipt_to_credit_note(self):
        remedy = self.planned()
        remedy.action_execute()
        return remedy

    def receipt_to_credit_note(self, remedy):
        received(remedy.return_picking_ids)
        assert remedy.credit_note_ids.state == "draft"


class Ticket(Subject):
    def __init__(self, env):
        super().__init__(env, "helpdesk.ticket", "number")
        self.team = env["helpdesk.ticket.team"].create(
            {"name": "Desk", "user_ids": [(6, 0, env.user.ids)], "use_sla": True}
        )
        env["helpdesk.sla"].create(
            {"name": "A day", "team_ids": [(6, 0, self.team.ids)], "hours": 8}
        )

    def values(self):
        return {
            "name": "Scratches on every coil",
            "description": "Scratches on every coil, found under grazing light",
            "partner_id": self.delivery.partner_id.id,
            "team_id": self.team.id,
            "user_id": self.env.uid,
        }


class Rma(Subject):
    def __init__(self, env):
        super().__init__(env, "rma", "name")

    def values(self):
        return {
            "partner_id": self.delivery.partner_id.id,
            "product_id": self.delivery.move_ids.product_id.id,
            "product_uom_qty": 1.0,
            "operation_id": self.env["rma.operation"].search([], limit=1).id,
            "description": "Scratches on every coil, found under grazing light",
        }

    def finish(self, record):
        record.action_confirm()

    # === money and goods ===

    def operation(self, receipt, refund):
        """:return: an RMA of an operation of its own, not confirmed"""
        rma = self.make()
        rma.operation_id = rma.operation_id.copy(
            {
                "name": f"{receipt} {refund}",
                "action_create_receipt": receipt,
                "action_create_refund": refund,
                "action_create_delivery": False,
            }
        )
        return rma

    def before_refund_to_credit_note(self):
        rma = self.operation("manual_on_confirm", "manual_on_confirm")
        rma.action_confirm()
        return rma

    def refund_to_credit_note(self, rma):
        rma.action_refund()
        assert rma.refund_id.state == "draft"

    def before_return_to_receipt(self):
        return self.operation("automatic_on_confirm", "manual_after_receipt")

    def return_to_receipt(self, rma):
        rma.action_confirm()
        assert rma.reception_move_id.picking_id.state == "assigned"

    def before_receipt_to_credit_note(self):
        rma = self.operation("automatic_on_confirm", "manual_after_receipt")
        rma.action_confirm()
        return rma

    def receipt_to_credit_note(self, rma):
        received(rma.reception_move_id.picking_id)
        rma.action_refund()
        assert rma.refund_id.state == "draft"


class Claim(Subject):
    def __init__(self, env):
        super().__init__(
            env, "crm.claim", "code" if "code" in env["crm.claim"] else "name"
        )

    def values(self):
        return {
            "name": "Scratches on every coil",
            "description": "Scratches on every coil, found under grazing light",
            "partner_id": self.delivery.partner_id.id,
        }


def specified(model, node):
    """What the web client asks for to show a view: of what is never seen, no names.

    :return: specification as `web_read` takes it
    """
    specification = {}
    for child in node.iterchildren(etree.Element):
        if child.tag != "field":
            specification |= specified(model, child)
            continue
        field = model._fields.get(child.get("name"))
        if field is None:
            continue
        unseen = {child.get("invisible"), child.get("column_invisible")} & {"True", "1"}
        inner = {}
        if field.relational:
            views = [view for view in child if view.tag in ("list", "kanban")]
            comodel = model.env[field.comodel_name]
            inner["fields"] = (
                {}
                if unseen
                else specified(comodel, views[0])
                if views
                else {"display_name": {}}
            )
        specification.setdefault(field.name, inner)
    return specification


def delivered(env):
    """An order, delivered and invoiced.

    :return: the `stock.picking`
    """
    product = env["product.product"].create(
        {
            "name": "Copper strip",
            "type": "consu",
            "is_storable": True,
            "list_price": 40.0,
            "invoice_policy": "delivery",
        }
    )
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    env["stock.quant"]._update_available_quantity(
        product, warehouse.lot_stock_id, 1_000_000
    )
    partner = env["res.partner"].create({"name": "Northwind Motors"})
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 500_000})
            ],
        }
    )
    order.action_confirm()
    picking = order.picking_ids
    picking.action_assign()
    picking.move_ids.picked = True
    picking.button_validate()
    order._create_invoices().action_post()
    return picking


def received(picking):
    """The warehouse takes all of it in."""
    picking.move_ids.picked = True
    picking.button_validate()


def turned(env, subject, path):
    """:return: what one turn of it took, see `measured`"""
    before = getattr(subject, f"before_{path}", None)
    if not before:
        return measured(env, getattr(subject, path))
    with env.cr.savepoint() as savepoint:
        record = before()
        figures = measured(env, lambda: getattr(subject, path)(record))
        savepoint.rollback()
    env.invalidate_all()
    return figures


def compare(env):
    """Prints a table: median milliseconds and queries of each, lowest to highest."""
    Subject.delivery = delivered(env)
    subjects = [
        kind(env)
        for kind, model in (
            (Complaint, "quality.complaint"),
            (Ticket, "helpdesk.ticket"),
            (Rma, "rma"),
            (Claim, "crm.claim"),
        )
        if model in env
    ]
    for subject in subjects:
        subject.grow(SIZE)
    env.cr.execute("ANALYZE")
    paths = (
        "open",
        "list",
        "kanban",
        "create",
        "create_with_the_delivery_found",
        "create_and_finish",
        "number_in_a_many2one",
        "refund_to_credit_note",
        "return_to_receipt",
        "receipt_to_credit_note",
    )
    found = {(path, subject): [] for path in paths for subject in subjects}
    for turn in range(ROUNDS + 1):
        for path in paths:
            for subject in subjects:
                if not getattr(subject, path):
                    continue
                figures = turned(env, subject, path)
                if turn:  # the first one fills the caches
                    found[path, subject].append(figures)
    print(f"\n{SIZE} records of each; median of {ROUNDS} rounds in turn: ms · queries")
    print("| what |" + "".join(f" {subject.model._name} |" for subject in subjects))
    print("|---|" + "---|" * len(subjects))
    for path in paths:
        cells = []
        for subject in subjects:
            if not found[path, subject]:
                cells.append(" – |")
                continue
            walls, _cpus, queries = zip(*found[path, subject], strict=True)
            cells.append(
                f" {statistics.median(walls):.0f} ({min(walls):.0f}–{max(walls):.0f}) "
                f"· {statistics.median(queries):.0f} |"
            )
        print(f"| {path.replace('_', ' ')} |" + "".join(cells))


compare(env(user=env.ref("base.user_admin")))  # noqa: F821  # the shell's
