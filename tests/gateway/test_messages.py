"""What a person sends arrives once, whole, cleaned, and within limits."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import StorageError
from bot.core.messages import InboundKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx

    from .conftest import House

pytestmark = pytest.mark.anyio

BOUNDARY = "b0undary"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name: str, data: bytes, *more: str) -> bytes:
    head = [f'Content-Disposition: form-data; name="{name}"', *more]
    if more and more[0].startswith("filename"):
        head = [f'Content-Disposition: form-data; name="{name}"; {more[0]}', *more[1:]]
    return f"--{BOUNDARY}\r\n".encode() + "\r\n".join(head).encode() + b"\r\n\r\n" + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def an_id() -> bytes:
    return part("client_msg_id", str(uuid.uuid4()).encode())


async def post(house: House, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    async with house.browser() as browser:
        await browser.enter()
        return await browser.client.post("/web/messages", content=body, headers=headers or MULTIPART)


async def test_a_text_arrives_with_the_session_as_its_address(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.send("Bonjour,\nje n'ai pas de rendez-vous")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    (arrival,) = house.desk.arrivals
    assert arrival.message.kind is InboundKind.TEXT
    assert arrival.message.text == "Bonjour,\nje n'ai pas de rendez-vous"
    assert arrival.message.language_hint is None
    assert arrival.address.channel == "web"
    assert arrival.message.sent_at == house.clock.time


async def test_a_pressed_button_arrives_as_a_choice_with_its_title(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("Oui", fields={"choice": "consent:yes", "language": "ar"})
    (arrival,) = house.desk.arrivals
    assert arrival.message.kind is InboundKind.CHOICE
    assert (arrival.message.choice, arrival.message.text, arrival.message.language_hint) == ("consent:yes", "Oui", "ar")


async def test_a_language_alone_begins_the_conversation(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        assert (await browser.send(fields={"language": "ar"})).status_code == 200
        assert (await browser.send(fields={"language": "xx"})).json() == {"error": "empty"}
    (arrival,) = house.desk.arrivals
    assert (arrival.message.kind, arrival.message.language_hint) == (InboundKind.START, "ar")


async def test_pictures_arrive_with_their_bytes_and_without_their_names(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        assert (await browser.send("voici", pictures=[b"one", b"two", b""])).status_code == 200
    (arrival,) = house.desk.arrivals
    assert arrival.message.kind is InboundKind.MEDIA
    assert arrival.message.text == "voici"
    assert [upload.data for upload in arrival.uploads] == [b"one", b"two", b""]
    assert {(upload.claimed_type, upload.as_document) for upload in arrival.uploads} == {("image/png", True)}
    assert "name.png" not in repr(arrival)


async def test_the_field_file_is_taken_like_file_brackets_and_odd_types_become_plain_bytes(house: House) -> None:
    body = form(
        an_id(),
        part("file", b"x", 'filename="a.png"', "Content-Type: image/PNG; charset=x"),
        part("file", b"y", 'filename="b"', "Content-Type: ../../etc"),
        part("file", b"z", 'filename="c"'),
        part("file[]", b"", 'filename=""', "Content-Type: application/octet-stream"),
    )
    assert (await post(house, body)).status_code == 200
    types = [upload.claimed_type for upload in house.desk.arrivals[0].uploads]
    assert types == ["image/png", "application/octet-stream", "application/octet-stream"]


async def test_the_same_message_sent_again_is_answered_the_same_and_kept_once(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        message_id = str(uuid.uuid4())
        answers = [await browser.send("bonjour", message_id=message_id) for _ in range(3)]
        answers += await asyncio.gather(*(browser.send("autre", message_id=message_id.upper()) for _ in range(20)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"ok":true}')}
    assert [arrival.message.text for arrival in house.desk.arrivals] == ["bonjour"]


async def test_a_store_that_refuses_gives_503_and_the_page_tries_again(house: House) -> None:
    house.desk.failure = StorageError("disk full")
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.send("bonjour")
    assert (answer.status_code, answer.json()) == (503, {"error": "unavailable"})
    assert answer.headers["retry-after"] == "5"


DIRTY = (
    ("a\x00b", "ab"),
    ("\ud800x".encode("utf-8", "surrogatepass"), "???x"),
    (b"\xff\xfe", "\ufffd\ufffd"),
    ("\u202egnirts\u202c", "gnirts"),
    ("  trop   d'espaces  ", "trop d'espaces"),
    ("e\u0301", "é"),
    ("👨‍👩‍👧", "👨‍👩‍👧"),
    ("سلام", "سلام"),
)


@pytest.mark.parametrize(("sent", "kept"), DIRTY)
async def test_what_no_keyboard_types_is_cleaned(house: House, sent: str | bytes, kept: str) -> None:
    assert len(DIRTY) == 8
    raw = sent if isinstance(sent, bytes) else sent.encode()
    assert (await post(house, form(an_id(), part("text", raw)))).status_code == 200
    text = house.desk.arrivals[0].message.text
    assert text.replace("\ufffd\ufffd\ufffdx", "???x") == kept


@pytest.mark.parametrize("character", ["x", "é", "س", "👍"])
async def test_a_text_of_a_million_characters_is_cut_and_accepted(house: House, character: str) -> None:
    assert (await post(house, form(an_id(), part("text", (character * 1_000_000).encode())))).status_code == 200
    text = house.desk.arrivals[0].message.text
    assert 3900 < len(text) <= 4000
    assert set(text) == {character}


async def test_text_without_pictures_may_come_url_encoded(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        data = {"client_msg_id": str(uuid.uuid4()), "text": "à bientôt & merci"}
        assert (await browser.client.post("/web/messages", data=data)).status_code == 200
        many = "&".join(f"a{n}=1" for n in range(50))
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await browser.client.post("/web/messages", content=many, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {"error": "bad_form"})
    assert house.desk.arrivals[0].message.text == "à bientôt & merci"


REFUSED: tuple[tuple[str, bytes, dict[str, str] | None, int, str], ...] = (
    ("nothing at all", form(an_id()), None, 400, "empty"),
    ("only spaces", form(an_id(), part("text", b"  \n ")), None, 400, "empty"),
    ("no id", form(part("text", b"x")), None, 400, "bad_client_msg_id"),
    ("an id that is none", form(part("client_msg_id", b"1"), part("text", b"x")), None, 400, "bad_client_msg_id"),
    ("a choice with spaces", form(an_id(), part("choice", b"a b")), None, 400, "bad_choice"),
    ("a choice in Arabic", form(an_id(), part("choice", "نعم".encode())), None, 400, "bad_choice"),
    ("a choice too long", form(an_id(), part("choice", b"a" * 65)), None, 400, "bad_choice"),
    (
        "four files",
        form(an_id(), *(part("file[]", b"x", 'filename="a"') for _ in range(4))),
        None,
        413,
        "too_many_files",
    ),
    (
        "a file over 5 MB",
        form(an_id(), part("file[]", b"x" * (5 * 2**20 + 1), 'filename="a"')),
        None,
        413,
        "file_too_large",
    ),
    ("a file in another field", form(an_id(), part("text", b"x", 'filename="a"')), None, 400, "bad_form"),
    ("a part without a name", form(b"--b0undary\r\nX: y\r\n\r\nx\r\n"), None, 400, "bad_form"),
    ("too many fields", form(*(part(f"f{n}", b"x") for n in range(50))), None, 400, "bad_form"),
    ("cut in the middle", form(an_id(), part("text", b"x"))[:-20], None, 400, "bad_form"),
    ("no boundary in the body", b"hello", None, 400, "bad_form"),
    ("an empty body", b"", None, 400, "bad_form"),
    ("no boundary announced", b"x", {"content-type": "multipart/form-data"}, 400, "bad_form"),
    (
        "a boundary of 300 letters",
        b"x",
        {"content-type": "multipart/form-data; boundary=" + "b" * 300},
        400,
        "bad_form",
    ),
    ("JSON", b"{}", {"content-type": "application/json"}, 415, "not_a_form"),
    ("no type", b"x", {"content-type": ""}, 415, "not_a_form"),
    ("endless headers", form(part("text", b"x", *(f"H{n}: y" for n in range(20)))), None, 400, "bad_form"),
    ("a long header", form(part("text", b"x", "H: " + "y" * 9000)), None, 400, "bad_form"),
)


@pytest.mark.parametrize(("_name", "body", "headers", "status", "code"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_is_no_message_is_refused_with_a_code(
    house: House, _name: str, body: bytes, headers: dict[str, str] | None, status: int, code: str
) -> None:
    assert len(REFUSED) == 21
    answer = await post(house, body, headers)
    assert (answer.status_code, answer.json()) == (status, {"error": code})
    assert house.desk.arrivals == []


async def test_a_declared_length_over_the_cap_is_refused_before_a_byte_is_read(house: House) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(50):
            read += 1
            yield b"x" * 2**20

    async with house.browser() as browser:
        await browser.enter()
        headers = {**MULTIPART, "content-length": str(50 * 2**20)}
        answer = await browser.client.post("/web/messages", content=body(), headers=headers)
        assert (answer.status_code, answer.json()) == (413, {"error": "body_too_large"})
        assert read == 0
        headers["content-length"] = "9" * 40
        assert (await browser.client.post("/web/messages", content=body(), headers=headers)).status_code == 413


async def test_fifty_megabytes_without_a_length_are_refused_at_the_sixteenth(house: House) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        yield form(an_id()).removesuffix(f"--{BOUNDARY}--\r\n".encode()) + part("text", b"")[:-2]
        for _ in range(800):
            read += 1
            yield b"x" * 2**16

    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.client.post("/web/messages", content=body(), headers=MULTIPART)
    assert (answer.status_code, answer.json()) == (413, {"error": "body_too_large"})
    assert read <= 257
    assert house.web._bodies.held == 0


async def test_all_bodies_together_have_a_cap(build: Callable[..., House]) -> None:
    house = build(buffered_bytes=1000)
    answer = await post(house, form(an_id(), part("text", b"x" * 2000)))
    assert (answer.status_code, answer.json()) == (503, {"error": "busy"})
    assert house.web._bodies.held == 0


async def test_a_body_that_trickles_is_given_up(build: Callable[..., House]) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield an_id()
        await asyncio.sleep(5)
        yield form()

    house = build(body_seconds=0.1)
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.client.post("/web/messages", content=body(), headers=MULTIPART)
    assert (answer.status_code, answer.json()) == (408, {"error": "too_slow"})
    assert house.web._bodies.held == 0


async def test_a_flood_from_one_browser_is_slowed_and_others_are_not(build: Callable[..., House]) -> None:
    house = build(messages_burst=5, messages_per_second=0.5)
    async with house.browser() as browser, house.browser() as other:
        await browser.enter()
        await other.enter()
        answers = [await browser.send("x") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1].json() == {"error": "too_fast"}
        assert answers[-1].headers["retry-after"] == "2"
        assert (await other.send("y")).status_code == 200
        house.timer[0] += 2
        assert (await browser.send("x")).status_code == 200


FOREIGN: tuple[dict[str, str], ...] = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    {"origin": "http://guichet.test.evil.example"},
    {"origin": "http://guichet.test:8080"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"origin": "http://guichet.test"},
    {"origin": "https://guichet.test", "sec-fetch-site": "same-origin"},
    {"origin": "https://guichet.example"},
    {"origin": "HTTPS://GUICHET.EXAMPLE"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
)


@pytest.mark.parametrize("path", ["/web/session", "/web/messages", "/web/leave"])
@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_site_cannot_act_for_a_person(house: House, path: str, headers: dict[str, str]) -> None:
    assert len(FOREIGN) == 8
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.client.post(path, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"error": "cross_site"})


@pytest.mark.parametrize("headers", OWN)
async def test_our_own_page_and_programs_may(build: Callable[..., House], headers: dict[str, str]) -> None:
    assert len(OWN) == 7
    async with build(public="https://Guichet.example/chat").browser() as browser:
        assert (await browser.client.post("/web/session", headers=headers)).status_code == 200
