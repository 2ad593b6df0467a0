from . import sheet_type
from . import sheet
from . import sheet_fact
from . import sheet_task
from . import complaint_sheet
