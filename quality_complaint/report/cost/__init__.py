from . import cost
from . import goods
from . import documents
from . import plan
