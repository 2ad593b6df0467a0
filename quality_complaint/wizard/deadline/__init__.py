from . import step
