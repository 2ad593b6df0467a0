"""What pytest needs to know of this set-up beyond pytest-odoo."""

import gc
import os
import shutil
from unittest.mock import patch

import pytest

import odoo
from odoo.tests.common import ChromeBrowser


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
