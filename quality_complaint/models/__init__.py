from . import account_move, account_move_line
from . import product_product, product_template
from . import quality_complaint_files, quality_complaint_guarded
from . import quality_complaint_milestone, quality_complaint_type, quality_complaint_channel, quality_complaint_trigger
from . import quality_complaint_defect, quality_complaint_cause, quality_complaint_responsible
from . import quality_complaint_role, quality_complaint_team
from . import quality_complaint_policy, quality_complaint_severity, quality_complaint_form
from . import quality_complaint, quality_complaint_documents, quality_complaint_lifecycle, quality_complaint_closing
from . import quality_complaint_matching, quality_complaint_milestones
from . import quality_complaint_line, quality_complaint_line_matching
from . import quality_complaint_deadline, quality_complaint_investigation, quality_complaint_approval
from . import quality_complaint_reply, quality_complaint_revisit, quality_complaint_inspection
from . import quality_complaint_remedy, quality_complaint_remedy_line, quality_complaint_remedy_return, quality_complaint_remedy_credit
from . import res_company, res_config_settings, res_partner
from . import sale_order, stock_lot, stock_move, stock_picking, stock_warehouse
