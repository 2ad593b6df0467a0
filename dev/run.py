"""Commands of the set-up, behind the Makefile and dev/odoo. Run with the Python of the
set-up.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import date

import database
import fetch
from settings import (
    ADDON,
    CHECKOUT,
    CONF,
    DEMO_DB,
    HOME,
    INTERFACE,
    LOG,
    PID,
    PORT,
    PYTHON,
    TEST_DB,
    SetupError,
    environment,
    odoo_addons_paths,
    say,
)

LOGINS = """\
    role                          login      password
    complaint officer             officer    officer
    quality engineer              quality    quality
    complaint manager             manager    manager
    warehouse worker              warehouse  warehouse
    accountant                    accountant accountant
    employee (short form)         employee   employee
    customer (portal)             customer   customer
    administrator                 admin      admin"""
# mails of the demo company, one file each in new/
MAILBOX, MAIL_PID = HOME / "mail", HOME / "mail.pid"
# apps without a bridge that tests meet: the carrier's price, discounts on lines of
# their own, goods that a subcontractor makes or that are never here
TEST_APPS = [
    "stock_delivery",
    "sale_loyalty",
    "mrp_subcontracting",
    "stock_dropshipping",
]
# moments (UTC) at which clocks go wrong: weekend, ends of months and years, both
# changes of summer time in Europe and America, just before midnight
DAYS = [
    "2026-11-28 10:00:00",
    "2026-11-29 10:00:00",
    "2027-01-01 00:30:00",
    "2028-02-29 12:00:00",
    "2026-12-31 23:30:00",
    "2027-03-28 00:59:00",
    "2027-10-31 00:59:00",
    "2027-03-14 09:59:00",
    "2027-11-07 08:59:00",
    "2027-06-30 23:55:00",
]
# what `make bench` measures beside complaints
PEERS = ["helpdesk_mgmt_sla", "rma", "crm_claim"]
# apps a person expects around the addon in the demo; the addon itself needs none of
# them
DEMO_APPS = f"{ADDON},sale_management,contacts,spreadsheet_dashboard"


def configure():
    """Start the database, write odoo.conf; returns the connection options."""
    options = database.connection()
    paths = [*odoo_addons_paths(), CHECKOUT]
    lines = {
        "addons_path": ",".join(str(path) for path in paths if path.is_dir()),
        "data_dir": HOME / "data",
        "http_port": PORT,
        "http_interface": INTERFACE,
        "proxy_mode": False,
        "without_demo": True,
        "limit_time_real": 1200,
        **options,
    }
    CONF.write_text(
        "[options]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
    )
    return options


def odoo(*arguments, check=True, quiet=False):
    """Odoo's own command line on this set-up."""
    words = (
        0
        if not arguments or arguments[0].startswith("-")
        else 2
        if arguments[0] in ("i18n", "module")
        else 1
    )
    head, tail = (
        arguments[:words],
        arguments[words:],
    )  # -c belongs behind the command's words
    command = [str(PYTHON), "-m", "odoo", *head, "-c", str(CONF), *tail]
    if not quiet:
        return subprocess.run(
            command, env=environment(), cwd=HOME, check=False
        ).returncode
    with LOG.open("a") as log:
        code = subprocess.run(
            command, env=environment(), cwd=HOME, stdout=log, stderr=log, check=False
        ).returncode
    if check and code:
        raise SetupError(
            f"Odoo stopped with code {code}. The end of {LOG}:\n{tail_of(LOG)}"
        )
    return code


def tail_of(path, lines=25):
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def running(pid_file=PID, mark=CONF):
    """Process id of the demo server started by this checkout, or None.

    :param pid_file: where it is written down
    :param mark: part of its command line
    """
    if not pid_file.exists():
        return None
    import psutil

    pid = int(pid_file.read_text() or 0)
    with suppress(psutil.Error):  # gone, or about to go
        if str(mark) in " ".join(psutil.Process(pid).cmdline()):
            return pid
    pid_file.unlink()
    return None


