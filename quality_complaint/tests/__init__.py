from . import test_remedy_refund
