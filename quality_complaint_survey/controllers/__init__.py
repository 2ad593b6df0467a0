from . import answer
from . import stop
