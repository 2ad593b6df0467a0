from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from ..common import APP
from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestInterface(PortalCase):
    """The external interface (`/json/2`) as documented: another system files and
    follows complaints with the key of a user made for it, who may do no more than in
    the app.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.robot = new_test_user(
            cls.env,
            "qc_robot",
            f"{APP}user",
            name="Customer's ERP",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.robot)
            ._generate("rpc", "ERP", datetime.now() + timedelta(days=30))
        )
        cls.env.flush_all()

    def ask(self, method, key=None, model="quality.complaint", **body):
        return self.url_open(
            f"/json/2/{model}/{method}",
            json=body,
            headers={"Authorization": f"bearer {key or self.key}"},
        )

    def test_filing_and_following(self):
        answer = self.ask(
            "create",
            vals_list=[
                {
                    "partner_id": self.customer.id,
                    "customer_ref": "ERP-4711",
                    "description": "Coil 3 is scratched",
                    "lot_ref": self.lot.name,
                }
            ],
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        ids = answer.json()
        self.assertEqual(self.ask("action_register", ids=ids).status_code, 200)
        [row] = self.ask(
            "search_read",
            domain=[["customer_ref", "=", "ERP-4711"]],
            fields=["name", "state", "lot_id"],
        ).json()
        complaint = self.env["quality.complaint"].browse(ids)
        self.assertEqual(
            (row["name"], row["state"], row["lot_id"][0]),
            (complaint.name, "registered", self.lot.id),
        )
        self.assertEqual(complaint.reported_by_id, self.robot)

    def test_key_opens_no_more_than_the_app(self):
        self.assertEqual(
            self.ask("search_read", key="0" * 40, domain=[]).status_code, 401
        )
        # a complaint of others
        answer = self.ask("read", ids=self.complaint.ids, fields=["name"])
        self.assertEqual(answer.status_code, 403)
        refused = self.ask(
            "create",
            vals_list=[{"description": "x", "partner_id": self.customer.id}],
            model="quality.complaint.policy",
        )
        self.assertEqual(refused.status_code, 403)
        for method in ("_advance", "_portal_values", "_anonymise"):
            answer = self.ask(method, ids=self.complaint.ids)
            self.assertIn(answer.status_code, (403, 404), method)
        [mine] = self.ask(
            "create",
            vals_list=[{"description": "x", "partner_id": self.customer.id}],
        ).json()
        stamped = self.ask("write", ids=[mine], vals={"state": "closed"})
        self.assertEqual(stamped.status_code, 422)
        self.assertIn("buttons only", stamped.json()["message"])
