"""Telegram as a channel: receive by webhook or by asking, send, fetch, show that somebody reads.

Must not know: persons, storage, what is said.
"""

from __future__ import annotations

import contextlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram import checking, media, parsing, profile, reading
from bot.channels.telegram.explaining import explain
from bot.channels.telegram.loop import Loop
from bot.channels.telegram.rendering import render
from bot.channels.telegram.results import classify, is_foreign, spoken
from bot.channels.telegram.settings import ALLOWED_UPDATES, BODY_MAX, CAPABILITIES, DOWNLOAD_MAX
from bot.core.delivery import Permanent, Retry, SendResult, Sent, UnknownOutcome
from bot.core.errors import (
    ChannelUnavailableError,
    DocumentError,
    MediaGoneError,
    MediaTooLargeError,
    MediaUnavailableError,
    SetupError,
    UnauthorizedError,
)
from bot.core.hosts import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from datetime import timedelta

    from telegram import Message

    from bot.channels.telegram.settings import TelegramSettings
    from bot.core.channel import Finding
    from bot.core.delivery import Outgoing, WireRequest
    from bot.core.events import Event, Inbound, MediaRef
    from bot.core.messages import OutboundFile

T = TypeVar("T")

_HEADER = "x-telegram-bot-api-secret-token"
CALL_SECONDS = 30.0
SETUP_SECONDS = 300.0
CLOSE_SECONDS = 2.0
Failed = Retry | Permanent | UnknownOutcome


