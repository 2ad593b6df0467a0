from . import item
from . import booked
from . import remedy_line
from . import complaint_cost
