"""What the Cloud API refuses and Meta's description leaves out, with the details Meta gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.peers.graph.errors import GraphError
from tests.peers.openapi import refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.peers.graph.state import Template

TEXT_MAX = 4096
BUTTONS_MAX = 3
ROWS_MAX = 10
TITLE_MAX = 20
MEDIA_MAX = {
    "image/jpeg": 5_000_000,
    "image/png": 5_000_000,
    "audio/ogg": 16_000_000,
    "video/mp4": 16_000_000,
    "application/pdf": 100_000_000,
    "text/plain": 100_000_000,
}


def check_message(body: Any, templates: Mapping[tuple[str, str], Template]) -> None:
    """Raises the error the API would give, first by its own words, then by its published description."""
    if not isinstance(body, dict):
        raise GraphError(100, "The body is not a JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "Param messaging_product must be one of {WHATSAPP} - got nothing of the kind.")
    if body.get("status") != "read":
        _address(body)
        _CHECKS.get(body.get("type", "text"), _no_check)(body)
    said = refusals(body)
    if said:
        raise GraphError(100, "; ".join(said))
    if body.get("type") == "template":
        _template(body["template"], templates)


def _no_check(_body: Mapping[str, Any]) -> None:
    """Nothing beyond the description."""


def _address(body: Mapping[str, Any]) -> None:
    if not body.get("to") and not body.get("recipient"):
        raise GraphError(100, "The parameter to is required.")


def _text(body: Mapping[str, Any]) -> None:
    text = (body.get("text") or {}).get("body")
    if not text:
        raise GraphError(131008, "Required parameter 'text.body' is missing or empty.")
    if isinstance(text, str) and len(text) > TEXT_MAX:
        raise GraphError(100, f"Param text['body'] must be at most {TEXT_MAX} characters long.")


def _interactive(body: Mapping[str, Any]) -> None:
    inner = body.get("interactive") or {}
    action = inner.get("action") or {}
    if inner.get("type") == "button":
        _buttons(action.get("buttons") or [])
    if inner.get("type") == "list":
        _rows(action.get("sections") or [])


def _buttons(buttons: list[Mapping[str, Any]]) -> None:
    if not 1 <= len(buttons) <= BUTTONS_MAX:
        details = f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS_MAX}"
        raise GraphError(131009, details)
    replies = [button.get("reply") or {} for button in buttons]
    for reply in replies:
        if not 1 <= len(reply.get("title") or "") <= TITLE_MAX:
            raise GraphError(131009, f"Button title length invalid. Min length: 1, Max length: {TITLE_MAX}")
        identity = reply.get("id") or ""
        if not identity or identity != identity.strip():
            raise GraphError(131009, "Button reply id is empty or has spaces around it")
    if len({reply["id"] for reply in replies}) < len(replies) or len({reply["title"] for reply in replies}) < len(
        replies,
    ):
        raise GraphError(131009, "Duplicated button ids or titles")


def _rows(sections: list[Mapping[str, Any]]) -> None:
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= ROWS_MAX:
        raise GraphError(131009, f"Total row count exceed max allowed count: {ROWS_MAX}")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise GraphError(131009, "Section title is required when there is more than one section")
    if len({row.get("id") for row in rows}) < len(rows):
        raise GraphError(131009, "Duplicated row id")
    if not all(row.get("title") for row in rows):
        raise GraphError(131009, "Row title is empty")


def _template(template: Mapping[str, Any], templates: Mapping[tuple[str, str], Template]) -> None:
    known = templates.get((template["name"], template["language"]["code"]))
    if known is None:
        details = f"template name ({template['name']}) does not exist in {template['language']['code']}"
        raise GraphError(132001, details)
    if known.paused:
        raise GraphError(132015)
    body: Mapping[str, Any] = next((part for part in template.get("components", ()) if part.get("type") == "body"), {})
    given = len(body.get("parameters", ()))
    if given != known.parameters:
        details = (
            f"body: number of localizable_params ({given}) does not match the expected number of params "
            f"({known.parameters})"
        )
        raise GraphError(132000, details)


_CHECKS = {"text": _text, "interactive": _interactive}


def check_upload(mime: str, size: int) -> None:
    """Raises what the API says to a file it does not take."""
    limit = MEDIA_MAX.get(mime.split(";", maxsplit=1)[0].strip())
    if limit is None:
        kinds = ", ".join(sorted(MEDIA_MAX))
        raise GraphError(100, f"Param file must be a file with one of the following types: {kinds}.")
    if size > limit:
        raise GraphError(131053, f"File of {size} bytes is larger than the {limit} allowed.")
    if size == 0:
        raise GraphError(131053, "File is empty.")
