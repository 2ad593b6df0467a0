from . import hr_expense, quality_complaint, quality_complaint_cost_item
from . import quality_complaint_service
