"""What pytest needs to know of this set-up beyond pytest-odoo."""

import gc
import os
import shutil
from unittest.mock import patch

import pytest

import odoo
from odoo.orm.registry import _CACHES_BY_KEY, Registry
from odoo.tests.common import ChromeBrowser, TransactionCase


def pytest_collection_modifyitems(items):
    # the generated matrices take longest: begun first, no worker waits for them at the
    # end
    items.sort(key=lambda item: "matrix" not in item.nodeid)


def pytest_collection_finish():
    # what is loaded stays: the collector need not walk through all of Odoo again and
    # again
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """A worker of pytest-xdist has a copy of the database, and of its files: another
    one's clean-up would delete what this one wrote.
    """
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    name = odoo.tools.config["db_name"]
    folder = name if isinstance(name, str) else name[0]
    common = odoo.tools.config.filestore(folder)
    own = os.path.join(odoo.tools.config["data_dir"], "filestore", folder)
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(common, own)
    with patch.object(odoo.tools.config, "filestore", lambda dbname: own):
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def warm_browser(tmp_path_factory):
    """The browsers of the tours share a cache: scripts are fetched and compiled
    once.
    """
    cache = f"--disk-cache-dir={tmp_path_factory.mktemp('browser_cache')}"
    start = ChromeBrowser._spawn_chrome
    with patch.object(
        ChromeBrowser,
        "_spawn_chrome",
        lambda browser, command: start(browser, [*command[:-1], cache, command[-1]]),
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def caches_outlive_tests(load_registry):
    """After a test, and after a class, only those caches are emptied that it made
    invalid, as Odoo does after a rollback: what was read of records that nobody changed
    is true for the next one too.
    """
    in_test, in_class = set(), set()
    clear_cache, clear_all = Registry.clear_cache, Registry.clear_all_caches
    set_up, set_up_class = TransactionCase.setUp, TransactionCase.setUpClass.__func__

    def note(registry, *names):
        in_test.update(names or ("default",))
        clear_cache(registry, *names)

    def note_all(registry):
        in_test.update(_CACHES_BY_KEY)
        clear_all(registry)

    def after_test(registry):
        if in_test:
            clear_cache(registry, *in_test)
            in_class.update(in_test)
            in_test.clear()

    def after_class(registry):
        in_test.update(in_class)
        after_test(registry)
        in_class.clear()

    def set_up_test(test):
        with patch.object(Registry, "clear_all_caches", after_test):
            set_up(test)

    def set_up_of_class(cls):
        set_up_class(cls)
        cls._class_cleanups[:] = [
            (clean_up_class, (function,), {})
            if function.__name__ == "reset_changes"
            else (function, *arguments)
            for function, *arguments in cls._class_cleanups
        ]

    def clean_up_class(reset_changes):
        with patch.object(Registry, "clear_all_caches", after_class):
            reset_changes()

    with (
        patch.object(Registry, "clear_cache", note),
        patch.object(Registry, "clear_all_caches", note_all),
        patch.object(TransactionCase, "setUp", set_up_test),
        patch.object(TransactionCase, "setUpClass", classmethod(set_up_of_class)),
    ):
        yield
