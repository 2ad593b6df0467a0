from . import policy_import
