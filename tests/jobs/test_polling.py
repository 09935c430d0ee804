"""A platform that is asked: nothing is noted as read before it is stored."""

import threading

import pytest

from bot.core.errors import ChannelUnavailableError, StorageError
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.jobs.acknowledging import MOST_WAITING, Acknowledging
from bot.jobs.polling import Poll


class Poller:
    name = "pigeon"

    def __init__(self, *answers):
        self.answers, self.offsets = list(answers), []

    def poll(self, offset):
        self.offsets.append(offset)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Notes:
    def __init__(self):
        self.kept = {}

    def read(self, name):
        return self.kept.get(name)

    def write(self, name, value):
        self.kept[name] = value


def test_offset_is_noted_after_the_events_are_stored():
    poller, notes, stored, seen = Poller((["a"], 6), ([], 6), (["b"], 7)), Notes(), [], []

    def take_in(events):
        seen.append(dict(notes.kept))
        stored.extend(events)
        return events

    poll = Poll(poller, notes, take_in, lambda new: None)
    assert [poll(), poll(), poll()] == [True, True, True]
    assert poller.offsets == [None, 6, 6]
    assert seen == [{}, {"pigeon offset": "6"}, {"pigeon offset": "6"}]
    assert (stored, notes.kept) == (["a", "b"], {"pigeon offset": "7"})


def test_what_could_not_be_stored_is_asked_for_again():
    poller, notes = Poller((["a"], 6), (["a"], 6)), Notes()
    answers = [StorageError("locked"), ["a"]]

    def take_in(_events):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    poll = Poll(poller, notes, take_in, lambda new: None)
    with pytest.raises(StorageError):
        poll()
    assert notes.kept == {}
    poll()
    assert poller.offsets == [None, None]


def test_platform_that_is_away_is_the_runners_business():
    with pytest.raises(ChannelUnavailableError):
        Poll(Poller(ChannelUnavailableError("x")), Notes(), list, lambda new: None)()


def message(number):
    return Inbound((Address("pigeon", "a"),), str(number), InboundMessage(InboundKind.TEXT, "x"))


class Channel:
    def __init__(self):
        self.shown, self.gate = [], threading.Event()

    def acknowledge(self, event):
        self.gate.wait(5)
        if event.external_id == "bad":
            raise RuntimeError("SECRET")
        self.shown.append(event.external_id)


def test_acknowledging_drops_what_it_cannot_do_soon_and_survives_errors(caplog):
    channel = Channel()
    acknowledging = Acknowledging({"pigeon": channel})
    acknowledging([message("bad")])
    acknowledging(message(n) for n in range(MOST_WAITING * 2))
    channel.gate.set()
    acknowledging._pool.shutdown(wait=True)
    assert 0 < len(channel.shown) < MOST_WAITING
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text
    acknowledging([message(1)])
    acknowledging.close()
