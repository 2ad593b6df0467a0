"""What comes of a mailbox: mails of machines and of people as mail programs write them,
English and Chinese. Run by `make bench`; figures in README.md.

Made for measuring alone: no test knows these mails.
"""

import itertools
import logging
import time
from collections import Counter
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from mass import made_world

from odoo import fields
from odoo.fields import Domain

AUTOMATIC = 1_000
REAL = 200
BY_PROGRAMS = 20  # of the real ones
OURS = "complaints@works.example"
CHARSETS = ("utf-8", "gb18030", "gb2312", "utf-8")
# subject, headers; {} is the subject that is answered
AWAY = (
    # Exchange, Outlook on the web
    ("Automatic reply: {}", {"Auto-Submitted": "auto-generated",
                             "X-Auto-Response-Suppress": "All"}),
    ("自动答复: {}", {"Auto-Submitted": "auto-generated",
                      "X-Auto-Response-Suppress": "All"}),
    ("Automatische Antwort: {}", {"X-Auto-Response-Suppress": "All"}),
    # Gmail
    ("Annual leave until Monday Re: {}", {"Auto-Submitted": "auto-replied",
                                          "Precedence": "bulk"}),
    # QQ, Exmail, 163, Aliyun, Foxmail
    ("自动回复:{}", {}),
    ("自动回复: Re: {}", {"X-QQ-SSF": "00000000000000F0"}),
    ("自动回复：您好，邮件已收到", {"X-Mailer": "Coremail Webmail Server"}),
    ("【自动回复】{}", {}),
    ("回复：{}（自动回复）", {}),
    ("假期自动回复：{}", {}),
    # Notes, Zimbra, Dovecot, GroupWise
    ("AUTO: Jan Smit is out of the office (returning 12/07/2026)",
     {"Auto-Submitted": "auto-generated"}),
    ("Re: {}", {"Auto-Submitted": "auto-replied (zimbra; vacation)"}),
    ("Auto: {}", {"Auto-Submitted": "auto-replied (vacation)"}),
    ("Out of Office: {}", {}),
    ("Out of the office Re: {}", {"Precedence": "junk"}),
)  # fmt: skip
PROGRAMS = (
    ("[Ticket #48213] We received your request",
     {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}),
    ("您的请求已收到 [工单 48213]", {"Auto-Submitted": "auto-generated"}),
    ("Steel weekly: prices of the week", {"List-Unsubscribe": "<https://n.example/u>"}),
    ("铜价周报", {"Precedence": "bulk"}),
    ("Backup finished with warnings", {"Auto-Submitted": "auto-generated"}),
    ("Your invoice is ready", {"Precedence": "list"}),
)  # fmt: skip
RETURNED = (
    ("MAILER-DAEMON@mail.north.example", "Undelivered Mail Returned to Sender"),
    ("postmaster@north.onmicrosoft.example", "Undeliverable: {}"),
    ("PostMaster@qq.com", "来自qq.com的退信"),
    ("Postmaster@163.com", "系统退信/Systems bounce"),
    ("postmaster@exmail.example", "退信通知：{}"),
)
# what people write; {} is a number
COMPLAINED = (
    "Dear colleagues,\n\nthe coils of {} are scratched on the upper side.\n\nRegards",
    "Hello,\n\nwe stopped the line, the hardness of lot {} is out of tolerance.",
    "Batch {}: burrs at the edge, see photo. Please tell us what to do.",
    "您好！\n\n贵司批号{}的铜带表面划伤，请尽快处理。\n\n谢谢",
    "你好，我司今日收到的货（批次：{}）厚度超差，要求退货。",
    "批号 {} 边部毛刺，客户已停线，请回复 8D 报告。",
)
SUBJECTS = (
    "Complaint", "Scratched strip", "Quality problem", "Claim on our last delivery",
    "投诉", "质量问题反馈", "铜带划伤", "关于贵司产品质量异议",
)  # fmt: skip


