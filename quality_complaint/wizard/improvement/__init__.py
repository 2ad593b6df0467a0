from . import circulate
from . import ledger
from . import ledger_import
