from . import forecast
from . import trace_paper
from . import recall_paper
