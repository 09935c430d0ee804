"""Jobs go on whatever happens: failures are counted and named by class, never by words."""

import logging
import threading
import time

import pytest

from bot.core.retention import WAITING_FILE
from bot.jobs import runner as module
from bot.jobs.purge import Purge
from bot.jobs.runner import MAX_PAUSE_SECONDS, Runner
from bot.jobs.workers import PURGE_SECONDS, REMIND_SECONDS, Steps, Workers, make_workers
from tests.fake_memory import FakeClock

SECRET = "mot secret d'une personne"


class Pauses(threading.Event):
    """Notes how long it was waited for, and waits not at all."""

    def __init__(self):
        super().__init__()
        self.waited = []

    def wait(self, timeout=None):
        self.waited.append(timeout)
        return self.is_set()


class Rig:
    """A runner in this thread: it ends when its work is done."""

    def __init__(self, *pieces, idle=1.0):
        self.left = list(pieces)
        self.runner = Runner("test", self.step, idle_seconds=idle)
        self.runner._stop, self.runner._wake = Pauses(), Pauses()

    def step(self):
        piece = self.left.pop(0)
        if not self.left:
            self.runner._stop.set()
        if isinstance(piece, Exception):
            raise piece
        return piece

    def run(self):
        self.runner._run()
        return self.runner


@pytest.fixture(autouse=True)
def nobody_stays():
    """Other tests count the threads of jobs: what a test let hang has ended when it is over."""
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("job-"):
            thread.join(5)
            assert not thread.is_alive(), thread.name


def test_failure_is_counted_and_logged_by_its_class_alone(caplog):
    with caplog.at_level(logging.DEBUG):
        runner = Rig(ValueError(SECRET), KeyError(SECRET), None).run()
    assert runner.failures == 2
    assert [record.getMessage() for record in caplog.records] == [
        "job test failed: ValueError", "job test failed: KeyError",
    ]  # fmt: skip
    assert SECRET not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_pause_after_a_failure_grows_and_has_a_longest():
    rig = Rig(*[RuntimeError()] * 9)
    rig.run()
    assert rig.runner._stop.waited == [0.5, 1, 2, 4, 8, 16, MAX_PAUSE_SECONDS, MAX_PAUSE_SECONDS, MAX_PAUSE_SECONDS]


def test_success_makes_the_pause_short_again():
    rig = Rig(RuntimeError(), RuntimeError(), True, RuntimeError(), None)
    rig.run()
    assert rig.runner._stop.waited == [0.5, 1, 0.5]


def test_job_with_more_to_do_does_not_sleep():
    rig = Rig("a", 1, None, idle=7.0)
    rig.run()
    assert rig.runner._wake.waited == [7.0]


def test_waking_ends_the_sleep_and_stopping_finishes_the_piece_in_hand():
    started, go_on, finished = threading.Event(), threading.Event(), []

    def step():
        if not started.is_set():
            started.set()
            go_on.wait(5)
            finished.append("piece")

    runner = Runner("test", step, idle_seconds=600)
    runner.start()
    assert started.wait(5)
    stopper = threading.Thread(target=runner.stop)
    stopper.start()
    assert finished == []
    go_on.set()
    stopper.join(5)
    assert finished == ["piece"]
    assert not runner._thread.is_alive()


def test_work_that_comes_while_a_job_sleeps_is_done_at_once():
    done, work = threading.Event(), []

    def step():
        if work:
            done.set()

    runner = Runner("test", step, idle_seconds=600)
    runner.start()
    work.append(1)
    runner.wake()
    assert done.wait(5)
    runner.stop()


def test_work_that_was_announced_before_the_end_is_still_done_and_later_work_is_not():
    done = []
    runner = Runner("test", lambda: done.append("piece"))
    runner.wake()
    runner.end()
    runner.wake()
    runner._run()
    runner.wake()
    runner._run()
    assert done == ["piece"]


def test_job_that_was_never_started_can_be_stopped():
    Runner("test", lambda: None).stop()


def test_thread_has_the_name_of_its_job_and_does_not_hold_the_process():
    runner = Runner("test", lambda: None)
    assert (runner._thread.name, runner._thread.daemon) == ("job-test", True)
    assert module.IDLE_SECONDS <= 1.0


def steps(**given):
    idle = dict.fromkeys(("converse", "deliver", "fetch", "remind", "purge"), lambda: None)
    return Steps(**{**idle, **given})


def test_a_turn_wakes_the_delivery_and_an_idle_look_does_not():
    answers = [None, "person"]
    workers = make_workers(steps(converse=lambda: answers.pop(0)))
    assert workers.converse._step() is None
    assert not any(sender._wake.is_set() for sender in workers.deliver)
    assert workers.converse._step() == "person"
    assert all(sender._wake.is_set() for sender in workers.deliver)


