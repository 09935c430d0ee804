"""Refusals in Telegram's words, and the faults a test can script by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.peers.faults import BAD_GATEWAY, CUT, DROP, Fault, hang

BLOCKED = "Forbidden: bot was blocked by the user"
NOT_STARTED = "Forbidden: bot can't initiate conversation with a user"
DEACTIVATED = "Forbidden: user is deactivated"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal on its way to the answer."""

    code: int
    description: str
    parameters: tuple[tuple[str, int], ...] = ()

    def body(self) -> dict[str, Any]:
        """The answer."""
        made: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            made["parameters"] = dict(self.parameters)
        return made


def bad_request(text: str) -> ApiError:
    """A 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}")


def refusal(error: ApiError) -> Fault:
    """The fault that answers with an error of the API."""
    headers = [("retry-after", str(value)) for name, value in error.parameters if name == "retry_after"]
    return Fault(error.description, error.code, error.body(), headers=tuple(headers))


def too_many(retry_after: int = 2) -> Fault:
    """Flood control."""
    return refusal(ApiError(429, f"Too Many Requests: retry after {retry_after}", (("retry_after", retry_after),)))


def migrated(new_chat_id: int) -> Fault:
    """A group became a supergroup with another id."""
    error = ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        (("migrate_to_chat_id", new_chat_id),),
    )
    return refusal(error)


def named_fault(name: str, seconds: float = 30.0) -> Fault:
    """A fault by the word a script uses."""
    known = {
        "429": too_many(),
        "blocked": refusal(ApiError(403, BLOCKED)),
        "deactivated": refusal(ApiError(403, DEACTIVATED)),
        "chat_not_found": refusal(bad_request("chat not found")),
        "too_long": refusal(bad_request("message is too long")),
        "button": refusal(bad_request("BUTTON_DATA_INVALID")),
        "entities": refusal(bad_request("can't parse entities: Unexpected end of name token at byte offset 5")),
        "old_query": refusal(ApiError(400, OLD_QUERY)),
        "migrated": migrated(-1001234567890),
        "401": refusal(ApiError(401, "Unauthorized")),
        "404": refusal(ApiError(404, "Not Found")),
        "409": refusal(ApiError(409, OTHER_POLLER)),
        "500": refusal(ApiError(500, "Internal Server Error")),
        "502": BAD_GATEWAY,
        "cut": CUT,
        "drop": DROP,
        "hang": hang(seconds),
    }
    return known[name]
