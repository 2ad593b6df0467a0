from . import form_labels
from . import return_slip, settlement
from . import form_report, investigation_report, revisit_record, medical_report, reply_letter
from . import eight_d_labels, eight_d_report, capa_form
from . import case_file
from . import quality_complaint_cost, quality_complaint_cost_goods, quality_complaint_cost_documents, quality_complaint_cost_plan