def test_a_fetched_file_wakes_the_turns():
    answers = [None, "person"]
    workers = make_workers(steps(fetch=lambda: answers.pop(0)))
    workers.fetch[0]._step()
    assert not workers.converse._wake.is_set()
    workers.fetch[0]._step()
    assert workers.converse._wake.is_set()


def test_failures_of_all_jobs_are_added():
    workers = make_workers(steps())
    workers.converse.failures, workers.purge.failures = 2, 3
    assert workers.failures == 5


def test_message_wakes_the_turns_and_the_fetching_alone():
    workers = make_workers(steps())
    workers.wake()
    woken = {runner.name.partition("-")[0] for runner in workers._all() if runner._wake.is_set()}
    assert woken == {"converse", "fetch"}
    workers.wake_delivery()
    assert all(sender._wake.is_set() for sender in workers.deliver)


def test_every_job_runs_and_ends():
    ran = {name: threading.Event() for name in ("converse", "deliver", "fetch", "remind", "purge")}
    workers = make_workers(Steps(**{name: event.set for name, event in ran.items()}))
    assert isinstance(workers, Workers)
    workers.start()
    assert all(event.wait(5) for event in ran.values())
    workers.stop()
    assert not any(runner._thread.is_alive() for runner in workers._all())


def test_platform_that_hangs_does_not_hold_up_the_end_and_nothing_new_is_begun(monkeypatch):
    monkeypatch.setattr("bot.jobs.workers.STOP_SECONDS", 0.5)
    released, hanging, turns = threading.Event(), threading.Barrier(5), []

    def hang():
        if not released.is_set():
            hanging.wait(5)
        released.wait(20)

    workers = make_workers(steps(deliver=hang, converse=lambda: turns.append(1) or True), senders=4)
    workers.start()
    hanging.wait(5)
    began = time.monotonic()
    workers.stop()
    assert time.monotonic() - began < 2
    count = len(turns)
    assert not workers.converse._thread.is_alive()
    assert len(turns) == count
    released.set()


def test_file_that_is_slow_to_fetch_takes_no_time_from_what_is_being_sent(monkeypatch):
    monkeypatch.setattr("bot.jobs.workers.STOP_SECONDS", 1.5)
    released, fetching, sending, done = threading.Event(), threading.Event(), threading.Event(), []

    def fetch():
        fetching.set()
        released.wait(20)

    def deliver():
        sending.set()
        time.sleep(0.4)
        done.append("sent")

    workers = make_workers(steps(fetch=fetch, deliver=deliver), senders=1, fetchers=1)
    workers.start()
    assert fetching.wait(5)
    assert sending.wait(5)
    done.clear()
    began = time.monotonic()
    workers.stop()
    assert time.monotonic() - began < 1.2
    assert done
    assert not workers.deliver[0]._thread.is_alive()
    released.set()


def test_turn_that_does_not_end_leaves_the_delivery_its_share(monkeypatch):
    monkeypatch.setattr("bot.jobs.workers.STOP_SECONDS", 1.0)
    released, playing, sending, done = threading.Event(), threading.Event(), threading.Event(), []

    def converse():
        playing.set()
        released.wait(20)

    def deliver():
        sending.set()
        time.sleep(0.3)
        done.append("sent")

    workers = make_workers(steps(converse=converse, deliver=deliver), senders=1)
    workers.start()
    assert playing.wait(5)
    assert sending.wait(5)
    began = time.monotonic()
    workers.stop()
    assert time.monotonic() - began < 2
    assert not workers.deliver[0]._thread.is_alive()
    released.set()


def test_answer_of_the_last_turn_is_still_sent():
    playing, answers, sent = threading.Event(), [], []

    def converse():
        if playing.is_set():
            return None
        playing.set()
        time.sleep(0.2)
        answers.append("answer")
        return "person"

    def deliver():
        if not answers:
            return None
        sent.append(answers.pop())
        return "person"

    workers = make_workers(steps(converse=converse, deliver=deliver), senders=1)
    workers.deliver[0]._idle = 600
    workers.start()
    assert playing.wait(5)
    workers.stop()
    assert sent == ["answer"]


def test_rounds_are_shorter_than_the_ten_minutes_of_a_picture():
    assert WAITING_FILE.total_seconds() > PURGE_SECONDS * 2
    assert REMIND_SECONDS <= 60


def test_purge_erases_as_of_now_and_never_asks_to_run_at_once():
    purged = []

    class Shredder:
        def purge(self, now):
            purged.append(now)
            return "much"

    clock = FakeClock()
    assert Purge(Shredder(), clock)() is False
    assert purged == [clock.now()]


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_end_of_the_process_is_not_swallowed(error):
    class Ends(Rig):
        def step(self):
            raise error

    with pytest.raises(error):
        Ends(None).run()
