from . import test_access, test_analysis, test_anonymise, test_carrier
from . import test_credit_note, test_origin, test_policy
from . import (
    test_portal,
    test_screens,
    test_sending,
    test_standing,
    test_uninstall,
    test_vendor_return,
)
