from . import quality_complaint_line
