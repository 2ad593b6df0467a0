from . import ledger
from . import portal
