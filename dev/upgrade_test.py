"""What an upgrade of the dump of the old version must leave as it was, and what it must
bring; see install_test.py.

Facts are taken by SQL, so that neither version's code has a hand in it.
"""

import json

FACTS = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND (relname LIKE 'quality\\_%%' OR relname = ANY(%s)) ORDER BY 1
"""  # noqa: E501
# beside our own tables: where shipped records and reminders are
OTHERS = ["mail_template", "mail_activity", "ir_rule", "ir_cron", "mail_activity_type"]


def facts(link):
    """:return: {table: [row as dict, in the order of its columns]} of all tables of
    ours, with the external ids of our addons and what was posted
    """
    with link.cursor() as cursor:
        cursor.execute(FACTS, [OTHERS])
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT to_jsonb(t) FROM "{table}" t ORDER BY to_jsonb(t)::text'
            )
            found[table] = [row for (row,) in cursor.fetchall()]
        cursor.execute(
            "SELECT module || '.' || name, model, res_id FROM ir_model_data WHERE "
            "module LIKE 'quality\\_complaint%' ORDER BY 1"
        )
        found["external ids"] = [list(row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT model, res_id, count(*) FROM mail_message WHERE model LIKE "
            "'quality.%' GROUP BY 1, 2 ORDER BY 1, 2"
        )
        found["messages"] = [list(row) for row in cursor.fetchall()]
    return found


def write_facts(link, path):
    path.write_text(json.dumps(facts(link)))


def changes(before, after):
    """What a second update changed though it must change nothing.

    :return: list of str
    """
    lines = []
    for table in sorted({*before, *after}):
        one, other = (
            [_without_stamps(row) for row in found.get(table, [])]
            for found in (before, after)
        )
        if one != other:
            gone, come = (
                [row for row in one if row not in other],
                [row for row in other if row not in one],
            )
            lines.append(f"{table}: {gone[:2]} became {come[:2]}")
    return lines


def _without_stamps(row):
    return (
        {
            key: value
            for key, value in row.items()
            if key not in ("write_date", "write_uid", "nextcall", "lastcall")
        }
        if isinstance(row, dict)
        else row
    )


# {path}: the facts from before
AFTER_OLD_UPGRADE = """
import json
from pathlib import Path
from odoo.addons.quality_complaint.models.policy.shipped import EARLIER, OWN, PART, POLICY
from odoo.addons.quality_complaint.tools.shipped_data import read_shipped, read_snapshot
from odoo.modules.module import get_module_path

before = json.loads(Path({path!r}).read_text())
old = read_snapshot(next(Path(get_module_path("quality_complaint"), "migrations").glob("*/shipped-19.0.1.5.0.jsonl")))
new = read_shipped(env)
service = env["quality.complaint.shipped"].with_context(active_test=False)
langs = ["en_US", "zh_CN"]
assert {{code for code, _name in env["res.lang"].get_installed()}} == set(langs)
R1, R4, R5 = (env.ref("quality_complaint.policy_%s__v1" % code, False) or env.ref("quality_complaint.policy_%s" % code) for code in ("r1", "r4", "r5"))
KEPT = (R1 | R4 | R5).with_context(active_test=False)  # in use, chosen by a company, edited
EDITED = {{
    "quality_complaint.mail_template_final_reply": "body_html", "quality_complaint.mail_template_progress": "subject",
    "quality_complaint.milestone_responded": "name", "quality_complaint.cause_process": "name", "quality_complaint.term_crack": "words",
}}
# what the update has put into another field, under the same name
MOVED = {{("quality.8d.containment", "note"): "partner_id"}}
# what the update reckons anew, since it was wrong
ANEW = {{("quality.complaint.repeat", name) for name in ("text_similarity", "symptoms", "other_words")}}
shipped_models = {{record["model"] for record in old.values()}}

# every record is there with its values; shipped ones are looked at below
for name, model in sorted(env.registry.items()):
    rows = before.get(model._table) if name.startswith("quality.") and model._auto and not model._abstract and not model._transient else None
    if rows is None:
        continue
    assert rows, name
    part = issubclass(model, env.registry[PART])
    kept = [row for row in rows if not part or row["policy_id"] in KEPT.ids]
    there = env[name].with_context(active_test=False).search([])
    assert {{row["id"] for row in kept}} <= set(there.ids), "records of %s are gone" % name
    if name in shipped_models and not part:
        continue
    fields = [f.name for f in model._fields.values() if f.store and f.column_type and (not f.compute or not f.readonly) and not f.related and f.name in rows[0]]
    columns = [f for f in fields if f not in ("id", "create_date", "write_date", "create_uid", "write_uid", "activity_ids")]
    env.cr.execute('SELECT to_jsonb(t) FROM "%s" t' % model._table)
    now = {{row["id"]: row for (row,) in env.cr.fetchall()}}
    for row in kept:
        for column in columns:
            same = now[row["id"]][column] == row[column] or (part and model._fields[column].translate)  # translations may be corrected
            if (name, column) in ANEW:
                continue
            if not same and (name, column) in MOVED and not now[row["id"]][column]:
                same = env[name].browse(row["id"])[MOVED[name, column]].display_name == row[column]
            assert same, "%s %s: %s was %r, is %r" % (name, row["id"], column, row[column], now[row["id"]][column])

