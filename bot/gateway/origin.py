"""Whether a request that changes something comes from our own page.

Must not know: cookies, sessions. The cookie's SameSite=Strict is the first lock, this is the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request


def public_origin(public_url: str | None) -> str | None:
    """Scheme and host of the public address, lower case, or None."""
    if not public_url:
        return None
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def require_same_origin(request: Request, public: str | None) -> None:
    """Let pass what our own page sends, and programs that are no browsers and send neither header.

    Browsers set both headers and no page can change them. Raises HTTPException 403 for any other site.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        raise HTTPException(403, "cross_site")
    origin = request.headers.get("origin")
    # With Referrer-Policy: no-referrer a browser sends "null" for a plain form of our own page.
    if origin is None or (origin == "null" and site == "same-origin"):
        return
    host = request.headers.get("host", "").lower()
    if origin.lower() not in {public, f"http://{host}", f"https://{host}"}:
        raise HTTPException(403, "cross_site")
