"""The words of dates, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.storage.reference.dates import load_date_words

if TYPE_CHECKING:
    from bot.core.date_words import DateWords


@pytest.fixture(scope="session")
def words() -> DateWords:
    """The words of every language, as shipped."""
    return load_date_words()
