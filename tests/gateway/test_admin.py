"""The second door lets in who bears its token, and everybody on this machine when none is set."""

import httpx
import pytest

from bot.gateway.admin import Bearer, create_admin
from bot.gateway.health import Health, State
from bot.gateway.metrics import Metrics
from tests.peers.serving import Served

TOKEN = "a-token-of-twenty-04"
HEALTH = Health({"store": lambda: State.OK})


@pytest.fixture
def ask():
    opened = []

    def make(token):
        opened.append(Served(create_admin(Metrics(), HEALTH, token)).start())
        url = opened[-1].url
        return lambda path, headers=(): httpx.get(f"{url}{path}", headers=list(headers), trust_env=False)

    yield make
    for each in opened:
        each.stop()


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/nowhere"])
def test_who_does_not_bear_the_token_learns_nothing(ask, path):
    get = ask(TOKEN)
    right = ("authorization", f"Bearer {TOKEN}")
    wrong = [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", f"Bearer {TOKEN}x")],
        [("authorization", f"Basic {TOKEN}")],
        [("authorization", TOKEN)],
        [right, right],
    ]
    told = {(answer.status_code, answer.text) for answer in (get(path, headers) for headers in wrong)}
    assert told == {(401, "unauthorized")}


def test_who_bears_it_is_let_in(ask):
    answer = ask(TOKEN)("/metrics", [("Authorization", f"Bearer {TOKEN}")])
    assert (answer.status_code, "guichet_sends" in answer.text) == (200, True)


def test_empty_token_lets_nobody_in(ask):
    scope = {"type": "http", "headers": [(b"authorization", b"Bearer ")]}
    assert not Bearer(create_admin(Metrics(), HEALTH), "")._knows(scope)
    assert ask("")("/metrics").status_code == 401


def test_without_a_token_this_machine_may_ask(ask):
    assert ask(None)("/metrics").status_code == 200
