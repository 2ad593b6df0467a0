from . import quality_complaint_batch, quality_complaint_close, quality_complaint_link_document, quality_complaint_match, quality_complaint_reason
from . import quality_complaint_text_file
from . import quality_complaint_policy_import, quality_complaint_step
from . import quality_8d_reason, quality_8d_issue, quality_8d_import, quality_complaint_action_reason, quality_complaint_case_file
from . import stock_picking_return
