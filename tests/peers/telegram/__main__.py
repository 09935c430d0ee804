"""``python -m tests.peers.telegram --port 9100``: the fake Bot API on loopback, until interrupted."""

from __future__ import annotations

import argparse
import sys
import threading

from tests.peers.telegram.peer import FakeTelegram
from tests.peers.telegram.state import TOKEN


def main(arguments: list[str] | None = None) -> None:
    """Serves until the process is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--token", default=TOKEN)
    asked = parser.parse_args(arguments)
    telegram = FakeTelegram(port=asked.port)
    telegram.state.token = asked.token
    with telegram:
        sys.stdout.write(f"fake Bot API on {telegram.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
