from . import complaint_portal
from . import portal_filing
from . import reply_portal
