"""What many tests start from, made once per database and committed: the slow part of a
class, a tenth of a second afterwards.
"""

import hashlib
import inspect
import json

from odoo import SUPERUSER_ID, api
from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.tests import get_db_name

KEY = "quality_complaint.test_world"


def ensure(world):
    """Make the kept part of a world, unless this database has it.

    :param type world: class with `make_kept()`, which sets records, and dicts of
        records, on the class
    :raise AssertionError: it was made by other code
    """
    code = hashlib.sha256(
        "".join(
            inspect.getsource(getattr(world, name)) for name in world.kept_by
        ).encode()
    ).hexdigest()[:12]
    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        kept = json.loads(env["ir.config_parameter"].get_param(KEY) or "{}")
        if kept:
            assert kept["code"] == code, (
                "The world of the tests was made by other code: run `make test` once "
                "without --keep-db."
            )
            return
        maker = type("Maker", (world,), {"env": env})
        before = set(vars(maker))
        maker.make_kept()
        names = {
            name: _remember(value)
            for name, value in vars(maker).items()
            if name not in before and name != "env"
        }
        maker.env.flush_all()
        env["ir.config_parameter"].set_param(
            KEY, json.dumps({"code": code, "names": names})
        )


def adopt(world, *names):
    """Set what is kept on a class, in the class's environment.

    :param names: what of it; everything by default
    """
    kept = json.loads(world.env["ir.config_parameter"].get_param(KEY))["names"]
    for name in names or kept:
        setattr(world, name, _recall(world.env, kept[name]))


def _remember(value):
    if isinstance(value, BaseModel):
        return [value._name, value.ids]
    return {key: _remember(record) for key, record in value.items()}


def _recall(env, value):
    if isinstance(value, dict):
        return {key: _recall(env, row) for key, row in value.items()}
    model, ids = value
    return env[model].browse(ids)
