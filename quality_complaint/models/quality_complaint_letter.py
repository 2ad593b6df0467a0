"""Letters: see below."""
