from . import circulate
from . import ledger
