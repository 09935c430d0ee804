"""Who may come in, how much of it is read, and where the second door stands (channels.md 6.3)."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from bot.commands.serve import Doors
from bot.core.events import Quarantine
from bot.gateway import webhooks
from bot.jobs import acknowledging
from tests.faults.conftest import Awa
from tests.soak.serving import free_port


def test_body_that_trickles_is_cut(make_rig, monkeypatch):
    monkeypatch.setattr(webhooks, "BODY_SECONDS", 0.5)
    rig = make_rig()
    with socket.create_connection(("127.0.0.1", rig.port), 10) as line:
        line.sendall(b"POST /whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        begin = time.monotonic()
        answer = line.recv(200)
    assert b" 408 " in answer.split(b"\r\n", 1)[0]
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize(
    "raw",
    [b"[" * 100_000, b'{"a":' * 100_000, b'{"update_id": NaN}', b"[1]", b'{"update_id":1e999}'],
    ids=["deep list", "deep object", "NaN", "a list", "infinity"],
)
def test_nested_or_odd_json_is_put_aside_by_both(rig, channel, raw):
    [event] = rig.house.platforms[channel].parse(raw, rig.clock.now())
    assert isinstance(event, Quarantine)


def test_second_door_is_on_this_machine_only_and_shows_numbers(rig):
    port = free_port()
    rig.house.settings = type(rig.house.settings)(data_dir=rig.folder, admin_port=port)
    doors = Doors(rig.house)
    server = doors.admin(doors.health())
    try:
        assert server.config.host == "127.0.0.1"
        rig.until(lambda: server.started, "the second door opens")
        assert httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).status_code == 200
        assert httpx.get(f"http://127.0.0.1:{rig.port}/metrics", trust_env=False).status_code == 404
        outside = [a[4][0] for a in socket.getaddrinfo(socket.gethostname(), port) if not a[4][0].startswith("127.")]
        for address in outside:
            with pytest.raises(ConnectionError), socket.create_connection((address, port), 1):
                pass
    finally:
        server.should_exit = True


def test_second_door_asks_for_the_token_that_is_set(rig):
    port, token = free_port(), "a-token-of-twenty-04"
    rig.house.settings = type(rig.house.settings)(data_dir=rig.folder, admin_port=port, admin_token=token)
    doors = Doors(rig.house)
    server = doors.admin(doors.health())
    try:
        url, bearer = f"http://127.0.0.1:{port}/metrics", {"Authorization": f"Bearer {token}"}
        assert httpx.get(url, trust_env=False).status_code == 401
        assert httpx.get(url, headers=bearer, trust_env=False).status_code == 200
        assert token in rig.house.secrets
    finally:
        server.should_exit = True


def test_there_is_no_second_door_unless_it_is_asked_for(rig):
    assert rig.doors.admin(rig.doors.health()) is None


def test_typing_is_shown_again_while_a_turn_takes_its_time_and_then_no_more(rig, monkeypatch):
    monkeypatch.setattr(acknowledging, "MARGIN_SECONDS", 4.5)  # again each half second instead
    awa = Awa(rig, "telegram")
    rig.engine.seconds = 2.0
    awa.say("bonjour")
    awa.hears("#bonjour")
    shown = len(rig.telegram.calls("sendChatAction"))
    assert shown >= 3
    time.sleep(1.5)
    assert len(rig.telegram.calls("sendChatAction")) <= shown + 1
