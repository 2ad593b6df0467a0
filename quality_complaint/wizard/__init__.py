from . import mixins
from . import policy
from . import complaint
from . import deadline
from . import eight_d
from . import remedy
from . import case_file
from . import stock_picking_return
