"""The peers, served for one test each."""

import contextlib
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.peers.environments import MISSING
from tests.peers.graph.peer import FakeGraph
from tests.peers.serving import Served
from tests.peers.telegram.peer import FakeTelegram


@dataclass
class Receiver:
    """A webhook that notes what comes and answers what it is told, 200 when it is told nothing."""

    seen: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    served: Served | None = None

    async def take(self, request):
        self.seen.append((dict(request.headers), await request.body()))
        code = self.answers.pop(0) if self.answers else 200
        return PlainTextResponse(request.query_params.get("hub.challenge", ""), code)

    @property
    def url(self):
        return f"{self.served.url}/hook"


@pytest.fixture
def receiver():
    made = Receiver()
    made.served = Served(Starlette(routes=[Route("/hook", made.take, methods=["GET", "POST"])])).start()
    yield made
    made.served.stop()


@pytest.fixture
def graph():
    with FakeGraph() as made:
        yield made


@pytest.fixture
def telegram():
    with FakeTelegram() as made:
        yield made


@pytest.fixture
def opened():
    """Things to close at the end of a test."""
    with contextlib.ExitStack() as stack:
        yield stack


def pytest_terminal_summary(terminalreporter):
    """Says which peers were not there, so that a green run cannot hide that they judged nothing."""
    if MISSING:
        terminalreporter.section(f"PEERS MISSING: {len(MISSING)}", sep="!", red=True)
        for name, reason in sorted(MISSING.items()):
            terminalreporter.line(f"{name}: {reason}")
