"""The house as the web chat sees it."""

import asyncio

import pytest

from bot.channels.web import WebChannel
from bot.core.case import Case
from bot.core.effects import EraseEverything, TurnRecord
from bot.core.errors import DuplicateMessageError
from bot.core.messages import InboundKind, InboundMessage, OutboundFile, OutboundMessage
from bot.gateway.house_desk import HouseDesk
from bot.gateway.webdesk import Sender, Upload
from bot.services.deliver import Deliver
from bot.services.receive import Receive
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore
from tests.playing import wording
from tests.records import LEASE, web

LETTER = OutboundFile("letter", "l.pdf", "application/pdf")


class Rig:
    def __init__(self):
        self.clock = FakeClock()
        self.store = FakeStore(self.clock)
        self.channel = WebChannel()
        self.woken = 0
        receive = Receive(self.store.inbox, self.store.persons, self.store.files, self.clock)
        self.desk = HouseDesk(
            receive, self.store.persons, self.store.outbox, self.channel, wording(), lambda file: b"%PDF" + file.name.encode(),
            self.wake,
        )  # fmt: skip
        self.deliver = Deliver(
            self.store.outbox, self.store.persons, {"web": self.channel}, self.clock, lambda: 0.0, lambda _file: b""
        )

    def wake(self):
        self.woken += 1

    def write(self, words="bonjour", number=1, uploads=()):
        self.desk.receive(web("a"), f"m{number}", InboundMessage(InboundKind.TEXT, words), uploads)
        return self.desk.find(web("a"))

    def answer(self, *messages, effects=()):
        received = self.store.inbox.claim(self.clock.now(), LEASE)
        self.store.inbox.commit(received, TurnRecord(Case(language="fr"), b"", messages, effects), self.clock.now())


@pytest.fixture
def rig():
    return Rig()


def test_message_is_stored_and_the_jobs_are_woken(rig):
    person = rig.write(uploads=[Upload(b"x", "image/png", as_document=True)])
    assert rig.woken == 1
    (event,) = rig.desk.history(person, 0)
    assert (event.sender, event.text, event.pictures, event.external_id) == (Sender.PERSON, "bonjour", 1, "m1")


def test_duplicate_is_refused_and_wakes_nobody(rig):
    rig.write()
    with pytest.raises(DuplicateMessageError):
        rig.write()
    assert rig.woken == 1


def test_stranger_is_nobody(rig):
    assert rig.desk.find(web("z")) is None


def test_history_begins_after_what_was_seen(rig):
    person = rig.write()
    rig.answer(OutboundMessage("réponse", "fr"))
    first, second = rig.desk.history(person, 0)
    assert [first.text, second.text] == ["bonjour", "réponse"]
    assert rig.desk.history(person, first.seq) == [second]
    assert rig.desk.history(person, second.seq) == []


def test_letter_is_drawn_when_it_is_asked_for(rig):
    person = rig.write()
    rig.answer(OutboundMessage("voici", "fr", files=(LETTER,)))
    event = rig.desk.history(person, 0)[-1]
    assert rig.desk.letter(person, event.seq, 0) == ("l.pdf", "application/pdf", b"%PDFl.pdf")


@pytest.mark.parametrize(("beyond", "index"), [(0, 1), (0, -1), (1, 0), (7, 0)])
def test_letter_that_is_not_there_is_none(rig, beyond, index):
    person = rig.write()
    rig.answer(OutboundMessage("voici", "fr", files=(LETTER,)))
    event = rig.desk.history(person, 0)[-1]
    assert rig.desk.letter(person, event.seq + beyond, index) is None


def test_message_without_a_letter_has_none(rig):
    person = rig.write()
    rig.answer(OutboundMessage("rien", "fr"))
    assert rig.desk.letter(person, rig.desk.history(person, 0)[-1].seq, 0) is None


def test_farewell_is_erased_only_after_a_page_has_seen_it(rig):
    rig.write()
    rig.answer(OutboundMessage("adieu", "fr", is_farewell=True), effects=(EraseEverything(),))
    rig.deliver()
    person = rig.desk.find(web("a"))
    assert [event.text for event in rig.desk.history(person, 0)] == ["adieu"]
    rig.deliver()
    assert rig.desk.find(web("a")) is None


def test_bell_of_a_session_is_rung(rig):
    async def listen():
        with rig.desk.listen(web("a")) as bell:
            rig.desk.ring(web("b"))
            assert not await bell.wait(0.01)
            rig.desk.ring(web("a"))
            assert await bell.wait(1)

    asyncio.run(listen())


def test_page_has_its_words_in_every_language(rig):
    french = rig.desk.ui_texts("fr")
    assert french["brand"] == "Guichet"
    for language in ("en", "ar"):
        told = rig.desk.ui_texts(language)
        assert set(told) == set(french)
        assert told["skip"] != french["skip"]


def test_picker_shows_what_is_offered_and_says_what_is_a_draft(rig):
    assert [(one.code, one.direction, one.is_draft) for one in rig.desk.languages()][:3] == [
        ("fr", "ltr", False), ("en", "ltr", True), ("ar", "rtl", True),
    ]  # fmt: skip
