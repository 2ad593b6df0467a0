from . import account_analytic_line, quality_complaint
