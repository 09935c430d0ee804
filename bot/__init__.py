"""Guichet: a counter for people who cannot get a prefecture appointment."""
