"""A request's head comes at once or the connection ends; whoever is slow afterwards is dealt with elsewhere."""

import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.gateway import heads
from bot.gateway.heads import HEAD_BYTES, PromptHeads

PATIENCE = 0.4
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def answer(request):
    body = await request.body()
    return PlainTextResponse(f"here {len(body)}")


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(heads, "HEAD_SECONDS", PATIENCE)
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    config = uvicorn.Config(
        app,
        http=PromptHeads,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=30,
    )
    server = uvicorn.Server(config)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        thread = threading.Thread(target=server.run, args=([held],), daemon=True)
        thread.start()
        with socket.create_connection(held.getsockname(), 5) as made:
            yield made
        server.should_exit = True
        thread.join(5)


def heard(line, words):
    """Reads on until the words come."""
    got = b""
    while words not in got:
        more = line.recv(1000)
        assert more, got
        got += more
    return got


def trickle(line, head, pause):
    """Sends a byte at a time; how long until the other side hung up, or None."""
    begin = time.monotonic()
    try:
        for byte in head:
            line.sendall(bytes([byte]))
            time.sleep(pause)
            line.setblocking(False)
            try:
                if line.recv(1) == b"":
                    return time.monotonic() - begin
            except BlockingIOError:
                pass
            finally:
                line.settimeout(5)
    except OSError:
        return time.monotonic() - begin
    return None


def test_head_that_trickles_is_cut(line):
    seconds = trickle(line, ASK * 3, 0.05)
    assert seconds is not None
    assert seconds < PATIENCE + 1


def test_line_on_which_nothing_comes_is_cut(line):
    begin = time.monotonic()
    assert line.recv(1) == b""
    assert PATIENCE / 2 < time.monotonic() - begin < PATIENCE + 1


def test_second_head_on_the_same_line_has_its_own_time(line):
    for _ in range(3):
        line.sendall(ASK)
        heard(line, b"here 0")
        time.sleep(PATIENCE * 0.7)
    seconds = trickle(line, ASK, 0.05)
    assert seconds is not None
    assert seconds < PATIENCE + 1


def test_body_may_take_longer_than_a_head(line):
    line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
    for _ in range(10):
        time.sleep(PATIENCE / 4)
        line.sendall(b"x")
    heard(line, b"here 10")


def test_two_requests_at_once_are_both_answered(line):
    line.sendall(ASK + ASK)
    got = heard(line, b"here 0")
    assert got.count(b"here 0") == 2 or heard(line, b"here 0")


def test_head_without_end_is_refused(line):
    line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * (HEAD_BYTES + 1))
    assert b" 400 " in line.recv(1000).split(b"\r\n", 1)[0]
