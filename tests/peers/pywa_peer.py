"""pywa in its own process: a second opinion on webhooks we make and on the API we fake."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.peers.environments import peer_python
from tests.peers.graph.state import PHONE_ID

if TYPE_CHECKING:
    from tests.peers.graph.peer import FakeGraph

DRIVER = Path(__file__).with_name("pywa_driver.py")


class Pywa:
    """Asks the driver, one line each way."""

    def __init__(self, app_secret: str = "graph-app-secret", verify_token: str = "graph-verify-token") -> None:
        self.settings = {
            "phone_id": PHONE_ID,
            "token": "graph-token",
            "app_secret": app_secret,
            "verify_token": verify_token,
        }
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        command = [str(peer_python("pywa")), "-P", str(DRIVER)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None:
            self.process.communicate(timeout=20)

    def ask(self, do: str, **given: Any) -> dict[str, Any]:
        """One request; an error of the driver is ours."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **self.settings, **given}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert "error" not in answer or do == "receive", answer
        return answer

    def receive(self, raw: bytes, signature: str) -> dict[str, Any]:
        """What pywa makes of a webhook."""
        return self.ask("receive", raw=raw.decode("ascii"), signature=signature)

    def send(self, graph: FakeGraph, to: str) -> list[str]:
        """Sends text, buttons, a list and a document through the fake."""
        ids: list[str] = self.ask("send", base_url=f"{graph.url}/v24.0", to=to)["ids"]
        return ids

    def fetch(self, graph: FakeGraph, media_id: str) -> dict[str, Any]:
        """Fetches a file from the fake."""
        return self.ask("fetch", base_url=f"{graph.url}/v24.0", media_id=media_id)
