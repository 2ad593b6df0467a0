"""A small world for the tests: a company with its own chart of accounts, a customer,
tracked goods, delivered and invoiced orders.
"""

import os
from datetime import datetime
from unittest.mock import patch

import freezegun

from odoo.fields import Command, Domain
from odoo.models import BaseModel
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user

from . import kept

APP = "quality_complaint.group_quality_complaint_"
# the people of the world, by role
STAFF = (
    "officer",
    "engineer",
    "manager",
    "handler",
    "employee",
    "warehouse_worker",
    "accountant",
)
# it is this moment (UTC) in every test that does not say another one: `make test DAY=…`
DAY = os.environ.get("QC_DAY") or "2026-11-25 09:30:00"
freezegun.configure(
    extend_ignore_list=["_pytest.timing"]
)  # how long tests take is real


class OnOneDay:
    """The clock of every test: a test passes on any day, since it does not see what day
    it is.
    """

    freeze_time = freeze_time(DAY)

    def __init_subclass__(cls, **options):
        if issubclass(cls, HttpCase) and "freeze_time" not in vars(cls):
            # a browser and its server wait for each other: their clock runs on
            cls.freeze_time = freeze_time(DAY, tick=True)
        return super().__init_subclass__(**options)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not issubclass(cls, TransactionCase):  # which starts the clock by itself
            cls.startClassPatcher(cls.freeze_time)
        # what is created and changed is so at the tests' time, not at the database's
        cls.startClassPatcher(
            patch.object(Cursor, "now", lambda cursor: datetime.now())
        )


