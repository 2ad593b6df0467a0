from . import circulate
