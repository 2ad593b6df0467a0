from . import plain_paper
from . import service_papers
from . import customer_file
