from . import (
    test_access,
    test_concurrency,
    test_lifecycle,
    test_matching,
    test_remedy_coverage,
    test_remedy_matrix,
    test_remedy_matrix_situations,
    test_remedy_refund,
    test_reports,
    test_setup,
    test_tours,
)
