"""One turn at a time: pictures first, one commit, and an apology when a turn fails."""

import contextlib
from datetime import timedelta

import pytest

from bot.core.case import Case, Draft
from bot.core.effects import HandoffReason, PersonState, TurnRecord
from bot.core.errors import (
    KeyDestroyedError,
    LeaseLostError,
    MediaRefusedError,
    MediaTooLargeError,
    MediaUnreadableError,
    StorageError,
    TurnFailedError,
)
from bot.core.evidence import Proof
from bot.core.messages import InboundFile, InboundKind, InboundMessage, OutboundMessage
from bot.core.ports import FileKind, Picture
from bot.services.converse import FIRST_PAUSE, LEASE, MAX_CLAIMS, Converse
from bot.services.receive import Receive, Upload
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore
from tests.records import turn, web


class Engine:
    """Answers "answer", or does what ``act`` does."""

    def __init__(self):
        self.seen = []
        self.act = None

    def play(self, state, received, now):
        self.seen.append((state, received, now))
        if self.act is not None:
            self.act(received)
        return TurnRecord(state.case, b"d", (OutboundMessage("answer", "fr"),), ())


class Inspector:
    error = None

    def inspect(self, data):
        if self.error is not None:
            raise self.error
        return Picture(b"safe " + data, 1, 1)


class Rig:
    """A Converse over fakes."""

    def __init__(self):
        self.clock = FakeClock()
        self.store = FakeStore(self.clock)
        self.engine, self.inspector = Engine(), Inspector()
        self.receive = Receive(self.store.inbox, self.store.persons, self.store.files, self.clock)
        self.converse = Converse(
            self.store.inbox, self.store.persons, self.store.files, self.inspector, self.engine, self.clock,
            lambda said, language: OutboundMessage(said.key, language),
        )  # fmt: skip

    def write(self, number=1, *uploads):
        kind = InboundKind.MEDIA if uploads else InboundKind.TEXT
        return self.receive(web("a"), f"m{number}", InboundMessage(kind, f"text {number}"), uploads)

    def said(self):
        return [row.message.text for row in self.store.outbox._memory.outbox]

    def files(self):
        return [file.data for file in self.store.files._memory.files]

    @property
    def handoffs(self):
        return [row.reason for row in self.store.handoffs.open()]


@pytest.fixture
def rig():
    return Rig()


def fail(cause):
    def act(_received):
        raise TurnFailedError("turn 1 failed") from cause

    return act


def test_nothing_waits_nothing_happens(rig):
    assert rig.converse() is None
    assert rig.engine.seen == []


def test_waiting_message_is_played_as_of_the_time_it_came(rig):
    came = rig.clock.now()
    person = rig.write()
    rig.clock.advance(minutes=5)
    assert rig.converse() == person
    assert rig.engine.seen[0][2] == came
    assert rig.said() == ["answer"]
    assert rig.converse() is None


def test_messages_of_a_person_are_played_in_order(rig):
    for number in (1, 2, 3):
        rig.write(number)
    while rig.converse():
        pass
    assert [received.message.text for _state, received, _now in rig.engine.seen] == ["text 1", "text 2", "text 3"]


@pytest.mark.parametrize(("cause", "named"), [(ValueError("words"), "ValueError"), (None, "TurnFailedError")])
def test_failed_turn_is_apologised_for_at_once_and_not_played_again(rig, cause, named):
    person = rig.write()
    rig.engine.act = fail(cause)
    assert rig.converse() == person
    assert rig.said() == ["utter_failed_turn"]
    assert rig.store.persons.state(person).case.handoff is True
    assert rig.handoffs == [HandoffReason.FAILED_TURN]
    assert rig.store.failures == [("inbox", named, True)]
    rig.clock.advance(hours=1)
    assert rig.converse() is None


def test_apology_is_in_the_language_of_the_person(rig):
    person = rig.write(1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn(case=Case(language="ar")), rig.clock.now())
    rig.write(2)
    rig.engine.act = fail(None)
    rig.converse()
    (row,) = rig.store.outbox._memory.outbox
    assert (row.message.language, row.person.id) == ("ar", person)


def test_failed_turn_leaves_the_dialogue_as_it_was(rig):
    person = rig.write(1)
    rig.converse()
    rig.write(2)
    rig.engine.act = fail(None)
    rig.converse()
    assert rig.store.persons.state(person).dialogue == b"d"


