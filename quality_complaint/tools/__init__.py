from .working_time import AroundTheClock, NoWorkingTime, WorkingTime, elapsed, shifted
