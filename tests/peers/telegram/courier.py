"""Delivers updates to a webhook as Telegram does: in order, with the secret, again when the answer is not 2xx."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.peers.telegram.state import TelegramState

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TICK_SECONDS = 0.01


class Courier:
    """A thread that takes updates from the row while a webhook is set."""

    def __init__(self, state: TelegramState, retry_seconds: float = 0.05, attempts: int = 5) -> None:
        self.state = state
        self.retry_seconds = retry_seconds
        self.attempts = attempts
        self.delivered: list[tuple[int, dict[str, Any]]] = []
        self.given_up: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.client = httpx.Client(verify=False, trust_env=False, timeout=20)
        self.thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begins to watch the row."""
        self.thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self.ended.set()
        self.thread.join(25)
        self.client.close()

    def settle(self, seconds: float = 10.0) -> None:
        """Waits until no update is left to deliver."""
        deadline = time.monotonic() + seconds
        while self.state.pending:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.state.pending)} updates were not taken in {seconds} s")
            time.sleep(TICK_SECONDS)

    def deliver(self, update: dict[str, Any]) -> int:
        """One attempt; 0 when there was no answer."""
        hook = self.state.webhook
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        raw = json.dumps(update, ensure_ascii=True).encode()
        try:
            code = self.client.post(hook.url, content=raw, headers=headers).status_code
        except httpx.TransportError as error:
            hook.last_error = (self.state.now(), f"Connection failed: {type(error).__name__}")
            code = 0
        if code and not 200 <= code < 300:
            reason = httpx.codes.get_reason_phrase(code)
            hook.last_error = (self.state.now(), f"Wrong response from the webhook: {code} {reason}")
        self.delivered.append((code, update))
        return code

    def deliver_at_once(self, updates: Sequence[dict[str, Any]], workers: int = 16) -> list[int]:
        """Many connections at a time, as with ``max_connections`` above one; no retry."""
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(self.deliver, updates))

    def _run(self) -> None:
        while not self.ended.wait(TICK_SECONDS):
            with self.state.lock:
                update = self.state.pending[0] if self.state.pending and self.state.webhook.url else None
            if update is not None:
                self._insist(update)

    def _insist(self, update: dict[str, Any]) -> None:
        for attempt in range(self.attempts):
            if 200 <= self.deliver(update) < 300:
                break
            if self.ended.wait(self.retry_seconds * 2**attempt):
                return
        else:
            self.given_up.append(update)
        with self.state.lock:
            if update in self.state.pending:
                self.state.pending.remove(update)
