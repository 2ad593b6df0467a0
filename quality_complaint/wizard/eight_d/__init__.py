from . import issue
from . import import_file
