from .automatic_mail import automatic
from .case_pdf import (
    is_pdf,
    merged,
    page_count,
    pages_of,
    printable_pdf,
    printable_photo,
    safe_name,
    stamped,
)
from .cause_diagram import five_why, ishikawa
from .chinese_amount import chinese_amount
from .complaint_charts import effect_chart, pareto
from .download import download
from .goods_in_words import goods_in_words, quantity_in_words, with_lot
from .json_schema import SchemaError, check_schema
from .ledger_sheet import moment_of, number_of, read_table, written
from .listed import listed
from .measured_values import (
    AmbiguousNumber,
    NotANumber,
    measured_values,
    written_value,
    written_values,
)
from .missing import IncompleteError, Missing
from .moments import printed_day, printed_moment, short_moment
from .paper_language import PAPER_LANGUAGES
from .picked_date import pick_due
from .plain_text import says_nothing
from .printable import without_remote
from .returned_mail import is_returned, quoted, undelivered
from .safely import went_well
from .spreadsheet import shown, write_sheet
from .working_time import AroundTheClock, NoWorkingTime, WorkingTime, elapsed, shifted
