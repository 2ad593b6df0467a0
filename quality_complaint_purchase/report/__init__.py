from . import quality_complaint_cost, supplier_complaint
