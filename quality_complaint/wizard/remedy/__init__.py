from . import link_document
