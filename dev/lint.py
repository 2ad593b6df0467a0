"""Every check of `make lint`; each prints what it found, the exit code counts the
checks that failed.
"""

import re
import subprocess
import sys

import dashboards
import polib
import readme
import rooms
from settings import ADDON, CHECKOUT, NODE, VENV, environment, say

# Words that must not stand for a term: (what the original matches, what its Chinese
# must not contain, why).
FORBIDDEN = (
    (
        r"",
        r"洁净点|干净点|断点（合格起点）",
        "the clean point is 合格起点, on screen and on paper; 断点 is the cut-in",
    ),
    (
        r"^Due( Date| On| %s)?$",
        r"已到期|到期日期",
        "the label of a date is 期限; 已到期 is a filter (Past Due)",
    ),
    (r"^Past Due$", r"期限", "a filter of what is past is 已到期"),
    (r"^Happened [Oo]n$", r"完成", "what happened is not finished: 发生时间"),
    (r"^Finished [Oo]n$", r"发生", "what was finished did not happen: 完成时间"),
    (
        r"\bReceived on\b|\bReceived On\b",
        r"受理时间",
        "a complaint is received (收到时间) before somebody deals with it (受理)",
    ),
    (r"^Close$", r"结案", "a dialog is closed: 关闭; a case by “Close case”"),
    (r"^Close case$", r"关闭", "a case is closed: 结案"),
    (r"^Use selection$", r"接手", "values are taken over: 带入; a case is 接手"),
    (r"^Take over$", r"带入", "a case is taken over: 接手"),
    (
        r"^Method$",
        r"方式",
        "方法 on the fishbone; a way of inquiry, reply or contact has words of its own",
    ),
    (r"^Verified$", r"结论", "the state is 已验证; the heading is Verdict"),
    (
        r"^Occurrence$",
        r"第几次",
        "a kind of cause is 发生; the nth complaint is “Times Complained Of”",
    ),
    (
        r"(?i)corrective and preventive",
        r"纠正和预防措施(?!报告)|纠正与预防措施",
        "CAPA is 纠正预防措施; the official form keeps its title",
    ),
    (
        r"(?i)^Defect$|same defect",
        r"缺陷|不良类型",
        "a defect as complained of is 不良现象",
    ),
    (r"", r"遏制", "containment is 围堵 throughout"),
    (r"(?i)\bpolicy\b", r"政策", "a policy is 制度"),
    (r"(?i)\boverride\b", r"越权", "an override is 强制关闭"),
)
# Labels with two meanings: each place says which one it means.
AMBIGUOUS = {
    "Due Now": "Current Due Date, or Past Due",
}


def addons():
    return sorted(path.parent for path in CHECKOUT.glob(f"{ADDON}*/__manifest__.py"))


def check(title, *command):
    say(title)
    return bool(
        subprocess.run(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env=environment() | {"NODE_PATH": str(NODE / "node_modules")},
            check=False,
        ).returncode
    )


