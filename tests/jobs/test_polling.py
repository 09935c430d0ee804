"""A platform that is asked: nothing is noted as read before it is stored."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import ChannelUnavailableError, StorageError
from bot.jobs.polling import Poll, Trouble, read_trouble


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


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def polling(poller, take_in=list, notes=None, times=(NOW,)):
    hours = list(times)
    return Poll(poller, notes or Notes(), take_in, lambda new: None, lambda: hours.pop(0) if hours[1:] else hours[0])


def test_events_are_confirmed_after_they_are_stored_and_nothing_else_is():
    poller, stored, seen = Poller((["a"], 6), (["b"], 7), ([], None), (["c"], 3), ([], None)), [], []

    def take_in(events):
        seen.append(list(poller.offsets))
        stored.extend(events)
        return events

    poll = polling(poller, take_in)
    assert [poll() for _ in range(5)] == [True] * 5
    assert poller.offsets == [None, 6, 7, None, 3], "after a silence a platform may begin to count lower"
    assert seen[0] == [None]
    assert stored == ["a", "b", "c"]


def test_another_process_on_the_same_data_asks_from_what_is_not_confirmed():
    notes = Notes()
    notes.write("pigeon offset", "999")  # of an earlier program, and perhaps of another bot
    poller = Poller((["a"], 6))
    polling(poller, notes=notes)()
    assert poller.offsets == [None]


def test_what_could_not_be_stored_is_asked_for_again():
    poller = Poller((["a"], 6), (["b"], 7), (["b"], 7), ([], None))
    answers = [["a"], StorageError("locked"), ["b"], []]

    def take_in(_events):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    poll = polling(poller, take_in)
    poll()
    with pytest.raises(StorageError):
        poll()
    poll()
    poll()
    assert poller.offsets == [None, 6, 6, 7]


def test_trouble_is_remembered_with_its_class_and_time_as_long_as_it_lasts(caplog):
    away = [ChannelUnavailableError(name) for name in ("Conflict", "Conflict", "TimedOut")]
    later = [NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2)]
    notes = Notes()
    poll = polling(Poller(*away, ([], None)), notes=notes, times=later)
    for reason in ("Conflict", "Conflict", "TimedOut"):
        with pytest.raises(ChannelUnavailableError):
            poll()
        assert poll.trouble == read_trouble(notes, "pigeon") == Trouble(reason, NOW)
    poll()
    assert (poll.trouble, read_trouble(notes, "pigeon")) == (None, None)
    assert [record.getMessage() for record in caplog.records] == [
        "nothing is heard from pigeon: Conflict",
        "nothing is heard from pigeon: TimedOut",
        "pigeon is heard again",
    ]


def test_trouble_of_a_process_that_died_ends_with_the_first_answer():
    notes = Notes()
    with pytest.raises(ChannelUnavailableError):
        polling(Poller(ChannelUnavailableError("Conflict")), notes=notes)()
    polling(Poller(([], None)), notes=notes)()
    assert read_trouble(notes, "pigeon") is None


def test_question_that_is_cut_off_by_the_end_is_no_trouble():
    notes = Notes()
    poll = polling(Poller(ChannelUnavailableError("pigeon")), notes=notes)
    poll.is_ending = True
    with pytest.raises(ChannelUnavailableError):
        poll()
    assert (poll.trouble, read_trouble(notes, "pigeon")) == (None, None)
