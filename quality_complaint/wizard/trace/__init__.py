from . import hold_lift
