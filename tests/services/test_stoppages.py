"""A channel that stops is told once, noted for whoever asks, and forgotten when a message leaves again."""

import pytest

from bot.services.stoppages import LOG_AGAIN, Stoppages
from tests.fake_memory import FakeClock


class Notes(dict):
    def read(self, name):
        return self.get(name)

    def write(self, name, value):
        self[name] = value


class Meter:
    def __init__(self):
        self.seen = []

    def delivered(self, channel, result):
        self.seen.append((channel, result))


class Told:
    def __init__(self):
        self.reasons, self.clock, self.notes, self.meter = {}, FakeClock(), Notes(), Meter()
        self.made = self.again()

    def again(self):
        """Another process on the same notes."""
        return Stoppages(self.meter, self.notes, self.clock)

    def look(self):
        self.made.look(["pigeon", "owl"], self.reasons.get)

    def sent(self):
        self.reasons.clear()
        self.made.delivered("pigeon", "Sent")
        self.look()


@pytest.fixture
def told():
    return Told()


def test_stop_is_noted_with_its_reason_and_begin_and_logged_once(told, caplog):
    told.reasons["pigeon"] = "131042"
    begin = told.clock.now()
    for _ in range(5):
        told.look()
        told.clock.advance(minutes=5)
    stopped = told.again().standing("pigeon")
    assert (stopped.reason, stopped.since) == ("131042", begin)
    assert told.made.standing("owl") is None
    assert [record.getMessage() for record in caplog.records] == ["pigeon: nothing is sent for now: 131042"]
    assert caplog.records[0].levelname == "ERROR"


def test_end_of_a_rest_is_no_end_of_the_stop(told):
    told.reasons["pigeon"] = "131042"
    told.look()
    told.reasons.clear()
    told.made.delivered("pigeon", "Permanent")
    told.look()
    assert told.made.standing("pigeon") is not None


def test_message_that_leaves_ends_it(told):
    told.reasons["pigeon"] = "131042"
    told.look()
    told.sent()
    assert told.made.standing("pigeon") is None
    assert told.meter.seen == [("pigeon", "Sent")]


def test_message_of_another_number_ends_nothing_while_the_channel_rests(told):
    told.reasons["pigeon"] = "133010"
    told.look()
    told.made.delivered("pigeon", "Sent")
    told.look()
    assert told.made.standing("pigeon") is not None
    told.reasons.clear()
    told.made.delivered("pigeon", "Retry")
    told.look()
    assert told.made.standing("pigeon") is not None, "what came last was no success"


def test_new_reason_takes_the_place_of_the_old_and_the_same_is_told_again_after_a_while(told, caplog):
    told.reasons["pigeon"] = "190"
    told.look()
    told.reasons["pigeon"] = "131042"
    told.look()
    told.clock.time += LOG_AGAIN
    told.look()
    assert told.made.standing("pigeon").reason == "131042"
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["190", "131042", "131042"]
