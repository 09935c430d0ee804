"""Runs the flows' actions in this process, in the place of Rasa's action server.

Speaks the JSON of ``POST /webhook``; an exception is kept for the engine, because Rasa would log it and go on.
Must not know: what any action does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import bot.engine.rasa_runtime  # noqa: F401  (before anything of Rasa)
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.core.errors import EngineError
from bot.services.flow import Ask, Done, Finish, Leave, Reject, Then

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.services.turn import Turn
    from bot.services.flow import FlowAction, Result

HEARD_SLOT = "heard"
"""Set whenever a form used a message; Rasa takes a form without any new slot for rejected."""


class LocalActions(EndpointConfig):
    """The endpoint Rasa calls; ``turn`` is the one being played.

    What another action called for is in no rule: without our word Rasa's fallback would run the rule's action again,
    and with it the other, until ten were played. So it listens once a called action is done.
    """

    def __init__(self, actions: Mapping[str, FlowAction]) -> None:
        """``actions`` by name."""
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        self.actions = actions
        self.turn: Turn | None = None
        self.failure: Exception | None = None
        self._followup: str | None = None

    def begin(self, turn: Turn) -> None:
        """Play this turn from now on."""
        self.turn, self.failure, self._followup = turn, None, None

    async def request(self, *_args: Any, json: Any = None, **_kwargs: Any) -> dict[str, Any]:
        """Run the action that Rasa names, and answer with its events."""
        name = json["next_action"]
        if self.failure is not None:
            return {"events": [], "responses": []}
        try:
            result = self._run(name, json["tracker"]["slots"].get(REQUESTED_SLOT))
        except Exception as error:  # noqa: BLE001  (kept and raised by the engine after Rasa returns)
            self.failure = error
            return {"events": [_slot(HEARD_SLOT, True), _slot(REQUESTED_SLOT, None)], "responses": []}
        events = _events(result, name)
        if name == self._followup and isinstance(result, Done | Leave):
            events.append({"event": "followup", "timestamp": None, "name": ACTION_LISTEN_NAME})
        self._followup = result.action if isinstance(result, Then) else None
        return {"events": events, "responses": []}

    def _run(self, name: str, requested: str | None) -> Result:
        action = self.actions.get(name)
        if action is None or self.turn is None:
            message = f"no action is called {name}"
            raise EngineError(message)
        return action.run(self.turn, requested)


def _slot(name: str, value: object) -> dict[str, object]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def _events(result: Result, name: str) -> list[dict[str, object]]:
    match result:
        case Ask(slot):
            return [_slot(HEARD_SLOT, True), _slot(REQUESTED_SLOT, slot)]
        case Finish():
            return [_slot(HEARD_SLOT, True), _slot(REQUESTED_SLOT, None)]
        case Leave():
            return [{"event": "active_loop", "timestamp": None, "name": None}, _slot(REQUESTED_SLOT, None)]
        case Then(action):
            return [{"event": "followup", "timestamp": None, "name": action}]
        case Reject():
            raise ClientResponseError(400, "rejected", json.dumps({"action_name": name, "error": "rejected"}))
        case Done():
            return []
