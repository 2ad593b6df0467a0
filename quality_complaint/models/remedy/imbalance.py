from odoo import api, fields, models
from odoo.tools import float_compare, format_list

# remedies whose documents are watched
WATCHED_STATES = ("approved", "executing", "done")
# told by `_note_differences` when the goods are received
TOLD_ON_RECEIPT = ("lot:", "surplus:")


class QualityComplaintRemedy(models.Model):
    """Differences between what was planned and what the documents do, whoever changed
    them: shown at once, told once, ended by accepting them.
    """

    _inherit = "quality.complaint.remedy"

    imbalance = fields.Text(
        "Differs from Plan",
        compute="_compute_imbalance",
        compute_sudo=True,
        help=(
            "What returns and credit notes do differently from the plan. Correct the "
            "documents, complete them, or accept what is booked."
        ),
    )
    imbalance_told = fields.Char(
        "Differences Told",
        readonly=True,
        copy=False,
        help="Keys of the differences the handler was told of.",
        guarded=True,
    )
    imbalance_accepted = fields.Char(
        "Differences Accepted",
        readonly=True,
        copy=False,
        help="Keys of the differences that were accepted as booked.",
        guarded=True,
    )

    @api.depends(
        "state",
        "executed_on",
        "failure",
        "accepted_as_booked",
        "imbalance_accepted",
        "line_ids.received_before",
        "line_ids.before_invoice",
        "line_ids.accepted_lot_ids",
        "line_ids.complaint_line_id.invoice_line_id.parent_state",
        "line_ids.move_ids.state",
        "line_ids.move_ids.quantity",
        "line_ids.move_ids.product_uom_qty",
        "line_ids.move_ids.returned_move_ids.state",
        "line_ids.account_line_ids.parent_state",
        "line_ids.account_line_ids.quantity",
        "line_ids.account_line_ids.price_subtotal",
        "line_ids.account_line_ids.tax_ids",
        "line_ids.account_line_ids.move_id.partner_id",
        "line_ids.account_line_ids.move_id.reversal_move_ids.state",
    )
    @api.depends_context("lang")
    def _compute_imbalance(self):
        # what is compared, read for all remedies at once
        moves = self.line_ids.move_ids
        moves |= moves.returned_move_ids
        moves.picking_id.fetch(["name"])
        moves.move_line_ids.fetch(["quantity", "lot_id", "product_uom_id"])
        rows = self.line_ids.account_line_ids
        rows |= rows.complaint_reversed_line_id
        rows.move_id.fetch(["name", "commercial_partner_id"])
        rows.move_id.reversal_move_ids.fetch(["state"])
        rows.mapped("tax_ids")
        self.line_ids.mapped("accepted_lot_ids")
        for remedy in self:
            remedy.imbalance = "\n".join(remedy._imbalances().values()) or False

    def _imbalances(self):
        """Differences nobody has accepted.

        :return: {key: sentence}; a key stays the same as long as the difference does,
            in every language
        """
        self.ensure_one()
        if self.accepted_as_booked and not self.imbalance_accepted:
            return {}
        accepted = set((self.imbalance_accepted or "").split())
        return {
            key: text
            for key, text in self._differences().items()
            if key not in accepted
        }

    def _differences(self):
        """All differences between plan and documents, as in `_imbalances`; none before
        anything was executed.
        """
        self.ensure_one()
        if self.state not in WATCHED_STATES or not self.executed_on:
            return {}
        found = {}
        for line in self.line_ids:
            for key, text in (
                line._goods_differences()
                | line._shipment_differences()
                | line._credit_differences()
            ).items():
                if len(self.line_ids) > 1:
                    text = self.env._(
                        "%(product)s: %(difference)s",
                        product=line._label(),
                        difference=text,
                    )
                found[f"{key}:{line.id}"] = text
        return found

    # === events ===

    def _review_acceptance(self):
        """What was accepted is the end only as long as it is what is booked."""
        for remedy in self.filtered("imbalance_accepted"):
            accepted = not remedy._imbalances()
            if remedy.accepted_as_booked != accepted:
                remedy._advance({"accepted_as_booked": accepted})

    def _accept_differences(self):
        for (
            remedy
        ) in self.sudo():  # sudo: compares with documents, whoever may open them
            remedy._advance(
                {
                    "imbalance_accepted": " ".join(sorted(remedy._differences()))
                    or False,
                    "imbalance_told": False,
                }
            )

    def _owes_money(self):
        """Whether the customer got less than was decided."""
        return any(key.startswith("less:") for key in self._imbalances())

    def _watch(self, watch=True):
        """Look at these remedies when the transaction is about to end: what differs
        only between two of its steps is nobody's concern.
        """
        precommit = self.env.cr.precommit
        waiting = precommit.data.setdefault("quality_complaint.imbalance", set())
        if not watch:
            waiting.difference_update(self.ids)
        elif self:
            if not waiting:
                precommit.add(
                    self.env["quality.complaint.remedy"].sudo()._tell_watched
                )  # sudo: whoever changes a document
            waiting.update(self.ids)

    @api.model
    def _tell_watched(self):
        self.browse(
            self.env.cr.precommit.data.pop("quality_complaint.imbalance", ())
        ).exists()._tell_imbalance()

    def _tell_imbalance(self):
        """Tell the handler what differs now and did not when he was told last."""
        for remedy in self:
            handler = (
                remedy.complaint_id.user_id or remedy.complaint_id.team_id.leader_id
            )
            found = remedy.with_context(
                lang=handler.lang or self.env.lang
            )._imbalances()
            told = set((remedy.imbalance_told or "").split())
            keys = " ".join(sorted(found)) or False
            if keys != remedy.imbalance_told:
                remedy._advance({"imbalance_told": keys})
            news = [
                text
                for key, text in found.items()
                if key not in told and not key.startswith(TOLD_ON_RECEIPT)
            ]
            if news:
                remedy._alert_handler(" ".join(news))


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _goods_differences(self):
        """What does not come back as planned: {key: sentence}."""
        self.ensure_one()
        if not self.remedy_id._needs_goods():
            return {}
        unit, lot = self.product_uom_id, self._lots_back()
        live = self._return_moves()
        done = live.filtered(lambda move: move.state == "done")
        again = done.returned_move_ids.filtered(lambda move: move.state == "done")
        # sent back repaired, or because the inspection found nothing wrong, is as it
        # should be
        decided = again.filtered(
            lambda move: (
                move.remedy_line_id.kind == "repair" or move.complaint_inspection_id
            )
        )
        left, sent_back = (
            self._rounded(
                sum(
                    self._to_own_unit(
                        move._complaint_done_quantity(lot), move.product_uom
                    )
                    for move in moves
                )
            )
            for moves in (again - decided, decided)
        )
        again -= decided
        others = self._other_lots()
        coming = self._rounded(self._received() + left + sent_back + self._expected())
        words = {
            "returns": format_list(self.env, live.picking_id.mapped("name")),
            "unit": unit.name,
            "planned": self.quantity,
            "quantity": coming,
        }
        found = {}
        if unit.compare(left, 0.0) > 0:
            found[f"left:{left:.12g}"] = self.env._(
                "%(quantity).12g %(unit)s received on %(returns)s went out to the "
                "customer again on %(deliveries)s.",
                **{
                    **words,
                    "quantity": left,
                    "deliveries": format_list(
                        self.env, again.picking_id.mapped("name")
                    ),
                },
            )
        if others:
            found[f"lot:{'.'.join(map(str, sorted(others.ids)))}"] = self.env._(
                "%(receipt)s: lot %(found)s was received instead of %(planned)s.",
                receipt=words["returns"],
                found=format_list(self.env, others.mapped("name")),
                planned=self.complaint_line_id.lot_id.name,
            )
        missing = self._rounded(self.quantity - coming)
        if unit.compare(missing, 0.0) < 0:
            found[f"surplus:{coming:.12g}"] = self.env._(
                "%(receipt)s: %(received).12g %(unit)s received, %(planned).12g "
                "planned.",
                receipt=words["returns"],
                received=coming,
                planned=self.quantity,
                unit=unit.name,
            )
        elif unit.compare(missing, 0.0) > 0 and not live:
            found[f"missing:{missing:.12g}"] = self._no_return(missing)
        elif unit.compare(missing, 0.0) > 0 and not others and live == done:
            found[f"missing:{missing:.12g}"] = self.env._(
                "%(returns)s: %(quantity).12g %(unit)s received instead of the "
                "%(planned).12g planned.",
                **words,
            )
        elif unit.compare(missing, 0.0) > 0 and not others:
            found[f"missing:{missing:.12g}"] = self.env._(
                "%(returns)s: %(quantity).12g %(unit)s come back instead of the "
                "%(planned).12g planned.",
                **words,
            )
        return found

    def _shipment_differences(self):
        """What is not sent as planned: {key: sentence}."""
        self.ensure_one()
        if (
            not self.remedy_id._ships()
            or self.remedy_id.failure
            or self.kind == "repair"
        ):
            return {}
        unit, due = self.product_uom_id, self._shipment_due()
        target = self._shipment_target()
        sent = self._rounded(self._shipped() + self._under_way())
        if due:
            cancelled = self.move_ids.filtered(
                lambda move: (
                    move.state == "cancel" and move.location_id.usage != "customer"
                )
            ).picking_id.mapped("name")
            if cancelled:
                text = self.env._(
                    "The delivery %(deliveries)s was cancelled: %(quantity).12g "
                    "%(unit)s are still to be sent.",
                    deliveries=format_list(self.env, cancelled),
                    quantity=due,
                    unit=unit.name,
                )
            else:
                text = self.env._(
                    "%(quantity).12g %(unit)s are still to be sent.",
                    quantity=due,
                    unit=unit.name,
                )
            return {f"unsent:{due:.12g}": text}
        if unit and unit.compare(self._movable(sent - target), 0.0) > 0:
            names = format_list(
                self.env, self._shipment_moves().picking_id.mapped("name")
            )
            text = self.env._(
                "%(deliveries)s: %(quantity).12g %(unit)s sent, %(target).12g due.",
                deliveries=names,
                quantity=sent,
                unit=unit.name,
                target=target,
            )
            return {f"oversent:{sent:.12g}": text}
        return {}

    def _no_return(self, missing):
        """Sentence on a quantity that no return asks for any more."""
        cancelled = (
            self.move_ids.filtered(lambda move: move.location_id.usage == "customer")
            .picking_id.filtered("name")
            .mapped("name")
        )
        if cancelled:
            return self.env._(
                "The return %(returns)s was cancelled: %(quantity).12g %(unit)s are "
                "still to come.",
                returns=format_list(self.env, cancelled),
                quantity=missing,
                unit=self.product_uom_id.name,
            )
        return self.env._(
            "There is no return any more: %(quantity).12g %(unit)s are still to come.",
            quantity=missing,
            unit=self.product_uom_id.name,
        )

    def _credit_differences(self):
        """What is not credited as planned: {key: sentence}. Credit notes count while
        they are drafts, too.
        """
        self.ensure_one()
        remedy, currency = self.remedy_id, self.currency_id
        if (
            not remedy._credits()
            or not currency
            or self._awaits_invoice()
            or (remedy.kind == "refund" and self._free_of_charge())
        ):
            return {}
        rows = self._account_lines()
        found = {}
        for note in rows.move_id.filtered(
            lambda note: note.state == "draft" and note.posted_before
        ):
            amount = sum(
                row._complaint_booked() for row in rows & note.invoice_line_ids
            )
            found[f"reset:{note.id}"] = self.env._(
                "%(note)s was reset to draft: %(amount)s are not booked any more.",
                note=self._note_names(note),
                amount=currency.format(amount),
            )
        for note in rows.move_id.filtered("reversal_move_ids"):
            for reversal in note._complaint_reversals():
                found[f"reversed:{reversal.id}"] = self.env._(
                    "%(note)s was reversed in part by %(reversal)s: %(amount)s are "
                    "owed again.",
                    note=note.name,
                    reversal=reversal.name,
                    amount=currency.format(reversal.amount_untaxed),
                )
        for row in rows if remedy.kind != "cash_compensation" else ():
            found |= row._complaint_changes()
        unit, credited = self.product_uom_id, self._credited_amount()
        quantity = target = tolerance = 0.0
        planned = self.amount
        if remedy.kind == "refund":
            target = (
                min(self.quantity, self._received())
                if remedy.goods == "return_first" and remedy.when == "on_receipt"
                else self.quantity
            )
            target = max(self._rounded(target - self.before_invoice), 0.0)
            planned = (
                currency.round(self.amount * target / self.quantity)
                if self.quantity
                else 0.0
            )
            quantity = self._rounded(self._credited_quantity())
            # partial refunds are rounded each, the last one takes the difference
            tolerance = currency.rounding * (
                len(self.complaint_line_id.invoice_line_id.complaint_credit_line_ids)
                + 1
            )
        more = unit.compare(quantity, target) if unit else 0
        if (
            not more
            and float_compare(
                abs(credited - planned), tolerance, precision_rounding=currency.rounding
            )
            > 0
        ):
            more = currency.compare_amounts(credited, planned)
        if not more or (
            more < 0 and remedy.failure
        ):  # a failure is shown with its reason
            return found
        if not rows:
            found[f"uncredited:{planned:.12g}"] = self._no_credit_note(planned)
        elif unit and unit.compare(quantity, target):
            found[f"quantity:{quantity:.12g}/{target:.12g}"] = self.env._(
                "%(notes)s: %(quantity).12g %(unit)s (%(amount)s) credited instead of "
                "%(target).12g %(unit)s (%(planned)s).",
                notes=self._note_names(rows.move_id),
                quantity=quantity,
                unit=unit.name,
                amount=currency.format(credited),
                target=target,
                planned=currency.format(planned),
            )
        else:
            found[
                f"{'less' if more < 0 else 'more'}:{credited:.12g}/{planned:.12g}"
            ] = self.env._(
                "%(notes)s: %(amount)s credited instead of the %(planned)s planned.",
                notes=self._note_names(rows.move_id),
                amount=currency.format(credited),
                planned=currency.format(planned),
            )
        return found

    def _no_credit_note(self, amount):
        """Sentence on an amount that no credit note credits any more."""
        cancelled = self.account_line_ids.move_id
        reversals = cancelled._complaint_reversals()
        if reversals:
            return self.env._(
                "%(notes)s was reversed by %(reversals)s: %(amount)s are not credited "
                "any more.",
                notes=self._note_names(reversals.reversed_entry_id),
                reversals=self._note_names(reversals),
                amount=self.currency_id.format(amount),
            )
        if cancelled:
            return self.env._(
                "%(notes)s was cancelled: %(amount)s are still to be credited.",
                notes=self._note_names(cancelled),
                amount=self.currency_id.format(amount),
            )
        return self.env._(
            "There is no credit note any more: %(amount)s are still to be credited.",
            amount=self.currency_id.format(amount),
        )

    def _note_names(self, notes):
        """Numbers of credit notes; drafts have none."""
        return format_list(
            self.env,
            [
                note.name
                if note.name and note.name != "/"
                else self.env._("The draft credit note")
                for note in notes
            ],
        )
