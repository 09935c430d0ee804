"""Parameters of a call: from the query, a form, or JSON, with nested values as JSON text, as the Bot API takes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from tests.peers.telegram.errors import bad_request

if TYPE_CHECKING:
    from starlette.requests import Request

ROW_MAX = 8
KEYBOARD_MAX = 100
DATA_MAX = 64
KEYBOARD_KEYS = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}
BUTTON_ACTIONS = {"callback_data", "url", "web_app", "copy_text", "switch_inline_query"}


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


@dataclass
class Parameters:
    """What a call was given."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Words."""
        return str(self.values.get(name, default))

    def integer(self, name: str, default: int = 0) -> int:
        """A number, which forms carry as words."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str, complaint: str) -> Any:
        """A nested value; None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(complaint) from error

    def file(self, name: str) -> Upload | str:
        """An upload, whether in its own field or attached by name, else the id of a file known already."""
        if name in self.files:
            return self.files[name]
        value = self.text(name)
        attached = value.removeprefix("attach://")
        if attached in self.files:
            return self.files[attached]
        if not value:
            raise bad_request(f"there is no {name} in the request")
        return value


async def read_parameters(request: Request) -> Parameters:
    """Reads a call, whichever way it was written."""
    made = Parameters(dict(request.query_params))
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise bad_request("can't parse request: can't parse JSON object") from error
        made.values |= body
    elif "form" in kind:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    made.files[name] = Upload(value.filename or "", mime, await value.read())
                else:
                    made.values[name] = value
    return made


def inline_markup(parameters: Parameters) -> dict[str, Any] | None:
    """The inline keyboard of a call; other keyboards are checked and, as in Telegram, not part of the message."""
    markup = parameters.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if not KEYBOARD_KEYS & set(markup):
        return None
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > KEYBOARD_MAX or any(len(row) > ROW_MAX for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if any(rows) else None


def _check_button(button: Any) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{prefix}InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f'{prefix}Can\'t find field "text"')
    if not BUTTON_ACTIONS & set(button):
        raise bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= DATA_MAX:
        raise bad_request("BUTTON_DATA_INVALID")
