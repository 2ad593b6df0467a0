from . import term
from . import repeat
from . import search
from . import complaint_repeat
