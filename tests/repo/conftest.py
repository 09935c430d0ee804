"""What the tests that read the tree itself need."""

import gc

import pytest


@pytest.fixture(autouse=True)
def _nothing_is_collected_while_sources_are_parsed():
    """CPython 3.11's parser fails when a finalizer that runs within it formats a traceback (gh-106905).

    What is left open is an error of its own, wherever it is collected.
    """
    gc.disable()
    yield
    gc.enable()
