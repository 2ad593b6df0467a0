import base64
import json

from odoo import api, fields, models
from odoo.tools import file_open

FORMAT = "quality_complaint.8d/1"
SCHEMA = "quality_complaint/static/8d.schema.json"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
# plain fields of each part of the file: name there → name here
PLAIN = {
    "d0": {"stop_ship": "stop_ship", "stop_ship_note": "stop_ship_note"},
    "d2": {
        "what": "what",
        "where": "where_found",
        "when": "when_found",
        "who": "who_found",
        "why": "why_problem",
        "how": "how_found",
        "how_many": "how_many",
        "should": "specification",
        "is": "actual",
        "fault_rate": "fault_rate",
    },
    "d3": {
        "clean_from": "clean_on",
        "marking": "clean_mark",
        "effect": "containment_note",
    },
    "d4": {"escape_point": "escape_point"},
    "d7": {"lessons": "lessons"},
    "d8": {
        "closure_criteria": "closure_criteria",
        "containment_ended_on": "containment_ended_on",
        "thanks": "thanks",
    },
}
MEMBER = {
    "person": "name",
    "function": "function",
    "phone": "phone",
    "may_write": "may_write",
}
ISNOT = {
    "aspect": "aspect",
    "is": "is_text",
    "is_not": "is_not_text",
    "distinction": "distinction",
}
LOCATION = {
    "place": "place",
    "note": "note",
    "suspect": "suspect_quantity",
    "checked": "checked_quantity",
    "bad": "bad_quantity",
    "used_up": "used_quantity",
    "not_found": "missing_quantity",
    "method": "method",
    "date": "done_on",
}
CAUSE = {
    name: name
    for name in ("name", "kind", "category", "verdict", "is_root", "share", "evidence")
}
ACTION = {
    name: name for name in ("name", "kind", "due_on", "choice_reason", "pre_check")
}
# nobody has decided yet: null
DECISIONS = {"updated": True, "none": False, "open": None}
DOCUMENT = {
    "kind": "kind",
    "document": "document",
    "revision": "revision",
    "date": "date",
    "reason": "reason",
}
READACROSS = {"name": "name", "affected": "affected", "note": "note"}


