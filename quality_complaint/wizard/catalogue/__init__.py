from . import duty_plan
