"""Hands one message to the Cloud API, part after part, and says what became of it.

Must not know: queues, waits, what a text says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from bot.channels.whatsapp.deadline import left, within
from bot.channels.whatsapp.direction import directed
from bot.channels.whatsapp.graph import CALL_SECONDS, UPLOAD_SECONDS
from bot.channels.whatsapp.reading import rows, table, text
from bot.channels.whatsapp.rendering import attach, file_name, render, without_file
from bot.channels.whatsapp.results import TOKEN_PAUSE, GraphError, classify, read_error
from bot.channels.whatsapp.statuses import external_id
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope, Sent, UnknownOutcome
from bot.core.errors import DocumentError, RecipientGoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.channels.whatsapp.asking import Say
    from bot.channels.whatsapp.graph import Answer, Graph
    from bot.channels.whatsapp.uploads import Uploads
    from bot.core.delivery import Outgoing, SendResult, WireRequest
    from bot.core.messages import OutboundFile

    Draw = Callable[[OutboundFile], bytes]
    Failure = Retry | Permanent | UnknownOutcome

MESSAGE_SECONDS = 100.0
"""Patience with all parts and files of a message. The lease of a message (``deliver.LEASE``, 180 s) must hold this, a
template or two after it (a call each), and the drawing of a document."""
TOO_SLOW = "TooSlow"
"""The rest of the message is for another time."""

UPLOAD_TRIES = 3
"""Tries of a file, within one send and over the sends of its message; then its words go without it."""
FILE_FAILED = frozenset({131052, 131053})
"""Meta could not read the file, at its handing over or when the message that names it was sent."""
FILE_ERRORS = frozenset(map(str, FILE_FAILED))
HOPELESS_UPLOADS = frozenset({100, 131009, 131051})
"""The platform will not take this file however often it is offered."""
GATEWAY_TIMEOUT = 504


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A file that Meta has."""

    media_id: str
    is_new: bool
    """It was handed over just now."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends; safe to call from several threads at once."""

    graph: Graph
    uploads: Uploads
    say: Say
    now: Callable[[], datetime]

    def __call__(self, outgoing: Outgoing, draw: Draw) -> SendResult:
        """Send the parts that have not arrived yet. Raises DocumentError before the first one."""
        if not outgoing.is_window_open and outgoing.template is None:
            return Permanent(WINDOW_CLOSED, parts=outgoing.skip)
        try:
            requests = render(outgoing, self.say)
        except RecipientGoneError:
            return Permanent("no_recipient", Scope.PERSON, outgoing.skip)
        with within(MESSAGE_SECONDS, self.graph.timer):
            return self._parts(requests, outgoing, draw, self._account(outgoing))

    def _parts(self, requests: Sequence[WireRequest], outgoing: Outgoing, draw: Draw, account: str) -> SendResult:
        sent: list[str] = []
        for part, request in enumerate(requests[outgoing.skip :], start=outgoing.skip):
            try:
                outcome = self._part(request, outgoing, draw, account)
            except DocumentError as error:
                if not sent:
                    raise
                outcome = Retry(type(error).__name__)
            if not isinstance(outcome, str):
                return replace(outcome, parts=part)
            sent.append(external_id(account, outcome))
        # Whether it costs something, only the status tells.
        return Sent(tuple(sent))

    def _account(self, outgoing: Outgoing) -> str:
        numbers = self.graph.settings.phone_number_ids
        return outgoing.account if outgoing.account in numbers else numbers[0]

    def _part(self, request: WireRequest, outgoing: Outgoing, draw: Draw, account: str) -> str | Failure:
        """The platform's id of one part, or why there is none."""
        if request.file_index is None:
            return self._post(request.operation, dict(request.body), account, outgoing.attempts)[0]
        return self._document(request, outgoing, outgoing.message.files[request.file_index], draw, account)

    def _document(
        self, request: WireRequest, outgoing: Outgoing, file: OutboundFile, draw: Draw, account: str
    ) -> str | Failure:
        """A part with its file; without it when Meta takes the file neither now nor at the last try."""
        # A status tells of a failure after the send was thanked for: the tries before may have been the file's.
        is_anew = outgoing.attempts > 1
        is_given_up = outgoing.attempts > UPLOAD_TRIES and outgoing.last_error in FILE_ERRORS
        data = b"" if is_given_up else draw(file)
        while not is_given_up:
            handed = self._handed_over(outgoing, file, data, account, is_anew=is_anew)
            if handed is None:
                break
            if not isinstance(handed, HandedOver):
                return handed
            body = attach(request, handed.media_id)
            outcome, answer = self._post(request.operation, body, account, outgoing.attempts)
            error = GraphError() if answer is None else read_error(answer)
            if not error.is_missing_object and error.code not in FILE_FAILED:
                return outcome
            self.uploads.forget(handed.media_id)
            if handed.is_new:
                if error.code in FILE_FAILED and outgoing.attempts >= UPLOAD_TRIES:
                    break
                return outcome
            is_anew = True
        language = outgoing.message.language
        note = directed(self.say("whatsapp.document_failed", language).replace("{name}", file_name(file)), language)
        return self._post(request.operation, without_file(request, note), account, outgoing.attempts)[0]

    def _handed_over(
        self, outgoing: Outgoing, file: OutboundFile, data: bytes, account: str, *, is_anew: bool
    ) -> HandedOver | Failure | None:
        """The file's id at Meta, an older one unless ``is_anew``; None when Meta does not take the file."""
        with self.uploads.alone(data, account, min(UPLOAD_SECONDS, left())) as is_alone:
            if not is_alone:
                return Retry(TOO_SLOW)
            known = None if is_anew else self.uploads.known(data, account)
            if known is not None:
                return HandedOver(known, is_new=False)
            return self._upload(outgoing, file, data, account)

    def _upload(self, outgoing: Outgoing, file: OutboundFile, data: bytes, account: str) -> HandedOver | Failure | None:
        for _try in range(UPLOAD_TRIES):
            if left() < 2 * CALL_SECONDS:
                return Retry(TOO_SLOW)
            # What is handed over must still be sent.
            seconds = min(UPLOAD_SECONDS, left() - CALL_SECONDS)
            try:
                media_id, answer = self.uploads.put(data, account, file_name(file), file.media_type, seconds)
            except httpx.HTTPError as error:
                # Nothing was said yet, and a file handed over twice does no harm.
                return Retry(type(error).__name__)
            if media_id is not None:
                return HandedOver(media_id, is_new=True)
            code = read_error(answer).code
            if code in HOPELESS_UPLOADS:
                break
            if code not in FILE_FAILED:
                return Retry("no_media_id") if answer.is_success else classify(answer, self.now(), outgoing.attempts)
        return None

    def _post(
        self, operation: str, body: dict[str, object], account: str, attempts: int
    ) -> tuple[str | Failure, Answer | None]:
        if left() < CALL_SECONDS:
            # Begun now it might end in doubt; nothing of it has left.
            return Retry(TOO_SLOW), None
        try:
            answer = self.graph.post(f"{account}/{operation}", body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            return Retry(type(error).__name__), None
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            return Retry(type(error).__name__, TOKEN_PAUSE, Scope.CHANNEL, is_counted=False), None
        except httpx.HTTPError as error:
            # The request was on its way: only a status with our token can tell.
            return UnknownOutcome(type(error).__name__), None
        if answer.is_success:
            messages = rows(table(answer.body).get("messages"))
            wamid = text(messages[0].get("id")) if messages else ""
            return wamid or UnknownOutcome("no_id"), answer
        if answer.status == GATEWAY_TIMEOUT and read_error(answer).code is None:
            return UnknownOutcome("http_504"), answer
        return classify(answer, self.now(), attempts), answer
