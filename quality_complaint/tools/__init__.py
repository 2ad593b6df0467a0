from .chinese_amount import chinese_amount
from .working_time import AroundTheClock, NoWorkingTime, WorkingTime, elapsed, shifted
