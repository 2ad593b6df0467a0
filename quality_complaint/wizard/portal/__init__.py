from . import thank
