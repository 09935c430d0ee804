"""Fetches a file in two hops, cut while it arrives; only from the host that was set.

Must not know: whose file it is, what is in it.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import httpx

from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError

TIMEOUT = httpx.Timeout(10.0, read=20.0)
MAX_SECONDS = 90.0
"""From asking for the file to its last byte; one that trickles in more slowly is given up for now."""
_GONE = frozenset({400, 401, 403, 410})
_WORDS_MAX = 4096
"""Bytes of a refusal that are read."""


def check_address(address: str, base: str) -> None:
    """Refuse an address of another host than the one that was set. Raises MediaGoneError."""
    wanted = urlsplit(base)
    try:
        given = urlsplit(address)
        is_ours = (given.scheme, given.hostname, given.port) == (wanted.scheme, wanted.hostname, wanted.port)
    except ValueError:
        is_ours = False
    if not is_ours:
        raise MediaGoneError("the file lies with a stranger")


async def download(client: httpx.AsyncClient, address: str, limit: int) -> bytes:
    """The bytes of an address. Raises MediaTooLargeError, MediaUnavailableError or MediaGoneError.

    What the platform says of size and type is not believed. The time is the caller's to limit: each byte begins the
    client's own anew.
    """
    data = bytearray()
    try:
        async with client.stream("GET", address, timeout=TIMEOUT, follow_redirects=False) as answer:
            if answer.status_code != httpx.codes.OK:
                raise await _refused(answer)
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > limit:
                    raise MediaTooLargeError(f"more than {limit} bytes")
    except httpx.InvalidURL:
        raise MediaGoneError("no address") from None
    except httpx.HTTPError as error:
        raise MediaUnavailableError(type(error).__name__) from None
    return bytes(data)


async def _refused(answer: httpx.Response) -> MediaGoneError | MediaUnavailableError:
    """Only Telegram's own refusal ends a file; a page of a proxy does not.

    404: the link is an hour old, or not ready yet; a new one is asked for at the next try.
    """
    said = bytearray()
    async for chunk in answer.aiter_bytes():
        said += chunk
        if len(said) > _WORDS_MAX:
            break
    is_gone = answer.status_code in _GONE and _is_telegrams(bytes(said[:_WORDS_MAX]))
    return (MediaGoneError if is_gone else MediaUnavailableError)(f"status {answer.status_code}")


def _is_telegrams(body: bytes) -> bool:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("ok") is False
