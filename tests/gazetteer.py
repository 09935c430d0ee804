"""The real gazetteer, loaded once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.storage.reference.places import load_gazetteer

if TYPE_CHECKING:
    from bot.core.places import Gazetteer
    from bot.core.reading import PlaceReading

PLACES = Path(__file__).parents[1] / "bot" / "data" / "places"


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(PLACES)


def read(text: str) -> PlaceReading:
    """What a text says; with ``?`` before it, as the answer to "which département?"."""
    return gazetteer().resolve(text.removeprefix("?"), text.startswith("?"))
