"""An environment of a peer is made once, and its absence is counted, or fails where it is required."""

from pathlib import Path

import pytest

from tests.peers import environments
from tests.peers.conftest import pytest_terminal_summary


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project of its own, with a uv that only notes what it is asked."""
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments, "MISSING", {})
    monkeypatch.delenv("PEERS", raising=False)
    (tmp_path / "requirements-x.txt").write_text("x==1\n")
    environments._made.cache_clear()
    yield tmp_path
    environments._made.cache_clear()


def uv(place, monkeypatch, script):
    made = place / "uv"
    made.write_text(f"#!/bin/sh\n{script}\n")
    made.chmod(0o755)
    monkeypatch.setenv("UV", str(made))


def test_environment_is_made_once_for_its_pins(place, monkeypatch):
    uv(place, monkeypatch, f'echo "$1" >> {place}/asked; [ "$1" = venv ] && mkdir -p "$6"; true')
    python = environments.peer_python("x")
    assert python.parent.parent.parent == place / ".guichet" / "peers"
    environments._made.cache_clear()
    assert environments.peer_python("x") == python
    assert (place / "asked").read_text().split() == ["venv", "pip"]
    (place / "requirements-x.txt").write_text("x==2\n")
    environments._made.cache_clear()
    assert environments.peer_python("x") != python


def test_environment_that_cannot_be_made_skips_with_its_reason_and_is_counted(place, monkeypatch):
    uv(place, monkeypatch, "echo 'no mirror' >&2; exit 2")
    with pytest.raises(pytest.skip.Exception, match="environment of x could not be made: uv venv: no mirror"):
        environments.peer_python("x")
    assert environments.MISSING == {"x": "uv venv: no mirror"}


def test_environment_half_made_is_made_again(place, monkeypatch):
    uv(place, monkeypatch, '[ "$1" = venv ] && mkdir -p "$6" || exit 1')
    with pytest.raises(pytest.skip.Exception):
        environments.peer_python("x")
    uv(place, monkeypatch, '[ "$1" = venv ] && mkdir "$6"; true')
    environments._made.cache_clear()
    assert environments.peer_python("x").name == "python"


def test_absence_fails_where_peers_are_required(place, monkeypatch):
    uv(place, monkeypatch, "exit 2")
    monkeypatch.setenv("PEERS", "required")
    with pytest.raises(pytest.fail.Exception, match="no reason given"):
        environments.peer_python("x")


def test_machine_without_uv_says_so(place, monkeypatch):
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(pytest.skip.Exception, match="uv was not found"):
        environments.peer_python("x")


class Reporter:
    """Notes what is said at the end of a run."""

    def __init__(self):
        self.lines = []

    def section(self, title, **_kind):
        self.lines.append(title)

    def line(self, text):
        self.lines.append(text)


@pytest.mark.parametrize(("missing", "lines"), [({}, []), ({"x": "no mirror"}, ["PEERS MISSING: 1", "x: no mirror"])])
def test_end_of_the_run_names_the_missing_peers(monkeypatch, missing, lines):
    said = Reporter()
    monkeypatch.setitem(pytest_terminal_summary.__globals__, "MISSING", missing)
    pytest_terminal_summary(said)
    assert said.lines == lines


@pytest.mark.parametrize("name", ["pywa", "telemelya"])
def test_pins_are_whole(name):
    pins = (Path(environments.__file__).parent / f"requirements-{name}.txt").read_text().splitlines()
    wanted = [line for line in pins if line and not line.lstrip().startswith("#")]
    assert all("==" in line for line in wanted)
    asked = (Path(environments.__file__).parent / f"requirements-{name}.in").read_text().split()
    assert all(any(line.startswith(one.split("[")[0].split("==")[0]) for line in wanted) for one in asked)
