"""The fakes run as processes of their own, as the guide says."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.peers.serving import Served
from tests.peers.telegram.peer import FakeTelegram

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "bot/docs/testing-channels.md").read_text(encoding="utf-8")


def started(opened, module, *more):
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.peers.{module}", "--port", "0", *more],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    opened.callback(process.stdout.close)
    opened.callback(process.wait, 10)
    opened.callback(process.terminate)
    return process.stdout.readline()


def test_telegram_answers_and_plays_its_part(opened):
    said = started(opened, "telegram", "--token", "1:x")
    url = said.split()[-1]
    assert httpx.get(f"{url}/bot1:x/getMe").json()["result"]["is_bot"]
    acted = httpx.post(f"{url}/_peer/5000001/act", json={"kind": "say", "arguments": ["Bonjour"]}).json()
    assert httpx.get(f"{url}/bot1:x/getUpdates").json()["result"] == [acted]
    assert httpx.get(f"{url}/_peer/5000001/seen").json() == []


def test_whatsapp_answers_and_delivers(opened, receiver):
    said = started(opened, "graph", "--webhook", receiver.url, "--token", "t")
    url = said.split()[4].rstrip(",")
    assert httpx.post(f"{url}/_peer/act", json={"kind": "text", "arguments": ["Bonjour"]}).json() == {"status": 200}
    assert len(receiver.seen) == 1
    number = said.split()[-1]
    told = httpx.get(f"{url}/v24.0/{number}", headers={"Authorization": "Bearer t"}).json()
    assert told["status"] == "CONNECTED"


@pytest.mark.parametrize("name", ["tests.peers.telegram", "tests.peers.graph", "/_peer/fault", "PEERS=required"])
def test_guide_says_how(name):
    assert name in GUIDE


def test_peer_that_cannot_bind_says_so():
    with FakeTelegram() as first, pytest.raises(OSError, match="in use"):
        Served(first.app(), first.served.port).start()
    deadline = time.monotonic() + 5
    while first.served.thread.is_alive():
        assert time.monotonic() < deadline
