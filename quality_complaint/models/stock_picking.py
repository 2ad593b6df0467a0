from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # compute_sudo: the warehouse sees the number and what to look for, never the
    # complaint itself
    complaint_number = fields.Char(
        "Complaint", compute="_compute_complaint_return", compute_sudo=True
    )
    complaint_instruction = fields.Text(
        "What to Check", compute="_compute_complaint_return", compute_sudo=True
    )
    complaint_inspection_count = fields.Integer(
        compute="_compute_complaint_inspection_count"
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    def _compute_complaint_return(self):
        for picking in self:
            lines = picking.move_ids.remedy_line_id
            # what becomes of goods that came back
            inspections = picking.move_ids.complaint_inspection_id
            complaints = lines.complaint_id | inspections.complaint_id
            picking.complaint_number = ", ".join(complaints.mapped("name")) or False
            what_to_do = [line._warehouse_instruction() for line in lines]
            what_to_do += [row._warehouse_instruction() for row in inspections]
            picking.complaint_instruction = (
                "\n".join(dict.fromkeys(filter(None, what_to_do))) or False
            )

    def _compute_complaint_inspection_count(self):
        counts = dict(
            self.env["quality.complaint.inspection"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.complaint_inspection_count = counts.get(picking._origin, 0)

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints(
            "picking_id", self
        )
        for picking in self:
            picking.complaint_count = counts[picking]

    def _complaint_return_location(self):
        """Where goods returned from this delivery wait for their inspection."""
        self.ensure_one()
        warehouse = self.picking_type_id.warehouse_id or self.env[
            "stock.warehouse"
        ].search([("company_id", "=", self.company_id.id)], limit=1)
        return warehouse._create_complaint_return_location()

    def _complaint_return_wizard(self, rows, **vals):
        """Odoo's return wizard on this transfer, with exactly these lines.

        :param list rows: values of `stock.return.picking.line`
        :param vals: values of the wizard
        """
        self.ensure_one()
        wizard = (
            self.env["stock.return.picking"]
            .with_company(self.company_id)
            .with_context(
                active_model="stock.picking", active_id=self.id, active_ids=self.ids
            )
            .create(vals)
        )
        wizard.product_return_moves = [
            Command.clear(),
            *(Command.create(row) for row in rows),
        ]
        return wizard

    def action_create_complaint(self):
        """Open a new complaint prefilled with what this delivery brought the
        customer.
        """
        self.ensure_one()
        if self.state != "done" or self.picking_type_code != "outgoing":
            raise UserError(
                self.env._(
                    "Complaints are made on goods that were delivered; %s is not a "
                    "finished delivery.",
                    self.name,
                )
            )
        candidates = self.env["quality.complaint.line"]._candidates(
            Domain("picking_id", "=", self.id), self.company_id
        )
        return self.env["quality.complaint"]._action_new_from(
            candidates, partner_id=self.partner_id.id
        )

    def action_complaint_trace(self):
        """Where the lots of this transfer went; of a delivery: what they were made
        of.
        """
        return self.env["quality.complaint.trace"]._open(
            self.move_line_ids.lot_id,
            "up" if self.picking_type_code == "outgoing" else "down",
        )

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {
            **action,
            "domain": [("line_ids.picking_id", "=", self.id)],
            "context": {},
        }

    def action_complaint_inspection(self):
        """Ask what was found: a dialog for the goods received, one after the other.
        When there are results, open them. Nothing is written by looking.
        """
        self.ensure_one()
        inspections = self.env["quality.complaint.inspection"]
        inspections.check_access("create")
        if not self.sudo().move_ids.remedy_line_id:  # sudo: see the fields above
            raise UserError(self.env._("%s is no return of a complaint.", self.name))
        if not self.complaint_inspection_count and self._prepare_inspection_vals():
            return self._ask_inspection()
        return self._open_inspections()

    def _ask_inspection(self):
        """:return: the action that asks for the result of the next goods received"""
        view = self.env.ref(
            "quality_complaint.quality_complaint_inspection_view_form_dialog"
        )
        return self.env["quality.complaint.inspection"]._get_records_action(
            name=self.env._("What did you find?"),
            views=[(view.id, "form")],
            target="new",
            context={"default_picking_id": self.id},
        )

    def _open_inspections(self):
        """:return: the action that lists the results of this receipt"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspection Result: %s", self.name),
            "res_model": "quality.complaint.inspection",
            "view_mode": "list,form",
            "domain": [("picking_id", "=", self.id)],
            "context": {"default_picking_id": self.id},
            "help": Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>")
            % (
                self.env._("What did you find?"),
                self.env._(
                    "Press New: the goods received are proposed one after the other."
                ),
            ),
        }

    def _prepare_inspection_vals(self):
        """What came with this receipt and has no result yet.

        :return: list of values of `quality.complaint.inspection`, one for each line
            received; quantities in the unit of the line
        """
        self.ensure_one()
        results = self.env["quality.complaint.inspection"].search(
            [("picking_id", "=", self.id)]
        )
        looked_at = defaultdict(
            float
            # in the product's unit, by product and lot; goods of another lot than
            # booked
            # count for the product
        )
        for result in results:
            booked = self.move_line_ids.filtered(
                lambda line, r=result: (
                    line.product_id == r.product_id and line.lot_id == r.lot_id
                )
            )
            key = (result.product_id, result.lot_id if booked else None)
            looked_at[key] += result.product_uom_id._compute_quantity(
                result.quantity, result.product_id.uom_id, round=False
            )
        proposed = []
        for line in self.move_line_ids.filtered(lambda line: line.quantity > 0):
            left, unit = line.quantity_product_uom, line.product_id.uom_id
            for key in ((line.product_id, line.lot_id), (line.product_id, None)):
                taken = min(left, looked_at[key])
                looked_at[key] -= taken
                left -= taken
            if unit.compare(left, 0.0) > 0:
                proposed.append(
                    {
                        "picking_id": self.id,
                        "move_id": line.move_id.id,
                        "product_id": line.product_id.id,
                        "lot_id": line.lot_id.id,
                        "quantity": unit._compute_quantity(
                            left, line.product_uom_id, rounding_method="HALF-UP"
                        ),
                        "product_uom_id": line.product_uom_id.id,
                    }
                )
        return proposed

    def action_print_return_slip(self):
        """The slip of returned goods (form 7), for the warehouse: it sees no
        remedies.
        """
        self._check_return_slip()
        return self.env.ref(
            "quality_complaint.action_report_return_slip_transfer"
        ).report_action(self, config=False)

    def _check_return_slip(self):
        """
        :raise UserError: no return of a complaint
        """
        self.check_access("read")
        for picking in self:
            if (
                not picking.sudo().move_ids.remedy_line_id._return_moves()
                & picking.sudo().move_ids
            ):  # sudo: see the fields above
                raise UserError(
                    self.env._("%s is no return of a complaint.", picking.name)
                )

    # === on its papers ===

    def _complaint_qr_url(self, wanted=False):
        """What the QR code on its papers leads to, or nothing.

        :param bool wanted: whether it is printed whatever the operation type says
        """
        self.ensure_one()
        if self.picking_type_code != "outgoing" or not (
            wanted or self.picking_type_id.complaint_qr
        ):
            return ""
        return self.env["quality.complaint.intake.token"]._of(self)._url()

    def _complaint_channels(self):
        self.ensure_one()
        if self.picking_type_code != "outgoing":
            return []
        return self.company_id._complaint_published()
