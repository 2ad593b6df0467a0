import re

from markupsafe import Markup, escape

from odoo import api, fields, models

# Free text of people, or about people: it goes. True: a word is left in its place, so
# that a form does not look unfinished.
DROPPED = {
    "quality.complaint": {
        "complainant": False,
        "email": False,
        "phone": False,
        "serious_event_note": True,
        "demand_note": False,
        "description": True,
        "usage_scene": False,
        "validity_reason": True,
        "first_assessment": False,
        "meeting_minutes": False,
        "internal_check": False,
        "internal_note": False,
        "cancel_reason": True,
        "reopen_reason": True,
        "waiting_reason": False,
        "access_token": False,
        "intake_ref": False,
        "portal_key": False,
    },
    "quality.complaint.consent": {"name": False, "address": False, "ip": False},
    "quality.complaint.sheet": {"conclusion": True},
    "quality.complaint.sheet.task": {"note": False},
    "quality.complaint.investigation": {
        "confirmed_with": False,
        "customer_opinion": False,
    },
    "quality.complaint.reply": {
        "body": True,
        "answer_note": False,
        "answered_by": False,
        "inquiry_answer": False,
        "failure": False,
    },
    "quality.complaint.deadline": {"revoked_reason": False},
    "quality.complaint.revisit": {
        "comment": False,
        "measures": True,
        "reason": True,
        "other_needs": False,
        "spoken_with": False,
    },
    "quality.complaint.extension": {"consent_by": False, "consent_note": False},
    "quality.complaint.approval": {"reason": False},
    "quality.complaint.remedy": {
        "note": False,
        "instruction": False,
        "agreement_signed_by": False,
        "payment_method": False,
    },
    "quality.complaint.remedy.line": {"basis": False, "evidence": False},
    "quality.complaint.round": {"reason": True},
    "quality.complaint.lesson": {"happened": True},
    "quality.complaint.analysis.line": {"note": False},
    "quality.complaint.merit": {"reason": True},
    "quality.complaint.accountability": {
        "fault": True,
        "statement": False,
        "decision": False,
        "consequence": False,
    },
}
# Names of the customer's people.
NAMES = {
    "quality.complaint.consent": "name",
    "quality.complaint.extension": "consent_by",
    "quality.complaint.investigation": "confirmed_with",
    "quality.complaint.remedy": "agreement_signed_by",
    "quality.complaint.reply": "answered_by",
    "quality.complaint.revisit": "spoken_with",
}
# Of private persons only: it would lead to them.
DROPPED_OF_PERSONS = {
    "quality.complaint": {"customer_ref": False},
    "quality.complaint.line": {"properties": False},
}
# Numbers and keys of ours: never touched, not even when a name looks like them.
KEPT = {
    "quality.complaint": {"name", "severity_code"},
    "quality.complaint.consent": {"checksum", "content"},
    "quality.complaint.deadline": {"milestone_code", "source_model"},
    "quality.complaint.remedy": {"imbalance_told", "imbalance_accepted"},
    "quality.complaint.reply": {"replied_from"},
    "quality.complaint.line": {"lot_name"},
}
TITLES = {
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "sir",
    "madam",
    "herr",
    "frau",
    "the",
    "and",
    "von",
    "van",
}
LINKS = ("move_line_id", "sale_line_id", "invoice_line_id")


