"""Pages of the web chat that are open and say nothing, as most pages do."""

from __future__ import annotations

import selectors
import socket
import threading
import uuid
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.soak.serving import Serving

PING = b": ping\n\n"
FROM_BOT = b'"from": "bot"'


class Page:
    """One browser with its stream."""

    def __init__(self, serving: Serving) -> None:
        """A session and an open stream."""
        self.serving = serving
        entered = serving.client.post(f"{serving.url}/web/session").raise_for_status()
        self.cookie = entered.headers["set-cookie"].split(";")[0]
        serving.client.cookies.clear()  # the next page is another browser
        self.pings = self.answers = 0
        self.is_open = True
        self._rest = b""
        self.line = socket.create_connection(("127.0.0.1", serving.port), timeout=30)
        self.line.sendall(f"GET /web/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n".encode())

    def write(self, words: str) -> int:
        """The status of the answer to one message."""
        told = {"client_msg_id": str(uuid.uuid4()), "text": words}
        headers = {"cookie": self.cookie, "content-type": "application/x-www-form-urlencoded"}
        address = f"{self.serving.url}/web/messages"
        return self.serving.client.post(address, content=urlencode(told), headers=headers).status_code

    def read(self) -> None:
        """What has come."""
        try:
            new = self.line.recv(1 << 16)
        except OSError:
            new = b""
        self.is_open = bool(new)
        *whole, self._rest = (self._rest + new).split(b"\n\n")
        self.pings += sum(block.endswith(PING.strip()) for block in whole)
        self.answers += sum(FROM_BOT in block for block in whole)


class Pages:
    """Many of them, read by one thread."""

    def __init__(self, serving: Serving, number: int) -> None:
        """All open at once."""
        self.all = [Page(serving) for _ in range(number)]
        self._selector = selectors.DefaultSelector()
        for page in self.all:
            self._selector.register(page.line, selectors.EVENT_READ, page)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._thread.join(10)
        self._selector.close()
        for page in self.all:
            page.line.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            for key, _events in self._selector.select(0.2):
                page: Page = key.data
                page.read()
                if not page.is_open:
                    self._selector.unregister(page.line)
