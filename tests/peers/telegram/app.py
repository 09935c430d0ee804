"""The routes of the fake Bot API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.peers.serving import FaultAnswer
from tests.peers.telegram.errors import OTHER_POLLER, WEBHOOK_ACTIVE, ApiError
from tests.peers.telegram.methods import METHODS
from tests.peers.telegram.parameters import read_parameters
from tests.peers.telegram.settings import SETTINGS, allow
from tests.peers.telegram.state import Call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tests.peers.faults import Faults
    from tests.peers.telegram.parameters import Parameters
    from tests.peers.telegram.state import TelegramState

CHUNK = b"\x00" * 65536
TICK_SECONDS = 0.02
LIMIT = 100


class TelegramApi:
    """Answers as api.telegram.org does, or as the script of faults says."""

    def __init__(self, state: TelegramState, faults: Faults) -> None:
        self.state = state
        self.faults = faults

    def routes(self) -> list[Route]:
        """The methods, and the place files are fetched from."""
        return [
            Route("/file/bot{token}/{path:path}", self._file),
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
        ]

    async def _call(self, request: Request) -> Response:
        method: str = request.path_params["method"]
        try:
            parameters = await read_parameters(request)
            self.state.calls.append(Call(method, parameters))
            chat_id = parameters.values.get("chat_id")
            fault = self.faults.take(method, None if chat_id is None else str(chat_id))
            if fault is not None and not fault.done:
                return FaultAnswer(fault)
            result = await self._result(request.path_params["token"], method.lower(), parameters)
        except ApiError as error:
            return JSONResponse(error.body(), error.code)
        return JSONResponse({"ok": True, "result": result}) if fault is None else FaultAnswer(fault)

    async def _result(self, token: str, method: str, parameters: Parameters) -> Any:
        self._authorise(token)
        if method == "getupdates":
            return await self._updates(parameters)
        work = METHODS.get(method) or SETTINGS.get(method)
        if work is None:
            raise ApiError(404, "Not Found: method not found")
        with self.state.lock:
            return work(self.state, parameters)

    def _authorise(self, token: str) -> None:
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.state.token:
            raise ApiError(401, "Unauthorized")

    async def _updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        """Waits for updates; a newer poller ends the wait of an older one."""
        with self.state.lock:
            if self.state.webhook.url:
                raise ApiError(409, WEBHOOK_ACTIVE)
            self.state.poll += 1
            mine = self.state.poll
            allow(self.state, parameters)
            self._confirm(parameters.integer("offset"))
        limit = min(max(parameters.integer("limit", LIMIT), 1), LIMIT)
        deadline = asyncio.get_running_loop().time() + min(parameters.integer("timeout"), 50)
        while True:
            with self.state.lock:
                if self.state.poll != mine:
                    raise ApiError(409, OTHER_POLLER)
                waiting = self.state.pending[:limit]
            if waiting or asyncio.get_running_loop().time() >= deadline:
                return waiting
            await asyncio.sleep(TICK_SECONDS)

    def _confirm(self, offset: int) -> None:
        """An offset confirms all updates before it; a negative one keeps only the last ones."""
        pending = self.state.pending
        if offset < 0:
            pending[:] = pending[offset:]
        elif offset:
            pending[:] = [update for update in pending if update["update_id"] >= offset]

    async def _file(self, request: Request) -> Response:
        fault = self.faults.take("download")
        if fault is not None:
            return FaultAnswer(fault)
        path = request.path_params["path"]
        file = next((file for file in self.state.files.values() if file.path == path), None)
        if request.path_params["token"] != self.state.token or file is None:
            return JSONResponse(ApiError(404, "Not Found").body(), 404)
        with self.state.lock:
            if file.missing > 0:
                file.missing -= 1
                return JSONResponse(ApiError(404, "Not Found").body(), 404)
        if file.endless:
            return StreamingResponse(_endless(file.content), media_type="application/octet-stream")
        return Response(file.content, media_type="application/octet-stream")


async def _endless(content: bytes) -> AsyncIterator[bytes]:
    """A body without an end and without a length; it stops when the reader hangs up."""
    yield content
    while True:
        yield CHUNK
        await asyncio.sleep(0)


def telegram_app(state: TelegramState, faults: Faults, more: list[Route]) -> Starlette:
    """The application: the API, and the routes by which a script outside the process plays its part."""
    return Starlette(routes=[*more, *TelegramApi(state, faults).routes()])
