"""The numbers of the conversation: whoever has seen number n misses exactly what lies beyond it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import Direction, Entry, in_order
from bot.core.ids import FileId
from bot.core.messages import Choice, InboundFile, InboundKind, InboundMessage, OutboundFile, OutboundMessage
from bot.gateway.transcript import event_number, outbox_number, transcript
from bot.gateway.webdesk import Sender

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(seq: int, text: str, minute: float, **more: object) -> Entry:
    kind = InboundKind.TEXT if text else InboundKind.START
    message = InboundMessage(kind, text, **more)  # type: ignore[arg-type]
    return Entry(Direction.IN, seq, START + timedelta(minutes=minute), message)


def answered(seq: int, text: str, minute: float, **more: object) -> Entry:
    message = OutboundMessage(text, "fr", **more)  # type: ignore[arg-type]
    return Entry(Direction.OUT, seq, START + timedelta(minutes=minute), message)


def test_both_sides_are_told_apart_and_numbered_in_order() -> None:
    events = transcript([said(7, "bonjour", 0), answered(3, "salut", 1), answered(4, "question", 1)], 0)
    assert [(event.sender, event.text) for event in events] == [
        (Sender.PERSON, "bonjour"), (Sender.BOT, "salut"), (Sender.BOT, "question"),
    ]  # fmt: skip
    assert [event.seq for event in events] == [event_number(7, 0), event_number(7, 3), event_number(7, 4)]
    assert [outbox_number(event.seq) for event in events[1:]] == [3, 4]


def test_the_facts_of_a_message_are_kept_and_those_of_its_document_are_not() -> None:
    file = OutboundFile("letter", "Lettre.pdf", "application/pdf", {"place": "93"})
    choices = (Choice("consent:yes", "Oui"),)
    (event,) = transcript([answered(1, "voici", 0, asks="consent", choices=choices, files=(file,))], 0)
    assert (event.language, event.asks, event.choices) == ("fr", "consent", choices)
    assert [(one.name, one.media_type) for one in event.files] == [("Lettre.pdf", "application/pdf")]
    assert event.at == START


def test_pictures_are_counted_and_a_wordless_beginning_leaves_no_trace() -> None:
    files = (InboundFile(FileId("a"), "image/png", 3, "0" * 64), InboundFile(FileId("b"), "image/png", 3, "1" * 64))
    pictures = InboundMessage(InboundKind.MEDIA, files=files, external_id="one")
    entries = [said(1, "", 0, language_hint="ar"), Entry(Direction.IN, 2, START, pictures)]
    (event,) = transcript(entries, 0)
    assert (event.pictures, event.text, event.external_id) == (2, "", "one")


def test_a_button_pressed_by_a_program_is_shown_with_its_title() -> None:
    asked = answered(1, "ok ?", 0, choices=(Choice("consent:yes", "Oui"),))
    pressed = Entry(
        Direction.IN, 1, START + timedelta(minutes=1), InboundMessage(InboundKind.CHOICE, choice="consent:yes")
    )
    assert transcript([asked, pressed], event_number(0, 1))[0].text == "Oui"
    unknown = Entry(Direction.IN, 1, START, InboundMessage(InboundKind.CHOICE, choice="nothing"))
    assert transcript([unknown], 0) == []


def test_an_answer_that_appears_after_a_later_message_is_not_lost() -> None:
    first, answer, second = said(1, "un", 0), answered(1, "réponse", 1), said(2, "deux", 2)
    seen = transcript([first, second], 0)
    assert [event.text for event in seen] == ["un", "deux"]
    assert [event.text for event in transcript([first, answer, second], seen[-1].seq)] == ["réponse"]


def test_the_largest_number_is_a_whole_number_in_a_browser() -> None:
    assert event_number(2**26 - 1, 2**26 - 1) < 2**53


@given(st.data())
def test_every_reader_sees_every_event_once_whatever_the_order_of_appearance(data: st.DataObject) -> None:
    inbound = [said(n, f"in {n}", data.draw(st.integers(0, 9))) for n in range(1, data.draw(st.integers(0, 6)) + 1)]
    outbound = [
        answered(n, f"out {n}", data.draw(st.integers(0, 9))) for n in range(1, data.draw(st.integers(0, 6)) + 1)
    ]
    inbound.sort(key=lambda entry: entry.at)
    inbound = [said(n, f"in {n}", (entry.at - START).seconds / 60) for n, entry in enumerate(inbound, 1)]
    outbound.sort(key=lambda entry: entry.at)
    outbound = [answered(n, f"out {n}", (entry.at - START).seconds / 60) for n, entry in enumerate(outbound, 1)]
    waiting, visible, seen, after = [list(inbound), list(outbound)], [], [], 0
    while any(waiting):
        queue = data.draw(st.sampled_from([queue for queue in waiting if queue]))
        visible.append(queue.pop(0))
        if data.draw(st.booleans()) or not any(waiting):
            news = transcript(in_order(visible), after)
            assert [event.seq for event in news] == sorted({event.seq for event in news})
            assert all(event.seq > after for event in news)
            seen += [event.text for event in news]
            after = news[-1].seq if news else after
    assert sorted(seen) == sorted(entry.message.text for entry in inbound + outbound)
