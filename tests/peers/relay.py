"""A relay on loopback between telemelya and a bot: it adds what telemelya lacks, and breaks what a test wants broken.

It takes the secret of ``setWebhook`` for itself and puts the header on each delivery; it can deliver twice, late, or in
another order; and calls of the bot can meet a fault (429, 500, a cut line) on their way.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.peers.faults import Faults
from tests.peers.serving import FaultAnswer, Served

if TYPE_CHECKING:
    from starlette.requests import Request

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PASSED_ON = ("content-type", "accept")


@dataclass
class Relay:
    """What stands in the way, and how it behaves."""

    upstream: str
    faults: Faults = field(default_factory=Faults)
    webhook: str = ""
    secret: str = ""
    times: int = 1
    delay: float = 0.0
    holding: bool = False
    held: list[bytes] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    served: Served | None = None

    def __enter__(self) -> Self:
        routes = [
            Route("/hook", self._hook, methods=["POST"]),
            Route("/file/bot{token}/{path:path}", self._api),
            Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
        ]
        self.served = Served(Starlette(routes=routes)).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.served is not None:
            self.served.stop()

    @property
    def url(self) -> str:
        """What a bot takes for api.telegram.org."""
        assert self.served is not None
        return self.served.url

    def release(self, *, reverse: bool = False) -> list[int]:
        """Delivers what was held back, in the order it came or the other one."""
        self.holding, held = False, self.held[:: -1 if reverse else 1]
        self.held.clear()
        return [asyncio.run(self._deliver(raw)) for raw in held]

    async def _hook(self, request: Request) -> Response:
        raw = await request.body()
        if self.holding:
            self.held.append(raw)
            return Response()
        await asyncio.sleep(self.delay)
        codes = [await self._deliver(raw) for _ in range(self.times)]
        return Response(status_code=codes[-1])

    async def _deliver(self, raw: bytes) -> int:
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.secret}
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=20) as client:
            answer = await client.post(self.webhook, content=raw, headers=headers)
        self.answers.append(answer.status_code)
        return answer.status_code

    async def _api(self, request: Request) -> Response:
        raw = await request.body()
        method = request.path_params.get("method", "download")
        fault = self.faults.take(method)
        if fault is not None and not fault.done:
            return FaultAnswer(fault)
        if method == "setWebhook":
            given = _given(raw, request.headers.get("content-type", ""))
            self.webhook, self.secret = given["url"], given.get("secret_token", "")
            raw = json.dumps({"url": f"{self.url}/hook"}).encode()
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        headers |= {"content-type": "application/json"} if method == "setWebhook" else {}
        async with httpx.AsyncClient(base_url=self.upstream, verify=False, trust_env=False, timeout=20) as client:
            answer = await client.request(request.method, request.url.path, content=raw, headers=headers)
        if fault is not None:
            return FaultAnswer(fault)
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


def _given(raw: bytes, kind: str) -> dict[str, Any]:
    """The parameters of a call, from JSON or a form."""
    return dict(json.loads(raw)) if "json" in kind else dict(parse_qsl(raw.decode()))
