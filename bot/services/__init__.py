"""Use cases, one verb a file: they know ports, not technologies."""
