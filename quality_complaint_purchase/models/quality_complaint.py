from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_list

USER = "quality_complaint.group_quality_complaint_user"


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    chargeback_ids = fields.One2many(
        "quality.complaint.chargeback",
        "complaint_id",
        "Supplier Complaints",
        groups=USER,
    )
    chargeback_count = fields.Integer(compute="_compute_chargeback_count", groups=USER)

    @api.model
    def _costs_depend_on(self):
        return [
            *super()._costs_depend_on(),
            "chargeback_ids.state",
            "chargeback_ids.complaint_line_id",
            "chargeback_ids.commercial_partner_id",
            *(
                f"chargeback_ids.account_line_ids.{name}"
                for name in (
                    "parent_state",
                    "display_type",
                    "date",
                    "balance",
                    "product_id",
                    "move_name",
                )
            ),
        ]

    @api.depends("chargeback_ids.state")
    def _compute_chargeback_count(self):
        for complaint in self:
            complaint.chargeback_count = len(
                complaint.chargeback_ids.filtered(
                    lambda chargeback: chargeback.state != "cancelled"
                )
            )

    @api.depends("chargeback_ids.state")
    def _compute_open_ends(self):
        return super()._compute_open_ends()

    def _get_open_ends(self):
        ends = super()._get_open_ends()
        for chargeback in self.chargeback_ids.filtered(
            lambda chargeback: chargeback.state not in ("settled", "cancelled")
        ):
            ends.append(
                (
                    self.env._("supplier complaint “%s”", chargeback.display_name),
                    chargeback,
                )
            )
        return ends

    def action_cancel(self, kind=None, reason=None, duplicate_of=None):
        """Refused while a supplier was asked and the matter is not ended; drafts are
        given up along with the complaint.
        """
        for complaint in self:
            running = complaint.chargeback_ids.filtered(
                lambda chargeback: chargeback.state in ("sent", "answered")
            )
            if running:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be cancelled: settle or give up the "
                        "supplier complaint %(numbers)s first.",
                        complaint=complaint.display_name,
                        numbers=format_list(self.env, running.mapped("display_name")),
                    )
                )
        result = super().action_cancel(kind, reason, duplicate_of)
        # sudo: the conditions were checked; a handler may cancel without the right to
        # change supplier complaints
        self.sudo().chargeback_ids.filtered(
            lambda chargeback: chargeback.state == "draft"
        ).action_cancel()
        return result

    def action_view_chargebacks(self):
        self.ensure_one()
        return self.chargeback_ids._open()

    def action_supplier_complaint(self):
        """Put the goods before their supplier: made at once when one receipt fits,
        chosen from several, by hand when none does.
        """
        self.ensure_one()
        chargebacks = self.env["quality.complaint.chargeback"]
        chargebacks.check_access("create")
        self.check_access("write")
        if self.state in ("new", "closed", "cancelled"):
            raise UserError(
                self.env._(
                    "%s is not open: register or reopen it before a supplier is asked.",
                    self.display_name,
                )
            )
        self._lock_for_suppliers()
        candidates = [
            (line, candidate)
            for line in self.line_ids
            for candidate in line._supplier_candidates()
        ]
        fresh = [
            (line, candidate)
            for line, candidate in candidates
            if not line._is_charged(candidate)
        ]
        if not fresh and candidates:
            return self.chargeback_ids.filtered(
                lambda chargeback: chargeback.state != "cancelled"
            )._open()
        if len(candidates) == 1:
            line, candidate = candidates[0]
            return chargebacks.create(line._prepare_chargeback_vals(candidate))._open()
        if candidates:
            return self._open_supplier_choice(fresh)
        return chargebacks.browse()._get_records_action(
            name=self.env._("Supplier Complaint"),
            context={
                "default_complaint_id": self.id,
                "default_complaint_line_id": self.line_ids[:1].id,
            },
        )

    def action_carrier_claim(self):
        """Put the goods before the carrier who delivered them; opens what there is
        already.
        """
        self.ensure_one()
        chargebacks = self.env["quality.complaint.chargeback"]
        chargebacks.check_access("create")
        self.check_access("write")
        if self.state in ("new", "closed", "cancelled"):
            raise UserError(
                self.env._(
                    "%s is not open: register or reopen it before a carrier is asked.",
                    self.display_name,
                )
            )
        self._lock_for_suppliers()
        known = self.chargeback_ids.filtered(
            lambda row: row.party == "carrier" and row.state != "cancelled"
        )
        if known:
            return known._open()
        line = self.line_ids[:1] if len(self.line_ids) == 1 else self.line_ids.browse()
        return chargebacks.browse()._get_records_action(
            name=self.env._("Claim on the Carrier"),
            context={
                "default_complaint_id": self.id,
                "default_complaint_line_id": line.id,
                "default_party": "carrier",
                "default_reason_kind": "transport",
                "default_partner_id": self._carrier().id,
            },
        )

    def _carrier(self):
        """The carrier who is at fault, else the only one there is; nobody is guessed
        among several.

        :return: `res.partner`, possibly empty
        """
        self.ensure_one()
        # sudo: responsible parties are read whole
        at_fault = self.sudo().responsible_id
        if at_fault.kind == "carrier" and at_fault.partner_id:
            return at_fault.partner_id.sudo(False)
        carriers = (
            self.env["quality.complaint.responsible"]
            .sudo()
            .search(
                [
                    ("kind", "=", "carrier"),
                    ("partner_id", "!=", False),
                    ("company_id", "in", [False, self.company_id.id]),
                ]
            )
            .partner_id
        )
        return carriers.sudo(False) if len(carriers) == 1 else carriers.browse()

    def _lock_for_suppliers(self):
        """Two people asking at the same moment make one supplier complaint; see
        `quality.complaint.chargeback._lock`.
        """
        self.ensure_one()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %s at this moment. Look again in a "
                    "few seconds.",
                    self.display_name,
                )
            ) from error
        self.env.cr.execute(
            SQL(
                "UPDATE quality_complaint SET write_uid = write_uid WHERE id = %s",
                self.id,
            )
        )

    def _open_supplier_choice(self, candidates):
        wizard = self.env["quality.complaint.supplier.choice"].create(
            {"complaint_id": self.id}
        )
        wizard._fill(candidates)
        return wizard._get_records_action(
            name=self.env._("Which receipt is it?"),
            target="new",
            context={"dialog_size": "extra-large"},
        )
