import unicodedata
from io import BytesIO

from markupsafe import Markup
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

from ...tools import chinese_amount
from ..common import ComplaintWorld, OnOneDay
from ..golden import assert_golden

RETURN_SLIP = "quality_complaint.action_report_return_slip"
SLIP_OF_TRANSFER = "quality_complaint.action_report_return_slip_transfer"
SETTLEMENT = "quality_complaint.action_report_settlement"


class FormWorld(ComplaintWorld):
    """A complaint with documents on it, and ways to look at its forms."""

    @classmethod
    def build_forms(cls):
        cls.build_world()
        cls.make_users()
        cls.lot = cls.make_lot("S-1", quantity=50)
        cls.order = cls.sell({cls.lot: 10})
        cls.other_company = cls.env["res.company"].create({"name": "Foreign Works"})
        company = {
            "company_id": cls.other_company.id,
            "company_ids": [Command.set(cls.other_company.ids)],
        }
        groups = (
            "quality_complaint.group_quality_complaint_manager,stock.group_stock_user"
        )
        cls.foreigner = new_test_user(cls.env, "qc_foreign", groups, **company)
        cls.portal = new_test_user(cls.env, "qc_portal", "base.group_portal")

    def html(self, report, records):
        return (
            records.env["ir.actions.report"]
            ._render_qweb_html(report, records.ids)[0]
            .decode()
        )

    def pdf(self, report, records):
        """:return: (`PdfReader`, list of the pages' texts)"""
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, records.ids)
        )
        reader = PdfReader(BytesIO(pdf))
        return reader, [
            unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages
        ]

    def change_form(self, complaint, code, **vals):
        """Move the complaint to a new version of its policy with other document
        control.
        """
        policy = complaint.policy_id.copy({"active": True})
        policy.form_ids.filtered(lambda form: form.code == code).write(vals)
        policy.action_move_running()

    def assertAll(self, expected, text):
        for part in expected:
            self.assertIn(part, text)

    def refused_abroad(self, report, records):
        """Neither customers in the portal nor another company's manager print it."""
        self.env.flush_all()
        for user in (self.portal, self.foreigner):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                self.html(
                    report,
                    records.with_user(user).with_context(
                        allowed_company_ids=user.company_ids.ids
                    ),
                )


