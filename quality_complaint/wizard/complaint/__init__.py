from . import batch
from . import close
from . import match
from . import reason
