"""The real vocabulary of bot/data, built once."""

import pytest

from bot.storage.reference.vocabulary import load_vocabularies


@pytest.fixture(scope="session")
def vocabularies():
    return load_vocabularies()
