from . import complaint_portal
from . import mail_intake
from . import portal_filing
from . import reply_portal
