"""``guichet serve`` with the plain engine of the tests in the place of Rasa: same doors, jobs, store and channels.

Run as ``python -m tests.soak.plain --port 8080``, with the settings of Guichet in the environment, and of this:
``SOAK_DIE_AT`` (insert, turn, mark, send: killed once, right after that), ``SOAK_STATUS_WAIT`` and ``SOAK_TURN``
(seconds a report is waited for, and a turn takes), ``SOAK_LOG`` (level).
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from datetime import timedelta
from typing import Any

from bot.bootstrap import House
from bot.commands.serve import serve
from bot.config import read_settings
from bot.redaction import redact
from bot.services import deliver
from tests.house import PlainRenderer
from tests.playing import PlainEngine, reference, services, wording


def die_once(house: House, moment: str) -> None:
    """Let the process be killed right after the moment, the first time that it comes on this data directory."""
    mark = house.settings.data_dir / "died"
    platforms = house.platforms.values()
    places: dict[str, list[tuple[object, str]]] = {
        "insert": [(type(house.store.inbox), "put")],
        "turn": [(type(house.engine), "play")],
        "mark": [(type(house.store.outbox), "sending")],
        "send": [(type(platform), "send") for platform in platforms],
    }
    for owner, name in places[moment]:
        work = getattr(owner, name)

        def and_die(*given: Any, work: Any = work, **named: Any) -> Any:
            done = work(*given, **named)
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        setattr(owner, name, and_die)


class SlowEngine(PlainEngine):
    """Takes its time, as a model does."""

    seconds = 0.0

    def play(self, *given: Any) -> Any:
        """After a while."""
        time.sleep(self.seconds)
        return super().play(*given)


def main() -> None:
    """Serve until a signal."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    level = os.environ.pop("SOAK_LOG", "WARNING")
    logging.basicConfig(level=level, stream=sys.stderr)
    house = House(read_settings(os.environ))
    SlowEngine.seconds = float(os.environ.get("SOAK_TURN", "0"))
    deliver.STATUS_WAIT = timedelta(seconds=float(os.environ.get("SOAK_STATUS_WAIT", "60")))
    plain = {"engine": SlowEngine(), "renderer": PlainRenderer(), "wording": wording(), "reference": reference()}
    for name, part in {**plain, "services": services(), "warm_up": lambda: None}.items():
        setattr(house, name, part)
    redact(house.secrets)
    if os.environ.get("SOAK_DIE_AT"):
        die_once(house, os.environ["SOAK_DIE_AT"])
    try:
        serve(house, "127.0.0.1", arguments.parse_args().port, print)
    finally:
        house.close()


if __name__ == "__main__":
    main()
