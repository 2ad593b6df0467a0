from . import form_labels