def formatted(*names):
    """prettier's layout of views, data and scripts."""
    files = subprocess.run(
        ["git", "ls-files", *(f"*.{name}" for name in names)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    plugin = NODE / "node_modules/@prettier/plugin-xml/src/plugin.js"
    command = NODE / "node_modules/.bin/prettier"
    return check(
        "prettier", command, f"--plugin={plugin}", "--check", "--log-level=warn", *files
    )


def generated_readmes():
    """README.rst and index.html are what `readme/` makes of them."""
    failed = False
    for path, text in readme.pages():
        if not path.exists() or path.read_text() != text:
            print(f"{path.relative_to(CHECKOUT)}: wants `make readme`")
            failed = True
    return failed


def generated_dashboards():
    """The dashboards' files are what their description makes."""
    failed = False
    for name, text in dashboards.made().items():
        path = dashboards.FILES / name
        if not path.exists() or path.read_text() != text:
            print(f"{path.relative_to(CHECKOUT)}: wants `make dashboards`")
            failed = True
    return failed


# what a template of a printed form does without: the PDF engine, and the next one, lay
# out tables; type below 9 points (12 pixels) is not read
UNPRINTABLE = (
    (re.compile(r"float:|\bfloat-(start|end)\b"), "float"),
    (re.compile(r"display: *flex|\bd-flex\b"), "flex"),
    (re.compile(r"display: *grid|class=\"[^\"]*\b(row|col-\w+)\b"), "grid"),
    (re.compile(r"font-size: *([0-9]|1[01])px"), "type below 12px"),
)


def printed_forms():
    """Templates of our printed forms: tables only, nothing in small type."""
    failed = False
    for addon in addons():
        for path in sorted(addon.glob("report/**/*_templates.xml")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for pattern, what in UNPRINTABLE:
                    if pattern.search(line):
                        print(f"{path.relative_to(CHECKOUT)}:{number}: {what}")
                        failed = True
    return failed


def translations():
    """zh_CN complete: every term of the template translated, nothing left over,
    placeholders equal, no word for another term.
    """
    failed = False
    for addon in addons():
        template, chinese = (
            addon / "i18n" / f"{addon.name}.pot",
            addon / "i18n" / "zh_CN.po",
        )
        if not template.exists():
            continue
        terms = {entry.msgid for entry in polib.pofile(str(template))}
        done = {
            entry.msgid: entry
            for entry in polib.pofile(str(chinese))
            if not entry.obsolete
        }
        placeholder = re.compile(r"%\(\w+\)[a-z]|%[sdg]|\{\{.*?\}\}")
        for term in sorted(
            terms
            - {
                term
                for term, entry in done.items()
                if entry.msgstr and "fuzzy" not in entry.flags
            }
        ):
            print(f"{chinese.relative_to(CHECKOUT)}: not translated: {term[:100]!r}")
            failed = True
        for term in sorted(terms & AMBIGUOUS.keys()):
            print(
                f"{template.relative_to(CHECKOUT)}: {term!r} has two meanings: "
                f"{AMBIGUOUS[term]}"
            )
            failed = True
        for term, entry in done.items():
            for original, words, reason in FORBIDDEN:
                if re.search(original, term) and re.search(words, entry.msgstr):
                    print(
                        f"{chinese.relative_to(CHECKOUT)}: {term[:100]!r} as "
                        f"{entry.msgstr[:60]!r}: {reason}"
                    )
                    failed = True
            if sorted(placeholder.findall(term)) != sorted(
                placeholder.findall(entry.msgstr)
            ):
                print(
                    f"{chinese.relative_to(CHECKOUT)}: other placeholders than the "
                    f"original: {term[:100]!r}"
                )
                failed = True
    return failed


def between_rooms():
    found = list(rooms.problems())
    for problem in found:
        print(problem)
    return bool(found)


def main():
    bin_folder = VENV / "bin"
    failures = [
        check("ruff", bin_folder / "ruff", "check", ".", "--quiet"),
        check("ruff format", bin_folder / "ruff", "format", "--check", ".", "--quiet"),
        # a concern of its own (returns, credit notes, matching …) has a file of its own
        # by design (ARCHITECTURE.md)
        check(
            "pylint-odoo",
            bin_folder / "pylint",
            "--disable=consider-merging-classes-inherited",
            *addons(),
        ),
        *(
            check(
                f"OCA checks of {addon.name}",
                bin_folder / "oca-checks-odoo-module",
                addon,
            )
            for addon in addons()
        ),
        formatted("xml", "js", "cjs"),
        check("eslint", NODE / "node_modules/.bin/eslint", "."),
    ]
    say("generated READMEs")
    failures.append(generated_readmes())
    failures.append(generated_dashboards())
    say("printed forms")
    failures.append(printed_forms())
    say("translations")
    failures.append(translations())
    say("rooms")
    failures.append(between_rooms())
    if any(failures):
        print(f"\n✗ {sum(failures)} of {len(failures)} checks failed", file=sys.stderr)
        return 1
    say("no findings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
