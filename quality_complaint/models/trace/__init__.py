from . import genealogy
from . import balance
