from . import quality_8d
from . import quality_complaint
from . import quality_complaint_genealogy
from . import quality_complaint_inspection
from . import quality_complaint_line
from . import sale_order_line
from . import stock_move