class TelegramChannel:
    """One bot."""

    name = parsing.CHANNEL
    capabilities = CAPABILITIES
    body_bytes = BODY_MAX

    def __init__(self, settings: TelegramSettings) -> None:
        """Nothing is called and no thread runs before the first use."""
        self.path = settings.path
        self.secrets: tuple[str, ...] = (settings.token, settings.secret, settings.path)
        self._settings = settings
        self._loop = Loop("telegram")
        self._requests = (_request(settings.api_url), _request(settings.api_url))
        self._bot = Bot(
            settings.token,
            base_url=settings.api_url,
            base_file_url=settings.file_url,
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._menus = profile.Menus(self._bot, settings.profiles)
        self._files = httpx.AsyncClient(trust_env=not is_loopback(settings.file_url))

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Compare the secret in constant time. Raises UnauthorizedError."""
        given = headers.get(_HEADER, "").encode()
        if not self._settings.secret or not hmac.compare_digest(given, self._settings.secret.encode()):
            raise UnauthorizedError(self.name)

    def challenge(self, query: Mapping[str, str]) -> str:
        """Telegram never asks. Raises UnauthorizedError."""
        raise UnauthorizedError(self.name)

    def parse(self, raw: bytes, now: datetime) -> list[Event]:
        """The events of a webhook's body."""
        return parsing.parse(raw, now, self._settings.account)

    def poll(self, offset: int | None) -> tuple[list[Event], int | None]:
        """What came since ``offset``, waiting some seconds for it, and the offset that confirms it, None without any.

        Raises ChannelUnavailableError, with the class of what went wrong.
        """
        seconds = self._settings.poll_seconds
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": list(ALLOWED_UPDATES)}
        # The public method reads all updates itself, and fails for ever on the first that it cannot read.
        asking = self._bot._post("getUpdates", _given(asked), read_timeout=seconds + 10)  # noqa: SLF001
        updates: object = self._call(asking)
        if not isinstance(updates, list):
            raise ChannelUnavailableError("NoList")
        now, bot = datetime.now(UTC), self._settings.account
        events = [event for update in updates for event in parsing.parse_update(update, now, bot)]
        told = [reading.whole(update.get("update_id")) for update in updates if isinstance(update, dict)]
        numbers = [number for number in told if number is not None]
        if updates and not numbers:
            raise ChannelUnavailableError("NoNumbers")  # nothing could be confirmed: it would come back at once
        return events, max(numbers) + 1 if numbers else None

    def unheard(self, reason: str, since: datetime) -> Finding:
        """What it means that each ``poll`` has failed since then."""
        return checking.unheard(reason, since)

    def render(self, outgoing: Outgoing) -> list[WireRequest]:
        """The calls of the Bot API for a message, in order."""
        return render(outgoing)

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """Hand the message over, part by part; those before ``skip`` have arrived.

        Raises DocumentError when nothing has left yet.
        """
        sent: list[str] = []
        requests = render(outgoing)
        for index, request in enumerate(requests):
            if index < outgoing.skip:
                continue
            drawn = None if request.file_index is None else outgoing.message.files[request.file_index]
            try:
                data = None if drawn is None else InputFile(file(drawn), filename=drawn.name)
            except DocumentError as error:
                if not sent:
                    raise
                return Retry(type(error).__name__, parts=index)
            result = self._send_part(request, data)
            if isinstance(result, str):
                sent.append(result)
                if index + 1 < len(requests):
                    outgoing.arrived(index + 1)
            else:
                return replace(result, parts=index)
        return Sent(tuple(sent))

    def acknowledge(self, event: Inbound) -> None:
        """Stop the button's spinner, or show that somebody writes."""
        chat = event.addresses[0].identity
        if event.callback is not None:
            with contextlib.suppress(ChannelUnavailableError):  # "query is too old" says nothing of the chat
                self._call(self._bot.answer_callback_query(event.callback))
        with contextlib.suppress(ChannelUnavailableError):
            self._call(self._bot.send_chat_action(chat, ChatAction.TYPING))

    def fetch(self, ref: MediaRef, limit: int) -> bytes:
        """The file, whole, cut while it arrives.

        Raises MediaTooLargeError, MediaUnavailableError (try again) or MediaGoneError (never).
        """
        if ref.size is not None and ref.size > min(limit, DOWNLOAD_MAX):
            raise MediaTooLargeError(f"more than {limit} bytes")
        try:
            found = self._loop.run(self._bot.get_file(ref.ref), CALL_SECONDS)
        except BadRequest as error:
            if is_foreign(error):
                raise MediaUnavailableError(type(error).__name__) from None
            kind = MediaTooLargeError if "too big" in error.message.casefold() else MediaGoneError
            raise kind(type(error).__name__) from None
        except Exception as error:  # noqa: BLE001 - an answer that the library cannot read raises anything
            raise MediaUnavailableError(type(error).__name__) from None
        address = found.file_path or ""
        media.check_address(address, self._settings.file_url)
        try:
            return self._loop.run(media.download(self._files, address, limit), media.MAX_SECONDS)
        except (TimeoutError, ChannelUnavailableError) as error:
            raise MediaUnavailableError(type(error).__name__) from None

    def setup(self) -> timedelta | None:
        """Tell Telegram where we are, then what we are called, only where it differs.

        How long to wait before the rest of the words can be told, None when all are. Raises SetupError when Telegram
        does not know where we are.
        """
        try:
            self._loop.run(profile.set_up_transport(self._bot, self._settings), CALL_SECONDS)
        except InvalidToken as error:
            if is_foreign(error):
                raise SetupError("what answers in Telegram's place is not Telegram") from error
            raise SetupError("Telegram does not know the token in GUICHET_TELEGRAM_TOKEN") from error
        except (TelegramError, TimeoutError, ChannelUnavailableError) as error:
            why = spoken(error, self.secrets)
            raise SetupError(f"Telegram did not take our settings ({why})") from error
        try:
            return self._loop.run(self._menus.set_up(datetime.now(UTC)), SETUP_SECONDS)
        except (TelegramError, TimeoutError, ChannelUnavailableError):
            return profile.PATIENCE

    def check(self) -> list[Finding]:
        """What Telegram says of us, in plain words."""
        return self._loop.run(checking.check(self._bot, self._settings, datetime.now(UTC)), CALL_SECONDS)

    def why_stopped(self, reason: str) -> str:
        """The reason of a rest, in plain words."""
        return explain(reason)

    def close(self) -> None:
        """End what is under way, let go of all connections and of the thread; what is sent later is put off."""
        self._loop.close(self._let_go, CLOSE_SECONDS)

    async def _let_go(self) -> None:
        # `Bot.shutdown` closes nothing of a bot that was never asked who it is, and ours is not.
        for request in self._requests:
            await request.shutdown()
        await self._files.aclose()

    def _send_part(self, request: WireRequest, data: InputFile | None) -> str | Failed:
        """The platform's id of one part, or what became of it."""
        if self._loop.closed:
            return Retry("Closed")
        seconds = 10.0 if data is None else 30.0
        try:
            told = self._loop.run(self._part(request, data, seconds), 3 * seconds)
        except TelegramError as error:
            return classify(error)
        except (TimeoutError, ChannelUnavailableError) as error:
            return UnknownOutcome(type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the library fails on an answer it cannot read: the work was done
            return UnknownOutcome(type(error).__name__)
        return str(told.message_id)

    async def _part(self, request: WireRequest, data: InputFile | None, seconds: float) -> Message:
        body: dict[str, Any] = dict(request.body)
        patience: dict[str, Any] = {"read_timeout": seconds, "write_timeout": seconds}
        keyboard = body.pop("reply_markup", None)
        markup = None if keyboard is None else InlineKeyboardMarkup.de_json(keyboard, self._bot)
        if data is not None:
            return await self._bot.send_document(document=data, reply_markup=markup, **body, **patience)
        preview = LinkPreviewOptions(**body.pop("link_preview_options"))
        return await self._bot.send_message(reply_markup=markup, link_preview_options=preview, **body, **patience)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        """The answer. Raises ChannelUnavailableError, with the class of the error and nothing else."""
        try:
            return self._loop.run(work, self._settings.poll_seconds + CALL_SECONDS)
        except Exception as error:  # noqa: BLE001 - an answer that the library cannot read raises anything
            is_strange = isinstance(error, TelegramError) and is_foreign(error)
            raise ChannelUnavailableError("NotTelegram" if is_strange else type(error).__name__) from None


def _request(address: str) -> HTTPXRequest:
    """A pool of connections; a proxy of the environment is for the world, not for this machine."""
    return HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=5.0,
        read_timeout=10.0,
        write_timeout=10.0,
        pool_timeout=5.0,
        httpx_kwargs={"trust_env": not is_loopback(address)},
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
