from . import supplier_complaint
