"""A whole triage with a picture, in Arabic, through a real process: our two fakes, and a Telegram by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.peers.relay import Relay
from tests.peers.telemelya_peer import TOKEN, Telemelya
from tests.shows.__main__ import HOW, TITLES, page_of, played_on
from tests.shows.arabic import play, timeless, written
from tests.soak.serving import Serving
from tests.soak.vendors import CHANNELS, Vendors

pytestmark = [pytest.mark.process, pytest.mark.rasa]


@pytest.mark.parametrize("channel", CHANNELS)
def test_triage_with_a_picture_goes_as_it_is_written(channel, tmp_path):
    played = played_on(channel, tmp_path)
    known = page_of(channel).read_text(encoding="utf-8")
    assert timeless(written(played, TITLES[channel], HOW)) == timeless(known), "run python -m tests.shows"
    assert not [words for _who, words, _labels in played.lines if not words.strip()]


@dataclass
class ForeignVendors(Vendors):
    """telemelya in the place of our Telegram."""

    url: str = ""

    def settings(self) -> dict[str, str]:
        foreign = {
            "GUICHET_TELEGRAM_TOKEN": TOKEN,
            "GUICHET_TELEGRAM_API_URL": f"{self.url}/bot",
            "GUICHET_TELEGRAM_FILE_URL": f"{self.url}/file/bot",
        }
        return {**super().settings(), **foreign}


@dataclass
class Stranger:
    """A user of telemelya, written to like everybody else."""

    user: Any

    @property
    def answers(self):
        return [
            (0.0, told.get("text") or told.get("caption") or "", self.buttons(told))
            for told in self.user.answers("sendMessage")
        ]

    @staticmethod
    def buttons(told):
        rows = (told.get("reply_markup") or {}).get("inline_keyboard", [])
        return [(button["text"], button["callback_data"]) for row in rows for button in row]

    def say(self, words):
        self.user.say(words)

    def tap(self, label):
        told = next(t for t in reversed(self.user.answers("sendMessage")) if label in dict(self.buttons(t)))
        self.user.click(dict(self.buttons(told))[label], told["message_id"])

    def send(self, content, name, mime):
        self.user.photo(content)

    def wait(self, number, seconds=90):
        self.user.wait(number, seconds=seconds)
        return self.answers


def test_same_triage_against_a_telegram_by_somebody_else(tmp_path):
    with (
        Telemelya() as telemelya,
        Relay(telemelya.url) as relay,
        ForeignVendors(url=relay.url) as vendors,
        Serving(tmp_path, vendors) as serving,
    ):
        played = play(serving, Stranger(telemelya.user()))
    known = page_of("telegram").read_text(encoding="utf-8")
    assert timeless(written(played, TITLES["telegram"], HOW)) == timeless(known)
