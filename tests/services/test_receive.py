"""A message is stored once, with its files sealed, before anything is answered."""

import dataclasses

import pytest

from bot.core.errors import DuplicateMessageError
from bot.core.messages import InboundKind, InboundMessage
from bot.services import receive as module
from bot.services.receive import Receive, Upload
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore
from tests.records import LEASE, web

PNG = Upload(b"\x89PNG", "image/png")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(clock):
    return FakeStore(clock)


@pytest.fixture
def receive(store, clock):
    return Receive(store.inbox, store.persons, store.files, clock)


def sealed(store):
    return [file.data for file in store.files._memory.files]


def text(words, **more):
    return InboundMessage(InboundKind.TEXT, words, **more)


def test_message_waits_in_the_inbox_with_the_time_it_came(receive, store, clock):
    person = receive(web("a"), "m1", text("bonjour"))
    received = store.inbox.claim(clock.now(), LEASE)
    assert (received.person, received.message.text, received.received_at) == (person, "bonjour", clock.now())
    assert received.message.external_id == "m1"


def test_text_is_cleaned_before_it_is_stored(receive, store, clock):
    receive(web("a"), "m1", text("  ligne\x00 1\u202e  "))
    assert store.inbox.claim(clock.now(), LEASE).message.text == "ligne 1"


def test_button_and_hint_are_cleaned_and_cut(receive, store, clock):
    receive(web("a"), "m1", InboundMessage(InboundKind.CHOICE, choice="x" * 999, language_hint="y" * 999))
    stored = store.inbox.claim(clock.now(), LEASE).message
    assert (len(stored.choice), len(stored.language_hint)) == (module.MAX_CHOICE, module.MAX_HINT)


def test_person_who_wrote_twice_is_one_person(receive):
    assert receive(web("a"), "m1", text("1")) == receive(web("a"), "m2", text("2"))
    assert receive(web("b"), "m3", text("3")) != receive(web("a"), "m4", text("4"))


def test_file_is_sealed_and_described(receive, store, clock):
    receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [dataclasses.replace(PNG, as_document=True)])
    (file,) = store.inbox.claim(clock.now(), LEASE).message.files
    assert (file.size, file.claimed_type, file.as_document, file.problem) == (4, "image/png", True, None)
    assert file.sha256 == "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543"
    assert sealed(store) == [b"\x89PNG"]


def test_claimed_type_is_cut(receive, store, clock):
    receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [Upload(b"1", "t" * 500)])
    assert len(store.inbox.claim(clock.now(), LEASE).message.files[0].claimed_type) == 100


@pytest.mark.parametrize(("data", "problem"), [(b"", "empty"), (b"12345", "too_large")])
def test_empty_or_large_file_is_told_and_not_kept(receive, store, clock, monkeypatch, data, problem):
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 4)
    receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [Upload(data, "image/png"), PNG])
    files = store.inbox.claim(clock.now(), LEASE).message.files
    assert [file.problem for file in files] == [problem, None]
    assert files[0].id == ""
    assert sealed(store) == [PNG.data]


def test_duplicate_is_refused_and_its_files_are_discarded(receive, store):
    receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [PNG])
    with pytest.raises(DuplicateMessageError):
        receive(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [Upload(b"second", "image/png"), Upload(b"", "")])
    assert sealed(store) == [PNG.data]


def test_files_go_when_the_inbox_fails_for_whatever_reason(store, clock):
    class Broken:
        def put(self, *_message):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        Receive(Broken(), store.persons, store.files, clock)(web("a"), "m1", InboundMessage(InboundKind.MEDIA), [PNG])
    assert sealed(store) == []
