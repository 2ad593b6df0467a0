from . import test_acting
from . import test_fuzz
from . import test_intake
from . import test_interface
from . import test_mail_intake
from . import test_portal
from . import test_portal_tours
from . import test_thanks
