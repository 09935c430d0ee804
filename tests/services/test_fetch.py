"""Files are looked at as they are fetched; a death at any moment loses and doubles none; no error repeats for ever."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import MediaRefusedError, MediaTooLargeError, MediaUnreadableError, StorageError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address, Picture
from bot.services.converse import Converse
from bot.services.fetch import GIVE_UP_AFTER, LEASE, MAX_CLAIMS
from bot.services.receive import Receive, Upload
from bot.services.settle import settle
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.records import turn, web
from tests.services.test_take_in import AWA, Rig, picture


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    made.platform.files = {"p": b"picture"}
    yield made
    made.store.close()


def test_picture_comes_to_its_turn_with_its_safe_copy(rig):
    rig.tell(picture("p", 1))
    settle(rig.fetch)
    (file,) = rig.play(0).files
    person = rig.store.persons.find(AWA)
    assert rig.store.files.open(person, file.id) == b"picture"
    assert rig.store.files.open(person, file.safe_copy) == b"safe picture"


def test_picture_and_copy_outlast_the_wait_for_the_turn(rig):
    rig.tell(picture("p", 1))
    settle(rig.fetch)
    rig.clock.advance(hours=1)
    rig.store.shredder.purge(rig.clock.now())
    assert rig.count("files") == 2
    assert rig.play(0).files[0].problem is None


PROBLEMS = [
    (MediaRefusedError("x"), "identity_paper"), (MediaTooLargeError("x"), "too_large"),
    (MediaUnreadableError("x"), "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "problem"), PROBLEMS, ids=[problem for _error, problem in PROBLEMS])
@pytest.mark.parametrize("is_late", [False, True])
def test_nothing_is_ever_written_of_a_picture_that_is_refused(rig, error, problem, is_late):
    def fail(_data):
        raise error

    rig.inspector.inspect = fail
    rig.tell(picture("p", 1))
    if is_late:
        assert rig.play(21) is None
        assert rig.play(21, "not yet").files[0].problem == "late"
    settle(rig.fetch)
    (file,) = rig.play(0).files
    assert (file.problem, file.id, file.sha256) == (problem, "", "")
    assert rig.count("files") == 0


def test_persons_take_turns_however_many_pictures_one_of_them_sends(rig):
    ben = Address("pigeon", "ben")
    rig.tell(*(picture("p", n) for n in range(5)), replace(picture("p", 9), addresses=(ben,)))
    assert [rig.fetch() == rig.store.persons.find(ben) for _ in range(3)] == [False, True, False]


class DeadError(BaseException):
    """The process ends here."""


MOMENTS = ["claimed", "fetched", "looked at", "original written", "copy written"]


class Killed:
    """Store and platform of a process that ends at the given moment, without a word."""

    def __init__(self, rig, moment):
        self.moment, self.rig = moment, rig

    def fetch(self, ref, limit):
        self.pass_by("claimed")
        return self.rig.platform.fetch(ref, limit)

    def inspect(self, data):
        self.pass_by("fetched")
        return Picture(b"safe " + data, 1, 1)

    def put(self, person, data, kind, now):
        self.pass_by("looked at" if kind == "original" else "original written")
        return self.rig.store.files.put(person, data, kind, now)

    def open(self, person, file):
        return self.rig.store.files.open(person, file)

    def discard(self, person, files):
        """The dead do nothing."""

    def claim(self, *given, **more):
        return self.rig.store.media.claim(*given, **more)

    def fetched(self, task, file, now):
        self.pass_by("copy written")
        self.rig.store.media.fetched(task, file, now)

    def pass_by(self, moment):
        if moment == self.moment:
            raise DeadError


@pytest.mark.parametrize("moment", MOMENTS)
def test_death_between_two_states_loses_and_doubles_no_picture(rig, tmp_path, moment):
    rig.tell(picture("p", 1, "hier"))
    killed = Killed(rig, moment)
    with pytest.raises(DeadError):
        replace(rig.fetch, queue=killed, files=killed, inspector=killed, channels={"pigeon": killed})()
    rig.store.close()
    rig.store = open_store(tmp_path, MasterKey(bytes(32)), os.urandom, rig.clock)
    rig.fetch = replace(rig.fetch, queue=rig.store.media, files=rig.store.files)
    settle(rig.fetch)
    message = rig.play(0, "ok")
    assert (message.text, [file.problem for file in message.files]) == ("hier", [None])
    assert rig.play(60) is None
    rig.clock.advance(minutes=11)
    assert rig.store.files.discard_waiting(rig.clock.now() - timedelta(minutes=10)) >= 2
    assert rig.count("files") == 0, "what the dead process wrote is gone with the rest"


@pytest.mark.parametrize("error", [KeyError("file_path"), ValueError("words"), RuntimeError()])
def test_error_that_nobody_thought_of_is_tried_again_and_given_up_after_an_hour(rig, error):
    rig.platform.files = {"p": error}
    counted = []
    rig.fetch = replace(rig.fetch, failed=lambda channel, name: counted.append((channel, name)))
    rig.tell(picture("p", 1))
    began = rig.clock.now()
    while rig.count("media", "state < 2"):
        settle(rig.fetch)
        rig.clock.advance(seconds=30)
    assert GIVE_UP_AFTER <= rig.clock.now() - began < GIVE_UP_AFTER + timedelta(minutes=10)
    assert set(counted) == {("pigeon", type(error).__name__)}
    assert rig.play().files[0].problem == "unavailable"


def test_error_that_nobody_thought_of_may_pass(rig):
    rig.platform.files = {"p": [KeyError("file_path"), b"picture"]}
    rig.tell(picture("p", 1))
    settle(rig.fetch)
    rig.clock.advance(seconds=2)
    settle(rig.fetch)
    assert rig.play(0).files[0].problem is None


def test_file_that_kills_its_process_again_and_again_is_given_up(rig):
    rig.tell(picture("p", 1))
    for _ in range(MAX_CLAIMS):
        assert rig.store.media.claim(rig.clock.now(), LEASE) is not None
        rig.clock.advance(seconds=LEASE.total_seconds() + 1)
    rig.fetch()
    assert rig.play().files[0].problem == "unavailable"


def upload(rig, *contents):
    """As the page does."""
    receive = Receive(rig.store.inbox, rig.store.persons, rig.store.files, rig.clock)
    uploads = [Upload(data, "image/png") for data in contents]
    receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA, "hier"), uploads)


def refuse(_data):
    raise MediaRefusedError("x")


def test_picture_of_the_page_is_looked_at_before_its_turn_and_keeps_its_place(rig):
    upload(rig, b"", b"one", b"two")
    assert rig.play(1) is None, "it waits to be looked at"
    settle(rig.fetch)
    empty, *files = rig.play(0).files
    assert empty.problem == "empty"
    person = rig.store.persons.find(web("a"))
    assert [rig.store.files.open(person, file.id) for file in files] == [b"one", b"two"]
    assert [rig.store.files.open(person, file.safe_copy) for file in files] == [b"safe one", b"safe two"]
    assert [(file.size, file.claimed_type, len(file.sha256)) for file in files] == [(3, "image/png", 64)] * 2


def test_picture_of_the_page_that_is_refused_is_erased_by_its_turn(rig):
    rig.inspector.inspect = refuse
    upload(rig, b"paper")
    settle(rig.fetch)
    seen = []

    class Engine:
        def play(self, state, received, now):
            seen.append([file.problem for file in received.message.files])
            return turn("no papers")

    store = rig.store
    Converse(store.inbox, store.persons, store.files, rig.inspector, Engine(), rig.clock, lambda _said, _to: None)()
    assert (seen, rig.count("files"), rig.count("outbox")) == ([["identity_paper"]], 0, 1)


def test_picture_of_the_page_that_nobody_looks_at_comes_late_and_once(rig):
    upload(rig, b"one")
    assert rig.play(21) is None
    assert [file.problem for file in rig.play(21, "not yet").files] == ["late"]
    settle(rig.fetch)
    assert [file.problem for file in rig.play(0, "ok").files] == [None]
    assert rig.play(60) is None


def test_picture_of_the_page_that_was_erased_meanwhile_is_gone(rig):
    upload(rig, b"one")
    rig.store.database.connection().execute("DELETE FROM files")
    settle(rig.fetch)
    assert [file.problem for file in rig.play(0).files] == ["gone"]


def test_picture_of_the_page_that_the_disk_refuses_for_hours_is_kept_and_looked_at_after(rig, monkeypatch):
    upload(rig, b"one")

    def refuse(*_given):
        raise StorageError("the disk refused: OSError 24")

    with monkeypatch.context() as broken:
        broken.setattr(type(rig.store.files), "open", refuse)
        for _ in range(30):
            settle(rig.fetch)
            rig.clock.advance(minutes=5)
    assert rig.count("files") == 1
    rig.clock.advance(minutes=5)
    settle(rig.fetch)
    assert [file.problem for file in rig.play(0).files] == [None]


@pytest.mark.parametrize("moment", ["fetched", "original written", "copy written"])
def test_death_while_a_picture_of_the_page_is_looked_at_loses_and_doubles_nothing(rig, tmp_path, moment):
    upload(rig, b"one")
    killed = Killed(rig, moment)
    with pytest.raises(DeadError):
        replace(rig.fetch, queue=killed, files=killed, inspector=killed)()
    rig.store.close()
    rig.store = open_store(tmp_path, MasterKey(bytes(32)), os.urandom, rig.clock)
    rig.fetch = replace(rig.fetch, queue=rig.store.media, files=rig.store.files)
    settle(rig.fetch)
    (file,) = rig.play(0, "ok").files
    assert rig.store.files.open(rig.store.persons.find(web("a")), file.id) == b"one"
    assert rig.play(60) is None


def test_picture_of_the_page_that_kills_its_process_is_given_up(rig):
    upload(rig, b"one")
    for _ in range(MAX_CLAIMS):
        assert rig.store.media.claim(rig.clock.now(), LEASE) is not None
        rig.clock.advance(seconds=LEASE.total_seconds() + 1)
    rig.fetch()
    assert [file.problem for file in rig.play().files] == ["unavailable"]