class QualityComplaint(models.Model):
    """Removing personal data. What is counted and measured stays: dates, products,
    lots, quantities, amounts, causes, scores.

    Texts that are not named here, also those of fields added later, are searched for
    the known names, numbers and addresses.
    """

    _inherit = "quality.complaint"

    # === what belongs to a complaint ===

    def _file_records(self):
        """The records of these complaints, in superuser mode: all models of the app
        that belong to a complaint, directly or by a part of it.

        :return: list of recordsets, one per model, the complaints first
        """
        parts = {self._name: self}
        for name in self.env:
            model = self.env[name]
            field = model._fields.get("complaint_id")
            if (
                self._is_part(model)
                and field
                and field.store
                and field.comodel_name == self._name
            ):
                parts[name] = model.with_context(active_test=False).search(
                    [("complaint_id", "in", self.ids)]
                )
        waiting = list(parts.values())
        while waiting:
            records = waiting.pop()
            for field_name, field in records._fields.items():
                if (
                    field.type == "one2many"
                    and field.comodel_name != self._name
                    and self._is_part(self.env[field.comodel_name])
                ):
                    more = records[field_name] - parts.get(
                        field.comodel_name, self.env[field.comodel_name]
                    )
                    if more:
                        parts[field.comodel_name] = (
                            parts.get(field.comodel_name, more) | more
                        )
                        waiting.append(more)
        return list(parts.values())

    @api.model
    def _is_part(self, model):
        return (
            model._name.startswith("quality.complaint")
            and model._auto
            and not model._abstract
            and not model._transient
        )

    @api.model
    def _dropped_texts(self, person):
        """Texts that go; addons with parts of their own add theirs.

        :param bool person: whether the customer is a private person
        :return: {model: {field: whether a word is left in its place}}
        """
        texts = {model: dict(names) for model, names in DROPPED.items()}
        for model, names in DROPPED_OF_PERSONS.items() if person else ():
            texts.setdefault(model, {}).update(names)
        return texts

    # === anonymising ===

    def _anonymise(self):
        # sudo: the conditions were checked in `action_anonymise`; replies, approvals
        # and mails cannot be changed by anybody otherwise
        complaints = self.sudo().with_context(
            tracking_disable=True,
            mail_notrack=True,
            mail_auto_subscribe_no_notify=True,
            active_test=False,
        )
        for complaint in complaints:
            complaint._anonymise_one()
        for complaint in complaints.with_context(tracking_disable=False):
            complaint.message_post(
                body=self.env._(
                    "Personal data removed by %s: the retention of this file is over.",
                    self.env.user.name,
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _anonymise_one(self):
        self.ensure_one()
        parts = self._file_records()
        scrub = self._scrubber(parts)
        person = bool(self.partner_id) and not self.commercial_partner_id.is_company
        for records in parts:
            self._remove_files(records)
            self._remove_talk(records)
        # what was issued to them; our own copies name whom the complaint is from
        issues = self.eight_d_issue_ids | (
            self._covering_8d().issue_ids.filtered(lambda issue: not issue.complaint_id)
            if person
            else self.eight_d_issue_ids
        )
        self._remove_files(issues)
        personal = self.sheet_ids.fact_ids.filtered("question_id.personal")
        for fact in personal:
            self._put(fact, {"answer": False, "partner_id": False})
        partners = self._own_partners()
        self.env.flush_all()
        texts = [*parts, *self._report_records()]
        with self.env.protecting(self._figures(texts)):
            for records in texts:
                for record in records:
                    vals = self._anonymous_vals(
                        record, scrub, person or not self.partner_id, partners
                    )
                    if vals:
                        self._put(record, vals)
            if person:
                # a private person's delivery, order and invoice would name them
                self._put(self, {"intake_token_id": False})
                for line in self.line_ids:
                    self._put(line, {name: False for name in LINKS if line[name]})
            self._put(
                self,
                {
                    "anonymised_on": fields.Datetime.now(),
                    "anonymised_by_id": self.env.uid,
                    "complained_user_id": False,
                },
            )
            self.env.flush_all()

    def _report_records(self):
        """The 8D report of these complaints and its parts: it serves others too, so
        only the known names go, and who accepted it for the customer.

        :return: list of recordsets
        """
        reports = self.eight_d_id
        parts = [
            reports[name]
            for name, field in reports._fields.items()
            if field.type == "one2many"
            and "eight_d_id" in self.env[field.comodel_name]._fields
        ]
        return [
            reports,
            *(
                records
                for records in parts
                if records
                and records._name.startswith(("quality.8d", "quality.complaint.cause"))
            ),
        ]

    @api.model
    def _figures(self, parts):
        """What was computed from what goes stays as it is: the price paid, the way a
        reply was sent …

        :return: list of (fields, records)
        """
        return [
            (
                [
                    field
                    for field in records._fields.values()
                    if field.store
                    and field.compute
                    and not field.related
                    and field.comodel_name != "res.partner"
                ],
                records,
            )
            for records in parts
        ]

    @api.model
    def _put(self, record, vals):
        """Write what nobody may write otherwise."""
        if hasattr(record, "_advance"):
            record._advance(vals)
        else:
            record.write(vals)

    def _scrubbed_json(self, value, scrub, ids):
        """Figures of lots name customers: [id of the partner, name, …]."""
        if isinstance(value, dict):
            return {
                key: self._scrubbed_json(part, scrub, ids)
                for key, part in value.items()
            }
        if isinstance(value, list):
            if value and isinstance(value[0], int) and value[0] in ids:
                return [False, self.env._("(anonymised)"), *value[2:]]
            return [self._scrubbed_json(part, scrub, ids) for part in value]
        return scrub(value) if isinstance(value, str) else value

    def _own_partners(self):
        """The customer's people, and who stands for them afterwards.

        :return: {partner: its replacement}
        """
        customer = self.commercial_partner_id
        everybody = self.partner_id | self.env["res.partner"].search(
            [("commercial_partner_id", "in", customer.ids)]
        )
        if customer.is_company:
            return {partner: customer for partner in everybody - customer}
        return dict.fromkeys(
            everybody, self.env.ref("quality_complaint.partner_anonymised")
        )

    def _anonymous_vals(self, record, scrub, person, partners):
        """What of a record has to be written.

        :param record: a complaint or a part of it
        :param scrub: function(text) → text without the known names
        :param bool person: whether the customer is a private person
        :param dict partners: see `_own_partners`
        """
        dropped = self._dropped_texts(person).get(record._name, {})
        kept, vals = KEPT.get(record._name, ()), {}
        for name, field in record._fields.items():
            if not field.store or field.related or name in kept:
                continue
            value = record[name]
            if not value:
                continue
            if name in dropped:
                vals[name] = self.env._("(anonymised)") if dropped[name] else False
            elif field.type == "properties":
                vals[name] = {
                    key: scrub(text) if isinstance(text, str) else text
                    for key, text in value.items()
                }
            elif field.type == "json":
                vals[name] = self._scrubbed_json(
                    value, scrub, {partner.id for partner in partners}
                )
            elif field.type in ("char", "text", "html"):
                clean = scrub(value)
                if clean != value:
                    vals[name] = clean
            elif field.type in ("binary", "image"):
                vals[name] = False  # signatures
            elif (
                field.type == "many2one"
                and field.comodel_name == "res.partner"
                and value in partners
            ):
                vals[name] = partners[value].id
            elif (
                field.type == "many2many"
                and field.comodel_name == "res.partner"
                and any(partner in partners for partner in value)
            ):
                vals[name] = [
                    fields.Command.unlink(partner.id)
                    for partner in value
                    if partner in partners
                ]
        if record == self and "partner_id" in vals:
            # they follow the customer otherwise
            vals |= {"email": False, "phone": False}
        return vals

    # === files and talk ===

    @api.model
    def _remove_files(self, records):
        """Photos show people, documents name them. What belongs to a delivery or an
        invoice stays there and is no longer linked here.
        """
        files = self.env["ir.attachment"]
        own = files.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        models_of_parts = {records._name, "mail.compose.message", "mail.message", False}
        for name, field in records._fields.items():
            if (
                field.type == "many2many"
                and field.comodel_name == "ir.attachment"
                and field.store
            ):
                for record in records.filtered(name):
                    own |= record[name].filtered(
                        lambda file: (
                            not file.res_model
                            or self._is_part_name(file.res_model)
                            or file.res_model in models_of_parts
                        )
                    )
                    self._put(record, {name: [fields.Command.clear()]})
            elif (
                field.type == "many2one"
                and field.comodel_name == "ir.attachment"
                and field.store
            ):
                for record in records.filtered(name):
                    own |= record[name]
                    self._put(record, {name: False})
        own.exists().unlink()

    @api.model
    def _is_part_name(self, name):
        return name in self.env and self._is_part(self.env[name])

    @api.model
    def _remove_talk(self, records):
        """Messages with their changes, mails and notifications, activities, followers
        from outside.
        """
        domain = [("res_id", "in", records.ids)]
        if "mail.scheduled.message" in self.env:
            self.env["mail.scheduled.message"].search(
                [("model", "=", records._name), *domain]
            ).unlink()
        self.env["mail.activity"].with_context(active_test=False).search(
            [("res_model", "=", records._name), *domain]
        ).unlink()
        messages = self.env["mail.message"].search(
            [("model", "=", records._name), *domain]
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        files = messages.attachment_ids.filtered(
            lambda file: (
                not file.res_model
                or self._is_part_name(file.res_model)
                or file.res_model.startswith("mail.")
            )
        )
        mails.unlink()
        messages.exists().unlink()
        files.exists().unlink()
        followers = self.env["mail.followers"].search(
            [("res_model", "=", records._name), *domain]
        )
        followers.filtered(lambda follower: follower.partner_id.partner_share).unlink()

    # === names in texts ===

    def _known_people(self, parts):
        """What leads to a person, as far as it is known.

        :return: (set of names, set of phone numbers, set of e-mail addresses)
        """
        customer = self.commercial_partner_id
        people = self.partner_id | self.child_ids.partner_id
        people |= self.message_partner_ids.filtered("partner_share")
        companies = (people | customer).filtered("is_company")
        names = {
            self.complainant,
            *self.child_ids.mapped("complainant"),
            *(people - companies).mapped("name"),
        }
        for records in parts:
            if NAMES.get(records._name) in records._fields:
                names |= set(records.mapped(NAMES[records._name]))
        phones = {self.phone, *people.mapped("phone"), *self.child_ids.mapped("phone")}
        emails = {self.email, *people.mapped("email"), *self.child_ids.mapped("email")}
        return (
            set(filter(None, names)) - set(companies.mapped("name")),
            set(filter(None, phones)),
            set(filter(None, emails)),
        )

    def _scrubber(self, parts):
        """A function that takes the known names, phone numbers and e-mail addresses out
        of a text.
        """
        names, phones, emails = self._known_people(parts)
        patterns = [
            self._literal(text) for text in sorted(emails, key=len, reverse=True)
        ]
        patterns += filter(None, map(self._phone_pattern, phones))
        patterns += [
            self._literal(text) for text in sorted(names, key=len, reverse=True)
        ]
        anything = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
        # first and family name on their own, as written: “mark” is a word, “Mark” may
        # be somebody
        words = {
            word
            for name in names
            for word in re.findall(r"[^\W\d_]{3,}", name)
            if word.lower() not in TITLES and word[0].isupper()
        }
        single = (
            re.compile(
                "|".join(
                    rf"\b{re.escape(word)}\b"
                    for word in sorted(words, key=len, reverse=True)
                )
            )
            if words
            else None
        )

        def scrub(text):
            clean = str(text)
            for pattern in filter(None, (anything, single)):
                clean = pattern.sub("…", clean)
            return Markup(clean) if isinstance(text, Markup) else clean

        return scrub

    @api.model
    def _literal(self, text):
        """A pattern for a text, also as it is written in HTML; between letters only
        where its script has no blanks between words.
        """
        forms = "|".join(sorted({re.escape(text), re.escape(str(escape(text)))}))
        return (
            rf"(?<![^\W_])(?:{forms})(?![^\W_])" if text.isascii() else f"(?:{forms})"
        )

    @api.model
    def _phone_pattern(self, phone):
        """A phone number however it is grouped, with or without the code of country and
        town; None when it is too short to tell.
        """
        digits = re.sub(r"\D", "", phone)
        if len(digits) < 5:
            return None
        between = r"[\s().\-/]*"
        head, tail = digits[:-7], digits[-7:]
        optional = "".join(f"(?:{digit}{between})?" for digit in head)
        return (
            rf"(?<!\w)\+?\(?(?:0{{1,2}}{between})?{optional}{between.join(tail)}(?!\w)"
        )


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"
