"""Our messages as Telegram's requests: pure, one file of examples each (tests/channels/telegram/golden).

Plain text without a parse mode: nothing a person or a file says can become markup.
Must not know: tokens, bytes of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels.shaping import direct, length, split, trim
from bot.channels.telegram.settings import CAPABILITIES, CAPTION_MAX, TEXT_MAX
from bot.core.capabilities import TextUnit
from bot.core.delivery import WireRequest

if TYPE_CHECKING:
    from bot.core.delivery import Outgoing

SHORT_TITLE = 14
"""Characters up to which two buttons stand side by side on a small phone."""


def render(outgoing: Outgoing) -> list[WireRequest]:
    """The requests in order; buttons stand under the last one, where the thumb is."""
    message = outgoing.message
    text = direct(message.text, message.language)
    chat = {"chat_id": outgoing.address.identity}
    is_caption = len(message.files) == 1 and 0 < length(text, TextUnit.UTF16) <= CAPTION_MAX
    words = [] if is_caption or not text.strip() else split(text, TEXT_MAX, TextUnit.UTF16)
    requests: list[tuple[str, dict[str, Any], int | None]] = [
        ("sendMessage", {**chat, "text": piece, "link_preview_options": {"is_disabled": True}}, None) for piece in words
    ]
    for index in range(len(message.files)):
        caption = {"caption": text} if is_caption else {}
        requests.append(("sendDocument", {**chat, **caption}, index))
    keyboard = _keyboard(outgoing)
    if keyboard and requests:
        operation, body, file = requests[-1]
        requests[-1] = (operation, {**body, "reply_markup": {"inline_keyboard": keyboard}}, file)
    return [WireRequest(*request) for request in requests]


def _keyboard(outgoing: Outgoing) -> list[list[dict[str, str]]]:
    """Rows of one button, or of two where all titles are short."""
    choices = outgoing.message.choices[: CAPABILITIES.buttons]
    buttons = [
        {"text": trim(choice.title, CAPABILITIES.button_title), "callback_data": token}
        for choice, token in zip(choices, outgoing.choice_tokens, strict=False)
    ]
    is_narrow = all(len(button["text"]) <= SHORT_TITLE for button in buttons)
    width = 2 if is_narrow and len(buttons) > 1 else 1
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]
