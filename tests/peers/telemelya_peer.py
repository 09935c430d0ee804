"""telemelya in its own process: somebody else's Telegram, in which a test plays a user."""

from __future__ import annotations

import socket
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any, Self

import httpx

from tests.peers.environments import peer_python

LAUNCHER = Path(__file__).with_name("telemelya_launch.py")
START_SECONDS = 60
TOKEN = "123456789:telemelya-token"
KEY = "loopback-key"


class Telemelya:
    """The server, and one user's session with the bot."""

    def __init__(self) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, verify=False, trust_env=False, timeout=30
        )

    @property
    def url(self) -> str:
        """What stands for api.telegram.org; a relay may stand before it."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = [str(peer_python("telemelya")), "-P", str(LAUNCHER), str(self.port)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.__exit__()
                raise TimeoutError("telemelya did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.client.close()
        if self.process is not None:
            try:
                self.process.communicate(timeout=10)  # closes its input, at which it ends
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def _answers(self) -> bool:
        try:
            return self.client.get("/").status_code == 200
        except httpx.TransportError:
            return False

    def user(self, chat_id: int = 6_000_001) -> TelemelyaUser:
        """A user with a session of their own."""
        return TelemelyaUser(self, chat_id, str(uuid.uuid4()))


class TelemelyaUser:
    """Writes to the bot and reads what it answered."""

    def __init__(self, server: Telemelya, chat_id: int, session: str) -> None:
        self.server = server
        self.chat_id = chat_id
        self.session = session

    def say(self, text: str) -> dict[str, Any]:
        """Writes words, or a command."""
        return self._update(text=text)

    def click(self, data: str, message_id: int) -> dict[str, Any]:
        """Taps a button."""
        return self._update(callback_data=data, callback_message_id=message_id)

    def photo(self, content: bytes, caption: str = "") -> dict[str, Any]:
        """Sends a picture."""
        files = {"file": ("photo.jpg", content, "image/jpeg")}
        file_id = self._call("POST", "upload_media", files=files)["file_id"]
        return self._update(photo_file_id=file_id, photo_caption=caption or None)

    def answers(self, method: str | None = None) -> list[dict[str, Any]]:
        """What the bot did in this session: each call telemelya noted, with its method."""
        made: list[dict[str, Any]] = self._call("GET", "responses")["responses"]
        return [answer for answer in made if method is None or answer["method"] == method]

    def wait(self, number: int = 1, method: str = "sendMessage", seconds: float = 10.0) -> list[dict[str, Any]]:
        """The bot's answers of one kind, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.answers(method)) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} answers after {seconds} s, not {number}")
            time.sleep(0.05)
        return found

    def _update(self, **given: Any) -> dict[str, Any]:
        """Delivers one update; answers what telemelya says of the delivery."""
        body = {"chat_id": self.chat_id, **given}
        return self._call("POST", "send_update", json=body, params={"bot_token": TOKEN})

    def _call(self, verb: str, path: str, **given: Any) -> dict[str, Any]:
        params = {"session_id": self.session, **given.pop("params", {})}
        headers = {"X-Test-Session": self.session}
        answer = self.server.client.request(verb, f"/api/v1/test/{path}", params=params, headers=headers, **given)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made
