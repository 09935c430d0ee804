"""Routes under ``/_peer`` by which a script in another process plays the persons and scripts faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.peers.telegram.errors import named_fault

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tests.peers.telegram.peer import FakeTelegram
    from tests.peers.telegram.person import TelegramPerson

PLAIN_ACTS = {"say", "start", "location", "contact", "forward", "block", "unblock", "photo", "voice"}


def control_routes(telegram: FakeTelegram) -> list[Route]:
    """The routes of one fake."""

    async def seen(request: Request) -> Response:
        person = telegram.person(int(request.path_params["user_id"]))
        told = [{"message_id": one.message_id, "text": one.text, "buttons": one.buttons} for one in person.seen]
        return JSONResponse(told)

    async def act(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        person = telegram.person(int(request.path_params["user_id"]))
        return JSONResponse(_act(person, asked))

    async def fault(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        made = named_fault(str(asked["name"]), float(asked.get("seconds", 30)))
        made = made.after_the_work() if asked.get("done") else made
        where = {"call": asked.get("call"), "to": asked.get("to")}
        if "every" in asked:
            telegram.faults.every(int(asked["every"]), made, **where)
        else:
            telegram.faults.next(made, int(asked.get("times", 1)), **where)
        return JSONResponse({"ok": True})

    return [
        Route("/_peer/{user_id}/seen", seen),
        Route("/_peer/{user_id}/act", act, methods=["POST"]),
        Route("/_peer/fault", fault, methods=["POST"]),
    ]


def _act(person: TelegramPerson, asked: dict[str, Any]) -> Any:
    """One act of a person by its name; a click names the message by its place from the end, and the button."""
    if asked["kind"] == "click":
        return person.click(person.seen[int(asked.get("message", -1))], asked.get("data"))
    if asked["kind"] == "document":
        return person.document(asked["content"].encode(), *asked.get("arguments", ()))
    if asked["kind"] not in PLAIN_ACTS:
        return {"error": f"no act {asked['kind']}"}
    return getattr(person, asked["kind"])(*asked.get("arguments", ()))
