"""``python -m tests.peers.graph --port 9200``: the fake Graph API on loopback, until interrupted."""

from __future__ import annotations

import argparse
import sys
import threading

from tests.peers.graph.peer import FakeGraph


def main(arguments: list[str] | None = None) -> None:
    """Serves until the process is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers.graph", description=__doc__)
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--webhook", default="", help="where webhooks are delivered")
    parser.add_argument("--app-secret", default="graph-app-secret")
    parser.add_argument("--token", default="graph-token")
    asked = parser.parse_args(arguments)
    graph = FakeGraph(app_secret=asked.app_secret, webhook_url=asked.webhook, port=asked.port)
    graph.state.tokens = {asked.token}
    with graph:
        sys.stdout.write(f"fake Graph API on {graph.url}, number {next(iter(graph.state.numbers))}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
