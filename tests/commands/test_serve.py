"""``guichet serve`` and ``work``: load, run the jobs, answer, and end with the turn in hand."""

import gc
import signal
import socket
import threading
from dataclasses import replace

import pytest

from bot.commands import serve as module
from bot.commands.serve import Doors, _Server, serve, work
from bot.core.errors import ModelMissingError, SettingsError
from bot.core.messages import OutboundMessage
from bot.core.ports import Address
from bot.gateway.heads import HEAD_BYTES, PromptHeads
from bot.gateway.health import State
from tests.soak.serving import free_port


class Served:
    """In the place of uvicorn: notes what it was to serve."""

    made = None
    is_started = True

    def __init__(self, config, end_streams):
        self.config, self.end_streams = config, end_streams
        self.started = self.is_started
        Served.made = self

    def run(self):
        self.jobs = {thread.name for thread in threading.enumerate() if thread.name.startswith("job-")}


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(module, "_Server", Served)
    return Served


JOBS = {
    "job-converse", "job-remind", "job-purge", "job-fetch-0", "job-fetch-1",
    "job-deliver-0", "job-deliver-1", "job-deliver-2", "job-deliver-3",
}  # fmt: skip


def jobs():
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("job-")}


def test_addresses_are_said_and_all_jobs_run_while_it_serves(house, served):
    said = []
    serve(house, "127.0.0.1", 8099, said.append)
    assert served.made.jobs == JOBS
    assert jobs() == set()
    text = "\n".join(said)
    assert "http://127.0.0.1:8099/" in text
    assert "/health/ready" in text
    assert str(house.settings.data_dir) in text


def test_server_keeps_no_access_log(house, served):
    serve(house, "127.0.0.1", 8099, lambda _text: None)
    config = served.made.config
    assert (config.access_log, config.port, config.host) == (False, 8099, "127.0.0.1")


def test_server_takes_no_message_of_a_terminal_beside_it(house):
    doors = Doors(house)
    person = house.store.persons.find_or_create(Address("terminal", "terminal"), house.clock.now())
    house.store.outbox.put(person, OutboundMessage("bonjour", "fr"), "k", house.clock.now())
    assert doors.house.deliver() is None
    assert house.terminal.take() == []


def test_what_fails_in_the_server_is_said_through_the_house_that_hides_secrets(house, served):
    serve(house, "127.0.0.1", 8099, lambda _line: None)
    assert served.made.config.log_config is None


def test_port_that_cannot_be_opened_is_named_and_the_jobs_end(house, served, monkeypatch):
    monkeypatch.setattr(served, "is_started", False)
    with pytest.raises(OSError, match="port 8099 on 127.0.0.1"):
        serve(house, "127.0.0.1", 8099, lambda _text: None)
    assert jobs() == set()


def test_missing_model_stops_the_start(house, served, monkeypatch):
    def missing():
        raise ModelMissingError("no model at x")

    monkeypatch.setattr(house.renderer, "check_fonts", missing, raising=False)
    served.made = None
    with pytest.raises(ModelMissingError):
        serve(house, "127.0.0.1", 8099, lambda _text: None)
    assert served.made is None
    assert jobs() == set()


def test_health_tells_each_part(house):
    doors = Doors(house)
    assert doors._engine() is State.STARTING
    doors.load()
    assert [doors._engine(), doors._store(), doors._jobs()] == [State.OK] * 3
    doors.workers.purge.failures = 1
    assert doors._jobs() is State.DEGRADED
    assert doors._texts() is State.OK
    house.wording.missing.add(("en", "x"))
    try:
        assert doors._texts() is State.DEGRADED
    finally:
        house.wording.missing.clear()
    assert doors.health() is not None
    assert doors.web() is not None


def test_house_is_warm_before_it_serves_and_is_kept_out_of_the_collectors_sight(house, served, monkeypatch):
    seen = []
    monkeypatch.setattr(house, "warm_up", lambda: seen.append((gc.isenabled(), jobs())))
    serve(house, "127.0.0.1", 8099, lambda _line: None)
    assert seen == [(False, set())]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_work_runs_the_jobs_until_a_signal(house, monkeypatch):
    handlers, seen = {}, []
    monkeypatch.setattr(module.signal, "signal", handlers.__setitem__)

    def say(_text):
        seen.append(jobs())
        handlers[signal.SIGTERM](signal.SIGTERM, None)

    work(house, say)
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}
    assert seen == [JOBS]
    assert jobs() == set()


def test_open_streams_are_ended_before_the_server_stops(monkeypatch):
    import asyncio

    ended = []

    async def shutdown(_self, _sockets=None):
        ended.append("server")

    monkeypatch.setattr(module.uvicorn.Server, "shutdown", shutdown)
    server = _Server(module.uvicorn.Config(lambda: None), lambda: ended.append("streams"))
    asyncio.run(server.shutdown())
    assert ended == ["streams", "server"]


def test_second_door_that_another_program_has_stops_the_start_before_anything_is_said(house, served):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house.settings = replace(house.settings, admin_port=port)
        said = []
        with pytest.raises(OSError, match=f"port {port} of GUICHET_ADMIN_PORT"):
            serve(house, "127.0.0.1", 8099, said.append)
    assert not any("Metrics" in line for line in said)
    assert jobs() == set()


def test_one_port_for_both_doors_is_refused(house, served):
    house.settings = replace(house.settings, admin_port=8099)
    with pytest.raises(SettingsError, match="GUICHET_ADMIN_PORT"):
        serve(house, "127.0.0.1", 8099, lambda _line: None)


def test_second_door_is_open_when_it_is_announced(house, served):
    house.settings = replace(house.settings, admin_port=free_port())

    def say(line):
        if line.startswith("Metrics:"):
            with socket.create_connection(("127.0.0.1", house.settings.admin_port), 1):
                announced.append(line)

    announced = []
    serve(house, "127.0.0.1", 8099, say)
    assert len(announced) == 1


def test_heads_are_bounded_at_the_public_door(house, served):
    serve(house, "127.0.0.1", 8099, lambda _line: None)
    config = served.made.config
    assert (config.http, config.h11_max_incomplete_event_size) == (PromptHeads, HEAD_BYTES)
