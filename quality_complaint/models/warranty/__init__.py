from . import terms
from . import line_warranty
from . import loan
from . import complaint_warranty
