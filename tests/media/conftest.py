"""Inspectors with and without words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.media.inspection import Inspector

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def blind() -> Iterator[Inspector]:
    """An inspector that reads no words, as on a machine without tesseract."""
    inspector = Inspector(tesseract=None)
    yield inspector
    inspector.close()


@pytest.fixture(scope="session")
def reading() -> Iterator[Inspector]:
    """An inspector that reads words; its tests are skipped, and counted as such, where tesseract is missing."""
    inspector = Inspector()
    if not inspector.can_read:
        pytest.skip("tesseract is not on this machine: recognition by words is not tested")
    yield inspector
    inspector.close()
