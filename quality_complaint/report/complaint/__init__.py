from . import medical_report
