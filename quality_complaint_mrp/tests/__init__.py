from . import test_containment, test_kit, test_kit_matrix, test_repeat
from . import test_rework
from . import test_genealogy
