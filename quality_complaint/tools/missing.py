from odoo.exceptions import UserError


class Missing(str):
    """A phrase that names what is missing, and where on the form it is entered.

    :param str text: translated phrase
    :param str field: name of a field of `quality.complaint` on the form
    """

    def __new__(cls, text, field):
        phrase = super().__new__(cls, text)
        phrase.field = field
        return phrase


class IncompleteError(UserError):
    """A step is refused because something is missing: the dialog's title says so. The
    form of a complaint opens the tab where the first of it is entered.

    :param str message: translated
    :param complaint: the `quality.complaint` whose step it is, if it is one's
    :param list missing: phrases, `Missing` where a field of the form is meant
    """

    def __init__(self, message, complaint=None, missing=()):
        super().__init__(message)
        if not complaint:
            return
        # the server sends `context` with the error (`odoo.http.serialize_exception`)
        self.context = {
            "complaint_missing": {
                "complaint_id": complaint.id,
                "fields": [row.field for row in missing if isinstance(row, Missing)],
            }
        }
