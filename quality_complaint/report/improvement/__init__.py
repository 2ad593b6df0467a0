from . import fact_deadline
from . import fact_shipment
from . import analysis
from . import ledger
from . import look_back
