from . import labels
from . import report
from . import capa_form
