"""The web chat under the server of production: real sockets, real disconnections."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
import tracemalloc
import uuid
from typing import TYPE_CHECKING

from bot.gateway.stream import Rhythm

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from .conftest import House, Serve

MIB = 2**20


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=10)


def enter(port: int) -> str:
    with contextlib.closing(connect(port)) as connection:
        connection.request("POST", "/web/session")
        answer = connection.getresponse()
        answer.read()
        return str(answer.headers["set-cookie"]).split(";")[0]


def until(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_conversation_over_real_sockets_and_a_stop_that_does_not_wait_for_open_pages(
    house: House, serve: Serve
) -> None:
    with serve(house) as (port, _server):
        cookie = enter(port)
        stream = connect(port)
        stream.request("GET", "/web/events", headers={"cookie": cookie})
        events = stream.getresponse()
        assert events.status == 200
        assert "server" not in events.headers
        body = f"client_msg_id={uuid.uuid4()}&text=bonjour"
        headers = {"cookie": cookie, "content-type": "application/x-www-form-urlencoded"}
        with contextlib.closing(connect(port)) as post:
            post.request("POST", "/web/messages", body, headers)
            assert post.getresponse().read() == b'{"ok":true}'
        lines = [events.readline().decode().strip() for _ in range(4)]
        assert lines[:3] == ["retry: 2000", "", "id: 1"]
        assert '"text": "bonjour"' in lines[3]
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    events.read()
    stream.close()


def test_a_page_that_vanishes_gives_its_place_back_at_once(build: Callable[..., House], serve: Serve) -> None:
    house = build(rhythm=Rhythm(ping=60))
    with serve(house) as (port, _server):
        cookie = enter(port)
        stream = connect(port)
        stream.request("GET", "/web/events", headers={"cookie": cookie})
        answer = stream.getresponse()
        assert answer.status == 200
        assert until(lambda: len(house.web._seats.sessions()) == 1)
        answer.close()
        stream.close()
        assert until(lambda: house.web._seats.sessions() == ())


def test_fifty_megabytes_are_refused_while_they_come_and_memory_stays_small(house: House, serve: Serve) -> None:
    boundary = "b0undary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\n'.encode()
    sent = 0
    with serve(house) as (port, _server):
        cookie = enter(port)
        request = (
            f"POST /web/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n{len(head):x}\r\n"
        ).encode() + head + b"\r\n"  # fmt: skip
        chunk = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
        tracemalloc.start()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
                wire.sendall(request)
                wire.setblocking(False)
                answer = b""
                while not answer and sent < 800:
                    with contextlib.suppress(BlockingIOError):
                        answer = wire.recv(4096)
                    wire.setblocking(True)
                    with contextlib.suppress(ConnectionError):
                        wire.sendall(chunk)
                    wire.setblocking(False)
                    sent += 1
                wire.settimeout(5)
                answer = answer or wire.recv(4096)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert peak < 8 * MIB, f"{peak / MIB:.1f} MiB"
    assert house.desk.arrivals == []


def test_three_large_pictures_pass_and_leave_no_file_behind(
    house: House, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a picture was written to the disk")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    boundary = "b0undary"
    picture = b"\x89PNG" + b"\r\n--b0undar" * (5 * MIB // 11 - 1)
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="client_msg_id"\r\n\r\n{uuid.uuid4()}\r\n'.encode()]
    disposition = 'Content-Disposition: form-data; name="file[]"; filename="a.png"'
    head = f"--{boundary}\r\n{disposition}\r\nContent-Type: image/png\r\n\r\n".encode()
    parts += [head + picture + b"\r\n"] * 3
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    with serve(house) as (port, _server):
        headers = {"cookie": enter(port), "content-type": f"multipart/form-data; boundary={boundary}"}
        with contextlib.closing(connect(port)) as post:
            post.request("POST", "/web/messages", body, headers)
            assert post.getresponse().status == 200
    assert [upload.data == picture for upload in house.desk.arrivals[0].uploads] == [True] * 3