def written(sender, subject, text, turn, **headers):
    """A mail as one of the programs writes it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = OURS
    mail["Subject"] = subject
    mail["Date"] = format_datetime(fields.Datetime.now())
    mail["Message-ID"] = make_msgid(domain="mail.example")
    for name, value in headers.items():
        mail[name] = value
    charset = CHARSETS[turn % len(CHARSETS)]
    coding = ("base64", "quoted-printable")[turn % 2]
    mail.set_content(text, charset=charset, cte=coding)
    if turn % 3 == 0:
        html = "<div>" + text.replace("\n", "<br/>") + "</div>"
        mail.add_alternative(html, subtype="html", charset=charset, cte=coding)
    if turn % 5 == 0:
        mail.add_attachment(
            b"\x89PNG\r\n\x1a\n" + bytes(90),
            maintype="image",
            subtype="png",
            filename=f"照片{turn}.png",
        )
    return mail


def automatic_mails():
    """:return: kind, mail"""
    kinds = itertools.cycle(
        [("away", *row) for row in AWAY]
        + [("program", *row) for row in PROGRAMS]
        + [("returned", subject, {"From": sender}) for sender, subject in RETURNED]
    )
    for turn, (kind, subject, headers) in zip(range(AUTOMATIC), kinds, strict=False):
        headers = dict(headers)
        sender = headers.pop(
            "From", f"Person {turn} <p{turn}@customer{turn % 40}.example>"
        )
        text = "Thank you for your message.\n谢谢您的来信。"
        subject = subject.format(SUBJECTS[turn % len(SUBJECTS)])
        yield kind, written(sender, subject, text, turn, **headers)


def real_mails(numbers, senders):
    """:return: kind, number that stands in it or None, mail"""
    for turn in range(REAL):
        number = numbers[turn % len(numbers)] if turn % 4 else None
        text = COMPLAINED[turn % len(COMPLAINED)].format(number or "XY")
        headers = {}
        kind = "person"
        if turn < BY_PROGRAMS:
            kind = "program"
            headers["Auto-Submitted"] = "auto-generated"
        sender = senders[turn % len(senders)] if turn % 3 else f"u{turn}@else.example"
        subject = SUBJECTS[turn % len(SUBJECTS)]
        yield kind, number, written(sender, subject, text, turn, **headers)


def arrive(env, mail):
    """:return: (complaints, parked mails)"""
    complaints = env["quality.complaint"].with_context(active_test=False)
    parked = env["quality.complaint.parked.mail"].with_context(active_test=False)
    before = [
        model.search([], order="id desc", limit=1).id or 0
        for model in (complaints, parked)
    ]
    env["mail.thread"].message_process(False, mail.as_bytes(), save_original=False)
    env.flush_all()
    return tuple(
        model.search([("id", ">", known)])
        for model, known in zip((complaints, parked), before, strict=True)
    )


def proposed(complaint, number):
    return number in (complaint.lot_ref or "") or any(
        number in (message.body or "") and message.message_type != "email"
        for message in complaint.message_ids
    )


def measure(env):
    logging.disable(logging.WARNING)
    world = made_world(env)
    numbers = []
    for index in range(20):
        lot = world.make_lot(f"CU2611-{index:03}", quantity=10)
        world.sell({lot: 10})
        numbers.append(lot.name)
    world.customer.email = "office@customer.example"
    people = env["res.partner"].create(
        [
            {
                "name": f"Buyer {index}",
                "email": f"buyer{index}@customer.example",
                "parent_id": world.customer.id,
            }
            for index in range(20)
        ]
    )
    domain = env["mail.alias.domain"].create({"name": "works.example"})
    env["quality.complaint.team"].create(
        {
            "name": "Mailbox",
            "company_id": world.company.id,
            "alias_name": "complaints",
            "alias_domain_id": domain.id,
        }
    )
    env.flush_all()
    start = time.perf_counter()
    machines = Counter()
    for kind, mail in automatic_mails():
        opened, parked = arrive(env, mail)
        machines[kind, "opened" if opened else "parked" if parked else "neither"] += 1
        if opened:
            print("opened by a machine:", mail["Subject"])
    print(f"\n{AUTOMATIC} mails of machines")
    for (kind, what), count in sorted(machines.items()):
        print(f"| {kind}: {what} | {count} |")
    writers = Domain("recipient_ids.email", "=ilike", "%@%.example") | Domain(
        "email_to", "=ilike", "%@%.example%"
    )
    answers = env["mail.mail"].search_count(writers)
    print(f"\nanswers by themselves to any of them: {answers}")
    people_said = Counter()
    for kind, number, mail in real_mails(numbers, people.mapped("email")):
        opened, parked = arrive(env, mail)
        for row in parked:
            row.action_take_over()
            opened |= row.complaint_id
        people_said[kind, "taken in" if len(opened) == 1 else "lost"] += 1
        if number:
            people_said[
                "number", "proposed" if proposed(opened, number) else "not"
            ] += 1
    print(f"\n{REAL} real ones")
    for (kind, what), count in sorted(people_said.items()):
        print(f"| {kind}: {what} | {count} |")
    told = env["mail.mail"].search_count(writers) - answers
    print(f"\nreferences mailed: {told} (of more than five an hour the rest in one)")
    spent = (time.perf_counter() - start) / (AUTOMATIC + REAL) * 1000
    print(f"{spent:.0f} ms a mail")


measure(env)  # noqa: F821  # the shell's
env.cr.rollback()  # noqa: F821
