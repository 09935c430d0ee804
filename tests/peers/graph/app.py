"""The routes of the fake Graph API."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.peers.graph.checks import check_message, check_upload
from tests.peers.graph.errors import GraphError, missing_object
from tests.peers.graph.state import ACCOUNT_ID, Media, Recorded, Sent
from tests.peers.serving import FaultAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import TypeAlias

    from starlette.requests import Request

    from tests.peers.faults import Faults
    from tests.peers.graph.state import GraphState

    Work: TypeAlias = Callable[[Request], Awaitable[Response]]

CHUNK = b"\x00" * 65536


class GraphApi:
    """Answers as graph.facebook.com does, or as the script of faults says."""

    def __init__(self, state: GraphState, faults: Faults) -> None:
        self.state = state
        self.faults = faults

    def routes(self) -> list[Route]:
        """The paths of the API, in any version, and the place files are fetched from."""
        return [
            Route("/whatsapp_business/attachments/{key}", self._download),
            Route("/{version}/{phone_id}/messages", self._messages, methods=["POST"]),
            Route("/{version}/{phone_id}/media", self._upload, methods=["POST"]),
            Route("/{version}/debug_token", self._token),
            Route("/{version}/{account_id}/message_templates", self._templates),
            Route("/{version}/{name}", self._object, methods=["GET", "DELETE"]),
        ]

    async def _messages(self, request: Request) -> Response:
        return await self._served(request, "messages", self._send)

    async def _upload(self, request: Request) -> Response:
        return await self._served(request, "media", self._keep)

    async def _object(self, request: Request) -> Response:
        return await self._served(request, "object", self._describe)

    async def _token(self, request: Request) -> Response:
        return await self._served(request, "debug_token", self._inspect)

    async def _templates(self, request: Request) -> Response:
        return await self._served(request, "templates", self._list)

    async def _download(self, request: Request) -> Response:
        return await self._served(request, "download", self._file)

    async def _served(self, request: Request, call: str, work: Work) -> Response:
        """Records the request, meets the fault that is due, else does the work."""
        raw = await request.body()
        self.state.requests.append(
            Recorded(request.method, request.url.path, {k.lower(): v for k, v in request.headers.items()}, raw),
        )
        fault = self.faults.take(call, _recipient(raw) if call == "messages" else None)
        if fault is not None and not fault.done:
            return FaultAnswer(fault)
        try:
            self._authorise(request)
            answer = await work(request)
        except GraphError as error:
            trace = self.state.trace()
            answer = JSONResponse(error.envelope(trace), error.http(), {"x-fb-trace-id": trace})
        return answer if fault is None else FaultAnswer(fault)

    def _authorise(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise GraphError(190, title="An access token is required to request this resource.")
        if token in self.state.expired:
            raise GraphError(190, subcode=463)
        if token not in self.state.tokens:
            raise GraphError(190, title="Invalid OAuth access token - Cannot parse access token")

    def _our_number(self, request: Request) -> str:
        phone_id: str = request.path_params["phone_id"]
        if phone_id not in self.state.numbers:
            raise missing_object(phone_id)
        return phone_id

    async def _send(self, request: Request) -> Response:
        phone_id = self._our_number(request)
        try:
            body = json.loads(await request.body())
        except ValueError as error:
            raise GraphError(100, "The body is not JSON.") from error
        check_message(body, self.state.templates)
        if body.get("status") == "read":
            self.state.reads.append(body)
            return JSONResponse({"success": True})
        self._files_are_known(body)
        wa_id = self._wa_id(body)
        with self.state.lock:
            wamid = self.state.wamid(wa_id)
            opaque = body.get("biz_opaque_callback_data")
            to = body.get("to") or body["recipient"]
            self.state.sent.append(Sent(wamid, phone_id, to.lstrip("+"), body, opaque, self.state.clock()))
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": body.get("to") or body["recipient"], "wa_id": wa_id}],
                "messages": [{"id": wamid, "message_status": "accepted"}],
            },
        )

    def _wa_id(self, body: dict[str, Any]) -> str:
        """The number behind the address; an id of a person nobody knows is a missing object."""
        if body.get("to"):
            return "".join(sign for sign in str(body["to"]) if sign.isdigit())
        recipient = str(body["recipient"])
        if recipient not in self.state.persons:
            raise missing_object(recipient)
        return self.state.persons[recipient]

    def _files_are_known(self, body: dict[str, Any]) -> None:
        part = body.get(body.get("type", "text"))
        name = part.get("id") if isinstance(part, dict) else None
        if name is not None and name not in self.state.media:
            raise missing_object(name)

    async def _keep(self, request: Request) -> Response:
        phone_id = self._our_number(request)
        async with request.form() as form:
            if form.get("messaging_product") != "whatsapp":
                raise GraphError(100, "(#100) The parameter messaging_product is required.")
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise GraphError(100, "The parameter file is required.")
            content = await file.read()
            mime = str(form.get("type") or file.content_type or "application/octet-stream")
        check_upload(mime, len(content))
        made = Media(self.state.media_id(), content, mime, file.filename or "", phone_id, uploaded=True)
        self.state.keep_media(made)
        return JSONResponse({"id": made.media_id})

    async def _describe(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        if name in self.state.numbers:
            return JSONResponse(_fields(request, self.state.numbers[name].fields()))
        media = self.state.media.get(name)
        if media is None or request.query_params.get("phone_number_id", media.phone_id) != media.phone_id:
            raise missing_object(name)
        if request.method == "DELETE":
            del self.state.media[name]
            return JSONResponse({"success": True})
        return JSONResponse(media.descriptor(str(request.base_url).rstrip("/") + self.state.link(name)))

    async def _inspect(self, request: Request) -> Response:
        """What a token may do and how long; a token Meta does not know any more is said to be invalid."""
        name = request.query_params.get("input_token", "")
        is_valid = name in self.state.tokens - self.state.expired
        told: dict[str, Any] = {"type": "SYSTEM_USER", "is_valid": is_valid, "expires_at": self.state.token_until}
        told["scopes"] = ["whatsapp_business_management", "whatsapp_business_messaging"]
        told["granular_scopes"] = [{"scope": scope, "target_ids": [ACCOUNT_ID]} for scope in told["scopes"]]
        return JSONResponse({"data": told})

    async def _list(self, request: Request) -> Response:
        """The templates of the account, page by page; ``next`` is there only when another page follows."""
        if request.path_params["account_id"] != ACCOUNT_ID:
            raise missing_object(request.path_params["account_id"])
        start, limit = int(request.query_params.get("after", "0")), int(request.query_params.get("limit", "25"))
        known = [
            {"name": name, "language": language, "status": "PAUSED" if made.paused else "APPROVED", "id": str(number)}
            for number, ((name, language), made) in enumerate(sorted(self.state.templates.items()), 1)
        ]
        end = start + limit
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(min(end, len(known)))}}
        if end < len(known):
            paging["next"] = str(request.url.include_query_params(after=end))
        return JSONResponse({"data": known[start:end], "paging": paging})

    async def _file(self, request: Request) -> Response:
        media = self.state.linked(request.path_params["key"])
        if media is None:
            return Response("URL signature expired", 404)
        with self.state.lock:
            if media.missing > 0:
                media.missing -= 1
                return Response("Not Found", 404)
        if media.endless:
            return StreamingResponse(_endless(media.content), media_type=media.mime)
        return _part(media.content, media.mime, request.headers.get("range", ""))


def _recipient(raw: bytes) -> str | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    found = body.get("to") or body.get("recipient") if isinstance(body, dict) else None
    return found.lstrip("+") if isinstance(found, str) else None


def _fields(request: Request, known: dict[str, Any]) -> dict[str, Any]:
    wanted = request.query_params.get("fields")
    if wanted is None:
        return known
    return {name: known[name] for name in ["id", *wanted.split(",")] if name in known}


def _part(content: bytes, mime: str, asked: str) -> Response:
    """The whole of a file, or the range of it that was asked for."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked)
    if found is None:
        return Response(content, media_type=mime)
    first, last = int(found[1]), min(int(found[2] or len(content)), len(content) - 1)
    if first > last:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(content)}"})
    headers = {"content-range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], 206, headers, mime)


async def _endless(content: bytes) -> AsyncIterator[bytes]:
    """A body without an end and without a length; it stops when the reader hangs up."""
    yield content
    while True:
        yield CHUNK
        await asyncio.sleep(0)


def graph_app(state: GraphState, faults: Faults, more: list[Route]) -> Starlette:
    """The application: the API, and the routes by which a script outside the process plays its part."""
    return Starlette(routes=[*more, *GraphApi(state, faults).routes()])
