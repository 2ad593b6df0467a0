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
    )
    found = {(path, subject): [] for path in paths for subject in subjects}
    for turn in range(ROUNDS + 1):
        for path in paths:
            for subject in subjects:
                if not getattr(subject, path):
                    continue
                figures = measured(env, getattr(subject, path))
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
