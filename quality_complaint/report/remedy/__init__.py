from . import return_slip
from . import settlement
