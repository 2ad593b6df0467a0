from . import test_campaign
from . import test_draw
from . import test_grade
from . import test_papers
from . import test_questionnaire
from . import test_stop
from . import test_tours
