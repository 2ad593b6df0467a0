from . import quality_complaint_supplier_answer
from . import quality_complaint_supplier_choice
from . import quality_complaint_supplier_decide
from . import stock_picking_return
