from . import retention
from . import anonymise