def start_mailbox():
    """A mail server that delivers to nobody: what the demo company sends is kept as
    files, and no mail leaves this machine.

    :return: its port
    """
    stop_mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with LOG.open("a") as log:
        process = subprocess.Popen(  # outlives this command, as the server does
            [
                str(PYTHON),
                "-m",
                "aiosmtpd",
                "--nosetuid",
                f"--listen=127.0.0.1:{port}",
                "--class=aiosmtpd.handlers.Mailbox",
                str(MAILBOX),
            ],
            cwd=HOME,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    MAIL_PID.write_text(str(process.pid))
    return port


def stop_mailbox():
    pid = running(MAIL_PID, MAILBOX)
    if pid:
        os.kill(pid, signal.SIGTERM)
        MAIL_PID.unlink(missing_ok=True)


def port_free():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((INTERFACE, int(PORT)))
        except OSError:
            return False
    return True


def demo():
    options = configure()
    address = f"http://localhost:{PORT}"
    if not running():
        if not port_free():
            raise SetupError(
                f"Port {PORT} is taken by another program. Choose another one: make "
                "demo QC_PORT=8070"
            )
        if database.exists(options, DEMO_DB) and not demo_complete(options):
            say("the last attempt did not finish: starting over")
            database.drop(options, DEMO_DB)
        if not database.exists(options, DEMO_DB):
            say(
                f"database “{DEMO_DB}” with the demo company (three minutes, once; "
                f"details in {LOG})"
            )
            odoo(
                "-d",
                DEMO_DB,
                "-i",
                DEMO_APPS,
                "--with-demo",
                "--load-language=en_US,zh_CN",
                "--stop-after-init",
                "--no-http",
                quiet=True,
            )
            mark_complete(options)
        mail_port = str(start_mailbox())
        say("server")
        with LOG.open("a") as log:
            process = subprocess.Popen(  # the server outlives this command
                [
                    str(PYTHON),
                    "-m",
                    "odoo",
                    "-c",
                    str(CONF),
                    "-d",
                    DEMO_DB,
                    "--db-filter",
                    f"^{DEMO_DB}$",
                    "--smtp=127.0.0.1",
                    f"--smtp-port={mail_port}",
                ],
                env=environment(),
                cwd=HOME,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        PID.write_text(str(process.pid))
        wait_for(address, process)
    print(
        f"\n  Complaints is running at {address}/odoo/complaints\n\n{LOGINS}\n\n  Stop "
        "it with: make stop\n"
    )


def demo_complete(options):
    with database.connect(options, DEMO_DB) as link, link.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ir_config_parameter')")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            "SELECT 1 FROM ir_config_parameter WHERE key = "
            "'quality_complaint.demo_complete'"
        )
        return bool(cursor.fetchone())


def mark_complete(options):
    with database.connect(options, DEMO_DB) as link, link.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES "
            "('quality_complaint.demo_complete', '1'), ('web.base.url.freeze', '1')"
        )


def wait_for(address, process):
    for _attempt in range(180):
        if process.poll() is not None:
            raise SetupError(f"The server stopped. The end of {LOG}:\n{tail_of(LOG)}")
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=10)
            return
        except OSError:
            time.sleep(1)
    raise SetupError(
        f"The server does not answer at {address}. The end of {LOG}:\n{tail_of(LOG)}"
    )


def stop():
    pid = running()
    if pid:
        os.kill(pid, signal.SIGTERM)
        PID.unlink(missing_ok=True)
        say("server stopped")
    stop_mailbox()
    if not database.external():
        database.stop()


def test(*arguments):
    """A fresh database with the addon, then pytest, a worker for each processor; its
    summary is the last line.
    """
    fetch.browser()
    options = configure()
    bridges = sorted(
        path.parent.name for path in CHECKOUT.glob(f"{ADDON}*/__manifest__.py")
    )
    keep = "--keep-db" in arguments and database.exists(options, TEST_DB)
    arguments = [argument for argument in arguments if argument != "--keep-db"]
    if keep:
        say(f"update {', '.join(bridges)} in “{TEST_DB}”")
        odoo("-d", TEST_DB, "-u", ADDON, "--stop-after-init", "--no-http", quiet=True)
    else:
        database.drop(options, TEST_DB)
        say(f"fresh database “{TEST_DB}” with {', '.join(bridges)}")
        modules = ",".join([*bridges, *bridged_apps(bridges), *TEST_APPS])
        odoo(
            "-d",
            TEST_DB,
            "-i",
            modules,
            "--load-language=en_US,zh_CN",
            "--stop-after-init",
            "--no-http",
            quiet=True,
        )
        # the browser's scripts and styles are put together once, not by each worker
        shell(
            TEST_DB,
            "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\nprint('OK')\n",
        )
    day = test_day()
    say(f"tests, as if it were {day}" if day else "tests")
    # named paths replace the addons: `make test
    # ARGS=quality_complaint/tests/complaint/test_matching.py`
    paths = (
        []
        if any(ADDON in argument for argument in arguments)
        else [str(CHECKOUT / name) for name in bridges]
    )
    # each worker has a copy of the database; the classes go to whoever is free
    workers = (
        []
        if arguments
        else [
            "-n",
            str(os.cpu_count()),
            "--dist",
            "loadscope",
            "--no-loadscope-reorder",
        ]
    )
    command = [
        str(PYTHON),
        "-m",
        "pytest",
        f"--odoo-config={CONF}",
        f"--odoo-database={TEST_DB}",
        "--odoo-http",
        *workers,
        *paths,
        *arguments,
    ]
    env = {
        **environment(),
        **database.variables(options),
        **({"QC_DAY": day} if day else {}),
    }
    return subprocess.run(command, env=env, cwd=CHECKOUT, check=False).returncode


