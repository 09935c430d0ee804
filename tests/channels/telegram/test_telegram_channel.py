"""The channel speaks to Telegram's API as it is, errors included; every row of channels.md 1.4."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from telegram.error import TelegramError, TimedOut

from bot.channels.telegram import media
from bot.channels.telegram.media import check_address
from bot.channels.telegram.results import classify
from bot.channels.telegram.settings import DOWNLOAD_MAX
from bot.core.delivery import Outgoing, Permanent, Retry, Scope, Sent, UnknownOutcome
from bot.core.errors import (
    ChannelUnavailableError,
    DocumentError,
    MediaGoneError,
    MediaTooLargeError,
    MediaUnavailableError,
    SetupError,
    UnauthorizedError,
)
from bot.core.events import Inbound, MediaRef
from bot.core.messages import Choice, InboundKind, InboundMessage, OutboundFile, OutboundMessage
from bot.core.ports import Address
from tests.channels.telegram.conftest import SECRET
from tests.peers.faults import CUT, DROP, Fault
from tests.peers.telegram.errors import named_fault, too_many

HERE = Address("telegram", "5000001")
CHOICES = (Choice("yes", "Oui"), Choice("no", "Non"))


def outgoing(text="Bonjour", choices=(), files=(), skip=0):
    tokens = tuple(f"r:{n}" for n in range(len(choices)))
    return Outgoing(1, "o1", HERE, OutboundMessage(text, "fr", choices=choices, files=files), tokens, skip=skip)


def no_file(_file):
    raise AssertionError


@pytest.fixture
def awa(telegram):
    person = telegram.person()
    person.start()
    return person


def test_message_with_buttons_arrives_and_a_tap_comes_back(channel, telegram, awa):
    assert isinstance(channel.send(outgoing(choices=CHOICES), no_file), Sent)
    assert awa.seen[-1].text == "Bonjour"
    assert awa.seen[-1].buttons == [("Oui", "r:0"), ("Non", "r:1")]
    awa.click(awa.seen[-1], "Non")
    events, offset = channel.poll(None)
    tap = events[-1]
    assert (tap.message.kind, tap.message.choice) == (InboundKind.CHOICE, "r:1")
    channel.acknowledge(tap)
    assert telegram.state.answered == [{"callback_query_id": tap.callback}]
    assert channel.poll(offset) == ([], None)


def test_letter_arrives_byte_for_byte_with_its_words(channel, awa):
    letter = OutboundFile("letter", "lettre.pdf", "application/pdf")
    assert isinstance(channel.send(outgoing("Voici.", CHOICES, (letter,)), lambda _file: b"%PDF-1.7 letter"), Sent)
    message = awa.seen[-1]
    assert awa.received(message).content == b"%PDF-1.7 letter"
    assert len(message.buttons) == 2


def test_words_before_a_letter_that_cannot_be_drawn_are_not_said_again(channel, awa):
    def broken(_file):
        raise DocumentError("letter")

    letter = OutboundFile("letter", "lettre.pdf", "application/pdf")
    assert channel.send(outgoing("Une phrase. " * 100, files=(letter,)), broken) == Retry("DocumentError", parts=1)
    with pytest.raises(DocumentError):
        channel.send(outgoing("Voici.", files=(letter,)), broken)


def test_parts_that_arrived_are_skipped(channel, telegram, awa):
    long = "Une phrase. " * 700
    telegram.faults.next(named_fault("500"), call="sendMessage")
    result = channel.send(outgoing(long, skip=1), no_file)
    assert (type(result), result.parts) == (Retry, 1)
    before, noted = len(awa.seen), []
    rest = replace(outgoing(long, skip=1), arrived=lambda parts: noted.append((parts, len(awa.seen) - before)))
    assert isinstance(channel.send(rest, no_file), Sent)
    assert noted == [(2, 1)], "each part is noted before the next one leaves"
    assert len(awa.seen) - before == 2


@pytest.mark.parametrize(("fault", "result"), [
    ("blocked", Permanent("Forbidden", Scope.PERSON)),
    ("deactivated", Permanent("Forbidden", Scope.PERSON)),
    ("chat_not_found", Permanent("BadRequest", Scope.PERSON)),
    ("too_long", Permanent("BadRequest")),
    ("button", Permanent("BadRequest")),
    ("migrated", Permanent("ChatMigrated", Scope.PERSON)),
    ("401", Permanent("InvalidToken", Scope.CHANNEL)),
    ("404", Permanent("InvalidToken", Scope.CHANNEL)),
    ("409", Permanent("Conflict", Scope.CHANNEL)),
    ("500", Retry("NetworkError")),
    ("502", Retry("NetworkError")),
])  # fmt: skip
def test_refusals(channel, telegram, awa, fault, result):
    telegram.faults.next(named_fault(fault), call="sendMessage")
    assert channel.send(outgoing(), no_file) == result


PAGE = "<html><title>blocked</title></html>"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 429])
@pytest.mark.parametrize("answer", [{"text": PAGE}, {"text": ""}, {"body": {"error": "denied by policy"}}])
def test_refusal_that_is_not_telegrams_ends_neither_message_nor_person_nor_channel(
    channel, telegram, awa, status, answer
):
    telegram.faults.next(Fault("of a proxy", status, **answer), call="sendMessage")
    result = channel.send(outgoing(), no_file)
    assert isinstance(result, Retry)
    assert result == Retry(result.reason)
    assert isinstance(channel.send(outgoing(), no_file), Sent)


@pytest.mark.parametrize("answer", [
    {"text": PAGE}, {"text": ""}, {"body": {"ok": True}}, {"body": {"ok": True, "result": {"message_id": 5}}},
    {"body": {"ok": True, "result": None}}, {"text": "[]"}, {"text": '{"ok": true, "result": {"message_id": 5, "da'},
])  # fmt: skip
def test_success_that_cannot_be_read_is_a_doubt(channel, telegram, awa, answer):
    telegram.faults.next(Fault("odd", 200, **answer).after_the_work(), call="sendMessage")
    assert isinstance(channel.send(outgoing(), no_file), UnknownOutcome)


@pytest.mark.parametrize("fault", [
    Fault("of a proxy", 400, text=PAGE), Fault("odd", 200, text=PAGE),
    Fault("odd", 200, body={"ok": True, "result": {"file_size": 1}}),
])  # fmt: skip
def test_file_whose_address_cannot_be_read_is_tried_again(channel, telegram, awa, fault):
    awa.photo(b"x")
    events, _ = channel.poll(None)
    telegram.faults.next(fault, call="getFile")
    with pytest.raises(MediaUnavailableError):
        channel.fetch(events[-1].media[0], 1 << 20)


def test_patience_is_not_a_failure_and_concerns_this_message_alone(channel, telegram, awa):
    telegram.faults.next(too_many(3), call="sendMessage")
    assert channel.send(outgoing(), no_file) == Retry("RetryAfter", timedelta(seconds=3), is_counted=False)


@pytest.mark.parametrize("fault", [CUT, DROP])
def test_line_that_is_cut_leaves_a_doubt(channel, telegram, awa, fault):
    telegram.faults.next(fault.after_the_work(), call="sendMessage")
    assert isinstance(channel.send(outgoing(), no_file), UnknownOutcome)


def test_nobody_at_the_address_is_no_doubt(open_channel, telegram):
    channel = open_channel()
    telegram.served.stop()
    assert channel.send(outgoing(), no_file) == Retry("ConnectError")


def test_silence_is_a_doubt():
    error = TimedOut()
    error.__cause__ = httpx.ReadTimeout("")
    assert classify(error) == UnknownOutcome("ReadTimeout")
    error.__cause__ = httpx.ConnectTimeout("")
    assert classify(error) == Retry("ConnectTimeout")
    assert classify(TelegramError("x")) == UnknownOutcome("TelegramError")


def test_many_threads_may_send_at_once(channel, telegram, awa):
    results = []
    threads = [threading.Thread(target=lambda: results.append(channel.send(outgoing(), no_file))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([result for result in results if isinstance(result, Sent)]) == 12


@pytest.mark.parametrize("headers", [
    {}, {"x-telegram-bot-api-secret-token": ""}, {"x-telegram-bot-api-secret-token": SECRET.upper()},
    {"x-telegram-bot-api-secret-token": f"{SECRET}, {SECRET}"}, {"x-telegram-bot-api-secret-token": "é"},
])  # fmt: skip
def test_stranger_is_refused(channel, headers):
    with pytest.raises(UnauthorizedError):
        channel.authenticate(headers, b"{}")


def test_telegram_is_let_in_and_never_asks(channel):
    channel.authenticate({"x-telegram-bot-api-secret-token": SECRET}, b"{}")
    with pytest.raises(UnauthorizedError):
        channel.challenge({"hub.mode": "subscribe"})


def test_picture_is_fetched(channel, awa):
    awa.photo(b"\xff\xd8\xff picture")
    events, _ = channel.poll(None)
    assert channel.fetch(events[-1].media[0], 1 << 20) == b"\xff\xd8\xff picture"


def test_file_is_cut_at_the_limit_whatever_it_claims(channel, awa):
    awa.document(b"x" * 5000, wrong={"size": 10})
    awa.document(b"x", wrong={"endless": True})
    events, _ = channel.poll(None)
    for event in events[-2:]:
        with pytest.raises(MediaTooLargeError):
            channel.fetch(event.media[0], 4000)


def test_file_over_twenty_megabytes_is_not_asked_for(channel, telegram):
    with pytest.raises(MediaTooLargeError):
        channel.fetch(MediaRef("f", "document", size=DOWNLOAD_MAX + 1), 1 << 30)
    assert telegram.calls("getFile") == []


def test_file_that_is_missing_at_first_is_tried_again(channel, awa):
    awa.document(b"late", wrong={"missing": 1})
    events, _ = channel.poll(None)
    with pytest.raises(MediaUnavailableError):
        channel.fetch(events[-1].media[0], 1 << 20)
    assert channel.fetch(events[-1].media[0], 1 << 20) == b"late"


def test_unknown_file_is_gone_and_a_silent_server_is_not(channel, telegram, awa):
    with pytest.raises(MediaGoneError):
        channel.fetch(MediaRef("unknown", "image"), 1 << 20)
    telegram.faults.next(named_fault("500"), call="getFile")
    with pytest.raises(MediaUnavailableError):
        channel.fetch(MediaRef("unknown", "image"), 1 << 20)


@pytest.mark.parametrize(("fault", "expected"), [
    (Fault("of a proxy", 403, text=PAGE), MediaUnavailableError), (named_fault("blocked"), MediaGoneError),
    (Fault("of a proxy", 400, text="[5]"), MediaUnavailableError), (named_fault("404"), MediaUnavailableError),
])  # fmt: skip
def test_download_that_a_proxy_refuses_is_tried_again(channel, telegram, awa, fault, expected):
    awa.photo(b"x")
    events, _ = channel.poll(None)
    telegram.faults.next(fault, call="download")
    with pytest.raises(expected):
        channel.fetch(events[-1].media[0], 1 << 20)


def test_file_without_an_address_that_can_be_asked_for_is_gone(channel, telegram, awa):
    awa.photo(b"x")
    events, _ = channel.poll(None)
    next(reversed(telegram.state.files.values())).path = "a\nb"
    with pytest.raises(MediaGoneError):
        channel.fetch(events[-1].media[0], 1 << 20)


def trickle(listening, before):
    """One byte each twentieth of a second, for ever."""
    line, _address = listening.accept()
    with line, contextlib.suppress(OSError):
        line.recv(9999)
        line.sendall(before)
        for _ in range(400):
            line.sendall(b"x")
            time.sleep(0.05)


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: "])
def test_file_that_trickles_in_is_given_up_for_now(open_channel, telegram, awa, monkeypatch, before):
    monkeypatch.setattr(media, "MAX_SECONDS", 1.0)
    awa.photo(b"x")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=trickle, args=(listening, before), daemon=True).start()
        channel = open_channel(file_url=f"http://127.0.0.1:{listening.getsockname()[1]}/file/bot")
        events, _ = channel.poll(None)
        began = time.monotonic()
        with pytest.raises(MediaUnavailableError):
            channel.fetch(events[-1].media[0], 1 << 20)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:1/file/bot1/x", "https://api.telegram.org.evil.example/x", "file:///etc/passwd", "",
    "https://api.telegram.org:port/x", "https://[x",
])  # fmt: skip
def test_file_of_a_stranger_is_not_fetched(address):
    with pytest.raises(MediaGoneError):
        check_address(address, "https://api.telegram.org/file/bot")


def test_second_poller_is_an_error_and_nothing_is_lost(channel, telegram, awa):
    awa.say("un")
    telegram.faults.next(named_fault("409"), call="getUpdates")
    with pytest.raises(ChannelUnavailableError, match="^Conflict$"):
        channel.poll(None)
    events, _ = channel.poll(None)
    assert events[-1].message.text == "un"


@pytest.mark.parametrize("fault", [
    named_fault("401"), named_fault("500"), Fault("odd", 200, text=PAGE), Fault("odd", 200, body={"ok": True}),
    Fault("odd", 200, body={"ok": True, "result": {}}), Fault("odd", 200, body={"ok": True, "result": [5, {}]}),
    Fault("odd", 403, text="[]"),
])  # fmt: skip
def test_question_that_is_not_answered_says_so_and_nothing_is_lost(channel, telegram, awa, fault):
    awa.say("un")
    telegram.faults.next(fault, call="getUpdates")
    with pytest.raises(ChannelUnavailableError):
        channel.poll(None)
    assert channel.poll(None)[0][-1].message.text == "un"


@pytest.mark.parametrize(("reason", "words"), [
    ("Conflict", "another program asks"), ("InvalidToken", "does not know the token"), ("TimedOut", "(TimedOut)"),
])  # fmt: skip
def test_what_keeps_us_from_hearing_is_explained(channel, reason, words):
    finding = channel.unheard(reason, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert not finding.is_ok
    assert "since 2026-11-23 09:00 UTC" in finding.text
    assert words in finding.text


def test_messages_of_a_second_bot_of_the_house_have_names_of_their_own(open_channel, awa):
    awa.say("un")
    [first], [second] = (open_channel(account=account).poll(None)[0][-1:] for account in ("", "424242"))
    assert second.external_id == first.external_id.replace("u:", "u:424242:")


def test_setup_changes_only_what_differs(channel, telegram):
    channel.setup()
    first = (
        len(telegram.calls("setMyCommands")),
        len(telegram.calls("setMyName")),
        len(telegram.calls("setMyDescription")),
    )
    assert first == (2, 2, 2)
    channel.setup()
    again = (
        len(telegram.calls("setMyCommands")),
        len(telegram.calls("setMyName")),
        len(telegram.calls("setMyDescription")),
    )
    assert again == first
    assert telegram.calls("setWebhook") == []


def test_setup_with_a_public_address_names_updates_and_secret(open_channel, telegram):
    channel = open_channel(public_url="http://127.0.0.1:9")
    channel.setup()
    call = telegram.calls("setWebhook")[0].parameters.values
    assert call["url"] == "http://127.0.0.1:9/telegram/nobody-guesses"
    assert call["secret_token"] == SECRET
    open_channel().setup()
    assert len(telegram.calls("deleteWebhook")) == 1


def test_server_that_knows_no_menu_is_good_enough(channel, telegram):
    telegram.faults.always(named_fault("404"), call="getMyName")
    channel.setup()
    assert telegram.calls("setMyName") == []


def test_setup_that_is_refused_says_why_without_the_token(open_channel, telegram):
    wrong = open_channel(token="1:wrong_wrong_wrong")
    with pytest.raises(SetupError, match="GUICHET_TELEGRAM_TOKEN") as refused:
        wrong.setup()
    assert "wrong_wrong" not in str(refused.value)


def test_check_speaks_plainly(channel, open_channel, telegram):
    assert [finding.is_ok for finding in channel.check()] == [True, True]
    findings = open_channel(public_url="https://guichet.example").check()
    assert [finding.is_ok for finding in findings] == [True, False]
    assert "Start Guichet" in findings[1].text
    assert not open_channel(token="1:wrong_wrong_wrong").check()[0].is_ok
    telegram.served.stop()
    assert "cannot be reached" in channel.check()[0].text


def test_acknowledging_never_raises(channel, telegram, awa):
    event = Inbound((HERE,), "u:1", InboundMessage(InboundKind.TEXT, "x"), callback="999")
    channel.acknowledge(event)
    assert len(telegram.calls("sendChatAction")) == 1, "the query is too old, and somebody waits all the same"
    telegram.faults.always(named_fault("500"))
    channel.acknowledge(event)


def test_secrets_are_declared(channel, telegram):
    assert set(channel.secrets) == {telegram.token, SECRET, "/telegram/nobody-guesses"}


def test_closing_lets_go_of_every_connection(channel, telegram, awa):
    awa.say("Bonjour")
    assert channel.poll(None)[0]
    assert isinstance(channel.send(outgoing(), no_file), Sent)
    clients = [request._client for request in channel._requests] + [channel._files]
    channel.close()
    assert [client.is_closed for client in clients] == [True, True, True]
    gc.collect()  # a connection left open says so when it is collected, and that is an error here


def test_what_is_sent_after_the_end_has_not_left_and_is_put_off(channel, telegram, awa):
    channel.close()
    assert channel.send(outgoing(), no_file) == Retry("Closed")
    assert awa.seen == []
    with pytest.raises(ChannelUnavailableError):
        channel.poll(None)
