"""Fetches a file a person sent, in two steps: its address for some minutes, then its bytes.

The token goes to Meta's hosts only, redirects elsewhere are refused, bytes are counted while they arrive and compared
with the announced digest. Must not know: what the file shows.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import httpx

from bot.channels.whatsapp.arrivals import hex_digest
from bot.channels.whatsapp.deadline import left, within
from bot.channels.whatsapp.reading import table, text, whole
from bot.channels.whatsapp.results import SERVER_ERROR, TOO_MANY, read_error, verdict
from bot.core.delivery import Permanent
from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError

if TYPE_CHECKING:
    from bot.channels.whatsapp.graph import Graph
    from bot.core.events import MediaRef

HOSTS = frozenset({"lookaside.fbsbx.com", "graph.facebook.com"})
HOST_ENDING = ".fbcdn.net"
MAX_REDIRECTS = 3
MAX_SECONDS = 90.0
"""A file that trickles in more slowly, its address included, is given up for now."""
_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)


class _AddressEndedError(Exception):
    """The address has lived its five minutes; the id gives another."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches; safe to call from several threads at once."""

    graph: Graph

    def __call__(self, ref: MediaRef, limit: int) -> bytes:
        """The whole file. Raises MediaTooLargeError, MediaUnavailableError or MediaGoneError."""
        if not _ID.fullmatch(ref.ref) or set(ref.ref) <= {"."}:
            raise MediaGoneError("no media id")
        if ref.size is not None and ref.size > limit:
            raise MediaTooLargeError("announced")
        try:
            with within(MAX_SECONDS, self.graph.timer):
                try:
                    return self._once(ref, limit)
                except _AddressEndedError:
                    return self._once(ref, limit)
        except _AddressEndedError:
            raise MediaUnavailableError("address ended twice") from None
        except httpx.HTTPError as error:
            # The error's own text would carry the address.
            raise MediaUnavailableError(type(error).__name__) from None

    def _once(self, ref: MediaRef, limit: int) -> bytes:
        node = self._node(ref.ref)
        size = whole(node.get("file_size"))
        if size is not None and size > limit:
            raise MediaTooLargeError("announced")
        data = self._download(text(node.get("url")), limit)
        if not data and size != 0:
            raise MediaUnavailableError("empty")
        got = sha256(data).hexdigest()
        for told in (ref.sha256, hex_digest(node.get("sha256"))):
            if told is not None and not hmac.compare_digest(told, got):
                raise MediaGoneError("digest")
        return data

    def _node(self, media_id: str) -> dict[str, object]:
        answer = self.graph.get(media_id)
        if answer.is_success:
            return table(answer.body)
        error = read_error(answer)
        judged = None if error.code is None else verdict(error.code)
        if error.is_missing_object or (answer.status == 404 and error.code is None) or isinstance(judged, Permanent):
            raise MediaGoneError(str(error.code or answer.status))
        raise MediaUnavailableError(str(answer.status if error.code is None else error.code))

    def _download(self, address: str, limit: int) -> bytes:
        try:
            url = httpx.URL(address)
            for _hop in range(MAX_REDIRECTS + 1):
                if not self.is_allowed(url):
                    raise MediaGoneError("address")
                request = self.graph.client.build_request("GET", url, headers=self.graph.headers)
                response = self.graph.client.send(request, stream=True, follow_redirects=False)
                try:
                    if not response.is_redirect:
                        return self._read(response, limit)
                    url = url.join(response.headers.get("location", ""))
                finally:
                    response.close()
        except httpx.InvalidURL:
            raise MediaGoneError("address") from None
        raise MediaGoneError("redirects")

    def _read(self, response: httpx.Response, limit: int) -> bytes:
        status = response.status_code
        if status in {401, 403, 404, 410}:
            raise _AddressEndedError
        if status == TOO_MANY or status >= SERVER_ERROR:
            raise MediaUnavailableError(str(status))
        if status != 200:
            raise MediaGoneError(str(status))
        announced = whole(response.headers.get("content-length"))
        if announced is not None and announced > limit:
            raise MediaTooLargeError("announced")
        if response.headers.get("content-encoding", "identity") != "identity":
            # Never asked for, and a small body could become an endless one.
            raise MediaGoneError("encoding")
        data = bytearray()
        for chunk in response.iter_raw():
            data += chunk
            if len(data) > limit:
                raise MediaTooLargeError("arrived")
            if left() < 0:
                raise MediaUnavailableError("too slow")
        return bytes(data)

    def is_allowed(self, url: httpx.URL) -> bool:
        """True for Meta's hosts over https, and for the host that the settings name instead of Meta.

        Asked of the address as the client will use it: another reading of the same text could name another host.
        """
        if url.userinfo:
            return False
        ours = httpx.URL(self.graph.settings.api_url)
        if (url.scheme, url.host, url.port) == (ours.scheme, ours.host, ours.port):
            return True
        is_meta = url.host in HOSTS or (url.host.endswith(HOST_ENDING) and len(url.host) > len(HOST_ENDING))
        return is_meta and url.scheme == "https" and url.port is None
