"""Pure nouns and rules: no framework, no I/O, no clock, no randomness."""
