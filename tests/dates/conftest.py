"""The words of dates, read once."""

from __future__ import annotations

import pytest

from bot.core.date_words import DateWords
from bot.storage.reference.dates import load_date_words


@pytest.fixture(scope="session")
def words() -> DateWords:
    """The words of every language, as shipped."""
    return load_date_words()
