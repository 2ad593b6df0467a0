from . import test_access, test_concurrency, test_lifecycle, test_matching, test_remedy_concurrency, test_remedy_coverage
from . import test_remedy_imbalance, test_remedy_refund, test_reports, test_setup, test_tours
