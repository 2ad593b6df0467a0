from . import test_containment, test_kit, test_repeat
