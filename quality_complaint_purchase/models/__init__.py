from . import account_move, account_move_line
from . import (
    quality_complaint,
    quality_complaint_anonymise,
    quality_complaint_form,
    quality_complaint_inspection,
    quality_complaint_line,
)
from . import quality_complaint_policy, quality_complaint_supplier_rule
from . import (
    quality_complaint_chargeback,
    quality_complaint_chargeback_flow,
    quality_complaint_chargeback_return,
    quality_complaint_chargeback_credit,
    quality_complaint_supplier_step,
    quality_complaint_supplier_portal,
)
from . import quality_complaint_analysis
from . import quality_complaint_supplier_decision, quality_complaint_supplier_warning
from . import purchase_order, res_company, res_partner, res_partner_standing
from . import stock_move, stock_picking
