from . import remedy_line
from . import complaint_cost
