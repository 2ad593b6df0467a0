from . import test_sheet
