from . import test_booked
