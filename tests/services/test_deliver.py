"""A message reaches its channel, is retried with a growing pause, and is given up for good reasons only."""

import os
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.capabilities import Capabilities, Pace, UnknownPolicy
from bot.core.delivery import Permanent, Retry, Scope, Sent, Status, TemplateCall, UnknownOutcome
from bot.core.errors import DocumentError, KeyDestroyedError, LeaseLostError, StorageError
from bot.core.messages import Choice, OutboundMessage
from bot.core.pacing import FIRST_REST, LONGEST_REST
from bot.core.ports import Address, Arrival
from bot.core.queued import Priority
from bot.jobs.workers import SENDERS
from bot.services.deliver import BASE, CAP, CHANNEL_REST, MAX_TRIES, STATUS_WAIT, STOP_REST, Deliver
from bot.services.settle import LIMIT, settle
from bot.services.traffic import Traffic
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.fake_memory import FakeClock
from tests.records import LEASE, answer, turn


class Channel:
    """Gives the results it was told, then succeeds."""

    def __init__(self, name="pigeon", **abilities):
        self.name = name
        self.capabilities = Capabilities(**abilities)
        self.results = []
        self.sent = []

    def send(self, outgoing, file):
        result = self.results.pop(0) if self.results else Sent()
        if isinstance(result, BaseException):
            raise result
        if callable(result):
            result = result()
        self.sent.append((outgoing, result))
        return result

    @property
    def texts(self):
        return [outgoing.message.text for outgoing, result in self.sent if isinstance(result, Sent)]


class Rig:
    def __init__(self, folder, fraction=1.0, **abilities):
        self.clock = FakeClock()
        self.store = open_store(folder, MasterKey(bytes(32)), os.urandom, self.clock)
        self.channel = Channel(**abilities)
        self.other = Channel("dove")
        self.template = None
        self.deliver = Deliver(
            self.store.outbox,
            self.store.persons,
            {"pigeon": self.channel, "dove": self.other},
            self.clock,
            lambda: fraction,
            lambda _file: b"",
            lambda _channel, _message: self.template,
        )
        self.person = self.somebody("a")

    def somebody(self, name, channel="pigeon"):
        return self.store.persons.find_or_create(Address(channel, name), self.clock.now())

    def queue(self, words="hello", person=None, priority=Priority.DIALOGUE):
        message = words if isinstance(words, OutboundMessage) else answer(words)
        self.store.outbox.put(person or self.person, message, str(words), self.clock.now(), priority)

    def row(self, seq=1):
        names = ("state", "tries", "doubt", "is_repeated", "error", "not_before", "parts", "status")
        conn = self.store.database.connection()
        found = conn.execute(f"SELECT {', '.join(names)} FROM outbox WHERE seq = ?", (seq,)).fetchone()
        return dict(zip(names, found, strict=True))

    def errors(self):
        return (
            self.store.database.connection().execute("SELECT error, is_final FROM failures ORDER BY number").fetchall()
        )


@pytest.fixture
def make(tmp_path):
    rigs = []

    def open_rig(**given):
        rigs.append(Rig(tmp_path / str(len(rigs)), **given))
        return rigs[-1]

    yield open_rig
    for rig in rigs:
        rig.store.close()


@pytest.fixture
def rig(make):
    return make()


def test_nothing_waits_nothing_is_sent(rig):
    assert rig.deliver() is None


def test_messages_leave_in_order_and_once(rig):
    rig.queue("1")
    rig.queue("2")
    assert settle(rig.deliver) == 2
    assert rig.channel.texts == ["1", "2"]
    rig.clock.advance(hours=1)
    assert rig.deliver() is None


def test_failed_message_is_tried_again_with_a_growing_pause_and_then_given_up(rig):
    rig.queue()
    rig.channel.results = [Retry("Broken", scope=Scope.PERSON)] * MAX_TRIES
    pauses = []
    for _ in range(MAX_TRIES - 1):
        assert rig.deliver() == rig.person
        assert rig.deliver() is None
        before = rig.clock.now()
        while rig.store.outbox.claim(rig.clock.now(), timedelta(0)) is None:
            rig.clock.advance(seconds=1)
        pauses.append(rig.clock.now() - before)
    assert pauses == [BASE, BASE * 2, BASE * 4, BASE * 8]
    rig.deliver()
    assert (rig.row()["state"], rig.row()["error"]) == (3, "Broken")
    assert rig.errors() == [("Broken", 0)] * 4 + [("Broken", 1)]


@pytest.mark.parametrize(("fraction", "pause"), [(0.0, 0.0), (0.5, 1.0), (0.999, 1.998)])
def test_pause_is_a_random_part_of_itself(make, fraction, pause):
    rig = make(fraction=fraction)
    rig.queue()
    rig.channel.results = [Retry("Broken")]
    rig.deliver()
    rig.clock.advance(seconds=max(0.0, pause - 0.001))
    assert rig.deliver() == (rig.person if pause == 0 else None)
    rig.clock.advance(seconds=0.002)
    rig.deliver()
    assert rig.channel.texts == ["hello"]


def through_an_outage(rig, seconds, hours=1):
    """Each half second a look, while the platform cannot be reached for so long, and after."""
    begin, end = rig.clock.now(), rig.clock.now() + timedelta(seconds=seconds)
    rig.channel.send = lambda outgoing, _file: (
        Retry("ConnectError") if rig.clock.now() < end else rig.channel.sent.append((outgoing, Sent())) or Sent()
    )
    while rig.row()["state"] < 2 and rig.clock.now() - begin < timedelta(hours=hours):
        settle(rig.deliver)
        rig.clock.advance(seconds=0.5)
    return rig.row()["state"], rig.clock.now() - begin


