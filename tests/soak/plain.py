"""``guichet serve`` with the plain engine of the tests in the place of Rasa: same doors, jobs, store and channels.

Run as ``python -m tests.soak.plain --port 8080``, with the settings of Guichet in the environment.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys

from bot.bootstrap import House
from bot.commands.serve import serve
from bot.config import read_settings
from bot.redaction import redact
from tests.house import PlainRenderer
from tests.playing import PlainEngine, reference, services, wording


def main() -> None:
    """Serve until a signal."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    level = os.environ.pop("SOAK_LOG", "WARNING")
    logging.basicConfig(level=level, stream=sys.stderr)
    house = House(read_settings(os.environ))
    plain = {"engine": PlainEngine(), "renderer": PlainRenderer(), "wording": wording(), "reference": reference()}
    for name, part in {**plain, "services": services()}.items():
        setattr(house, name, part)
    redact(house.secrets)
    try:
        serve(house, "127.0.0.1", arguments.parse_args().port, print)
    finally:
        house.close()


if __name__ == "__main__":
    main()