def test_message_that_kills_its_process_is_given_up(rig):
    rig.write()
    for _ in range(MAX_CLAIMS):
        assert rig.store.inbox.claim(rig.clock.now(), LEASE) is not None
        rig.clock.advance(seconds=LEASE.total_seconds() + 1)
    rig.converse()
    assert rig.engine.seen == []
    assert rig.said() == ["utter_failed_turn"]
    assert rig.store.failures == [("inbox", "ProcessDied", True)]


def test_result_of_a_lost_lease_is_dropped(rig):
    person = rig.write()

    def another_worker_takes_it(_received):
        rig.clock.advance(seconds=LEASE.total_seconds() + 1)
        assert rig.store.inbox.claim(rig.clock.now(), LEASE) is not None

    rig.engine.act = another_worker_takes_it
    assert rig.converse() == person
    assert rig.said() == []


@pytest.mark.parametrize("then", [None, TurnFailedError("turn 1 failed")])
def test_person_erased_meanwhile_gets_nothing_and_nothing_fails(rig, then):
    person = rig.write()

    def erased(_received):
        rig.store.persons.erase(person)
        if then is not None:
            raise then

    rig.engine.act = erased
    assert rig.converse() == person
    assert rig.said() == []
    assert rig.store.persons.find(web("a")) is None


def test_apology_after_a_lost_lease_is_dropped_too(rig):
    rig.write()

    def slow(_received):
        rig.clock.advance(seconds=LEASE.total_seconds() + 1)
        assert rig.store.inbox.claim(rig.clock.now(), LEASE) is not None
        raise TurnFailedError("turn 1 failed")

    rig.engine.act = slow
    rig.converse()
    assert rig.said() == []


@pytest.mark.parametrize("error", [LeaseLostError, KeyDestroyedError])
def test_dropped_turn_leaves_no_copy_of_a_picture(rig, error):
    rig.write(1, Upload(b"one", "image/png"))

    def drop(_received):
        raise error("1")

    rig.engine.act = drop
    rig.converse()
    assert rig.files() == [b"one"]


def test_picture_is_looked_at_before_the_turn(rig):
    rig.write(1, Upload(b"one", "image/png"), Upload(b"two", "image/png"))
    rig.converse()
    files = rig.engine.seen[0][1].message.files
    assert all(file.safe_copy is not None and file.problem is None for file in files)
    assert rig.files() == [b"one", b"two", b"safe one", b"safe two"]


PROBLEMS = [
    (MediaRefusedError("paper"), "identity_paper"),
    (MediaTooLargeError("pixels"), "too_large"),
    (MediaUnreadableError("broken"), "unreadable"),
]


@pytest.mark.parametrize(("error", "problem"), PROBLEMS, ids=[problem for _error, problem in PROBLEMS])
def test_picture_that_cannot_be_used_is_erased_with_the_turn(rig, error, problem):
    rig.inspector.error = error
    rig.write(1, Upload(b"one", "image/png"))
    rig.converse()
    assert rig.engine.seen[0][1].message.files[0].problem == problem
    assert rig.files() == []


class DeadError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("end", [DeadError, StorageError])
def test_reason_of_a_refusal_is_the_same_when_the_turn_is_played_again(rig, end):
    """Erased before the commit, the second play would say that there was no yes within ten minutes."""
    rig.inspector.error = MediaRefusedError("paper")
    rig.write(1, Upload(b"one", "image/png"))

    def stop(_received):
        raise end

    rig.engine.act = stop
    with pytest.raises(end):
        rig.converse()
    rig.engine.act = None
    rig.clock.advance(seconds=LEASE.total_seconds() + 1)
    rig.converse()
    assert [received.message.files[0].problem for _state, received, _now in rig.engine.seen] == ["identity_paper"] * 2
    assert rig.files() == []


def test_refused_picture_is_erased_with_the_apology(rig):
    rig.inspector.error = MediaRefusedError("paper")
    rig.write(1, Upload(b"one", "image/png"))
    rig.engine.act = fail(None)
    rig.converse()
    assert (rig.said(), rig.files()) == (["utter_failed_turn"], [])


