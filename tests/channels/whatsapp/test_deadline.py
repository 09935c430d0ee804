"""Another end that speaks or listens a byte at a time holds nobody longer than a call may last."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from bot.channels.whatsapp import deadline
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.deadline import left, within
from bot.channels.whatsapp.graph import CALL_SECONDS, Graph, new_client
from bot.channels.whatsapp.sending import MESSAGE_SECONDS
from bot.core.delivery import Retry, Sent, UnknownOutcome
from bot.core.errors import MediaUnavailableError, SetupError
from bot.core.events import Inbound, MediaRef
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.services.deliver import LEASE
from tests.channels.whatsapp.goldens import NOW, NUMBERS, outgoing, say
from tests.channels.whatsapp.graph import SETTINGS, Clock, Script, accepted, kind, refused
from tests.channels.whatsapp.graph import channel as whatsapp_at

FAST = 40
"""How much faster than the world the channel's timer runs here."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
TEXT = outgoing({"text": "Bonjour"})
LETTER = outgoing({"text": "Voici votre lettre.", "files": ["lettre.pdf"]})


@contextmanager
def trickle(head=b"", byte=b" ", *, listens=True):
    """The address of a server that says ``head`` and then a byte now and then, for ever."""
    is_over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve(line):
        with line, suppress(OSError):
            if listens:
                line.recv(65536)
                line.sendall(head)
            while not is_over.wait(0.02):
                line.sendall(byte) if listens else line.recv(65536)

    def accept():
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        is_over.set()
        server.close()


def draw(file):
    return b"%PDF-1.7 " + file.name.encode()


def channel(url):
    settings = replace(SETTINGS, api_url=url)
    return WhatsAppChannel(
        settings, say, lambda: datetime.now(UTC), timer=lambda: time.monotonic() * FAST, transport=None
    )


@contextmanager
def lasts_at_most(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds / FAST + 2


@pytest.mark.parametrize(
    ("head", "byte"),
    [(HEAD, b" "), (b"HTTP/1.1 200 OK\r\nX: ", b"x"), (b"", b"H")],
    ids=["body", "header", "status line"],
)
def test_answer_that_never_ends_is_an_unknown_outcome(head, byte):
    with trickle(head, byte) as url, lasts_at_most(CALL_SECONDS):
        assert isinstance(channel(url).send(TEXT, None), UnknownOutcome)


def test_upload_whose_answer_never_ends_is_a_retry():
    with trickle(HEAD) as url, lasts_at_most(60):
        assert channel(url).send(LETTER, lambda file: b"%PDF") == Retry("ReadTimeout")


def test_upload_that_is_taken_a_little_at_a_time_is_a_retry():
    with trickle(listens=False) as url, lasts_at_most(60):
        assert channel(url).send(LETTER, lambda file: b"x" * 20_000_000) == Retry("WriteTimeout")


def test_picture_whose_address_trickles_in_may_come_later():
    with trickle(b"HTTP/1.1 200 OK\r\nX: ", b"x") as url, lasts_at_most(90), pytest.raises(MediaUnavailableError):
        channel(url).fetch(MediaRef("1003383421387256", "image", "image/jpeg"), 1000)


def test_showing_that_it_was_read_and_the_start_wait_for_nobody():
    event = Inbound(
        (Address("whatsapp", "phone:33600000001"),), f"{NUMBERS[0]}:wamid.A=", InboundMessage(InboundKind.TEXT, "a")
    )
    with trickle(HEAD) as url:
        with lasts_at_most(5):
            channel(url).acknowledge(event)
        with lasts_at_most(CALL_SECONDS), pytest.raises(SetupError, match="Meta does not answer"):
            channel(url).setup()


def test_check_that_is_answered_for_ever_is_one_line():
    with trickle(HEAD) as url, lasts_at_most(CALL_SECONDS):
        assert [finding.text for finding in channel(url).check()] == ["Meta does not answer (ReadTimeout)"]


def test_connections_through_a_proxy_are_under_the_limit_too(monkeypatch):
    with trickle(b"HTTP/1.1 200 OK\r\nX: ", b"x") as url, lasts_at_most(CALL_SECONDS):
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("NO_PROXY", "")
        graph = Graph(SETTINGS, new_client(), lambda: time.monotonic() * FAST)
        with pytest.raises(httpx.TransportError):
            graph.get("1")


def test_inner_limit_never_outlasts_the_outer_one():
    assert left() == float("inf")
    with within(10, lambda: 0.0):
        with within(60, lambda: 0.0):
            assert left() == 10
        with within(4, lambda: 0.0):
            assert left() == 4
        assert left() == 10
    assert left() == float("inf")


@pytest.mark.parametrize(("timeout", "bound"), [(None, 10.0), (15.0, 10.0), (5.0, 5.0)])
def test_step_waits_no_longer_than_is_left(timeout, bound):
    assert deadline._bound(timeout, httpx.ReadTimeout) == timeout
    with within(10, lambda: 0.0):
        assert deadline._bound(timeout, httpx.ReadTimeout) == bound
    with within(0, lambda: 0.0), pytest.raises(httpx.ReadTimeout):
        deadline._bound(timeout, httpx.ReadTimeout)


FILES = outgoing({"text": "Voici.", "files": [f"{number}.pdf" for number in range(8)]})


def slow(clock, *, upload=1, send=1, code=None):
    """A platform that takes its time, and then takes everything, or refuses it with a code."""

    def answer(request):
        is_upload = b"multipart" in kind(request)
        needed, allowed = upload if is_upload else send, left()
        clock.move(seconds=min(needed, allowed))
        if needed > allowed:
            raise httpx.ReadTimeout("x")
        if code:
            return refused(code)
        return httpx.Response(200, json={"id": "987654321"}) if is_upload else accepted()

    return Script(answer)


@pytest.mark.parametrize(("upload", "send"), [(1, 19), (19, 1), (50, 1), (59, 19), (12, 12)], ids=str)
def test_message_of_many_files_ends_within_its_time_and_goes_on_later(upload, send):
    clock = Clock()
    script = slow(clock, upload=upload, send=send)
    whatsapp = whatsapp_at(script, clock)
    said, result = 0, None
    for attempt in range(1, 9):
        begun = clock.time
        result = whatsapp.send(replace(FILES, skip=said, attempts=attempt), draw)
        assert (clock.time - begun).total_seconds() <= MESSAGE_SECONDS
        if isinstance(result, Sent):
            break
        assert result in {Retry(reason, parts=result.parts) for reason in ("TooSlow", "ReadTimeout")}
        assert result.parts > said
        said = result.parts
    assert isinstance(result, Sent)
    assert len(script.bodies) == 8


def test_file_that_is_refused_slowly_ends_within_its_time():
    clock = Clock()
    assert whatsapp_at(slow(clock, upload=35, code=131053), clock).send(LETTER, draw) == Retry("TooSlow")
    assert (clock.time - NOW).total_seconds() <= MESSAGE_SECONDS


def test_lease_of_a_message_outlasts_its_sending_and_two_templates_after_it():
    drawing = 30
    assert MESSAGE_SECONDS + 2 * CALL_SECONDS + drawing < LEASE.total_seconds()
