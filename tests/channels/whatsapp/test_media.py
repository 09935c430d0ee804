"""A file is fetched from Meta's hosts alone, whole, checked, and never more of it than allowed."""

import base64
import hashlib
from dataclasses import replace

import httpx
import pytest

from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError
from bot.core.events import MediaRef
from tests.channels.whatsapp.graph import SETTINGS, Clock, Script, channel, refused

DATA = b"\xff\xd8\xff" + b"picture" * 100
LIMIT = 16_000
ADDRESS = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"


def digest(data=DATA):
    return hashlib.sha256(data).hexdigest()


def node(url=ADDRESS, **more):
    told = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    return httpx.Response(
        200, json={"url": url, "mime_type": "image/jpeg", "sha256": told, "file_size": len(DATA), **more}
    )


REF = MediaRef("1003383421387256", "image", "image/jpeg", sha256=digest())
BYTES = httpx.Response(200, content=DATA)


def test_file_is_fetched_in_two_steps_with_the_token():
    script = Script(node(), BYTES)
    assert channel(script).fetch(REF, LIMIT) == DATA
    first, second = script.requests
    assert str(first.url) == "https://graph.facebook.com/v24.0/1003383421387256"
    assert str(second.url) == ADDRESS
    assert {request.headers["authorization"] for request in script.requests} == {"Bearer graph-token"}
    assert second.headers["accept-encoding"] == "identity"


def test_file_without_any_digest_is_taken():
    assert channel(Script(node(sha256=None), BYTES)).fetch(replace(REF, sha256=None), LIMIT) == DATA


ADDRESSES = [
    "http://lookaside.fbsbx.com/a", "https://example.org/a", "https://lookaside.fbsbx.com.example.org/a", "https://fbcdn.net/a",
    "https://.fbcdn.net/a", "https://evilfbcdn.net/a", "https://lookaside.fbsbx.com@example.org/a",
    "https://lookaside.fbsbx.com:8443/a", "https://127.0.0.1/a", "https://[::1]/a", "https://169.254.169.254/latest",
    "file:///etc/passwd", "//lookaside.fbsbx.com/a", "", "https://", "https://lookaside.fbsbx.com\\@example.org/a",
    "https://user:secret@lookaside.fbsbx.com/a", "https://example.org/https://lookaside.fbsbx.com/a", "https://a:b:c/", 5,
    "https://lookaside.fbsbx.com\n.example.org/a",
]  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES, ids=range(len(ADDRESSES)))
def test_no_other_host_is_asked_whatever_the_address_says(url):
    script = Script(node(url), BYTES)
    with pytest.raises(MediaGoneError):
        channel(script).fetch(REF, LIMIT)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "url", ["https://scontent.xx.fbcdn.net/a", "https://graph.facebook.com/a", "https://LOOKASIDE.fbsbx.com:443/a"]
)
def test_metas_other_hosts_are_asked(url):
    assert channel(Script(node(url), BYTES)).fetch(REF, LIMIT) == DATA


def test_host_that_the_settings_name_is_asked_and_its_neighbour_port_is_not():
    settings = replace(SETTINGS, api_url="http://127.0.0.1:9200")
    assert channel(Script(node("http://127.0.0.1:9200/a"), BYTES), settings=settings).fetch(REF, LIMIT) == DATA
    with pytest.raises(MediaGoneError):
        channel(Script(node("http://127.0.0.1:9201/a"), BYTES), settings=settings).fetch(REF, LIMIT)


def moved(to):
    return httpx.Response(302, headers={"Location": to})


def test_redirect_among_metas_hosts_is_followed():
    script = Script(node(), moved("https://scontent.xx.fbcdn.net/b"), moved("/c"), BYTES)
    assert channel(script).fetch(REF, LIMIT) == DATA
    assert str(script.requests[-1].url) == "https://scontent.xx.fbcdn.net/c"


@pytest.mark.parametrize(
    "to", ["https://example.org/", "http://lookaside.fbsbx.com/", "http://127.0.0.1/", "\\\\example.org"]
)
def test_redirect_elsewhere_is_not_followed(to):
    script = Script(node(), moved(to), moved("https://example.org"))
    with pytest.raises(MediaGoneError):
        channel(script).fetch(REF, LIMIT)
    assert all(request.url.host != "example.org" for request in script.requests)


