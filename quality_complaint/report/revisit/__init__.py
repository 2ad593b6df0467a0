from . import revisit_record
