from . import intake
from . import ledger
from . import portal
from . import trace
from . import recall
