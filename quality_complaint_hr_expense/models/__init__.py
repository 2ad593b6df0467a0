from . import hr_expense, quality_complaint, quality_complaint_cost_item