def test_day():
    """The moment (UTC) it is in the tests: DAY, one of `DAYS` by turns for DAY=turn;
    nothing leaves it to the tests.
    """
    day = os.environ.get("QC_DAY")
    return DAYS[date.today().toordinal() % len(DAYS)] if day == "turn" else day


def shell(name, text):
    """Run lines in a database; the last one prints OK."""
    command = [
        str(PYTHON),
        "-m",
        "odoo",
        "shell",
        "-c",
        str(CONF),
        "-d",
        name,
        "--no-http",
    ]
    done = subprocess.run(
        command,
        input=text,
        env=environment(),
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not done.stdout.rstrip().endswith("OK"):
        raise SetupError(f"{done.stdout[-1500:]}\n{done.stderr[-3000:]}")


def install_test():
    """Install into a database with business in it, upgrade, uninstall; upgrade a
    database of the old version; see install_test.py, upgrade_test.py.
    """
    import install_test as steps
    import old_version
    import upgrade_test

    options = configure()
    name = f"{TEST_DB}_install"
    database.drop(options, name)
    quick = ("--stop-after-init", "--no-http")

    def script(text, name=name):
        shell(name, text)

    say("database with stock and accounting in it")
    odoo("-d", name, "-i", "sale_stock,stock_account", *quick, quiet=True)
    script(steps.BUSINESS_BEFORE)
    say(f"install {ADDON} and complain about what was delivered before")
    odoo("-d", name, "-i", ADDON, *quick, quiet=True)
    script(steps.COMPLAINT_ON_OLD_DATA)
    say("upgrade")
    odoo("-d", name, "-u", ADDON, *quick, quiet=True)
    script(steps.AFTER_UPGRADE)
    say("uninstall")
    odoo("module", "uninstall", "-d", name, ADDON, quiet=True)
    script(steps.AFTER_UNINSTALL)
    database.drop(options, name)
    say("the demo company")
    odoo("-d", name, "-i", ADDON, "--with-demo", *quick, quiet=True)
    script(steps.DEMO)
    database.drop(options, name)
    upgrade_old(options, f"{TEST_DB}_old", old_version, upgrade_test, script)
    say("installed, upgraded and uninstalled cleanly")


def upgrade_old(options, name, old_version, steps, script):
    """Upgrade a database made by the old version, twice: the second time nothing
    changes.
    """

    def upgrade():
        """:return: all facts afterwards"""
        command = [
            str(PYTHON),
            "-m",
            "odoo",
            "-c",
            str(CONF),
            "-d",
            name,
            "-u",
            ADDON,
            "--stop-after-init",
            "--no-http",
        ]
        done = subprocess.run(
            command,
            env=environment(),
            cwd=HOME,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        wrong = [
            line
            for line in done.stdout.splitlines()
            if " ERROR " in line or " CRITICAL " in line or line.startswith("Traceback")
        ]
        if done.returncode or wrong:
            raise SetupError(
                "\n".join(
                    [
                        "The upgrade was not clean:",
                        *wrong[:10],
                        *done.stdout.splitlines()[-25:],
                    ]
                )
            )
        with database.connect(options, name) as link:
            return steps.facts(link)

    say(f"a database of {old_version.VERSION}")
    old_version.restore(options, name)
    before = HOME / "old_version_facts.json"
    with database.connect(options, name) as link:
        steps.write_facts(link, before)
    say("upgrade it")
    once = upgrade()
    script(steps.AFTER_OLD_UPGRADE.format(path=str(before)), name)
    say("upgrade it again: nothing changes")
    if wrong := steps.changes(once, upgrade()):
        raise SetupError("\n".join(["The second upgrade changed something:", *wrong]))
    database.drop(options, name)
    before.unlink()
    shutil.rmtree(old_version.files_of(name), ignore_errors=True)


def bench():
    """Fresh databases with the addon, then the measurements; see benchmarks/README.md.
    The peers come from the package index; QC_BENCH_SIZE is how many records of each.
    """
    return (
        bench_in("deadlines.py", [ADDON])
        or bench_in("costs.py", [ADDON])
        or bench_in("figures.py", [ADDON])
        or bench_in("scale.py", [ADDON])
        or bench_in("mails.py", [ADDON])
        or bench_in("crowd.py", [ADDON])
        or bench_in("portal.py", [ADDON])
        or bench_in("lots.py", [ADDON, f"{ADDON}_mrp"])
        or bench_in("surveys.py", [ADDON, f"{ADDON}_survey"])
        or bench_in("peers.py", [ADDON, *PEERS], fetch.peers())
    )


def bench_in(script, modules, *addons_paths):
    """Run a script of `benchmarks/` in a throw-away database.

    :param addons_paths: more folders with addons
    """
    options = configure()
    name = f"{TEST_DB}_bench"
    database.drop(options, name)
    paths = [*odoo_addons_paths(), CHECKOUT, *addons_paths]
    more = f"--addons-path={','.join(map(str, paths))}"
    say(f"fresh database “{name}” with {', '.join(modules)}")
    odoo(
        "-d",
        name,
        "-i",
        ",".join(modules),
        "--stop-after-init",
        "--no-http",
        more,
        quiet=True,
    )
    command = [
        str(PYTHON),
        "-m",
        "odoo",
        "shell",
        "-c",
        str(CONF),
        "-d",
        name,
        "--no-http",
        "--log-level=error",
        more,
    ]
    folder = CHECKOUT / "benchmarks"
    text = (folder / script).read_text()
    code = subprocess.run(
        command,
        input=f"import sys; sys.path.append({str(folder)!r})\n"
        f"exec(compile({text!r}, {script!r}, 'exec'))\n",
        env=environment(),
        cwd=HOME,
        text=True,
        check=False,
    ).returncode
    database.drop(options, name)
    return code


def bridged_apps(bridges):
    """The other apps whose bridges are tested here."""
    return [name.removeprefix(f"{ADDON}_") for name in bridges if name != ADDON]


def run_script(name):
    """Run a script of `dev/` by itself; returns its exit code."""
    command = [str(PYTHON), str(CHECKOUT / "dev" / name)]
    return subprocess.run(command, env=environment(), check=False).returncode


def lint():
    return run_script("lint.py")


def readme():
    """README.rst and index.html of the addons, from the parts in `readme/`."""
    return run_script("readme.py")


def dashboards():
    """The files of the dashboards, from `dev/dashboards.py`."""
    return run_script("dashboards.py")


def wheel():
    """Wheels of the addons, installable by pip next to an Odoo 19."""
    for addon in sorted(
        path.parent for path in CHECKOUT.glob(f"{ADDON}*/pyproject.toml")
    ):
        say(f"wheel of {addon.name}")
        code = subprocess.run(
            [
                str(PYTHON),
                "-m",
                "build",
                "--wheel",
                "--outdir",
                str(CHECKOUT / "dist"),
                str(addon),
            ],
            check=False,
        ).returncode
        if code:
            return code
    return 0


def on_demo(name):
    """Run a script of `dev/` against the running demo."""
    demo()
    return run_script(name)


def screenshots():
    """Take the README's pictures from the running demo."""
    return on_demo("screenshots.py")


def figures():
    """Measure in the running demo how far down a complaint's form its matter stands."""
    return on_demo("screen_figures.py")


def clean():
    stop()
    shutil.rmtree(HOME, ignore_errors=True)
    say(f"removed {HOME}")


def main(command, *arguments):
    try:
        if command == "odoo":
            configure()
            return odoo(*arguments)
        if command == "setup":
            return 0
        commands = {
            "demo": demo,
            "test": test,
            "install-test": install_test,
            "bench": bench,
            "lint": lint,
            "readme": readme,
            "dashboards": dashboards,
            "wheel": wheel,
            "screenshots": screenshots,
            "figures": figures,
            "stop": stop,
            "clean": clean,
        }
        return commands[command](*arguments) or 0
    except SetupError as error:
        print(f"\n✗ {error}\n", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