def test_picture_that_was_looked_at_as_it_came_is_not_looked_at_again(rig):
    person = rig.store.persons.find_or_create(web("a"), rig.clock.now())
    ids = [rig.store.files.put(person, b"x", kind, rig.clock.now()) for kind in FileKind]
    file = InboundFile(ids[0], "image/png", 1, "00", safe_copy=ids[1])
    for number in (1, 2):
        rig.store.inbox.put(web("a"), f"{number}", InboundMessage(InboundKind.MEDIA, files=(file,)), rig.clock.now())
    rig.inspector.error = RuntimeError()
    rig.converse()
    rig.store.files.discard(person, (ids[1],))
    rig.converse()
    seen = [received.message.files[0] for _state, received, _now in rig.engine.seen]
    assert (seen[0], seen[1].problem) == (file, "gone")


def test_lease_outlives_ten_pictures_at_the_limit_of_the_inspector(rig):
    rig.write(1, *(Upload(b"%d" % n, "image/png") for n in range(10)))
    stolen = []

    def inspect(data):
        rig.clock.advance(seconds=10)
        stolen.append(rig.store.inbox.claim(rig.clock.now(), LEASE))
        return Picture(b"safe " + data, 1, 1)

    rig.inspector.inspect = inspect
    rig.converse()
    assert stolen == [None] * 10
    assert (rig.said(), len(rig.engine.seen)) == (["answer"], 1)


def test_lease_lost_over_the_pictures_leaves_no_copy_and_no_turn(rig):
    rig.write(1, Upload(b"one", "image/png"), Upload(b"two", "image/png"))

    def inspect(data):
        if data == b"two":
            rig.clock.advance(seconds=LEASE.total_seconds() + 1)
            rig.store.inbox.claim(rig.clock.now(), LEASE)
        return Picture(b"safe " + data, 1, 1)

    rig.inspector.inspect = inspect
    rig.converse()
    assert (rig.engine.seen, rig.files()) == ([], [b"one", b"two"])


def test_file_with_a_problem_is_not_looked_at(rig):
    rig.inspector.error = RuntimeError()
    rig.write(1, Upload(b"", "image/png"))
    rig.converse()
    assert rig.engine.seen[0][1].message.files[0].problem == "empty"


def test_picture_erased_while_it_waited_is_gone(rig):
    rig.write(1, Upload(b"one", "image/png"))
    rig.store.files._memory.files.clear()
    rig.converse()
    assert rig.engine.seen[0][1].message.files[0].problem == "gone"


def test_picture_that_the_store_refuses_for_now_is_not_given_up(rig, monkeypatch):
    rig.write(1, Upload(b"one", "image/png"))

    def refuse(*_given):
        raise StorageError("the disk refused: OSError 24")

    with monkeypatch.context() as broken:
        broken.setattr(type(rig.store.files), "open", refuse)
        with pytest.raises(StorageError):
            rig.converse()
    assert (rig.engine.seen, rig.files()) == ([], [b"one"])
    rig.clock.advance(minutes=1)
    rig.converse()
    assert rig.engine.seen[0][1].message.files[0].problem is None


def test_draft_keeps_pictures_that_the_store_refuses_for_now(rig, monkeypatch):
    person = rig.store.persons.find_or_create(web("a"), rig.clock.now())
    ids = [rig.store.files.put(person, b"x", kind, rig.clock.now()) for kind in FileKind]
    proof = Proof(ids[0], ids[1], "00", 1, rig.clock.now())
    state = PersonState(Case(language="fr", proof_consent=True, draft=Draft(proofs=(proof,))), b"", ())
    monkeypatch.setattr(type(rig.store.persons), "state", lambda *_given: state)
    rig.write(1)

    def refuse(*_given):
        raise StorageError("the disk refused: OSError 24")

    monkeypatch.setattr(type(rig.store.files), "open", refuse)
    with pytest.raises(StorageError):
        rig.converse()
    assert rig.files() == [b"x", b"x"]


def test_failed_turn_leaves_the_original_to_the_purge_and_no_copy(rig):
    rig.write(1, Upload(b"one", "image/png"))
    rig.engine.act = fail(None)
    rig.converse()
    assert rig.files() == [b"one"]


def broken(_received):
    raise StorageError("the database is locked")


