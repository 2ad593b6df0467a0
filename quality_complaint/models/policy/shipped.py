import re

from markupsafe import Markup
from psycopg2.extras import Json

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL, float_compare, html2plaintext

from ...tools import listed
from ...tools.shipped_data import read_shipped

# order and being in force are the company's own, no rules
OWN = {"sequence", "active"}
# external ids of what an earlier version shipped: policy_r1__v1
EARLIER = re.compile(r"__v\d+$")
POLICY = "quality.complaint.policy"
PART = "quality.complaint.policy.part"


class QualityComplaintShipped(models.AbstractModel):
    """Brings records that updates leave alone (`noupdate`: letters, steps, catalogues,
    words, policies) to what the addon ships now.

    What nobody changed is replaced in all languages that are shipped. What a company
    changed is kept, and its manager is shown both texts.
    Policies: see `policy/shipped_policy.py`. Works from the values in the database,
    never from dates of change.
    """

    _name = "quality.complaint.shipped"
    _description = "Records Shipped With the App"

    @api.model
    def _bring_up(self, before):
        """Called at the end of an update.

        :param dict before: what the earlier version shipped, as of `read_shipped`
        """
        quiet = self.with_context(
            lang="en_US",
            active_test=False,
            install_mode=True,
            mail_notrack=True,
            tracking_disable=True,
        )
        quiet._bring_up_policies(before)
        for name, new in read_shipped(quiet.env).items():
            old = before.get(name)
            record = (
                old
                and old["model"] == new["model"]
                and quiet.env.ref(name, raise_if_not_found=False)
            )
            if record and (changed := quiet._changed_fields(record, old, new)):
                quiet._bring_up_record(record, old, new, changed)
        self.env.flush_all()
        self.env.registry.clear_cache()

    def _bring_up_record(self, record, old, new, changed):
        edited = [name for name in changed if self._is_edited(record, name, old, new)]
        policy = record._name == POLICY or self._is_part(record)
        if (
            policy
        ):  # only corrected translations: other changes of policies are new versions
            changed = [
                name
                for name in changed
                if name not in edited
                and self._same(
                    record._fields[name], *self._pair(record, name, old, new)
                )
            ]
        elif set(edited) - OWN:
            self._tell_kept(
                record, old, new, [name for name in edited if name not in OWN]
            )
            return
        for name in changed:
            if name not in edited:
                self._replace(record, name, old, new)

    def _is_part(self, record):
        return isinstance(record, self.env.registry[PART])

    # === comparing ===

    def _changed_fields(self, record, old, new):
        """Fields whose shipped value or a shipped translation is another than
        before.
        """
        names = [
            name
            for name in {**old["values"], **new["values"]}
            if name in record._fields and record._fields[name].type != "one2many"
        ]
        return [
            name
            for name in names
            if not self._same(record._fields[name], *self._pair(record, name, old, new))
            or any(
                self._text(old, name, lang) != self._text(new, name, lang)
                for lang in self._languages(old, new, name)
            )
        ]

    def _pair(self, record, name, old, new):
        return self._shipped(record, name, old), self._shipped(record, name, new)

    def _shipped(self, record, name, shipped):
        """What was shipped for a field; where the files say nothing, what new records
        have.
        """
        field = record._fields[name]
        if name in shipped["values"]:
            value = shipped["values"][name]
            if field.type == "many2one":
                return self._known_as(value)
            return (
                sorted(map(self._known_as, value))
                if field.type == "many2many"
                else value
            )
        default = record.browse().default_get([name]).get(name, False)
        if field.relational:
            return self._stored(record.new({name: default}), name)
        return default

    def _stored(self, record, name):
        """A value of the database in the form of `read_shipped`."""
        field = record._fields[name]
        value = record[name]
        if field.type == "many2one":
            return self._external_id(value)
        if field.type == "many2many":
            return sorted(map(self._external_id, value))
        if field.type in ("date", "datetime", "reference", "properties"):
            return str(value) if value else False
        return value

    def _external_id(self, record):
        """The id by which the data files know a record, whatever version of a policy it
        belongs to; of several the first.
        """
        record = record._origin
        if not record:
            return False
        names = record._get_external_ids()[record.id]
        return EARLIER.sub("", min(names)) if names else f"{record._name},{record.id}"

    def _known_as(self, name):
        """The same for an external id; one that leads nowhere stays as it is."""
        record = name and self.env.ref(name, raise_if_not_found=False)
        return self._external_id(record) if record else name

    def _same(self, field, one, other):
        """Whether two values of a field say the same: blanks make no difference in
        texts.
        """
        if field.type in ("float", "monetary", "integer"):
            return float_compare(one or 0, other or 0, precision_digits=6) == 0
        if isinstance(one, str) and isinstance(other, str):
            return one.split() == other.split()
        if field.type == "many2many":
            return sorted(one or []) == sorted(other or [])
        return (one or False) == (other or False)

    def _languages(self, old, new, name):
        """Installed languages one of the versions ships the field in."""
        shipped = [
            lang
            for record in (old, new)
            for lang, texts in record["texts"].items()
            if name in texts
        ]
        return [
            lang
            for lang, _label in self.env["res.lang"].get_installed()
            if lang in shipped
        ]

    @staticmethod
    def _text(shipped, name, lang):
        """:return: list of words of the shipped translation, to be compared"""
        return (shipped["texts"].get(lang, {}).get(name) or "").split()

    def _is_edited(self, record, name, old, new):
        """Whether somebody changed a field, in any language, and not to what is shipped
        now.
        """
        field, stored = record._fields[name], self._stored(record, name)
        before, after = self._pair(record, name, old, new)
        if not self._same(field, stored, before) and not self._same(
            field, stored, after
        ):
            return True
        for lang in self._languages(old, new, name):
            words = (record.with_context(lang=lang)[name] or "").split()
            known = (
                self._text(old, name, lang),
                self._text(new, name, lang),
                str(before or "").split(),
                str(after or "").split(),
            )
            if words not in known:
                return True
        return False

    # === replacing ===

    def _replace(self, record, name, old, new):
        """Write what is shipped now, in all languages that are shipped; languages of
        the company's own stay.
        """
        field, value = record._fields[name], self._shipped(record, name, new)
        if not self._same(field, self._stored(record, name), value):
            record.write({name: self._to_write(field, value)})
        if field.translate and (langs := self._languages(old, new, name)):
            texts = {lang: new["texts"].get(lang, {}).get(name) for lang in langs}
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = (%(column)s - %(dropped)s) || "
                    "%(texts)s WHERE id = %(id)s",
                    table=SQL.identifier(record._table),
                    column=SQL.identifier(name),
                    id=record.id,
                    # what a language does not say any more is read in English; texts
                    # waiting to be confirmed go with the old ones
                    dropped=[*langs, *(f"_{lang}" for lang in langs), "_en_US"],
                    texts=Json({lang: text for lang, text in texts.items() if text}),
                )
            )
            record.invalidate_recordset([name])

    def _to_write(self, field, value):
        if field.type == "many2one":
            return value and self.env.ref(value).id
        if field.type == "many2many":
            return [Command.set([self.env.ref(name).id for name in value or []])]
        return value

    # === telling ===

    def _managers(self):
        """For each company who manages its complaints, in the end the administrator."""
        admin, group = (
            self.env.ref("base.user_admin"),
            self.env.ref("quality_complaint.group_quality_complaint_manager"),
        )
        users = (
            (group.all_user_ids - admin - self.env.ref("base.user_root"))
            .filtered(lambda user: user.active and not user.share)
            .sorted("id")
        )
        told = self.env["res.users"]
        for company in self.env["res.company"].search([("active", "=", True)]):
            own = users.filtered_domain(
                [("company_id", "=", company.id)]
            ) or users.filtered_domain([("company_ids", "in", company.ids)])
            told |= own[:1] or admin
        return told

    def _tell_kept(self, record, old, new, names):
        for user in self._managers():
            reader = self.with_context(lang=user.lang or "en_US")
            shown = record.with_context(lang=reader.env.lang)
            kind = reader.env["ir.model"]._get(record._name).name
            summary = reader.env._(
                "%(kind)s “%(name)s”: changed here, and by the update",
                kind=kind,
                name=shown.display_name,
            )
            self._remind(user, summary, reader._kept_note(shown, old, new, names))

    def _kept_note(self, record, old, new, names):
        """Both texts of what is different, for the eyes of a manager."""
        intro = self.env._(
            "This record was changed here, and the update brings something else for "
            "the same place. Yours was kept. Take over what you want to have."
        )
        note = Markup("<p>%s</p><p>%s</p>") % (record._get_html_link(), intro)
        for name in names:
            field = record._fields[name]
            label = field._description_string(self.env)
            langs = (
                ["en_US", *self._languages(old, new, name)]
                if field.translate
                else [False]
            )
            for lang in dict.fromkeys(langs):
                here = record.with_context(lang=lang or "en_US")
                theirs = self._readable(field, here[name])
                shipped = new["texts"].get(lang, {}).get(name) or self._shipped(
                    record, name, new
                )
                ours = self._readable(
                    field,
                    shipped
                    if field.translate or not field.relational
                    else self._recordset(field, shipped),
                )
                if theirs.split() == ours.split():
                    continue
                title = (
                    f"{label} ({self._language_name(lang)})"
                    if lang and len(langs) > 1
                    else label
                )
                note += Markup("<h5>%s</h5>") % title
                for heading, text in (
                    (self.env._("Yours, in use"), theirs),
                    (self.env._("Comes with the update"), ours),
                ):
                    note += Markup(
                        '<p><b>%s</b></p><div class="border-start ps-3">%s</div>'
                    ) % (heading, self._lines(text))
        return note

    @staticmethod
    def _lines(text):
        return Markup("<br/>").join(text.split("\n"))

    def _language_name(self, code):
        return dict(self.env["res.lang"].get_installed()).get(code, code)

    def _recordset(self, field, value):
        names = [value] if isinstance(value, str) else value or []
        return self.env[field.comodel_name].union(
            *(self.env.ref(name) for name in names)
        )

    def _readable(self, field, value):
        """A value as a person reads it."""
        if field.type == "html":
            return html2plaintext(value or "").strip()
        if field.relational:
            return listed(self.env.lang, value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value) or ""
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type in ("float", "monetary", "integer"):
            return f"{value or 0:.12g}"
        return str(value or "")

    def _remind(self, user, summary, note, record=None):
        """One activity; none when the person was told already."""
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        if activities.search_count(
            [("user_id", "=", user.id), ("summary", "=", summary)], limit=1
        ):
            return
        target = (
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
            }
            if record
            else {}
        )
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        activities.create(
            {
                "user_id": user.id,
                "summary": summary,
                "note": note,
                "automated": True,
                "activity_type_id": todo and todo.id,
                **target,
            }
        )