class ComplaintWorld(OnOneDay):
    """Builders shared by all test classes; needs `cls.env`."""

    kept_by = (
        "work_in",
        "make_kept",
        "make_world",
        "use_policy",
        "make_product",
        "hire",
    )

    @classmethod
    def setUpClass(cls):
        kept.ensure(ComplaintWorld)
        super().setUpClass()

    @classmethod
    def build_world(cls):
        """The world that all tests share."""
        kept.adopt(cls)
        cls.work_in(cls.company)

    @classmethod
    def work_in(cls, company):
        """From here on everything is done in this company, without tracking."""
        cls.company = company
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": company.ids,
                "tracking_disable": True,
                "mail_notrack": True,
            }
        )
        for name, value in list(vars(cls).items()):
            if isinstance(value, BaseModel):
                setattr(cls, name, value.with_env(cls.env))

    @classmethod
    def make_kept(cls):
        cls.make_world("Copper Works")
        cls.hire()
        # there for the classes that want them
        cls.staff().active = False

    @classmethod
    def make_world(cls, company_name):
        """A company of its own with customers, goods, taxes and a policy."""
        cls.work_in(
            cls.env["res.company"].create(
                {"name": company_name, "country_id": cls.env.ref("base.us").id}
            )
        )
        if "delivery.carrier" in cls.env:
            # Odoo 19.0: with a carrier, warehouse staff without rights in Sales cannot
            # open a transfer (delivery.zip.prefix)
            cls.env["delivery.carrier"].search([]).active = False
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
            }
        )
        cls.tax_included = cls.tax.copy(
            {"name": "VAT 20 included", "price_include_override": "tax_included"}
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Northwind Motors",
                "email": "quality@northwind.example",
                "phone": "+1 555 0100",
                "company_id": False,
                "is_company": True,
            }
        )
        cls.distributor = cls.env["res.partner"].create(
            {
                "name": "Metal Traders",
                "email": "office@traders.example",
                "is_company": True,
            }
        )
        cls.strip = cls.make_product("Copper strip", tracking="lot")
        cls.use_policy("r1")
        cls.ask_for_no_papers()
        cls.general, cls.major = cls.policy.severity_ids.sorted("rank")
        cls.scratch = cls.env.ref("quality_complaint.defect_surface")
        cls.cause = cls.env.ref("quality_complaint.cause_process")
        cls.department = cls.env.ref("quality_complaint.responsible_production")

    @classmethod
    def use_policy(cls, regime):
        """Handle the company's complaints by a copy of a regime's policy: its own, so
        that tests may change it before they use it.
        """
        cls.policy = cls.env.ref(f"quality_complaint.policy_{regime}").copy(
            {"active": True}
        )
        cls.company.complaint_policy_id = cls.policy
        cls.severities = {
            severity.code: severity for severity in cls.policy.severity_ids
        }

    @classmethod
    def make_product(cls, name, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "tracking": "none",
                "list_price": 999.0,
                "standard_price": 4.0,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "delivery",
                **vals,
            }
        )

    @classmethod
    def make_users(cls):
        """The people who work here, each in one role."""
        if not hasattr(cls, "officer"):
            kept.adopt(cls, *STAFF)
        cls.staff().active = True
        if cls.company not in cls.officer.company_ids:
            cls.staff().write(
                {
                    "company_ids": [Command.set(cls.company.ids)],
                    "company_id": cls.company.id,
                }
            )

    @classmethod
    def staff(cls):
        return cls.env["res.users"].union(*(getattr(cls, name) for name in STAFF))

    @classmethod
    def hire(cls):
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.officer = new_test_user(
            cls.env, "qc_officer", f"{APP}officer", name="Olga Officer", **company
        )
        cls.engineer = new_test_user(
            cls.env, "qc_engineer", f"{APP}quality", name="Quentin Quality", **company
        )
        cls.manager = new_test_user(
            cls.env, "qc_manager", f"{APP}manager", name="Mona Manager", **company
        )
        cls.handler = new_test_user(
            cls.env, "qc_handler", f"{APP}user", name="Hans Handler", **company
        )
        cls.employee = new_test_user(
            cls.env, "qc_employee", "base.group_user", name="Emil Employee", **company
        )
        cls.warehouse_worker = new_test_user(
            cls.env,
            "qc_warehouse",
            "stock.group_stock_user",
            name="Willi Warehouse",
            **company,
        )
        cls.accountant = new_test_user(
            cls.env,
            "qc_accountant",
            "account.group_account_invoice",
            name="Anna Accountant",
            **company,
        )

    @classmethod
    def make_stranger(cls):
        """A handler of the same company who has nothing to do with the complaints."""
        return new_test_user(
            cls.env,
            "qc_stranger",
            f"{APP}user",
            name="Stefan Stranger",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def make_lot(cls, name, product=None, quantity=0.0, location=None):
        product = product or cls.strip
        lot = cls.env["stock.lot"].create({"name": name, "product_id": product.id})
        if quantity:
            cls.env["stock.quant"]._update_available_quantity(
                product, location or cls.stock, quantity, lot_id=lot
            )
        return lot

    @classmethod
    def produce(cls, name, moment, quantity, product=None, usage="production"):
        """A lot (or, without a name, goods without lots) that came in at a moment."""
        product = product or cls.strip
        with freeze_time(moment):
            lot = cls.make_lot(name, product) if name else cls.env["stock.lot"]
            start = cls.env["stock.location"].search(
                [("usage", "=", usage), ("company_id", "in", [False, cls.company.id])],
                limit=1,
            )
            places = {
                "location_id": start.id,
                "location_dest_id": cls.stock.id,
                "product_id": product.id,
            }
            move = cls.env["stock.move"].create(
                {
                    **places,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": quantity,
                    "company_id": cls.company.id,
                }
            )
            move._action_confirm()
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        **places,
                        "lot_id": lot.id,
                        "quantity": quantity,
                        "product_uom_id": product.uom_id.id,
                    }
                )
            ]
            move.picked = True
            move._action_done()
        return lot

    @classmethod
    def sell(
        cls,
        lots,
        price=10.0,
        partner=None,
        product=None,
        uom=None,
        invoice=True,
        **line_vals,
    ):
        """Order, deliver and (unless told otherwise) invoice.

        :param lots: {lot: quantity in the order's unit}, or a quantity for goods
            without lots
        :return: the `sale.order`
        """
        product = product or cls.strip
        uom = uom or product.uom_id
        total = sum(lots.values()) if isinstance(lots, dict) else lots
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": uom.id,
                            "product_uom_qty": total,
                            "price_unit": price,
                            **line_vals,
                        }
                    )
                ],
                **(
                    {"currency_id": line_vals.pop("order_currency").id}
                    if "order_currency" in line_vals
                    else {}
                ),
            }
        )
        order.action_confirm()
        cls.deliver(order, lots if isinstance(lots, dict) else None)
        if invoice:
            cls.invoice(order)
        return order

    @classmethod
    def deliver(cls, order, lots=None):
        """Process every open step of the delivery, with the given lots."""
        for _step in range(4):
            picking = order.picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )[:1]
            if not picking:
                break
            picking.action_assign()
            if lots:
                move = picking.move_ids
                move.move_line_ids.unlink()
                vals = {
                    **move._prepare_move_line_vals(),
                    "product_uom_id": order.order_line.product_uom_id.id,
                }
                move.move_line_ids = [
                    Command.create({**vals, "lot_id": lot.id, "quantity": qty})
                    for lot, qty in lots.items()
                ]
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()

    @classmethod
    def invoice(cls, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def make_complaint(cls, user=None, register=True, **vals):
        """A complaint on whatever its lines say; `lot_ref` scans a lot."""
        complaint = cls.env["quality.complaint"].with_user(user or cls.env.user)
        complaint = complaint.create(
            {"description": "Scratched surface", "company_id": cls.company.id, **vals}
        )
        if register:
            complaint.action_register()
        return complaint

    @classmethod
    def investigated(cls, complaint):
        """Take a registered complaint to planning."""
        if not complaint.user_id:
            complaint.action_take()
        complaint.action_start_investigation()
        return cls.conclude(complaint)

    @classmethod
    def judge(cls, complaint):
        """The complaint in the hands of somebody who may say whether it is valid."""
        return complaint if complaint.can_judge else complaint.with_user(cls.engineer)

    @classmethod
    def conclude(cls, complaint):
        """Take a complaint that is being investigated to planning."""
        cls.name_team(complaint)
        complaint.investigation_ids.filtered(lambda i: not i.done_on).write(
            {"result": "confirmed", "finding": "Scratches on the inner coil"}
        )
        complaint.investigation_ids.filtered(lambda i: not i.done_on).action_done()
        cls.judge(complaint).write(
            {
                "validity": "valid",
                "cause_id": cls.cause.id,
                "responsible_id": cls.department.id,
            }
        )
        cls.judge(complaint).action_conclude()
        return complaint

    @classmethod
    def name_team(cls, complaint):
        """Leader and team of the running investigations, as the severity wants them."""
        departments = complaint.severity_id.team_department_ids
        for investigation in complaint.sudo().investigation_ids.filtered(
            lambda row: row.needs_team and not row.done_on
        ):
            investigation.user_id = (
                investigation.user_id or complaint.user_id or cls.env.user
            )
            investigation.member_ids = [
                Command.create({"name": f"From {d.name}", "department_id": d.id})
                for d in departments
            ]
            investigation.action_name_team()

    @classmethod
    def plan(cls, complaint, kind="refund", quantity=None, **vals):
        """Plan a remedy for the complaint's first line; its quantity is that of the
        line unless given.
        """
        line = complaint.line_ids[:1]
        line_vals = {"complaint_line_id": line.id}
        if quantity is not None:
            line_vals["quantity"] = quantity
        for name in ("amount", "percent", "product_uom_id"):
            if name in vals:
                line_vals[name] = vals.pop(name)
        values = {"complaint_id": complaint.id, "kind": kind, **vals}
        if kind != "explanation":
            values["line_ids"] = [Command.create(line_vals)]
        return complaint.env["quality.complaint.remedy"].create(values)

    @classmethod
    def executed(cls, lot, kind="refund", quantity=None, complained=None, **vals):
        """From a scanned lot to an executed remedy.

        :return: (complaint, remedy)
        """
        complaint = cls.make_complaint(lot_ref=lot.name)
        if complained:
            complaint.line_ids.quantity = complained
        cls.investigated(complaint)
        remedy = cls.plan(complaint, kind, quantity, **vals)
        complaint.action_submit_plan()
        complaint.action_execute()
        return complaint, remedy

    @classmethod
    def receive(cls, remedy, quantity=None, backorder=False, lot=None):
        """Receive the open return of a remedy as the warehouse does; all of it unless a
        quantity is given.
        """
        picking = remedy.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        move = picking.move_ids
        if quantity is not None:
            move.move_line_ids.quantity = quantity
        if lot:
            move.move_line_ids.lot_id = lot
        move.picked = True
        context = {"skip_backorder": True} | (
            {} if backorder else {"picking_ids_not_to_backorder": picking.ids}
        )
        picking.with_context(**context).button_validate()
        return picking

    @classmethod
    def tell(cls, complaint, **vals):
        """Send the final reply, orally."""
        action = complaint.action_open_reply()
        reply = complaint.env["quality.complaint.reply"].browse(action["res_id"])
        reply.write(
            {"kind": "final", "method": "oral", "body": "<p>We are sorry.</p>", **vals}
        )
        reply.action_send()
        return reply

    @classmethod
    def inspect(cls, picking, **vals):
        """The warehouse's results of a receipt, one for each line received; defective
        unless told otherwise.

        :return: `quality.complaint.inspection`, with the rights of the picking's user
        """
        results = picking.env["quality.complaint.inspection"]
        return results.create(
            [
                {**proposed, "condition": "defective", **vals}
                for proposed in picking._prepare_inspection_vals()
            ]
        )

    def cost_rows(self, complaint):
        """The rows of the report, once what changed is written down: nothing else is
        kept then than what the documents say.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        kept = self.env["quality.complaint.cost.booked"]
        while kept._settle():
            pass
        self.assertFalse(kept._differences(complaint))
        self.env.invalidate_all()
        return self.env["quality.complaint.cost"].search(
            [("complaint_id", "=", complaint.id)]
        )

    def quantity_in(self, location, product=None, lot=None):
        domain = Domain("location_id", "child_of", location.id) & Domain(
            "product_id", "=", (product or self.strip).id
        )
        if lot:
            domain &= Domain("lot_id", "=", lot.id)
        return sum(self.env["stock.quant"].search(domain).mapped("quantity"))

    @classmethod
    def ask_for_no_papers(cls):
        """The mechanics are tested without what a regime wants written down and named;
        the scenarios of the regimes have their policies as delivered.
        """
        cls.policy.requirement_ids.unlink()
        cls.policy.property_ids.unlink()
        cls.policy.guide_ids.unlink()
        cls.policy.on_site_department_id = False
        cls.policy.severity_ids.filtered(
            lambda severity: not severity.is_major
        ).needs_team = False

    @classmethod
    def take_measure(cls, complaint, kind="correction", **vals):
        """Something is done against the trouble, and finished."""
        values = {
            "complaint_id": complaint.id,
            "name": "Exchange the roller",
            "kind": kind,
            "evidence": "New roller fitted",
            **vals,
        }
        measure = complaint.env["quality.complaint.action"].create(values)
        measure.action_done()
        return measure


class ComplaintCase(ComplaintWorld, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
