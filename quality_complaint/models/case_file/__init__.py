from . import case_file
from . import attachments
from . import build
