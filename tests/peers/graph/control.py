"""Routes under ``/_peer`` by which a script in another process plays Meta and the persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.peers.graph import payloads
from tests.peers.graph.errors import named_fault
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from tests.peers.graph.peer import FakeGraph


def control_routes(graph: FakeGraph) -> list[Route]:
    """The routes of one fake."""

    async def sent(_request: Request) -> Response:
        made = [
            {"wamid": s.wamid, "to": s.to, "text": s.text, "choices": s.choices, "body": s.body} for s in graph.sent
        ]
        return JSONResponse(made)

    async def fault(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        made = named_fault(str(asked["name"]), float(asked.get("seconds", 30)))
        made = made.after_the_work() if asked.get("done") else made
        where = {"call": asked.get("call"), "to": asked.get("to")}
        if "every" in asked:
            graph.faults.every(int(asked["every"]), made, **where)
        else:
            graph.faults.next(made, int(asked.get("times", 1)), **where)
        return JSONResponse({"ok": True})

    async def act(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        person = Person(**asked.get("person", {}))
        kind, arguments = asked["kind"], asked.get("arguments", [])
        makers: dict[str, Callable[..., tuple[str, Any]]] = {
            "text": payloads.text,
            "button_reply": payloads.button_reply,
            "list_reply": payloads.list_reply,
            "button": payloads.button,
            "location": payloads.location,
            "contacts": payloads.contacts,
            "reaction": payloads.reaction,
        }
        part = makers[kind](*arguments)
        times = int(asked.get("times", 1))
        code = await run_in_threadpool(graph.act, person, part, wamid=asked.get("wamid"), times=times)
        return JSONResponse({"status": code})

    async def settings(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        graph.webhook_url = asked.get("webhook_url", graph.webhook_url)
        graph.state.tokens |= set(asked.get("tokens", ()))
        for made in asked.get("templates", ()):
            key = (made["name"], made["language"])
            graph.state.templates[key] = Template(made.get("parameters", 0), paused=made.get("paused", False))
        return JSONResponse({"ok": True})

    return [
        Route("/_peer/sent", sent),
        Route("/_peer/fault", fault, methods=["POST"]),
        Route("/_peer/act", act, methods=["POST"]),
        Route("/_peer/settings", settings, methods=["POST"]),
    ]
