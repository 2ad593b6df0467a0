from . import quality_complaint_cost
