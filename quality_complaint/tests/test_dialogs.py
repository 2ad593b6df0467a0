from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import APP, ComplaintCase
from .own_models import own_models


@tagged("post_install", "-at_install")
class TestDialogs(ComplaintCase):
    """A dialog belongs to whoever opened it: nobody else reads what was put into it or
    made in it, or answers it for them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.elsewhere = cls.env["res.company"].create({"name": "Foreign Works"})
        cls.foreigner = new_test_user(
            cls.env,
            "qc_foreign_manager",
            f"{APP}manager",
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )
        cls.purchaser = cls.env.ref(
            "purchase.group_purchase_user", raise_if_not_found=False
        )
        if cls.purchaser:
            (cls.manager | cls.officer | cls.foreigner).write(
                {"group_ids": [Command.link(cls.purchaser.id)]}
            )

    def opened_by(self, model, user):
        """A dialog or a row of it as somebody opened it; what it must hold is put in as
        rows of a table, checks of content are not meant here.
        """
        values = {"create_uid": user.id, "write_uid": user.id}
        for name, field in model._fields.items():
            if field.store and field.column_type and field.required:
                values[name] = self.filling(field)
        columns = ", ".join(f'"{name}"' for name in values)
        self.env.cr.execute(
            f'INSERT INTO "{model._table}" ({columns}) VALUES '
            f"({', '.join(['%s'] * len(values))}) RETURNING id",
            list(values.values()),
        )
        return model.browse(self.env.cr.fetchone()[0])

    def filling(self, field):
        if field.type == "many2one":
            comodel = self.env[field.comodel_name]
            present = (
                comodel
                if comodel._transient
                else comodel.with_context(active_test=False).search([], limit=1)
            )
            return (present or self.opened_by(comodel, self.officer)).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        moments = {"date": fields.Date.today(), "datetime": fields.Datetime.now()}
        return {
            "integer": 1,
            "float": 1.0,
            "monetary": 1.0,
            "boolean": False,
            **moments,
        }.get(field.type, "x")

    def test_nobody_reads_changes_or_deletes_a_dialog_of_somebody_else(self):
        lot = self.make_lot("D-1", quantity=5)
        self.sell({lot: 2})
        self.make_complaint(lot_ref=lot.name)
        dialogs = [self.env[name] for name in own_models(self.env, transient=True)]
        self.assertGreaterEqual(len(dialogs), 13)
        for model in dialogs:
            row = self.opened_by(model, self.officer)
            for user in (
                self.manager,
                self.foreigner,
                self.engineer,
                self.handler,
                self.employee,
            ):
                theirs = row.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                for operation in ("read", "write", "unlink"):
                    with self.subTest(
                        model=model._name, user=user.login, operation=operation
                    ):
                        self.env.invalidate_all()
                        with self.assertRaises(AccessError):
                            theirs.check_access(operation)
                        self.assertFalse(
                            theirs.browse().has_access("read")
                            and theirs.search([("id", "=", row.id)])
                        )

    def test_whoever_opened_a_dialog_works_in_it(self):
        for name in own_models(self.env, transient=True):
            model = self.env[name].with_user(self.manager)
            if model.has_access("read"):
                with self.subTest(model=name):
                    self.opened_by(model, self.manager).check_access("read")

    def test_a_case_file_is_not_read_by_its_number(self):
        """Somebody of another company read a whole case file by guessing the id of the
        dialog it was made in.
        """
        wizard = (
            self.env["quality.complaint.case.file"]
            .with_user(self.officer)
            .create(
                {
                    "complaint_ids": [
                        Command.set(
                            self.make_complaint(partner_id=self.customer.id).ids
                        )
                    ],
                    "file": b"U2VjcmV0",
                }
            )
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.foreigner).with_context(
                allowed_company_ids=self.elsewhere.ids
            ).read(["file"])
