"""The fake Graph API as a test holds it: serve, script faults, write as a person, report what became of a message."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import httpx

from tests.peers.faults import Faults
from tests.peers.graph import payloads
from tests.peers.graph.app import graph_app
from tests.peers.graph.control import control_routes
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import ACCOUNT_ID, PHONE_ID, GraphState, Media, Number, Sent
from tests.peers.serving import Served

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.applications import Starlette

    from tests.peers.graph.payloads import Value

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@dataclass
class FakeGraph:
    """Meta's side: an API that takes messages, and webhooks that bring them."""

    app_secret: str = "graph-app-secret"
    verify_token: str = "graph-verify-token"
    webhook_url: str = ""
    state: GraphState = field(default_factory=GraphState)
    faults: Faults = field(default_factory=Faults)
    port: int = 0
    delivered: list[tuple[int, bytes]] = field(default_factory=list)
    served: Served | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False, trust_env=False, timeout=20))

    def app(self) -> Starlette:
        """The ASGI application, to be served or called in process."""
        return graph_app(self.state, self.faults, control_routes(self))

    def __enter__(self) -> Self:
        self.served = Served(self.app(), self.port).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.served is not None:
            self.served.stop()
        self.client.close()

    @property
    def url(self) -> str:
        """What stands for ``https://graph.facebook.com``."""
        assert self.served is not None, "not served"
        return self.served.url

    @property
    def sent(self) -> list[Sent]:
        """The messages the API took."""
        with self.state.lock:
            return list(self.state.sent)

    def sent_to(self, person: Person) -> list[Sent]:
        """The messages to one person, by whatever address."""
        known = {person.wa_id, person.user_id}
        return [sent for sent in self.sent if sent.to in known]

    def know(self, *persons: Person) -> None:
        """Their user ids can be written to from now on."""
        self.state.persons.update({person.user_id: person.wa_id for person in persons})

    def wait_sent(self, number: int = 1, seconds: float = 10.0) -> list[Sent]:
        """The messages the API took, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.sent) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.sent)} messages after {seconds} s, not {number}")
            time.sleep(0.02)
        return self.sent

    def add_media(self, content: bytes = JPEG, mime: str = "image/jpeg", **wrong: Any) -> Media:
        """A file a person sent. ``sha256``, ``size``, ``missing`` (404 so many times) and ``endless`` make it wrong."""
        return self.state.keep_media(Media(self.state.media_id(), content, mime, **wrong))

    # What a person does. Each answers the status code of the webhook.

    def say(self, person: Person, body: str, **more: Any) -> int:
        """Writes words."""
        return self.act(person, payloads.text(body), **more)

    def tap(self, person: Person, identity: str, title: str = "", **more: Any) -> int:
        """Taps a reply button."""
        more.setdefault("reply_to", self._offer(person, identity))
        return self.act(person, payloads.button_reply(identity, title), **more)

    def choose(self, person: Person, identity: str, title: str = "", **more: Any) -> int:
        """Chooses a row of a list."""
        more.setdefault("reply_to", self._offer(person, identity))
        return self.act(person, payloads.list_reply(identity, title), **more)

    def _offer(self, person: Person, identity: str) -> str:
        """The last message that offered a choice: a choice always names it."""
        offers = [sent.wamid for sent in self.sent_to(person) if identity in dict(sent.choices)]
        return offers[-1] if offers else "wamid.unknown"

    def send_file(
        self,
        person: Person,
        made: Media,
        kind: str = "image",
        *,
        caption: str = "",
        **more: Any,
    ) -> int:
        """Sends a file that ``add_media`` made."""
        described = made.descriptor(self.url + self.state.link(made.media_id))
        part = payloads.media(kind, described, caption=caption, filename=made.filename)
        return self.act(person, part, **more)

    def act(
        self,
        person: Person,
        part: tuple[str, Any],
        *,
        wamid: str | None = None,
        at: int | None = None,
        reply_to: str | None = None,
        phone_id: str = PHONE_ID,
        times: int = 1,
    ) -> int:
        """Delivers one message; ``times`` delivers the same bytes again."""
        made = self.message(person, part, wamid=wamid, at=at, reply_to=reply_to)
        value = payloads.message_value(self.number(phone_id), person, [made])
        return self.deliver(value, times=times)

    def message(
        self,
        person: Person,
        part: tuple[str, Any],
        *,
        wamid: str | None = None,
        at: int | None = None,
        reply_to: str | None = None,
    ) -> Value:
        """One message with a fresh id, not yet delivered."""
        self.know(person)
        context = {"from": self.number().display, "id": reply_to} if reply_to else None
        wamid = wamid or self.state.wamid(person.wa_id)
        return payloads.message(person, wamid, self.now() if at is None else at, *part, context)

    def report(self, sent: Sent, name: str, person: Person | None = None, **more: Any) -> int:
        """Tells what became of a message of ours: sent, delivered, read or failed (with ``code``)."""
        person = person or addressed(sent.to)
        at = more.pop("at", self.now())
        made = payloads.status(person, sent.wamid, name, at, opaque=sent.opaque, **more)
        return self.deliver(payloads.status_value(self.number(sent.phone_id), [made], person))

    # The wire.

    def deliver(self, *values: Value, times: int = 1, entries: bool = False) -> int:
        """POSTs values in one body, signed; answers the last status code."""
        raw = payloads.signed_bytes(payloads.envelope(values, ACCOUNT_ID, entries=entries))
        return [self.post(raw) for _ in range(times)][-1]

    def deliver_at_once(self, bodies: Sequence[bytes], workers: int = 16) -> list[int]:
        """POSTs signed bodies in parallel, as albums and redeliveries come."""
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(self.post, bodies))

    def post(self, raw: bytes, headers: Mapping[str, str] | Sequence[tuple[str, str]] | None = None) -> int:
        """POSTs bytes; signed as Meta signs unless headers are given, as ``payloads.forgeries`` does."""
        if headers is None:
            headers = [("X-Hub-Signature-256", payloads.signature(self.app_secret, raw))]
        given = headers.items() if isinstance(headers, Mapping) else headers
        known = [("Content-Type", "application/json"), ("User-Agent", "facebookexternalua")]
        sent = [(name.encode(), value.encode("utf-8")) for name, value in [*known, *given]]
        answer = self.client.post(self.webhook_url, content=raw, headers=sent)
        self.delivered.append((answer.status_code, raw))
        return answer.status_code

    def verify(self, challenge: str = "1158201444", token: str | None = None) -> httpx.Response:
        """Asks the webhook to prove itself, as Meta does when it is registered."""
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": self.verify_token if token is None else token,
        }
        return self.client.get(self.webhook_url, params=query)

    def number(self, phone_id: str = PHONE_ID) -> Number:
        """A number of ours."""
        return self.state.numbers[phone_id]

    def now(self) -> int:
        """The time of the fake, in whole seconds, as webhooks tell it."""
        return int(self.state.clock())


def addressed(address: str) -> Person:
    """Somebody of whom only an address is known: a user id has a point in it, a number has none."""
    return Person(user_id=address, known="user_id") if "." in address else Person(wa_id=address, known="number")