def test_store_that_fails_stops_the_turn_and_the_message_is_played_soon(rig):
    rig.write(1, Upload(b"one", "image/png"))
    rig.engine.act = broken
    with pytest.raises(StorageError):
        rig.converse()
    assert (rig.said(), rig.files()) == ([], [b"one"])
    rig.engine.act = None
    assert rig.converse() is None
    rig.clock.advance(seconds=FIRST_PAUSE.total_seconds())
    rig.converse()
    assert rig.said() == ["answer"]


def test_store_that_keeps_failing_is_tried_for_five_minutes_and_then_told(rig):
    rig.write()
    rig.engine.act = broken
    began, plays = rig.clock.now(), 0
    while not rig.said():
        with contextlib.suppress(StorageError):
            rig.converse()
        plays += 1
        rig.clock.advance(seconds=1)
    assert rig.said() == ["utter_failed_turn"]
    assert len(rig.engine.seen) == MAX_CLAIMS
    assert timedelta(minutes=5) < rig.clock.now() - began < timedelta(minutes=15)


def test_apology_that_is_not_stored_is_made_again(rig, monkeypatch):
    rig.write()
    rig.engine.act = fail(None)
    with monkeypatch.context() as patch:
        patch.setattr(rig.store.inbox, "commit", lambda *_args, **_more: broken(None))
        with pytest.raises(StorageError):
            rig.converse()
    rig.clock.advance(seconds=FIRST_PAUSE.total_seconds())
    rig.converse()
    assert rig.said() == ["utter_failed_turn"]


def test_apology_that_the_store_refuses_for_hours_is_made_at_last(rig, monkeypatch):
    rig.write()
    rig.engine.act = fail(None)
    with monkeypatch.context() as patch:
        patch.setattr(rig.store.inbox, "commit", lambda *_args, **_more: broken(None))
        for _ in range(40):
            with pytest.raises(StorageError):
                rig.converse()
            rig.clock.advance(minutes=5)
    rig.converse()
    assert rig.said() == ["utter_failed_turn"]


def test_store_that_refuses_everything_leaves_the_message_to_its_lease(rig, monkeypatch):
    rig.write()
    rig.engine.act = broken
    with monkeypatch.context() as patch:
        patch.setattr(rig.store.inbox, "fail", lambda *_args: broken(None))
        with pytest.raises(StorageError):
            rig.converse()
    rig.engine.act = None
    rig.clock.advance(seconds=LEASE.total_seconds() + 1)
    rig.converse()
    assert rig.said() == ["answer"]


def draft_with(rig, person, *, age, consent):
    original = rig.store.files.put(person, b"one", FileKind.ORIGINAL, rig.clock.now())
    copy = rig.store.files.put(person, b"safe", FileKind.SAFE, rig.clock.now())
    proof = Proof(original, copy, "00", 3, rig.clock.now() - timedelta(minutes=age))
    case = Case(language="fr", proof_consent=consent, draft=Draft(proofs=(proof,)))
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn(case=case), rig.clock.now())


DRAFTS = [("still there", 1, True, False), ("waiting, young", 1, False, False), ("waiting too long", 11, False, True),
          ("agreed long ago", 11, True, False)]  # fmt: skip


@pytest.mark.parametrize(("name", "age", "consent", "is_gone"), DRAFTS, ids=[case[0] for case in DRAFTS])
def test_draft_loses_the_pictures_that_waited_too_long(rig, name, age, consent, is_gone):
    person = rig.write(1)
    draft_with(rig, person, age=age, consent=consent)
    rig.write(2)
    rig.converse()
    state, received, _now = rig.engine.seen[0]
    assert (state.case.draft.proofs == ()) is is_gone
    assert [file.problem for file in received.message.files] == ["gone"] * is_gone
    assert (rig.files() == []) is is_gone


def test_draft_whose_picture_is_missing_loses_it(rig):
    person = rig.write(1)
    draft_with(rig, person, age=1, consent=True)
    rig.store.files._memory.files.pop()
    rig.write(2)
    rig.converse()
    assert rig.engine.seen[0][0].case.draft.proofs == ()


def test_draft_without_pictures_is_left_alone(rig):
    rig.write(1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn(case=Case(draft=Draft())), rig.clock.now())
    rig.write(2)
    rig.converse()
    assert rig.engine.seen[0][0].case.draft == Draft()