def test_circle_of_redirects_ends():
    script = Script(node(), moved(ADDRESS))
    with pytest.raises(MediaGoneError, match="redirects"):
        channel(script).fetch(REF, LIMIT)
    assert len(script.requests) == 5


class Endless(httpx.SyncByteStream):
    """Never ends; counts what was taken."""

    def __init__(self, clock=None, chunk=b"x" * 1000):
        self.taken, self.clock, self.chunk, self.is_closed = 0, clock, chunk, False

    def __iter__(self):
        while True:
            self.taken += 1
            if self.clock:
                self.clock.move(seconds=10)
            yield self.chunk

    def close(self):
        self.is_closed = True


def test_endless_file_is_cut_at_the_limit():
    stream = Endless()
    with pytest.raises(MediaTooLargeError):
        channel(Script(node(), httpx.Response(200, stream=stream))).fetch(REF, LIMIT)
    assert stream.taken == 17
    assert stream.is_closed


def test_file_that_trickles_is_given_up_for_now():
    clock = Clock()
    stream = Endless(clock, b"x")
    with pytest.raises(MediaUnavailableError, match="too slow"):
        channel(Script(node(), httpx.Response(200, stream=stream)), clock).fetch(REF, LIMIT)
    assert stream.taken == 10


@pytest.mark.parametrize(
    ("ref", "script"),
    [
        (replace(REF, size=LIMIT + 1), Script(node(), BYTES)),
        (REF, Script(node(file_size=LIMIT + 1), BYTES)),
        (REF, Script(node(), httpx.Response(200, content=b"x" * (LIMIT + 1)))),
    ],
)
def test_announced_size_is_enough_to_refuse(ref, script):
    with pytest.raises(MediaTooLargeError):
        channel(script).fetch(ref, LIMIT)


def test_file_of_exactly_the_limit_is_taken():
    assert channel(Script(node(), BYTES)).fetch(REF, len(DATA)) == DATA


GONE = [
    [refused(100, error_subcode=33)], [httpx.Response(404)], [refused(131051)],
    [node(), httpx.Response(200, content=DATA + b"x")], [node(sha256="A" * 43 + "="), BYTES],
    [node(), httpx.Response(200, content=DATA, headers={"Content-Encoding": "br"})], [node(), httpx.Response(400)],
]  # fmt: skip
LATER = [
    [httpx.Response(500)], [httpx.Response(429)], [refused(190, 401)], [refused(131052)], [refused(4, 429)],
    [httpx.ConnectError("x")], [node(), httpx.ReadTimeout("x")], [node(), httpx.Response(503)], [node(), httpx.Response(429)],
    [node(), httpx.Response(200, content=b"")], [node(), httpx.RemoteProtocolError("cut")],
    [node(), httpx.Response(404), node(), httpx.Response(401)],
]  # fmt: skip


@pytest.mark.parametrize("answers", GONE, ids=range(len(GONE)))
def test_file_that_will_never_come_is_gone(answers):
    with pytest.raises(MediaGoneError):
        channel(Script(*answers)).fetch(REF, LIMIT)


@pytest.mark.parametrize("answers", LATER, ids=range(len(LATER)))
def test_file_that_may_come_later_is_unavailable(answers):
    with pytest.raises(MediaUnavailableError) as unavailable:
        channel(Script(*answers)).fetch(REF, LIMIT)
    assert unavailable.value.__cause__ is None


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_address_that_has_ended_is_asked_for_again_once(status):
    script = Script(node(), httpx.Response(status), node("https://graph.facebook.com/new"), BYTES)
    assert channel(script).fetch(REF, LIMIT) == DATA
    assert len(script.requests) == 4


@pytest.mark.parametrize("ref", ["", "..", "../me", "1/2", "1?x", "é", "a" * 201])
def test_id_that_is_none_asks_nobody(ref):
    script = Script(node(), BYTES)
    with pytest.raises(MediaGoneError):
        channel(script).fetch(replace(REF, ref=ref), LIMIT)
    assert script.requests == []


def test_empty_file_that_was_announced_empty_is_empty():
    empty = node(file_size=0, sha256=None)
    assert channel(Script(empty, httpx.Response(200, content=b""))).fetch(replace(REF, sha256=None), LIMIT) == b""
