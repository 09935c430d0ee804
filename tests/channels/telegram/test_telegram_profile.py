"""Where we are stands first; what we are called follows kind by kind, each as soon as Telegram takes it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.channels.telegram import channel as channels
from bot.channels.telegram import profile
from bot.core.errors import ChannelUnavailableError, SetupError
from tests.channels.telegram.conftest import PROFILES
from tests.peers.faults import DROP, Fault
from tests.peers.telegram.errors import bad_request, named_fault, refusal, too_many

SETTERS = ("setMyName", "setMyDescription", "setMyShortDescription", "setMyCommands")


def calls(telegram):
    return [len(telegram.calls(setter)) for setter in SETTERS]


class Clock(datetime):
    """The time of the channel."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.ahead


@pytest.fixture
def later(monkeypatch):
    monkeypatch.setattr(channels, "datetime", Clock)

    def move(**by):
        monkeypatch.setattr(Clock, "ahead", Clock.ahead + timedelta(**by))

    return move


def test_kind_that_is_limited_rests_as_long_as_told_and_holds_up_no_other(channel, telegram, later):
    telegram.faults.next(too_many(86400), call="setMyName")
    rest = channel.setup()
    assert timedelta(seconds=86390) < rest <= timedelta(seconds=86400)
    assert calls(telegram) == [1, 2, 2, 2]
    later(hours=1)
    assert timedelta(hours=22) < channel.setup() < timedelta(hours=23, minutes=1)
    assert calls(telegram) == [1, 2, 2, 2], "nothing is asked before its time"
    later(hours=24)
    assert channel.setup() is None
    assert calls(telegram) == [3, 2, 2, 2]
    assert channel.setup() is None
    assert calls(telegram) == [3, 2, 2, 2]


@pytest.mark.parametrize("fault", [
    named_fault("500"), DROP, refusal(bad_request("BOT_TITLE_INVALID")), Fault("of a proxy", 403, text="<html>"),
])  # fmt: skip
def test_kind_that_fails_is_tried_again_in_a_while(channel, telegram, later, fault):
    telegram.faults.next(fault, call="setMyDescription")
    assert timedelta(0) < channel.setup() <= profile.PATIENCE
    assert calls(telegram)[2:] == [2, 2]
    later(minutes=6)
    assert channel.setup() is None
    assert calls(telegram) == [2, 3, 2, 2]


def test_limited_getter_is_a_limited_kind(channel, telegram):
    telegram.faults.always(too_many(60), call="getMyCommands")
    assert channel.setup() <= timedelta(seconds=60)
    assert calls(telegram) == [2, 2, 2, 0]


def test_token_that_ends_meanwhile_is_asked_about_again(channel, telegram):
    for call in ("getMyName", "getMe"):
        telegram.faults.always(named_fault("401"), call=call)
    assert channel.setup() == profile.PATIENCE


def test_address_that_is_not_taken_is_no_set_up(open_channel, telegram):
    telegram.faults.next(too_many(5), call="setWebhook")
    with pytest.raises(SetupError):
        open_channel(public_url="http://127.0.0.1:9").setup()
    assert calls(telegram) == [0, 0, 0, 0]


def test_page_of_a_proxy_is_not_taken_for_a_wrong_token(channel, telegram):
    telegram.faults.always(Fault("of a proxy", 404, text="<html>"))
    with pytest.raises(SetupError, match="not Telegram"):
        channel.setup()
    assert "not Telegram" in channel.check()[0].text
    with pytest.raises(ChannelUnavailableError, match="^NotTelegram$"):
        channel.poll(None)
    assert "not Telegram" in channel.unheard("NotTelegram", datetime(2026, 11, 23).astimezone()).text


def test_words_are_those_of_the_house(channel, telegram):
    channel.setup()
    assert telegram.state.profile[("name", "ar")] == PROFILES["ar"].name
