from . import quality_complaint_demo, quality_8d_demo
