from . import quality_complaint_demo
