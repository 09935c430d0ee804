"""Fetches a file in two hops, cut while it arrives; only from the host that was set.

Must not know: whose file it is, what is in it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError

TIMEOUT = httpx.Timeout(10.0, read=20.0)
_GONE = frozenset({400, 401, 403, 410})


def check_address(address: str, base: str) -> None:
    """Refuse an address of another host than the one that was set. Raises MediaGoneError."""
    wanted, given = urlsplit(base), urlsplit(address)
    if (given.scheme, given.hostname, given.port) != (wanted.scheme, wanted.hostname, wanted.port):
        raise MediaGoneError("the file lies with a stranger")


def download(client: httpx.Client, address: str, limit: int) -> bytes:
    """The bytes of an address. Raises MediaTooLargeError, MediaUnavailableError or MediaGoneError.

    What the platform says of size and type is not believed.
    """
    data = bytearray()
    try:
        with client.stream("GET", address, timeout=TIMEOUT, follow_redirects=False) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _refused(answer.status_code)
            for chunk in answer.iter_bytes(1 << 16):
                data += chunk
                if len(data) > limit:
                    raise MediaTooLargeError(f"more than {limit} bytes")
    except httpx.HTTPError as error:
        raise MediaUnavailableError(type(error).__name__) from None
    return bytes(data)


def _refused(status: int) -> MediaGoneError | MediaUnavailableError:
    # 404: the link is an hour old, or not ready yet; a new one is asked for at the next try.
    kind = MediaGoneError if status in _GONE else MediaUnavailableError
    return kind(f"status {status}")
