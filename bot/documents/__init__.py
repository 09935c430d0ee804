"""Letters: templates and renderer, out of process."""
