"""Nothing that is secret or a person's stands in any log line, whatever goes wrong, even at DEBUG (channels.md 6.3)."""

from __future__ import annotations

import logging
import time

import pytest

from bot.redaction import redact
from tests.faults.conftest import Awa
from tests.peers.faults import BAD_GATEWAY, CUT, DROP
from tests.peers.graph.errors import named_fault as meta_fault
from tests.peers.telegram.errors import named_fault, too_many
from tests.peers.telegram.peer import FakeTelegram

WORDS = "Xylophonique Quetzal"
OURS = logging.getLogger("bot")


class Lines(logging.Handler):
    """Keeps each finished line."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    root, handler = logging.getLogger(), Lines()
    levels = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore", "telegram", "hpack", "urllib3",
                                                               "python_multipart")}  # fmt: skip
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    redact([FakeTelegram().token, "graph-token"])  # as the command line does, before any channel is opened
    yield handler.lines
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_faults_of_every_kind_leave_neither_secret_nor_person_in_the_log(lines, make_rig):
    rig = make_rig()
    redact(rig.house.secrets)
    ours = [rig.telegram.token, "graph-token", rig.graph.app_secret, rig.graph.verify_token]
    ours += [rig.telegram.state.webhook.secret, rig.telegram.state.webhook.url.rpartition("/")[2]]
    theirs = []
    for number, fault in enumerate([too_many(1), named_fault("500"), named_fault("401"), BAD_GATEWAY, CUT, DROP]):
        awa = Awa(rig, "telegram", number)
        awa.fault(fault)
        awa.say(WORDS)
        theirs.append(awa.address)
    for number, fault in enumerate(
        [meta_fault("131056"), meta_fault("500"), meta_fault("190"), BAD_GATEWAY, CUT, DROP]
    ):
        awa = Awa(rig, "whatsapp", number)
        awa.fault(fault)
        awa.say(WORDS)
        theirs += [awa.meta.wa_id, awa.meta.user_id, awa.meta.name]
    awa = Awa(rig, "telegram", 50)
    awa.send(b"x", missing=2)
    awa.say(WORDS)
    Awa(rig, "whatsapp", 50).send(b"x", missing=2)
    rig.graph.post(WORDS.encode())
    rig.graph.post(WORDS.encode(), {"X-Hub-Signature-256": "sha256=" + "0" * 64})
    rig.house.engine.answer = None
    rig.until(lambda: len(rig.engine.heard) >= 12, "all are heard", 30)
    time.sleep(1)
    OURS.error("a line of our own with %s", rig.telegram.token)
    assert any("a line of our own" in line for line in lines), "the log is looked at"
    for secret in [*ours, *theirs, WORDS, WORDS.split(maxsplit=1)[0]]:
        told = [line for line in lines if secret in line]
        assert told == [], secret


def test_exceptions_of_libraries_lose_their_text(lines, make_rig):
    rig = make_rig()
    redact(rig.house.secrets)
    try:
        int(WORDS)
    except ValueError:
        OURS.exception("it failed")
    assert [line for line in lines if "it failed" in line] == ["bot it failed (ValueError)"]
