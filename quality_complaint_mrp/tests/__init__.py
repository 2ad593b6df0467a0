from . import test_containment, test_genealogy, test_hold, test_kit, test_kit_matrix
from . import test_repeat, test_rework, test_subcontracting
