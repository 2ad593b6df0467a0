from . import survey_papers
from . import customer_file
