from . import form_labels
from . import return_slip, settlement
