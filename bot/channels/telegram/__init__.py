"""Telegram: its words to ours, ours to its, and nothing in between kept."""
