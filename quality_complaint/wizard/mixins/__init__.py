from . import text_file
