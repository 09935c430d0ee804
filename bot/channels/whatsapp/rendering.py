"""A message as requests of the Cloud API: pure, and one request a turn wherever one is enough, for each is paid for.

Must not know: tokens of access, the network, what a text says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.whatsapp import identities
from bot.channels.whatsapp.asking import Action, Numbered, shown
from bot.channels.whatsapp.capabilities import BODY_MAX, CAPABILITIES, FILE_NAME_MAX, OPAQUE_MAX
from bot.channels.whatsapp.cutting import fitting, pieces, trimmed, units
from bot.channels.whatsapp.direction import directed
from bot.channels.whatsapp.reading import text as whole_signs
from bot.core.delivery import WireRequest
from bot.core.errors import RecipientGoneError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.channels.whatsapp.asking import Say
    from bot.core.delivery import Outgoing, TemplateCall
    from bot.core.messages import OutboundFile

OPERATION = "messages"
OPAQUE = "biz_opaque_callback_data"
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
HEADED_MAX = 800
"""Longest body under a document's header: room is left to say that the document could not leave."""


def render(outgoing: Outgoing, say: Say) -> list[WireRequest]:
    """All requests of a message, in order; none for one that says nothing. Raises RecipientGoneError.

    A document's request lacks the id of the file, which is known once its bytes have been handed over (``attach``).
    """
    requests = _requests(outgoing, say)
    # Only the report on the last part speaks for the message; one on an earlier part says how far it has come.
    counted = [replace(request, body=_counted(request.body, part)) for part, request in enumerate(requests[:-1], 1)]
    return [*counted, *requests[-1:]]


def _counted(body: Mapping[str, object], part: int) -> dict[str, object]:
    token = body.get(OPAQUE)
    return dict(body) if token is None else {**body, OPAQUE: f"{token}.{part}"}


def _requests(outgoing: Outgoing, say: Say) -> list[WireRequest]:
    frame = _frame(outgoing)
    if outgoing.template is not None:
        return [_request(frame, "template", _template(outgoing.template))]
    message = outgoing.message
    text = directed(whole_signs(message.text).strip(), message.language)
    asked = shown(message.choices, outgoing.choice_tokens, say, message.language)
    if isinstance(asked, Numbered):
        text = f"{text}\n\n{directed(asked.lines, message.language)}".strip()
        asked = None
    if asked is None:
        return _told(frame, text, message.files)
    # A message with buttons must say something.
    return _asked(frame, text or say("whatsapp.choose", message.language), message.files, asked)


def _told(frame: dict[str, object], text: str, files: Sequence[OutboundFile]) -> list[WireRequest]:
    """Without buttons: the text as the first document's caption when it fits, else before the documents."""
    if files and units(text) <= BODY_MAX:
        captions = [text, *[""] * (len(files) - 1)]
        return [_document(frame, file, index, captions[index]) for index, file in enumerate(files)]
    texts = [_text(frame, part) for part in pieces(text, CAPABILITIES.text_max)]
    return [*texts, *(_document(frame, file, index) for index, file in enumerate(files))]


def _asked(frame: dict[str, object], text: str, files: Sequence[OutboundFile], asked: Action) -> list[WireRequest]:
    """With buttons: they stand under the last part; one document may stand above them."""
    if len(files) == 1 and asked.kind == "button" and units(text) <= HEADED_MAX:
        return [_interactive(frame, text, asked, files[0])]
    *before, last = pieces(text, CAPABILITIES.text_max, BODY_MAX) if units(text) > BODY_MAX else [text]
    texts = [_text(frame, part) for part in before]
    documents = [_document(frame, file, index) for index, file in enumerate(files)]
    return [*texts, *documents, _interactive(frame, last, asked)]


def _frame(outgoing: Outgoing) -> dict[str, object]:
    whom = identities.recipient(outgoing.address.identity)
    if whom is None:
        raise RecipientGoneError("whatsapp")
    frame: dict[str, object] = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}
    if outgoing.token:
        frame[OPAQUE] = outgoing.token[:OPAQUE_MAX]
    return frame


def _request(frame: dict[str, object], kind: str, part: dict[str, object], file: int | None = None) -> WireRequest:
    return WireRequest(OPERATION, {**frame, "type": kind, kind: part}, file)


def _text(frame: dict[str, object], text: str) -> WireRequest:
    # A preview would make Meta's servers fetch the page, and the person's telephone show it.
    return _request(frame, "text", {"body": text, "preview_url": False})


def _document(frame: dict[str, object], file: OutboundFile, index: int, caption: str = "") -> WireRequest:
    part: dict[str, object] = {"filename": file_name(file)}
    if caption:
        part["caption"] = caption
    return _request(frame, "document", part, index)


def _interactive(frame: dict[str, object], text: str, asked: Action, headed: OutboundFile | None = None) -> WireRequest:
    part: dict[str, object] = {"type": asked.kind, "body": {"text": text}, "action": asked.body}
    if headed is not None:
        part["header"] = {"type": "document", "document": {"filename": file_name(headed)}}
    return _request(frame, "interactive", part, None if headed is None else 0)


def _template(call: TemplateCall) -> dict[str, object]:
    template: dict[str, object] = {
        "name": call.name,
        "language": {"policy": "deterministic", "code": call.language},
    }
    if call.parameters:
        parameters = [{"type": "text", "text": parameter} for parameter in call.parameters]
        template["components"] = [{"type": "body", "parameters": parameters}]
    return template


def file_name(file: OutboundFile) -> str:
    """The name a document is shown with: one line, no path, its ending kept."""
    name = trimmed("".join(" " if c in "/\\\0" else c for c in whole_signs(file.name)), FILE_NAME_MAX)
    ending = ENDINGS.get(file.media_type, "")
    if name.lower().endswith(ending) and name.lower() != ending:
        return name
    return fitting(name.rstrip("…. ") or "document", FILE_NAME_MAX - len(ending)) + ending


def attach(request: WireRequest, media_id: str) -> dict[str, object]:
    """The body of a document's request with the file's id in its place."""
    body = dict(request.body)
    if body["type"] == "document":
        body["document"] = {**_part(body, "document"), "id": media_id}
        return body
    interactive = _part(body, "interactive")
    header = _part(interactive, "header")
    header["document"] = {**_part(header, "document"), "id": media_id}
    body["interactive"] = {**interactive, "header": header}
    return body


def without_file(request: WireRequest, note: str) -> dict[str, object]:
    """What is sent when the platform did not take the document: the same words, and that it is missing."""
    body = dict(request.body)
    if body["type"] == "document":
        caption = str(_part(body, "document").get("caption", ""))
        del body["document"]
        return {**body, "type": "text", "text": {"body": f"{caption}\n\n{note}".strip(), "preview_url": False}}
    interactive = _part(body, "interactive")
    del interactive["header"]
    text = _part(interactive, "body")["text"]
    return {**body, "interactive": {**interactive, "body": {"text": fitting(f"{text}\n\n{note}", BODY_MAX)}}}


def _part(body: dict[str, object], name: str) -> dict[str, object]:
    """A copy of the object that lies there."""
    found = body[name]
    return dict(found) if isinstance(found, dict) else {}
