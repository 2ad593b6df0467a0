from . import fact
from . import complaint_improvement
from . import kpi
from . import problem
from . import analysis
from . import analysis_figures
from . import case_review
from . import lesson
