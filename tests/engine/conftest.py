"""A house with the real engine for the process tests; each test has persons of its own."""

from tests.conversations.conftest import chat, house, pattern, talk

__all__ = ["chat", "house", "pattern", "talk"]
