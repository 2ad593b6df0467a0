from . import genealogy
from . import balance
from . import hold
from . import hold_line
from . import hold_lot
from . import overview
from . import complaint_trace
