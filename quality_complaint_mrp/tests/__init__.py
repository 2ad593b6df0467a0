from . import test_kit, test_repeat
