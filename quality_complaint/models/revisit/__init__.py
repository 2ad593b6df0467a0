from . import revisit
from . import review
from . import complaint_revisit
