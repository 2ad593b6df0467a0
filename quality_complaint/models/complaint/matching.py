from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import listed


class QualityComplaint(models.Model):
    """Finding what a complaint is about: scanned lots, prefilled documents."""

    _inherit = "quality.complaint"

    lot_ref = fields.Char(
        "Scan or Type",
        compute="_compute_lot_ref",
        inverse="_inverse_lot_ref",
        help=(
            "A lot or serial number, a package, or the number of a delivery, order or "
            "invoice: customer, product and documents are filled in."
        ),
    )
    match_message = fields.Char(compute="_compute_match_message", compute_sudo=True)
    has_open_matches = fields.Boolean(
        compute="_compute_match_message", compute_sudo=True
    )

    # === scanning ===

    def _compute_lot_ref(self):
        self.lot_ref = False  # an entry field: what was typed becomes a line

    def _inverse_lot_ref(self):
        for complaint in self.filtered("lot_ref"):
            vals = complaint._scan_vals(complaint.lot_ref)
            partner = vals.pop("partner_id", False)
            complaint.write(
                {
                    **vals,
                    **(
                        {"partner_id": partner}
                        if partner and not complaint.partner_id
                        else {}
                    ),
                }
            )

    @api.onchange("lot_ref")
    def _onchange_lot_ref(self):
        if self.lot_ref:
            vals = self._scan_vals(self.lot_ref)
            partner = vals.pop("partner_id", False)
            if partner and not self.partner_id:
                self.partner_id = partner
            if vals.get("company_id"):
                self.company_id = vals["company_id"]
            if vals.get("line_ids"):
                self.update({"line_ids": vals["line_ids"]})
            self.lot_ref = False

    def _scan_vals(self, text):
        """Values that a scanned or typed text stands for.

        :param str text: lot or serial number, package, or number of a delivery, order
            or invoice
        :return: dict for `write`: `line_ids` commands, and `partner_id`, `company_id`
            when they follow without guessing
        """
        self.ensure_one()
        text = text.strip()
        matcher = self.env["quality.complaint.line"]
        candidates = matcher._candidates_of_text(text, self._match_companies())
        own = (
            [c for c in candidates if c["partner"] == self.commercial_partner_id]
            if self.partner_id
            else []
        )
        candidates = matcher._still_out(own or candidates)
        known = set(
            self.line_ids.mapped(lambda line: (line.move_line_id.id, line.lot_id.id))
        )
        candidates = [
            c for c in candidates if (c["move_line"].id, c["lot"].id) not in known
        ] or candidates[:0]
        if not candidates:
            return (
                {}
                if known and own
                else {
                    "line_ids": [
                        Command.create(
                            matcher._prepare_unmatched_vals(
                                text, self._match_companies()
                            )
                        )
                    ]
                }
            )
        partners = {c["partner"] for c in candidates}
        companies = {c["company"] for c in candidates}
        vals = {}
        if len(companies) == 1:
            vals["company_id"] = companies.pop().id
        if len(partners) == 1 and partners != {self.env["res.partner"]}:
            vals["partner_id"] = candidates[0]["customer"].id
        if len(candidates) == 1:
            vals["line_ids"] = [
                Command.create(matcher._prepare_candidate_vals(candidates[0]))
            ]
        else:
            vals["line_ids"] = [
                Command.create(matcher._prepare_several_vals(text, candidates))
            ]
        return vals

    def _match_companies(self):
        """Companies whose deliveries may be offered: of the complaint once registered,
        else those of the user.
        """
        return self.company_id if self.name else self.env.companies

    @api.depends("line_ids.match_state", "line_ids.warning", "line_ids.invoice_line_id")
    def _compute_match_message(self):
        for complaint in self:
            if complaint.is_batch:  # its complaints have the documents
                complaint.match_message = False
                complaint.has_open_matches = False
                continue
            several = complaint.line_ids.filtered(
                lambda line: line.match_state == "several"
            )
            unmatched = complaint.line_ids.filtered(
                lambda line: line.match_state == "unmatched"
            )
            parts = []
            deliveries = several.filtered(
                lambda line: (
                    len(
                        {
                            candidate["move_line"]
                            for candidate in line._candidates_of_line()
                        }
                    )
                    != 1
                )
            )
            if deliveries:
                parts.append(
                    self.env._(
                        "Several deliveries fit %s: choose the right one.",
                        listed(self.env.lang, (line._label() for line in deliveries)),
                    )
                )
            if several - deliveries:
                parts.append(
                    self.env._(
                        "Several invoices fit the delivery of %s: choose the right "
                        "one.",
                        listed(
                            self.env.lang,
                            (line._label() for line in several - deliveries),
                        ),
                    )
                )
            if unmatched:
                parts.append(
                    self.env._(
                        "No delivery found for %s. It can be registered all the same.",
                        listed(self.env.lang, (line._label() for line in unmatched)),
                    )
                )
            invoices = complaint.line_ids.filtered(
                lambda line: line._invoice_choices(limit=1)
            )
            if invoices:
                parts.append(
                    self.env._(
                        "No invoice is linked to %s yet: choose the one it was paid "
                        "on.",
                        listed(self.env.lang, (line._label() for line in invoices)),
                    )
                )
            warnings = [
                f"{line._label()}: {line.warning}"
                for line in complaint.line_ids - unmatched
                if line.warning
            ]
            complaint.match_message = " ".join(parts + warnings) or False
            complaint.has_open_matches = bool(
                several
                or unmatched
                or invoices
                or (complaint.partner_id and not complaint.line_ids)
            )

    def action_open_match(self):
        """Offer the deliveries that fit, to tick what is complained of."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["quality.complaint.match"].create({"complaint_id": self.id})
        wizard._fill()
        if not wizard.line_ids:
            raise UserError(
                self.env._(
                    "No delivery fits %s. Enter a customer, a lot or a product, or "
                    "register it without a delivery.",
                    self.display_name,
                )
            )
        return wizard._get_records_action(
            name=self.env._("Which delivery is it?"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    # === prefilled from a document ===

    @api.model
    def _action_new_from(self, candidates, **defaults):
        """Action opening a new complaint prefilled with what a document delivered; the
        user keeps what is complained of.

        :param list candidates: see `quality.complaint.line._candidates`
        """
        if not self.has_access("create"):
            raise UserError(
                self.env._("You may not record complaints. Ask a complaint officer.")
            )
        line_model = self.env["quality.complaint.line"]
        context = {f"default_{key}": value for key, value in defaults.items()}
        context["default_line_ids"] = [
            Command.create(line_model._prepare_candidate_vals(c)) for c in candidates
        ]
        if candidates:
            context["default_company_id"] = candidates[0]["company"].id
            if len({c["partner"] for c in candidates}) == 1:
                context.setdefault("default_partner_id", candidates[0]["customer"].id)
        return self.browse()._get_records_action(
            name=self.env._("New Complaint"), context=context
        )
