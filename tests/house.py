"""A real house on a temporary folder, with everything but Rasa: the plain engine plays the flows' own rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.bootstrap import House
from bot.config import Settings
from bot.core.errors import MediaRefusedError
from bot.core.ports import Picture
from tests.playing import PlainEngine, reference, services, wording

if TYPE_CHECKING:
    from pathlib import Path


class PlainInspector:
    """Takes every picture; one that begins with PAPER is an identity paper."""

    def inspect(self, data: bytes) -> Picture:
        if data.startswith(b"PAPER"):
            raise MediaRefusedError("paper")
        return Picture(b"safe" + data, 10, 10)

    def close(self) -> None:
        """Nothing to close."""


class PlainRenderer:
    """Draws nothing."""

    def letter(self, facts: object) -> bytes:
        return b"%PDF-1.7 plain"

    def check_fonts(self) -> None:
        """All there."""


def make_house(folder: Path) -> House:
    """A house at noon of 23 November 2026; close it."""
    house = House(Settings(data_dir=folder))
    house.clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    plain = {"engine": PlainEngine(), "inspector": PlainInspector(), "renderer": PlainRenderer(), "wording": wording(),
             "reference": reference(), "services": services(), "warm_up": lambda: None}  # fmt: skip
    for name, part in plain.items():
        setattr(house, name, part)
    return house
