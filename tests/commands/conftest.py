"""A house without Rasa for the commands."""

import pytest

from tests.house import make_house


@pytest.fixture
def house(tmp_path):
    made = make_house(tmp_path / "data")
    yield made
    made.close()
