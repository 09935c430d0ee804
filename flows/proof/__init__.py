"""Attempts and their pictures."""
