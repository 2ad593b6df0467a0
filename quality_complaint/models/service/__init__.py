from . import service
from . import service_plan
from . import customer_requirement
from . import certificate
from . import contact_letter
from . import complaint_service
