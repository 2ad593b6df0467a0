from . import trace_paper