@pytest.mark.parametrize("fraction", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("seconds", [15, 60, 300, 600])
def test_answer_outlives_an_outage_that_is_shorter_than_its_lifetime(make, seconds, fraction):
    rig = make(fraction=fraction, late_after=timedelta(minutes=15))
    rig.queue()
    state, waited = through_an_outage(rig, seconds)
    assert (state, rig.channel.texts) == (2, ["hello"])
    assert waited < timedelta(minutes=15)
    assert rig.row()["tries"] <= 60


@pytest.mark.parametrize("fraction", [0.5, 1.0])
def test_reminder_outlives_an_outage_of_hours(make, fraction):
    rig = make(fraction=fraction, late_after=timedelta(minutes=15))
    rig.queue(priority=Priority.REMINDER)
    state, waited = through_an_outage(rig, 2 * 3600, hours=3)
    assert (state, rig.channel.texts) == (2, ["hello"])
    assert waited < timedelta(hours=2) + CAP + LONGEST_REST


def test_answer_is_given_up_at_the_end_of_its_lifetime_and_was_tried_until_then(make):
    rig = make(late_after=timedelta(minutes=15))
    rig.queue()
    state, waited = through_an_outage(rig, 3600)
    assert state == 3
    assert timedelta(minutes=10) < waited <= timedelta(minutes=15) + LONGEST_REST


def test_message_that_fails_alone_does_not_take_the_next_ones_with_it(make):
    rig = make(late_after=timedelta(minutes=15))
    other = rig.somebody("b")
    rig.queue("poison")
    rig.queue("next")
    rig.channel.send = lambda outgoing, _file: (
        Retry("131000") if outgoing.message.text == "poison" else rig.channel.sent.append((outgoing, Sent())) or Sent()
    )
    for n in range(14 * 60):
        if n % 20 == 0:
            rig.queue(f"other {n}", other)
        settle(rig.deliver)
        rig.clock.advance(seconds=1)
    assert (rig.row()["state"], rig.row()["error"]) == (3, "131000")
    assert rig.row()["tries"] >= MAX_TRIES
    assert "next" in rig.channel.texts


def test_reminder_that_fails_alone_has_its_day(make):
    rig = make(late_after=timedelta(minutes=15))
    rig.queue("reminder", priority=Priority.REMINDER)
    rig.channel.send = lambda outgoing, _file: Retry("131000") if outgoing.message.text == "reminder" else Sent()
    for n in range(60):
        rig.queue(str(n), rig.somebody("b"))
        settle(rig.deliver)
        rig.clock.advance(minutes=10)
    assert (rig.row()["state"], rig.row()["tries"]) == (0, 60)


def test_wait_that_a_platform_asks_for_beyond_the_lifetime_ends_it(make):
    rig = make(late_after=timedelta(minutes=15))
    rig.queue()
    rig.channel.results = [Retry("131056", timedelta(minutes=16), Scope.PERSON)]
    rig.deliver()
    assert (rig.row()["state"], rig.row()["error"]) == (3, "131056")


def test_refused_message_is_given_up_and_the_next_one_leaves(rig):
    rig.queue("1")
    rig.queue("2")
    rig.channel.results = [Permanent("TooLong")]
    settle(rig.deliver)
    assert rig.channel.texts == ["2"]
    assert rig.errors() == [("TooLong", 1)]


def test_person_who_blocked_us_is_written_to_no_more_until_they_write_again(rig):
    rig.queue("1")
    rig.queue("2")
    rig.channel.results = [Permanent("Forbidden", Scope.PERSON)]
    settle(rig.deliver)
    assert rig.channel.texts == []
    assert [rig.row(seq)["error"] for seq in (1, 2)] == ["Forbidden", "RecipientGoneError"]
    rig.queue("3")
    settle(rig.deliver)
    assert rig.row(3)["error"] == "RecipientGoneError"
    rig.store.inbox.put(Address("pigeon", "a"), "1", _text("again"), rig.clock.now())
    rig.queue("4")
    settle(rig.deliver)
    assert rig.channel.texts == ["4"]


def test_channel_is_told_why_the_try_before_failed(rig):
    rig.queue()
    rig.channel.results = [Retry("131053"), Retry("Broken")]
    for _ in range(3):
        settle(rig.deliver)
        rig.clock.advance(seconds=60)
    assert [outgoing.last_error for outgoing, _result in rig.channel.sent] == ["", "131053", "Broken"]


MISSED = Permanent("131026", Scope.PERSON, strikes=3)


def strike(rig, *results):
    """Each result becomes of a message of its own; the errors they ended with."""
    errors = []
    for result in results:
        rig.queue(str(rig.clock.advance(seconds=20)))
        rig.channel.results = [result]
        settle(rig.deliver)
        seq = rig.store.database.connection().execute("SELECT max(seq) FROM outbox").fetchone()[0]
        errors.append(rig.row(seq)["error"])
    return errors


def is_blocked(rig):
    return rig.store.database.connection().execute("SELECT blocked_at IS NOT NULL FROM identities").fetchone()[0]


def test_person_whom_the_platform_does_not_find_once_gets_the_next_message(rig):
    rig.clock.advance(seconds=1)
    rig.queue("1")
    rig.queue("2")
    rig.channel.results = [MISSED]
    settle(rig.deliver)
    assert rig.channel.texts == ["2"]
    assert (rig.row(1)["error"], rig.row(2)["error"]) == ("131026", None)


def test_person_whom_the_platform_does_not_find_three_times_is_left_alone(rig):
    assert strike(rig, MISSED, MISSED) == ["131026"] * 2
    assert not is_blocked(rig)
    assert strike(rig, MISSED, Sent()) == ["131026", "RecipientGoneError"]
    assert is_blocked(rig)


def test_other_refusals_are_no_strikes(rig):
    strike(rig, MISSED, Permanent("TooLong"), Permanent("TooLong"), MISSED)
    assert not is_blocked(rig)
    strike(rig, MISSED)
    assert is_blocked(rig)


def test_message_that_reaches_the_person_begins_the_count_anew(rig):
    strike(rig, MISSED, MISSED, Sent())
    # Handed over is not arrived: only the report on it tells.
    seq = 3
    rig.store.outbox.confirm(rig.store.outbox._tokens.delivery(seq), Status.DELIVERED, rig.clock.now())
    strike(rig, MISSED, MISSED)
    assert not is_blocked(rig)
    strike(rig, MISSED)
    assert is_blocked(rig)


def test_message_that_was_only_handed_over_is_no_sign_of_life(rig):
    strike(rig, MISSED, Sent(), MISSED, Sent(), MISSED)
    assert is_blocked(rig)


def test_person_who_writes_begins_the_count_anew(rig):
    strike(rig, MISSED, MISSED)
    rig.store.inbox.put(Address("pigeon", "a"), "1", _text("I am here"), rig.clock.advance(seconds=20))
    strike(rig, MISSED, MISSED)
    assert not is_blocked(rig)


def test_strikes_of_one_person_are_nobody_elses(rig):
    strike(rig, MISSED, MISSED)
    rig.queue("for another", rig.somebody("b"))
    rig.clock.advance(seconds=20)
    rig.channel.results = [MISSED]
    settle(rig.deliver)
    assert not any(row[0] for row in rig.store.database.connection().execute("SELECT blocked_at FROM identities"))


def test_refusal_of_a_name_nobody_has_is_passed_over(rig):
    rig.store.persons.refused(Address("pigeon", "nobody"), MISSED, rig.clock.now())


def test_channel_nobody_runs_here_is_left_to_others(rig):
    stranger = rig.somebody("x", "raven")
    rig.queue("for somebody else's process", stranger)
    assert rig.deliver() is None
    assert rig.row()["state"] == 0


def test_one_throttled_person_does_not_delay_another(rig):
    other = rig.somebody("b")
    rig.queue("throttled")
    rig.queue("free", other)
    rig.channel.results = [Retry("RetryAfter", timedelta(seconds=30), is_counted=False)]
    settle(rig.deliver)
    assert rig.channel.texts == ["free"]
    assert rig.row()["tries"] == 0
    rig.clock.advance(seconds=29)
    assert rig.deliver() is None
    rig.clock.advance(seconds=4)
    settle(rig.deliver)
    assert rig.channel.texts == ["free", "throttled"]


def test_channel_that_asks_for_rest_gets_it_and_others_go_on(rig):
    other = rig.somebody("b", "dove")
    rig.queue("1")
    rig.queue("2", rig.somebody("c"))
    rig.queue("3", other)
    rig.channel.results = [Retry("130429", scope=Scope.CHANNEL)]
    settle(rig.deliver)
    assert (rig.channel.texts, rig.other.texts) == ([], ["3"])
    assert rig.deliver.why_resting("pigeon") == "130429"
    rig.clock.advance(seconds=CHANNEL_REST.total_seconds() + 1)
    settle(rig.deliver)
    assert sorted(rig.channel.texts) == ["1", "2"]
    assert rig.deliver.why_resting("pigeon") is None


def test_channel_that_must_stop_keeps_its_messages(rig):
    rig.queue("1")
    rig.channel.results = [Permanent("InvalidToken", Scope.CHANNEL)]
    settle(rig.deliver)
    assert (rig.row()["state"], rig.errors()) == (0, [])
    rig.clock.advance(seconds=STOP_REST.total_seconds() + 1)
    settle(rig.deliver)
    assert rig.channel.texts == ["1"]


def test_breaker_opens_after_failures_in_a_row_and_one_message_tries(rig):
    for n in range(8):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    rig.channel.results = [Retry("NetworkError")] * 6
    settle(rig.deliver)
    assert len(rig.channel.sent) == 5
    assert rig.deliver.resting(rig.clock.now()) == ["pigeon"]
    rig.clock.advance(seconds=FIRST_REST.total_seconds() + 1)
    assert rig.deliver() is not None
    assert rig.deliver() is None
    rig.clock.advance(minutes=5)
    settle(rig.deliver)
    assert len(rig.channel.texts) == 8


def test_message_that_was_on_its_way_does_not_end_a_rest_the_platform_asked_for(rig):
    for name in ("b", "c"):
        rig.queue(name, rig.somebody(name))
    rig.queue("a")

    def slow():
        rig.channel.results.insert(0, Retry("130429", timedelta(seconds=60), Scope.CHANNEL, is_counted=False))
        rig.deliver()
        return Sent()

    rig.channel.results = [slow]
    rig.deliver()
    assert rig.deliver.why_resting("pigeon") == "130429"
    assert rig.deliver() is None
    rig.clock.advance(seconds=61)
    settle(rig.deliver)
    assert sorted(rig.channel.texts) == ["a", "b", "c"]


def at_once(rig, result, threads=4):
    """As many senders as threads, all of whom hold their message before the first hears of its own."""
    gate, begun, lock = threading.Event(), [], threading.Lock()

    def send(outgoing, _file):
        with lock:
            begun.append(outgoing)
        gate.wait(5)
        return result

    rig.channel.send = send
    done = []
    senders = [threading.Thread(target=lambda: done.append(rig.deliver())) for _ in range(threads)]
    for sender in senders:
        sender.start()
    until = time.monotonic() + 5
    while len(begun) + len(done) < threads and time.monotonic() < until:
        time.sleep(0.005)
    gate.set()
    for sender in senders:
        sender.join(5)
    return len(begun)


def test_failures_that_come_at_once_are_one_rest_and_then_one_message_tries(rig):
    object.__setattr__(rig.deliver, "traffic", Traffic(at_once=4))
    for n in range(20):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    assert at_once(rig, Retry("ConnectError")) == 4
    assert at_once(rig, Retry("ConnectError")) == 4
    rig.clock.advance(seconds=FIRST_REST.total_seconds() - 0.5)
    assert at_once(rig, Sent()) == 0
    rig.clock.advance(seconds=1)
    assert at_once(rig, Retry("ConnectError")) == 1
    rig.clock.advance(seconds=2 * FIRST_REST.total_seconds() + 0.5)
    assert at_once(rig, Sent()) == 1
    assert at_once(rig, Sent()) == 4


def test_message_that_tries_after_a_rest_and_says_nothing_of_the_channel_leaves_the_place_to_the_next(rig):
    for n in range(3):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    rig.channel.results = [
        Retry("x", timedelta(seconds=1), Scope.CHANNEL),
        Retry("RetryAfter", timedelta(seconds=600), is_counted=False),
        KeyDestroyedError("1"),
    ]
    settle(rig.deliver)
    rig.clock.advance(seconds=2)
    settle(rig.deliver)
    assert len(rig.channel.texts) == 1


def test_platform_that_hangs_leaves_a_sender_to_the_others(rig):
    for n in range(5):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    rig.queue("elsewhere", rig.somebody("x", "dove"))
    assert at_once(rig, Retry("ReadTimeout")) == SENDERS - 1
    assert rig.other.texts == ["elsewhere"]


def test_messages_that_wait_for_the_pace_of_the_channel_are_left_where_they_are(make):
    rig = make(channel_pace=Pace(2, 10.0))
    for n in range(40):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    for _ in range(40):
        settle(rig.deliver)
        rig.clock.advance(seconds=0.1)
    assert len(rig.channel.texts) == 40
    claims = rig.store.database.connection().execute("SELECT max(attempts) FROM outbox").fetchone()
    assert claims == (1,)


def test_message_in_several_parts_uses_the_pace_of_as_many(make):
    rig = make(channel_pace=Pace(2, 1.0))
    for n in range(2):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    rig.channel.results = [Sent(("1", "2", "3", "4"))]
    settle(rig.deliver)
    rig.clock.advance(seconds=2.9)
    settle(rig.deliver)
    assert rig.channel.texts == ["0"]
    rig.clock.advance(seconds=0.2)
    settle(rig.deliver)
    assert rig.channel.texts == ["0", "1"]


def of_two_numbers(rig):
    """One person who wrote to A, two who wrote to B."""
    for name, account in (("one", "A"), ("two", "B"), ("three", "B")):
        rig.store.inbox.put(Address("pigeon", name), name, _text("x"), rig.clock.now(), Arrival(account=account))
        received = rig.store.inbox.claim(rig.clock.now(), LEASE)
        rig.store.inbox.commit(received, turn(f"{name} from {account}"), rig.clock.now())


@pytest.mark.parametrize(
    "result",
    [Retry("130429", timedelta(seconds=60), Scope.ACCOUNT, is_counted=False), Permanent("133010", Scope.ACCOUNT)],
)
def test_number_that_must_rest_does_so_alone(rig, result):
    of_two_numbers(rig)
    rig.channel.results = [result]
    settle(rig.deliver)
    assert rig.channel.texts == ["two from B", "three from B"]
    assert rig.deliver.why_resting("pigeon") == result.reason
    rig.clock.advance(minutes=6)
    settle(rig.deliver)
    assert rig.channel.texts[2:] == ["one from A"]
    assert rig.deliver.resting(rig.clock.now()) == []


def test_token_that_has_ended_rests_all_numbers(rig):
    of_two_numbers(rig)
    rig.channel.results = [Retry("190", timedelta(minutes=4), Scope.CHANNEL, is_counted=False)]
    settle(rig.deliver)
    assert rig.channel.texts == []


def test_pace_is_that_of_a_number(make):
    rig = make(channel_pace=Pace(1, 0.1))
    of_two_numbers(rig)
    settle(rig.deliver)
    assert rig.channel.texts == ["one from A", "two from B"]


def test_buckets_slow_one_person_down_and_nobody_else(make):
    rig = make(person_pace=Pace(2, 1.0))
    other = rig.somebody("b")
    for n in range(4):
        rig.queue(f"a{n}")
    rig.queue("b", other)
    settle(rig.deliver)
    assert rig.channel.texts == ["a0", "a1", "b"]
    rig.clock.advance(seconds=1)
    settle(rig.deliver)
    assert rig.channel.texts == ["a0", "a1", "b", "a2"]


def test_message_whose_address_is_gone_and_whose_person_is_on_a_channel_not_served_is_given_up(rig):
    people = rig.store.outbox._people
    with rig.store.database.transaction() as conn:
        number, key = people.keyring.find(conn, rig.person)
        people.attach(conn, number, key, [Address("raven", "a")], 0)
    rig.queue()
    with rig.store.database.transaction() as conn:
        conn.execute("DELETE FROM identities WHERE channel = 'pigeon'")
    assert rig.deliver() == rig.person
    assert (rig.row()["state"], rig.row()["error"]) == (3, "RecipientGoneError")
    assert rig.deliver() is None


def test_bucket_of_the_channel_is_for_all(make):
    rig = make(channel_pace=Pace(3, 1.0))
    for n in range(5):
        rig.queue(str(n), rig.somebody(f"p{n}"))
    settle(rig.deliver)
    assert len(rig.channel.texts) == 3


def test_answers_go_before_reminders_and_a_reminder_holds_no_answer_up(rig):
    rig.queue("reminder", priority=Priority.REMINDER)
    rig.queue("answer")
    rig.channel.results = [Sent(), Retry("Broken", scope=Scope.PERSON)]
    settle(rig.deliver)
    rig.queue("next answer")
    settle(rig.deliver)
    assert rig.channel.texts == ["answer", "next answer"]


def test_late_answer_is_not_sent_any_more(make):
    rig = make(late_after=timedelta(minutes=15))
    rig.queue("late")
    rig.clock.advance(minutes=16)
    rig.queue("fresh")
    settle(rig.deliver)
    assert rig.channel.texts == ["fresh"]
    assert rig.row()["error"] == "TooLate"
    assert [letter.error for letter in rig.store.dead_letters.listed()] == ["TooLate"]
    assert rig.store.dead_letters.replay(None, rig.clock.now()) == 1
    settle(rig.deliver)
    assert rig.channel.texts == ["fresh", "late"]


def test_reminder_outlives_a_channel_that_rests(make):
    rig = make(late_after=timedelta(minutes=15))
    rig.queue("answer")
    rig.queue("reminder", priority=Priority.REMINDER)
    rig.clock.advance(hours=20)
    settle(rig.deliver)
    assert rig.channel.texts == ["reminder"]
    rig.queue("second reminder", priority=Priority.REMINDER)
    rig.clock.advance(hours=25)
    settle(rig.deliver)
    assert (rig.channel.texts, rig.row(3)["error"]) == (["reminder"], "TooLate")


def test_message_sent_again_by_hand_is_judged_by_its_new_reports(rig):
    rig.queue("1")
    settle(rig.deliver)
    token = rig.store.outbox._tokens.delivery(1)
    rig.store.outbox.confirm(token, Status.FAILED, rig.clock.now(), "131026")
    assert rig.row()["state"] == 3
    rig.store.dead_letters.replay(None, rig.clock.now())
    settle(rig.deliver)
    rig.store.outbox.confirm(token, Status.SENT, rig.clock.now())
    assert (rig.row()["state"], rig.row()["status"], len(rig.channel.texts)) == (2, Status.SENT, 2)


def test_doubt_without_statuses_is_sent_once_more_and_says_so(make):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("1")
    rig.queue("2")
    rig.channel.results = [UnknownOutcome("TimedOut"), UnknownOutcome("TimedOut")]
    settle(rig.deliver)
    assert (rig.row()["state"], rig.row()["is_repeated"], rig.row()["error"]) == (3, 1, "UnknownOutcome")
    assert rig.channel.texts == ["2"]


def test_doubt_with_statuses_waits_for_one(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut")]
    settle(rig.deliver)
    token = rig.channel.sent[0][0].token
    rig.clock.advance(seconds=30)
    assert rig.deliver() is None
    assert rig.store.outbox.confirm(token, Status.SENT, rig.clock.now())
    rig.clock.advance(hours=1)
    assert rig.deliver() is None
    assert (rig.row()["state"], rig.row()["status"]) == (2, Status.SENT)


def test_doubt_whose_status_never_comes_is_sent_again_after_a_minute(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut")]
    settle(rig.deliver)
    rig.clock.advance(seconds=STATUS_WAIT.total_seconds() + 1)
    settle(rig.deliver)
    assert rig.channel.texts == ["1"]
    assert rig.row()["is_repeated"] == 1


@pytest.mark.parametrize("policy", [UnknownPolicy.RESEND_ONCE, UnknownPolicy.AWAIT_STATUS])
@pytest.mark.parametrize(
    "refusal",
    [
        Retry("ConnectError"),
        Retry("RetryAfter", timedelta(seconds=5), is_counted=False),
        Retry("190", timedelta(seconds=5), Scope.CHANNEL, is_counted=False),
    ],
    ids=["not reached", "patience", "rest"],
)
def test_second_sending_that_never_left_is_not_the_second(make, policy, refusal):
    rig = make(unknown=policy, late_after=timedelta(minutes=15))
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("TimedOut"), refusal, refusal]
    for _ in range(20):
        settle(rig.deliver)
        rig.clock.advance(seconds=20)
    assert rig.channel.texts == ["1"]
    assert (rig.row()["state"], rig.row()["is_repeated"]) == (2, 1)


def test_report_that_comes_after_a_second_doubt_still_counts(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut"), UnknownOutcome("Cut")]
    settle(rig.deliver)
    rig.clock.advance(seconds=STATUS_WAIT.total_seconds() + 1)
    settle(rig.deliver)
    assert rig.row()["state"] == 3
    assert rig.store.outbox.confirm(rig.channel.sent[0][0].token, Status.DELIVERED, rig.clock.now())
    assert (rig.row()["state"], rig.row()["error"]) == (2, None)
    assert rig.store.dead_letters.replay(None, rig.clock.now()) == 0


def test_failure_that_is_told_before_the_answer_to_the_send_counts(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")

    def refused_at_once():
        rig.store.outbox.confirm(rig.store.outbox._tokens.delivery(1), Status.FAILED, rig.clock.now(), "131026")
        return Sent()

    rig.channel.results = [refused_at_once]
    settle(rig.deliver)
    assert (rig.row()["state"], rig.row()["error"]) == (3, "131026")


def test_failure_of_the_first_try_says_nothing_of_the_second(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut")]
    settle(rig.deliver)
    token = rig.channel.sent[0][0].token
    rig.store.outbox.confirm(token, Status.FAILED, rig.clock.now(), "131000")
    rig.clock.advance(seconds=STATUS_WAIT.total_seconds() + 1)
    settle(rig.deliver)
    rig.store.outbox.confirm(token, Status.SENT, rig.clock.now())
    assert (rig.row()["state"], rig.row()["status"], rig.row()["error"]) == (2, Status.SENT, None)


def test_process_that_dies_while_sending_leaves_a_doubt(make):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("1")
    rig.channel.results = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        rig.deliver()
    assert (rig.row()["state"], rig.row()["doubt"]) == (1, 1)
    rig.clock.advance(minutes=4)
    settle(rig.deliver)
    assert rig.channel.texts == ["1"]
    assert rig.row()["is_repeated"] == 1


def test_statuses_never_go_back(rig):
    rig.queue("1")
    token = rig.store.outbox._tokens.delivery(1)
    settle(rig.deliver)
    for told, kept in ((Status.READ, 3), (Status.DELIVERED, 3), (Status.FAILED, 3)):
        assert rig.store.outbox.confirm(token, told, rig.clock.now())
        assert rig.row()["status"] == kept
    assert rig.row()["state"] == 2
    assert not rig.store.outbox.confirm("o1-aaaaaaaaaaaa", Status.READ, rig.clock.now())


@pytest.mark.parametrize("told", [Status.SENT, Status.DELIVERED, Status.READ])
def test_message_that_waits_and_is_told_to_have_arrived_is_not_sent_again(make, told):
    """Its answer may have been an error, or the store was put back from a copy: nobody else knows the token."""
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [Retry("http_500")]
    settle(rig.deliver)
    assert rig.store.outbox.confirm(rig.channel.sent[0][0].token, told, rig.clock.now())
    rig.clock.advance(minutes=1)
    settle(rig.deliver)
    assert (rig.row()["state"], len(rig.channel.sent)) == (2, 1)


def test_message_replayed_by_hand_that_arrived_after_all_is_not_sent_again(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut"), UnknownOutcome("Cut")]
    settle(rig.deliver)
    rig.clock.advance(seconds=STATUS_WAIT.total_seconds() + 1)
    settle(rig.deliver)
    assert rig.store.dead_letters.replay([1], rig.clock.now()) == 1
    rig.store.outbox.confirm(rig.channel.sent[0][0].token, Status.DELIVERED, rig.clock.now())
    settle(rig.deliver)
    assert (rig.row()["state"], len(rig.channel.sent)) == (2, 2)


def test_report_comes_between_the_claim_and_the_send(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    queued = rig.store.outbox.claim(rig.clock.now(), LEASE)
    rig.store.outbox.confirm(queued.token, Status.SENT, rig.clock.now())
    with pytest.raises(LeaseLostError):
        rig.store.outbox.sending(queued)


def test_what_may_have_arrived_is_sent_again_only_when_it_is_named(make):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("refused")
    rig.queue("doubtful")
    rig.channel.results = [Permanent("BadRequest"), UnknownOutcome("Cut"), UnknownOutcome("Cut")]
    settle(rig.deliver)
    assert rig.store.dead_letters.doubtful() == [2]
    assert rig.store.dead_letters.replay(None, rig.clock.now()) == 1
    settle(rig.deliver)
    assert rig.store.dead_letters.replay(None, rig.clock.now()) == 0
    assert rig.store.dead_letters.replay([2], rig.clock.now()) == 1
    settle(rig.deliver)
    assert rig.channel.texts == ["refused", "doubtful"]


def failed_part(rig, n=1, code="131000"):
    token = rig.store.outbox._tokens.delivery(1)
    return rig.store.outbox.confirm(f"{token}.{n}", Status.FAILED, rig.clock.now(), code)


@pytest.mark.parametrize("order", ["part last", "part first", "before the answer", "while it waits"])
def test_lost_part_is_a_dead_letter_whatever_the_last_part_says(make, order):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    token = rig.store.outbox._tokens.delivery(1)

    def answered():
        failed_part(rig)
        return Retry("131056", timedelta(seconds=1), parts=1) if order == "while it waits" else Sent()

    rig.channel.results = [answered] if order in {"before the answer", "while it waits"} else []
    settle(rig.deliver)
    rig.clock.advance(seconds=2)
    settle(rig.deliver)
    if order == "part first":
        failed_part(rig)
    for told in (Status.SENT, Status.DELIVERED, Status.READ):
        rig.store.outbox.confirm(token, told, rig.clock.now())
    if order == "part last":
        failed_part(rig)
    rig.clock.advance(minutes=5)
    settle(rig.deliver)
    [letter] = rig.store.dead_letters.listed()
    assert letter.error.startswith("PartLost")
    assert letter.is_doubtful
    assert len(rig.channel.sent) == (2 if order == "while it waits" else 1)
    assert rig.store.dead_letters.replay(None, rig.clock.now()) == 0


def test_message_that_lacks_a_part_goes_again_as_a_whole_when_it_is_named(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    settle(rig.deliver)
    rig.store.outbox.confirm(f"{rig.store.outbox._tokens.delivery(1)}.2", Status.SENT, rig.clock.now())
    failed_part(rig, code=None)
    assert rig.row()["error"] == "PartLost.failed"
    assert rig.store.dead_letters.replay([1], rig.clock.now()) == 1
    settle(rig.deliver)
    assert (rig.row()["state"], rig.channel.sent[-1][0].skip, rig.row()["error"]) == (2, 0, None)


def test_lost_part_of_a_message_in_doubt_is_told_by_the_report_on_the_last(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")
    rig.channel.results = [UnknownOutcome("Cut", parts=1)]
    settle(rig.deliver)
    failed_part(rig)
    rig.store.outbox.confirm(rig.channel.sent[0][0].token, Status.SENT, rig.clock.now())
    rig.clock.advance(minutes=5)
    settle(rig.deliver)
    assert (rig.row()["state"], rig.row()["error"], len(rig.channel.sent)) == (3, "PartLost.131000", 1)


class Meter:
    def __init__(self):
        self.counted = []

    def delivered(self, channel, result):
        self.counted.append((channel, result))


def test_what_is_given_up_before_it_is_sent_is_counted(make):
    rig = make(window=timedelta(hours=24), late_after=timedelta(hours=48), unknown=UnknownPolicy.RESEND_ONCE)
    rig.deliver = replace(rig.deliver, meter=Meter())
    rig.queue("late")
    rig.clock.advance(hours=49)
    rig.queue("closed")
    settle(rig.deliver)
    rig.store.inbox.put(Address("pigeon", "a"), "1", _text("open"), rig.clock.now())
    rig.queue("doubt")
    rig.channel.results = [UnknownOutcome("Cut"), UnknownOutcome("Cut")]
    settle(rig.deliver)
    rig.store.persons.set_reachable(Address("pigeon", "a"), rig.clock.now(), is_reachable=False)
    rig.queue("blocked")
    settle(rig.deliver)
    results = ["TooLate", "window_closed", "UnknownOutcome", "UnknownOutcome", "RecipientGoneError"]
    assert rig.deliver.meter.counted == [("pigeon", result) for result in results]


def test_outside_the_window_only_a_template_leaves(make):
    rig = make(window=timedelta(hours=24))
    rig.queue("1")
    rig.clock.advance(hours=25)
    settle(rig.deliver)
    assert rig.row()["error"] == "window_closed"
    rig.template = TemplateCall("reminder", "fr")
    rig.queue("2")
    settle(rig.deliver)
    assert [outgoing.template for outgoing, _ in rig.channel.sent] == [rig.template]


def languages(rig, *approved):
    """What the house does: the person's language, else French, none that was refused; the refusals."""
    refused = []

    def template(_channel, _message):
        return next((call for call in approved if call not in refused), None)

    object.__setattr__(rig.deliver, "template", template)
    object.__setattr__(rig.deliver, "refused", lambda _channel, call, reason: refused.append(call))
    return refused


@pytest.mark.parametrize("is_known_closed", [True, False])
def test_template_that_is_refused_leaves_the_place_to_the_next(make, is_known_closed):
    rig = make(window=timedelta(hours=24))
    arabic, french = TemplateCall("reminder", "ar"), TemplateCall("reminder", "fr")
    refused = languages(rig, arabic, french)
    rig.queue("1", priority=Priority.REMINDER)
    if is_known_closed:
        rig.clock.advance(hours=23, minutes=59)
        with rig.store.database.transaction() as conn:
            conn.execute("UPDATE identities SET heard_at = heard_at - 3600000000")
    else:
        rig.channel.results = [Permanent("window_closed")]
    rig.channel.results += [Permanent("132001")]
    settle(rig.deliver)
    assert [outgoing.template for outgoing, _ in rig.channel.sent][-2:] == [arabic, french]
    assert (rig.row()["state"], refused) == (2, [arabic])


def test_templates_that_are_all_refused_end_the_message(make):
    rig = make(window=timedelta(hours=24))
    arabic, french = TemplateCall("reminder", "ar"), TemplateCall("reminder", "fr")
    refused = languages(rig, arabic, french, TemplateCall("reminder", "en"))
    rig.channel.results = [Permanent("window_closed"), Permanent("132001"), Permanent("132015")]
    rig.queue("1", priority=Priority.REMINDER)
    settle(rig.deliver)
    assert (rig.row()["state"], rig.row()["error"], refused) == (3, "132015", [arabic, french])


def test_template_is_not_sent_twice_for_what_is_not_its_fault(make):
    rig = make(window=timedelta(hours=24))
    rig.template = TemplateCall("reminder", "fr")
    rig.channel.results = [Permanent("window_closed"), Permanent("131026", Scope.PERSON)]
    rig.queue("1", priority=Priority.REMINDER)
    settle(rig.deliver)
    assert (len(rig.channel.sent), rig.row()["error"]) == (2, "131026")


def test_parts_that_arrived_are_not_sent_again(rig):
    rig.queue("1")
    rig.channel.results = [Retry("Broken", timedelta(0), parts=2)]
    settle(rig.deliver)
    assert [outgoing.skip for outgoing, _ in rig.channel.sent] == [0, 2]


class Death(BaseException):
    """The process ends here."""


def test_death_between_two_parts_leaves_only_the_rest_in_doubt(make):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("1")
    send, handed = rig.channel.send, []

    def die_once(outgoing, file):
        handed.append(outgoing)
        if len(handed) == 1:
            outgoing.arrived(1)
            outgoing.arrived(2)
            raise Death
        return send(outgoing, file)

    rig.channel.send = die_once
    with pytest.raises(Death):
        rig.deliver()
    rig.clock.advance(minutes=4)
    settle(rig.deliver)
    assert [outgoing.skip for outgoing in handed] == [0, 2]
    assert (rig.row()["state"], rig.row()["is_repeated"]) == (2, 1)


def test_part_that_cannot_be_noted_does_not_end_the_send(make, monkeypatch):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("1")

    def locked(_self, _queued, _parts):
        raise StorageError("locked")

    monkeypatch.setattr(type(rig.store.outbox), "arrived", locked)
    rig.channel.send = lambda outgoing, _file: outgoing.arrived(1) or Sent()
    settle(rig.deliver)
    assert rig.row()["state"] == 2


@pytest.mark.parametrize(
    "result",
    [
        Retry("RetryAfter", timedelta(seconds=1), is_counted=False, parts=1),
        Retry("130429", timedelta(seconds=1), Scope.CHANNEL, parts=1),
        Permanent("InvalidToken", Scope.CHANNEL, parts=1),
        UnknownOutcome("TimedOut", parts=1),
    ],
)
def test_parts_that_arrived_are_not_sent_again_after_a_wait_or_a_doubt(make, result):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue("1")
    rig.channel.results = [result]
    settle(rig.deliver)
    rig.clock.advance(minutes=6)
    settle(rig.deliver)
    assert [outgoing.skip for outgoing, _ in rig.channel.sent] == [0, 1]


def test_template_is_sent_whole_although_parts_of_the_free_text_have_left(make):
    rig = make(window=timedelta(hours=24))
    rig.queue("1")
    rig.template = TemplateCall("reminder", "fr")
    rig.channel.results = [Retry("Broken", timedelta(hours=25), parts=1), Permanent("window_closed", parts=1)]
    settle(rig.deliver)
    rig.clock.advance(hours=26)
    settle(rig.deliver)
    assert [(outgoing.skip, outgoing.template is not None) for outgoing, _ in rig.channel.sent] == [
        (0, False),
        (0, True),
    ]


def test_report_on_a_part_does_not_speak_for_the_message(make):
    rig = make(unknown=UnknownPolicy.AWAIT_STATUS)
    rig.queue("1")

    def cut():
        token = rig.store.outbox._tokens.delivery(1)
        assert rig.store.outbox.confirm(f"{token}.1", Status.DELIVERED, rig.clock.now())
        assert not rig.store.outbox.confirm("o1-aaaaaaaaaaaa.1", Status.DELIVERED, rig.clock.now())
        return Retry("131056", timedelta(seconds=4))

    rig.channel.results = [cut]
    settle(rig.deliver)
    assert (rig.row()["state"], rig.row()["parts"], rig.row()["status"]) == (0, 1, None)
    rig.clock.advance(seconds=5)
    settle(rig.deliver)
    assert [outgoing.skip for outgoing, _ in rig.channel.sent] == [0, 1]


def test_document_that_cannot_be_drawn_is_tried_again(rig):
    rig.queue("1")
    rig.channel.results = [DocumentError("x")]
    rig.deliver()
    assert rig.row()["error"] == "DocumentError"


@pytest.mark.parametrize("error", [KeyDestroyedError, LeaseLostError])
def test_erased_person_or_lost_lease_is_passed_over(rig, error):
    rig.queue()
    rig.channel.results = [error("1")]
    assert rig.deliver() == rig.person
    assert rig.errors() == []


def test_slow_send_is_not_sent_by_a_second_worker_meanwhile(make):
    rig = make(unknown=UnknownPolicy.RESEND_ONCE)
    rig.queue()

    def slow():
        rig.clock.advance(seconds=150)
        assert rig.deliver() is None
        return Sent()

    rig.channel.results = [slow]
    rig.deliver()
    assert (len(rig.channel.texts), rig.row()["is_repeated"]) == (1, 0)


@pytest.mark.parametrize("pace", ["channel_pace", "person_pace"])
def test_clock_that_goes_back_holds_nobody_up(make, pace):
    rig = make(**{pace: Pace(1, 1.0)})
    rig.queue("1")
    settle(rig.deliver)
    rig.clock.advance(hours=-1)
    rig.queue("2")
    settle(rig.deliver)
    rig.clock.advance(seconds=2)
    settle(rig.deliver)
    assert rig.channel.texts == ["1", "2"]


def test_failure_of_a_lost_lease_is_dropped(rig):
    rig.queue()

    def slow():
        rig.clock.advance(minutes=5)
        assert rig.store.outbox.claim(rig.clock.now(), LEASE) is not None
        return Retry("Slow")

    rig.channel.results = [slow]
    assert rig.deliver() == rig.person
    assert rig.errors() == []


def test_button_token_stands_for_its_choice_and_only_for_that_person(rig):
    rig.queue(OutboundMessage("?", "fr", choices=(Choice("place:93", "93"), Choice("place:75", "75"))))
    settle(rig.deliver)
    tokens = rig.channel.sent[0][0].choice_tokens
    assert [rig.store.outbox.choice(rig.person, token)[0] for token in tokens] == ["place:93", "place:75"]
    assert rig.store.outbox.choice(rig.somebody("b"), tokens[0]) is None
    assert all(len(token.encode()) <= 40 and token.startswith("r:") for token in tokens)


def test_settling_runs_every_step_until_none_has_work():
    work = {"a": [1, 2], "b": [3]}
    done = []

    def step(name):
        def take():
            if not work[name]:
                return None
            done.append(work[name].pop(0))
            return done[-1]

        return take

    assert settle(step("a"), step("b")) == 3
    assert done == [1, 3, 2]


def test_settling_ends_even_when_the_work_does_not():
    assert settle(lambda: "again") == LIMIT


def _text(words):
    from bot.core.messages import InboundKind, InboundMessage

    return InboundMessage(InboundKind.TEXT, words)
