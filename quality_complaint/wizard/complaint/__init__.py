from . import batch
from . import close
from . import match
from . import reason
from . import short_way
