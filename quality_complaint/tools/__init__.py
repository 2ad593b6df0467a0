from .chinese_amount import chinese_amount
from .measured_values import AmbiguousNumber, NotANumber, measured_values, written_values
from .working_time import AroundTheClock, NoWorkingTime, WorkingTime, elapsed, shifted