@tagged("post_install", "-at_install")
class TestReturnSlip(FormWorld, HttpCase):
    """The return slip says what comes back, where to and for which complaint, and takes
    up what the warehouse finds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_forms()
        cls.warehouse.partner_id = cls.env["res.partner"].create(
            {
                "name": "Copper Works Returns",
                "street": "1 Harbour Road",
                "city": "Ningbo",
            }
        )

    def test_slip_carries_the_facts_in_both_languages(self):
        complaint, remedy = self.executed(
            self.lot,
            quantity=4,
            instruction="Leave it on the pallet",
            freight_payer="carrier",
            return_by="2026-12-08",
        )
        complaint.customer_ref = "NM-88"
        html = self.html(RETURN_SLIP, remedy)
        self.assertAll(
            [
                complaint.name,
                "NM-88",
                "QR-CC-07",
                "Northwind Motors",
                "+1 555 0100",
                "Copper Works Returns",
                "1 Harbour Road",
                "Dec 8, 2026",
                "Leave it on the pallet",
                remedy.picking_ids.name,
                self.order.picking_ids.sorted()[-1:].name,
                "S-1",
                "Copper strip",
                "Return and Exchange Slip",
                "退换品信息表",
                "our account with the carrier",
                "授权退回数量",
                "无故障",
                "Back to the customer",
                "Refund 退款",
            ],
            html,
        )
        self.assertEqual(html.count("data:image/png;base64"), 1)

    def test_language_of_the_slip_follows_the_policy(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.change_form(
            complaint, "return_slip", language="zh_CN", document_number="QR-7-ZH"
        )
        html = self.html(RETURN_SLIP, remedy)
        self.assertAll(["退换品信息表", "QR-7-ZH", "运费承担方"], html)
        self.assertNotIn("Authorised quantity", html)
        self.change_form(complaint, "return_slip", language="en_US")
        html = self.html(RETURN_SLIP, remedy)
        self.assertIn("Authorised quantity", html)
        self.assertNotIn("退换品信息表", html)

    def test_pdf_fits_one_page_with_the_barcode_as_an_image(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        reader, pages = self.pdf(RETURN_SLIP, remedy)
        assert_golden(self, "07_return_slip", pages)
        self.assertEqual(len(pages), 1)
        self.assertEqual(len(reader.pages[0].images), 1)
        width, height = reader.pages[0].images[0].image.size
        self.assertGreater(width, 2 * height)
        self.assertAll(
            [
                remedy.picking_ids.name,
                "Put this slip into the parcel",
                "请将本单放入包裹",
                "☐",
            ],
            pages[0],
        )

    def test_one_barcode_for_each_return(self):
        later = self.sell({self.lot: 5}).picking_ids
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create(
                    {
                        "product_id": self.strip.id,
                        "lot_id": self.lot.id,
                        "quantity": 2,
                        "move_line_id": delivery.move_line_ids.id,
                    }
                )
                for delivery in (self.order.picking_ids, later)
            ],
        )
        lines = [
            Command.create({"complaint_line_id": row.id}) for row in complaint.line_ids
        ]
        remedy = self.env["quality.complaint.remedy"].create(
            {"complaint_id": complaint.id, "kind": "return", "line_ids": lines}
        )
        remedy.action_submit()
        remedy.action_execute()
        self.assertEqual(len(remedy.return_picking_ids), 2)
        html = self.html(RETURN_SLIP, remedy)
        self.assertEqual(html.count("data:image/png;base64"), 2)
        self.assertAll(remedy.return_picking_ids.mapped("name"), html)
        only = self.html(SLIP_OF_TRANSFER, remedy.return_picking_ids[0])
        self.assertEqual(only.count("data:image/png;base64"), 1)
        self.assertNotIn(remedy.return_picking_ids[1].name, only)

    def test_findings_and_documents_are_printed_after_the_arrival(self):
        _complaint, remedy = self.executed(self.lot, quantity=4)
        picking = self.receive(remedy)
        inspection = self.inspect(picking)
        inspection.write(
            {
                "condition": "used",
                "no_fault_found": True,
                "disposition": "restock",
                "note": "Wrapping opened",
            }
        )
        remedy.credit_note_ids.action_post()
        html = self.html(RETURN_SLIP, remedy)
        self.assertAll(
            [
                "Used 已使用",
                "Wrapping opened",
                "Yes 是",
                "Restock 重新入库",
                remedy.credit_note_ids.name,
            ],
            html,
        )
        self.assertNotIn("Damaged", html)

    def test_replacement_delivery_is_named(self):
        self.make_lot("S-9", quantity=20)
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        delivery = remedy.picking_ids - remedy.return_picking_ids
        self.assertTrue(delivery)
        self.assertIn(delivery.name, self.html(RETURN_SLIP, remedy))

    def test_no_goods_coming_back_no_slip(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=20)
        with self.assertRaisesRegex(UserError, "no goods come back"):
            remedy.action_print_return_slip()
        with self.assertRaisesRegex(UserError, "no goods come back"):
            self.html(RETURN_SLIP, remedy)

    def test_no_slip_before_the_return_exists(self):
        remedy = self.plan(self.make_complaint(lot_ref="S-1"), "return", 2)
        with self.assertRaisesRegex(UserError, "not executed yet"):
            remedy.action_print_return_slip()
        remedy.action_submit()
        remedy.action_execute()
        self.assertEqual(
            remedy.action_print_return_slip()["report_name"],
            "quality_complaint.return_slip",
        )

    def test_who_prints_the_slip(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            complaint.name, self.html(RETURN_SLIP, remedy.with_user(self.officer))
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.html(RETURN_SLIP, remedy.with_user(self.warehouse_worker))
        self.refused_abroad(RETURN_SLIP, remedy)

    def test_warehouse_prints_the_slip_of_a_return(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        picking = remedy.return_picking_ids
        self.env.flush_all()
        self.env.invalidate_all()
        worker = picking.with_user(self.warehouse_worker)
        self.assertEqual(
            worker.action_print_return_slip()["report_name"],
            "quality_complaint.return_slip_transfer",
        )
        self.assertAll(
            [complaint.name, picking.name], self.html(SLIP_OF_TRANSFER, worker)
        )
        self.refused_abroad(SLIP_OF_TRANSFER, picking)
        with self.assertRaisesRegex(UserError, "no return of a complaint"):
            complaint.line_ids.picking_id.with_user(
                self.warehouse_worker
            ).action_print_return_slip()

    def test_warehouse_expects_the_goods_on_the_day_told(self):
        _complaint, remedy = self.executed(self.lot, quantity=4, return_by="2026-12-08")
        self.assertEqual(
            str(remedy.return_picking_ids.scheduled_date.date()), "2026-12-08"
        )
        remedy.with_user(self.officer).return_by = "2026-12-15"
        self.assertEqual(
            str(remedy.return_picking_ids.scheduled_date.date()), "2026-12-15"
        )

    def test_freight_is_ours_unless_said_otherwise(self):
        _complaint, remedy = self.executed(
            self.lot, quantity=2, freight_payer="customer"
        )
        self.assertEqual(remedy.copy().freight_payer, "us")

    def test_slip_and_transfer_agree_without_a_day(self):
        _complaint, remedy = self.executed(self.lot, quantity=2)
        self.assertFalse(remedy._return_due())
        remedy.return_picking_ids.scheduled_date = "2099-01-05 08:00:00"
        self.assertEqual(str(remedy._return_due()), "2099-01-05")


@tagged("post_install", "-at_install")
class TestReturnInstructions(FormWorld, HttpCase):
    """The customer is asked for the goods by mail, in his language, with the slip; the
    complaint's thread keeps it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_forms()

    def composer(self, remedy, user=None, **context):
        action = remedy.with_user(
            user or self.env.user
        ).action_send_return_instructions()
        self.assertEqual(action["res_model"], "mail.compose.message")
        return (
            self.env["mail.compose.message"]
            .with_user(user or self.env.user)
            .with_context(**action["context"], **context)
            .create({})
        )

    def test_officer_sends_the_slip_in_the_customers_language(self):
        self.customer.lang = "zh_CN"
        complaint, remedy = self.executed(
            self.lot, quantity=4, return_by="2026-12-08", freight_payer="customer"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        composer = self.composer(remedy, self.officer)
        self.assertIn(complaint.name, composer.subject)
        self.assertIn("投诉", composer.subject)
        self.assertAll(
            ["请将下列货物退回", remedy.return_picking_ids.name, "预付"], composer.body
        )
        self.assertEqual(composer.partner_ids, self.customer)
        self.assertEqual(
            composer.attachment_ids.mapped("name"),
            [f"{complaint.name.replace('/', '-')}-return.html"],
        )  # HTML in tests, see below
        composer.action_send_mail()
        message = remedy.message_ids[0]
        self.assertEqual(message.partner_ids, self.customer)
        copy = complaint.message_ids[0]
        self.assertIn("请将下列货物退回", copy.body)
        self.assertIn(f'data-oe-id="{remedy.id}"', copy.body)
        self.assertEqual(copy.attachment_ids, message.attachment_ids)
        self.assertTrue(
            copy.is_internal or copy.subtype_id == self.env.ref("mail.mt_note")
        )

    def test_mail_in_english_with_a_real_pdf(self):
        complaint, remedy = self.executed(
            self.lot, quantity=4, instruction="Leave it on the pallet"
        )
        composer = self.composer(remedy, force_report_rendering=True)
        self.assertAll(
            [
                "please send the following goods back",
                "4 Units",
                "S-1",
                "We pay the freight",
                "Leave it on the pallet",
            ],
            composer.body,
        )
        self.assertNotIn("to arrive by", composer.body)
        file = composer.attachment_ids
        self.assertEqual(
            (file.name, file.mimetype),
            (f"{complaint.name.replace('/', '-')}-return.pdf", "application/pdf"),
        )
        self.assertEqual(len(PdfReader(BytesIO(file.raw)).pages), 1)

    def test_answer_by_mail_reaches_the_complaint_and_its_handler(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        complaint.user_id = self.officer
        remedy.message_post(
            body=Markup("The parcel left today"),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
        )
        copy = complaint.message_ids[0]
        self.assertIn("The parcel left today", copy.body)
        self.assertEqual(
            (copy.author_id, copy.partner_ids), (self.customer, self.officer.partner_id)
        )

    def test_other_notes_on_the_remedy_stay_there(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        before = complaint.message_ids
        remedy.message_post(body=Markup("Between us"))
        self.assertEqual(complaint.message_ids, before)

    def test_nothing_to_send_before_the_return_exists(self):
        remedy = self.plan(self.make_complaint(lot_ref="S-1"), "return", 2)
        with self.assertRaisesRegex(UserError, "not executed yet"):
            remedy.action_send_return_instructions()
        _complaint, credit = self.executed(self.lot, "credit", amount=20)
        with self.assertRaisesRegex(UserError, "no goods come back"):
            credit.action_send_return_instructions()

    def test_reading_is_not_enough_to_send(self):
        complaint, remedy = self.executed(self.lot, quantity=4)
        complaint.user_id = self.handler
        self.env.flush_all()
        for user in (self.handler, self.warehouse_worker, self.portal):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                remedy.with_user(user).action_send_return_instructions()


@tagged("post_install", "-at_install")
class TestSettlement(FormWorld, HttpCase):
    """The agreement names both sides, everything given, the total in figures and words,
    and the end of all claims.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_forms()
        cls.company.partner_id.write({"street": "8 Foundry Street", "vat": "US-12345"})
        cls.customer.write({"street": "5 Engine Avenue", "company_registry": "REG-777"})

    def settle(self, complaint, *lines, **vals):
        """An approved compensation in money with these lines, as tuples (amount, basis,
        evidence, other values).
        """
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "cash_compensation",
                "settlement": "payout",
                "line_ids": [
                    Command.create(
                        {
                            "amount": amount,
                            "basis": basis,
                            "evidence": evidence,
                            **other,
                        }
                    )
                    for amount, basis, evidence, other in lines
                ],
                **vals,
            }
        )
        complaint.action_submit_plan()
        return remedy

    def test_agreement_in_both_languages(self):
        complaint = self.investigated(
            self.make_complaint(
                lot_ref="S-1", customer_ref="NM-9", complainant="Erik Enduser"
            )
        )
        item = self.env.ref("quality_complaint.compensation_item_medical")
        item.with_context(lang="zh_CN").name = "医疗费"
        remedy = self.settle(
            complaint,
            (1005.5, "Receipt of the hospital", "Photo 3", {"item_id": item.id}),
            (100.0, "Taxi", False, {}),
            payment_method="By bank transfer within 10 days of signing",
        )
        text = self.html(SETTLEMENT, remedy)
        self.assertAll(
            [
                "Settlement Agreement",
                "和解协议",
                "Party A 甲方",
                "Party B 乙方",
                "Copper Works",
                "8 Foundry Street",
                "US-12345",
                "Northwind Motors",
                "REG-777",
                "5 Engine Avenue",
                "Erik Enduser",
                complaint.name,
                "NM-9",
                "S-1",
                "Scratched surface",
                "Medical treatment 医疗费",
                "Receipt of the hospital",
                "Photo 3",
                "1,105.50",
                "One Thousand, One Hundred And Five Dollars and Fifty Cents",
                "美元壹仟壹佰零伍元伍角整",
                "By bank transfer within 10 days",
                "双方互不追究",
                "一式两份",
                "The goods stay with Party B",
                "QR-CC-09",
            ],
            text,
        )
        self.assertNotIn("not approved yet", text)

    def test_language_of_the_agreement_follows_the_policy(self):
        complaint = self.investigated(self.make_complaint(lot_ref="S-1"))
        remedy = self.settle(complaint, (123.45, False, False, {}))
        self.change_form(complaint, "settlement", language="zh_CN")
        text = self.html(SETTLEMENT, remedy)
        self.assertIn("美元壹佰贰拾叁元肆角伍分", text)
        self.assertNotIn("Dollars", text)
        self.assertNotIn("Party A", text)
        self.change_form(complaint, "settlement", language="en_US")
        text = self.html(SETTLEMENT, remedy)
        self.assertIn("One Hundred And Twenty-Three Dollars and Forty-Five Cents", text)
        self.assertNotIn("甲方", text)

    def test_every_live_remedy_of_the_complaint_is_named(self):
        gift = self.make_product("Gift box", list_price=25.0)
        complaint = self.investigated(self.make_complaint(lot_ref="S-1"))
        self.plan(complaint, "refund", 4)
        line = complaint.line_ids
        given_up = self.plan(complaint, "credit", amount=17.0)
        self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [Command.create({"product_id": gift.id, "quantity": 2})],
            }
        )
        remedy = self.settle(
            complaint, (60.0, "Goodwill", False, {"complaint_line_id": line.id})
        )
        given_up.action_cancel()
        text = self.html(SETTLEMENT, remedy)
        # the refund of 4 at 10.00 carries 20 % VAT, the compensation none
        self.assertAll(
            [
                "Refund 退款",
                "48.00",
                "Compensation in goods 产品补偿",
                "Gift box",
                "50.00",
                "60.00",
                "108.00",
                "Party B returns",
                "4 Units",
            ],
            text,
        )
        self.assertNotIn("$\N{NO-BREAK SPACE}17.00", text)
        self.assertEqual(
            self.html(
                SETTLEMENT,
                complaint.remedy_ids.filtered(
                    lambda r: r.kind in ("refund", "cash_compensation")
                ),
            ).count("Party A 甲方:"),
            1,
        )

    def test_a_total_for_each_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.5, "company_id": self.company.id}
        )
        lot = self.make_lot("S-EUR", quantity=5)
        order = self.sell({lot: 5}, invoice=False)
        order.currency_id = euro
        self.invoice(order)
        complaint = self.make_complaint(lot_ref="S-EUR")
        self.assertEqual(complaint.line_ids.currency_id, euro)
        self.investigated(complaint)
        remedy = self.settle(
            complaint,
            (10.05, False, False, {"complaint_line_id": complaint.line_ids.id}),
            (7.0, False, False, {}),
        )
        text = self.html(SETTLEMENT, remedy)
        self.assertAll(
            [
                "欧元壹拾元零伍分",
                "美元柒元整",
                "Ten Euros and Five Cents",
                "Seven Dollars",
            ],
            text,
        )

    def test_pdf_fits_one_page(self):
        complaint = self.investigated(self.make_complaint(lot_ref="S-1"))
        remedy = self.settle(
            complaint,
            (
                123456.78,
                "Agreed on the phone",
                "Note of 24 Nov",
                {"complaint_line_id": complaint.line_ids.id},
            ),
        )
        _reader, pages = self.pdf(SETTLEMENT, remedy)
        assert_golden(self, "09_settlement", pages)
        self.assertEqual(len(pages), 1)
        self.assertAll(
            [
                "美元壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
                "Settlement Agreement",
                complaint.name,
            ],
            pages[0],
        )

    def test_what_is_not_approved_is_marked(self):
        complaint = self.investigated(self.make_complaint(lot_ref="S-1"))
        remedy = self.plan(complaint, "cash_compensation", amount=50.0)
        with self.assertRaisesRegex(UserError, "Submit it first"):
            remedy.action_print_settlement()
        remedy._advance({"state": "to_approve"})
        self.assertIn("not approved yet", self.html(SETTLEMENT, remedy))
        remedy._advance({"state": "approved"})
        self.assertNotIn("not approved yet", self.html(SETTLEMENT, remedy))
        self.assertEqual(
            remedy.action_print_settlement()["report_name"],
            "quality_complaint.settlement",
        )

    def test_nothing_to_agree_on_is_refused(self):
        remedy = self.plan(self.make_complaint(lot_ref="S-1"), "return", 2)
        remedy.action_submit()
        with self.assertRaisesRegex(UserError, "neither money nor goods"):
            remedy.action_print_settlement()
        with self.assertRaisesRegex(UserError, "neither money nor goods"):
            self.html(SETTLEMENT, remedy)

    def test_who_prints_the_agreement(self):
        complaint = self.investigated(self.make_complaint(lot_ref="S-1"))
        remedy = self.settle(complaint, (50.0, False, False, {}))
        complaint.user_id = self.handler
        self.env.flush_all()
        for user in (self.officer, self.handler):
            self.env.invalidate_all()
            self.assertIn("50.00", self.html(SETTLEMENT, remedy.with_user(user)))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.html(SETTLEMENT, remedy.with_user(self.employee))
        self.refused_abroad(SETTLEMENT, remedy)


class TestChineseAmount(OnOneDay, BaseCase):
    """Amounts in capital figures follow the rules for filling in bills."""

    def test_amounts_in_words(self):
        for amount, words in (
            (0, "零元整"),
            (0.01, "壹分"),
            (0.5, "伍角整"),
            (1, "壹元整"),
            (10, "壹拾元整"),
            (10.05, "壹拾元零伍分"),
            (105, "壹佰零伍元整"),
            (123.45, "壹佰贰拾叁元肆角伍分"),
            (1005.50, "壹仟零伍元伍角整"),
            (1010, "壹仟零壹拾元整"),
            (6007.14, "陆仟零柒元壹角肆分"),
            (10000, "壹万元整"),
            (16409.02, "壹万陆仟肆佰零玖元零贰分"),
            (100010.05, "壹拾万零壹拾元零伍分"),
            (50000500, "伍仟万零伍佰元整"),
            (100000001, "壹亿零壹元整"),
            (100010000, "壹亿零壹万元整"),
            (123456789.12, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
            (1000000000000, "壹万亿元整"),
            (0.1 + 0.2, "叁角整"),
            (99.995, "壹佰元整"),
            ("3.005", "叁元零壹分"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(chinese_amount(amount), "人民币" + words)

    def test_currency_and_its_decimals(self):
        self.assertEqual(chinese_amount(1500.6, "日元", 0), "日元壹仟伍佰零壹元整")
        self.assertEqual(chinese_amount(1.204, "KWD", 3), "KWD壹元贰角零肆厘")
        self.assertEqual(chinese_amount(1.004, "KWD", 3), "KWD壹元零肆厘")

    def test_what_cannot_be_put_into_words_is_refused(self):
        for amount in (-1, -0.01, float("nan"), float("inf"), 1e13):
            with self.subTest(amount=amount), self.assertRaises(ValueError):
                chinese_amount(amount)