# running complaints keep their version of the policy and their clocks
for table, columns in {{
    "quality_complaint": ("state", "policy_id", "severity_id"), "quality_complaint_deadline": ("limit_id", "state", "due_on", "done_on", "started_on"),
}}.items():
    env.cr.execute('SELECT to_jsonb(t) FROM "%s" t' % table)
    now = {{row["id"]: row for (row,) in env.cr.fetchall()}}
    for row in before[table]:
        assert all(now[row["id"]].get(column) == row.get(column) for column in columns), (table, row, now[row["id"]])
running = env["quality.complaint"].search([("state", "not in", ("new", "closed", "cancelled")), ("company_id.name", "=", "Jiangnan Non-Ferrous Metals")])
assert running and running.policy_id == R1 and any(complaint.next_deadline_on for complaint in running)
assert env["res.company"].search([("name", "=", "Second Works")]).complaint_policy_id == R4

# what nobody changed is what is shipped now, in both languages; what somebody changed is kept, and each manager told once
managers = service._managers()
assert managers
for name, record in new.items():
    row = env.ref(name)
    if row._name == POLICY or service._is_part(row):
        continue
    edited = EDITED.get(name)
    for field in record["values"]:
        if field == edited or row._fields[field].type == "one2many" or (field in OWN and name in old):
            continue
        if edited and old[name]["values"].get(field) != record["values"][field]:
            continue
        shipped = service._shipped(row, field, record)
        stored = service._stored(row.with_context(lang="en_US"), field)
        assert service._same(row._fields[field], stored, shipped), "%s %s is not what is shipped" % (name, field)
        if row._fields[field].translate and not edited:
            text = record["texts"].get("zh_CN", {{}}).get(field) or shipped or ""
            assert (row.with_context(lang="zh_CN")[field] or "").split() == text.split(), "%s %s in Chinese is not what is shipped" % (name, field)
data = {{name: res_id for name, _model, res_id in before["external ids"]}}
for name, field in EDITED.items():
    row = env.ref(name)
    was = next(line for line in before[row._table] if line["id"] == data[name])[field]
    stored = {{lang: row.with_context(lang=lang)[field] for lang in langs}} if isinstance(was, dict) else row[field]
    assert stored == ({{lang: was.get(lang) or was["en_US"] for lang in langs}} if isinstance(was, dict) else was), "%s was edited and is not kept" % name
    conflict = field in service._changed_fields(row.with_context(lang="en_US"), old[name], new[name])
    told = env["mail.activity"].search([("note", "like", "data-oe-id=\\"%s\\"" % row.id), ("note", "like", "data-oe-model=\\"%s\\"" % row._name)])
    assert told.user_id == (managers if conflict else managers.browse()), "%s: told %s" % (name, told.user_id.mapped("login"))
    assert len(told) == len(told.user_id), "%s: told twice" % name

# policies: a version that is not in force, with its differences listed; else nothing is different
for policy in KEPT:
    latest = env.ref(EARLIER.sub("", policy.get_external_id()[policy.id])).with_context(active_test=False)
    if latest == policy:
        assert policy.version == 1
        continue
    assert (latest.active, latest.previous_id, latest.version, latest.code) == (False, policy, policy.version + 1, policy.code), latest
    differences = latest._differences_from(policy)
    assert differences and latest.message_ids.filtered(lambda message: "<li>" in message.body), latest.display_name
    assert latest.activity_ids.user_id == managers and len(latest.activity_ids) == len(managers), latest.display_name
for name, record in new.items():
    if record["model"] == POLICY:
        versions = env[POLICY].with_context(active_test=False).search([("code", "=", env.ref(name).code)])
        assert len(versions) == (2 if versions & KEPT and env.ref(name) not in KEPT else 1), "%s: %s versions" % (name, len(versions))

# a manager can open everything
manager = env["res.users"].search([("login", "=", "manager")])
opened = set()
for action in env["ir.actions.act_window"].search([("res_model", "=like", "quality.%")]):
    model = env[action.res_model].with_user(manager).with_context(allowed_company_ids=manager.company_ids.ids, lang="zh_CN")
    if not model.has_access("read"):
        continue
    shown = model.get_views([*action.views, (False, "search")], {{"toolbar": True, "load_filters": True}})
    if not model._transient:
        model.web_search_read([], {{name: {{}} for name in shown["models"][model._name]["fields"]}}, limit=20)
    opened.add(action.res_model)
for name, model in env.registry.items():
    if name.startswith("quality.") and not model._abstract and not model._transient and env[name].with_user(manager).has_access("read"):
        reader = env[name].with_user(manager).with_context(allowed_company_ids=manager.company_ids.ids)
        reader.get_views([(False, "list"), (False, "form"), (False, "search")])
        opened.add(name)
assert len(opened) > 40, opened
print("OK")
"""  # noqa: E501
