"""The channel against a fake of Telegram's own API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import Profile, TelegramSettings
from tests.peers.telegram.peer import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "s3cret_of-tests"
PROFILES = {
    "": Profile("Le Guichet", "court", "long", {"language": "Changer de langue", "stop": "Arrêter"}),
    "ar": Profile("الشباك", "قصير", "طويل", {"language": "تغيير اللغة", "stop": "توقف"}),
}


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as peer:
        yield peer


@pytest.fixture
def open_channel(telegram: FakeTelegram) -> Iterator[Callable[..., TelegramChannel]]:
    opened = []

    def make(**changed: object) -> TelegramChannel:
        given = {"public_url": None, "profiles": PROFILES, "poll_seconds": 1, "token": telegram.token} | changed
        settings = TelegramSettings(
            secret=SECRET,
            path="/telegram/nobody-guesses",
            api_url=telegram.base_url,
            **({"file_url": telegram.base_file_url} | given),  # type: ignore[arg-type]
        )
        opened.append(TelegramChannel(settings))
        return opened[-1]

    yield make
    for channel in opened:
        channel.close()


@pytest.fixture
def channel(open_channel: Callable[..., TelegramChannel]) -> TelegramChannel:
    return open_channel()
