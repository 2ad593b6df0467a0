from . import quality_complaint
from . import quality_complaint_genealogy
from . import quality_complaint_inspection
from . import quality_complaint_remedy
from . import quality_complaint_remedy_line
from . import repair_order
from . import stock_move