class Quality8d(models.Model):
    """A report as a file that another database, or another system, can read: JSON,
    described by `static/8d.schema.json`.

    References are natural keys, causes and actions have ids local to the file. Reading
    one is in `eight_d/import_file.py`.
    """

    _inherit = "quality.8d"

    export_file = fields.Binary(
        compute="_compute_export_file",
        groups="quality_complaint.group_quality_complaint_user",
    )

    @api.depends_context("bin_size")
    def _compute_export_file(self):
        for report in self:
            report.export_file = base64.b64encode(
                json.dumps(report._export_json(), ensure_ascii=False, indent=2).encode()
            )

    def action_export(self):
        """Download the report as JSON."""
        self.ensure_one()
        self.check_access("read")
        name = f"{(self.name or '8D').replace('/', '-')}.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{name}?download=true",  # noqa: E501
            "target": "download",
        }

    def _cause_tree(self):
        """Causes in the order of the tree, below what they explain.

        :return: list of (`quality.complaint.cause.node`, its number in the tree:
            "2.1" is the first why of "2")
        """
        self.ensure_one()
        children = self.node_ids.sorted(lambda node: (node.sequence, node.id)).grouped(
            "parent_id"
        )
        empty, tree = self.node_ids.browse(), []

        def walk(parent, above):
            for place, node in enumerate(children.get(parent, empty), 1):
                tree.append((node, f"{above}{place}"))
                walk(node, f"{above}{place}.")

        walk(empty, "")
        return tree

    @api.model
    def _json_schema(self):
        with file_open(SCHEMA) as stream:
            return json.load(stream)

    # === export ===

    def _export_json(self):
        """
        :return: dict as the schema describes it
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: reading the report was checked; names of goods and colleagues are part
        # of it. In English: names are keys
        report = self.sudo().with_context(lang="en_US")
        causes = {
            node: f"c{number}"
            for number, (node, _outline) in enumerate(report._cause_tree(), 1)
        }
        live = report.action_ids.filtered(
            lambda action: action.state != "cancelled"
        ).sorted("id")
        actions = {action: f"a{number}" for number, action in enumerate(live, 1)}
        data = {
            part: report._export_plain(report, names) for part, names in PLAIN.items()
        }
        data["d2"]["is_and_is_not"] = [
            report._export_plain(row, ISNOT) for row in report.isnot_ids._filled()
        ]
        data["d3"].update(
            locations=[report._export_location(row) for row in report.containment_ids],
            clean_lot=report._export_lot(report.clean_lot_id),
        )
        data["d4"]["causes"] = [report._export_cause(node, causes) for node in causes]
        data["d7"]["documents"] = [
            {**report._export_plain(row, DOCUMENT), "updated": DECISIONS[row.decision]}
            for row in report.document_ids
        ]
        data["d7"]["read_across"] = [
            {
                **report._export_plain(row, READACROSS),
                "product": report._export_product(row.product_id),
            }
            for row in report.readacross_ids
        ]
        return {
            "format": FORMAT,
            "report": report._export_head(),
            **data,
            "d1": report._export_team(),
            "actions": [
                report._export_action(action, actions, causes) for action in actions
            ],
            "state": {
                **report._export_state(causes, actions),
                "complaints": self._export_complaints(),
            },
        }

    def _export_plain(self, record, names):
        """
        :param dict names: name in the file → field
        """
        return {
            name: self._export_value(record, field) for name, field in names.items()
        }

    def _export_value(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == "datetime":
            return value.strftime(MOMENT) if value else None
        if field.type == "date":
            return fields.Date.to_string(value) or None
        return (
            value
            if field.type in ("boolean", "float", "integer", "monetary")
            else value or None
        )

    def _export_user(self, user):
        return {"login": user.login, "name": user.name} if user else None

    def _export_product(self, product):
        return (
            {"code": product.default_code or None, "name": product.name}
            if product
            else None
        )

    def _export_lot(self, lot):
        return (
            {"name": lot.name, "product": self._export_product(lot.product_id)}
            if lot
            else None
        )

    def _export_coded(self, record):
        return {"code": record.code or None, "name": record.name} if record else None

    def _export_head(self):
        return {
            "subject": self.subject,
            "kind": self.kind,
            "product": self._export_product(self.product_id),
            "defect": self._export_coded(self.defect_id),
            "responsible": self.responsible_id.name or None,
            "variant": self.variant_id.code or None,
            "earlier_report": self.reference_id.name or None,
            "component": self._export_component(),
            "step_owners": [
                {"step": step.code, "owner": self._export_user(step.user_id)}
                for step in self.step_ids.sorted("code")
                if step.user_id
            ],
        }

    def _export_component(self):
        lot = self.component_lot_id
        return {
            "product": self._export_product(self.component_id),
            "lot": self._export_lot(lot),
            "lot_number": self.component_lot_name or None,
            "supplier": self.supplier_id.name or None,
            "supplier_code": self.supplier_code or None,
        }

    def _export_team(self):
        members = [
            {
                **self._export_plain(row, MEMBER),
                "user": self._export_user(row.user_id),
                "department": row.department_id.name or None,
            }
            for row in self.member_ids
        ]
        return {
            "champion": self._export_user(self.champion_id),
            "leader": self._export_user(self.leader_id),
            "members": members,
        }

    def _export_location(self, row):
        return {
            **self._export_plain(row, LOCATION),
            "product": self._export_product(row.product_id),
            "lot": self._export_lot(row.lot_id),
            "unit": row.product_uom_id.name or None,
            "customer": row.partner_id.name or None,
            "owner": self._export_user(row.user_id),
        }

    def _export_cause(self, node, causes):
        return {
            "id": causes[node],
            "parent": causes.get(node.parent_id),
            **self._export_plain(node, CAUSE),
            "catalogue_cause": self._export_coded(node.cause_id),
        }

    def _export_action(self, action, actions, causes):
        return {
            "id": actions[action],
            **self._export_plain(action, ACTION),
            "cause": causes.get(action.node_id),
            "owner": self._export_user(action.user_id),
            "department": action.department_id.name or None,
        }

    # === what was stamped: told, never taken over ===

    def _export_complaints(self):
        """Those the person exporting may read."""
        return [
            {
                "number": row.name or None,
                "customer": row.commercial_partner_id.name or row.complainant or None,
                "customer_ref": row.customer_ref or None,
            }
            for row in self._covered_complaints()
        ]

    def _export_state(self, causes, actions):
        files = (
            self.attachment_ids
            | self.node_ids.attachment_ids
            | self.action_ids.attachment_ids
        )
        own = {name: name for name in ("started_on", "closed_on", "revision")}
        own |= {
            name: name
            for name in (
                "customer_accepted_on",
                "customer_accepted_by",
                "customer_score",
                "accepted_cost",
            )
        }
        stamped = {
            name: name for name in ("due_on", "done_on", "accepted_on", "accepted_by")
        }
        issued = {
            name: name
            for name in ("revision", "stage", "language", "issued_on", "note")
        }
        return {
            "number": self.name or None,
            "status": self.state,
            **self._export_plain(self, own),
            "accepted_currency": self.accepted_currency_id.name or None,
            "exported_on": fields.Datetime.now().strftime(MOMENT),
            "steps": [
                {
                    "step": step.code,
                    **self._export_plain(step, stamped),
                    "done_by": step.done_by_id.name or None,
                }
                for step in self.step_ids.sorted("code")
            ],
            "overrides": [
                {
                    "step": row.step,
                    "missing": row.missing or None,
                    "reason": row.reason,
                    "by": row.user_id.name,
                    "on": row.date.strftime(MOMENT),
                }
                for row in self.override_ids.filtered("is_valid")
            ],
            "causes": [
                {
                    "id": causes[node],
                    "accepted_reason": node.shallow_reason,
                    "accepted_by": node.shallow_by_id.name or None,
                }
                for node in causes
                if node.shallow_reason
            ],
            "actions": [
                self._export_done(action, name) for action, name in actions.items()
            ],
            "issues": [
                {
                    **self._export_plain(row, issued),
                    "complaint": row.complaint_id.name or None,
                    "issued_by": row.issued_by_id.name,
                }
                for row in self.issue_ids
            ],
            "files": files.mapped("name"),
        }

    def _export_done(self, action, name):
        plain = {
            field: field
            for field in (
                "done_on",
                "evidence",
                "cut_in_on",
                "effect",
                "effect_note",
                "verified_on",
            )
        }
        return {
            "id": name,
            "status": action.state,
            **self._export_plain(action, plain),
            "complaint": action.complaint_id.name or None,
            "done_by": action.done_by_id.name or None,
            "cut_in_lot": action.cut_in_lot_id.name or None,
            "verified_by": action.verified_by_id.name or None,
        }
