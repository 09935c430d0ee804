"""The conversations, one folder each."""
