"""Both platforms, and the persons who write on them, as the soak plays them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Self

from tests.peers.graph import payloads
from tests.peers.graph.peer import FakeGraph
from tests.peers.graph.state import ACCOUNT_ID, PHONE_ID
from tests.peers.telegram.peer import FakeTelegram
from tests.soak.couriers import Courier

if TYPE_CHECKING:
    from tests.peers.graph.payloads import Person
    from tests.peers.telegram.person import TelegramPerson

TELEGRAM, WHATSAPP = "telegram", "whatsapp"
CHANNELS = (TELEGRAM, WHATSAPP)


def meta_person(number: int) -> Person:
    """An invented person of WhatsApp."""
    return payloads.Person(wa_id=f"3360{number:07d}", name=f"Awa {number}", user_id=f"FR.{10**15 + number}")


@dataclass
class Vendors:
    """A Telegram, a Meta, and the courier that brings what their persons write."""

    seed: int = 1
    twice: float = 0.0
    telegram: FakeTelegram = field(default_factory=FakeTelegram)
    graph: FakeGraph = field(default_factory=FakeGraph)
    reports: bool = True
    """Whether Meta tells what became of our messages."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.telegram.__enter__()
        self.graph.__enter__()
        self.telegram.held = []  # the soak delivers them itself
        self.courier = Courier(Random(self.seed), self.twice)
        self._reporter = threading.Thread(target=self._report, daemon=True)
        self._reporter.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._reporter.join(10)
        self.courier.close()
        self.telegram.__exit__()
        self.graph.__exit__()

    def meet(self, url: str) -> None:
        """Learns where the house's door is, as its owner enters it at Meta."""
        self.graph.webhook_url = f"{url}/whatsapp"

    def settings(self) -> dict[str, str]:
        """The house's settings for these platforms."""
        return {
            "GUICHET_TELEGRAM_TOKEN": self.telegram.token,
            "GUICHET_TELEGRAM_API_URL": self.telegram.base_url,
            "GUICHET_TELEGRAM_FILE_URL": self.telegram.base_file_url,
            "GUICHET_WHATSAPP_TOKEN": "graph-token",
            "GUICHET_WHATSAPP_APP_SECRET": self.graph.app_secret,
            "GUICHET_WHATSAPP_VERIFY_TOKEN": self.graph.verify_token,
            "GUICHET_WHATSAPP_PHONE_NUMBER_ID": PHONE_ID,
            "GUICHET_WHATSAPP_API_URL": self.graph.url,
        }

    def somebody(self, channel: str, number: int) -> Correspondent:
        """The person of that number on a channel."""
        if channel == TELEGRAM:
            person = self.telegram.person(5_000_000 + number)
            person.chat.started = True
            return OnTelegram(self, number, person)
        return OnWhatsApp(self, number, meta_person(number))

    def _report(self) -> None:
        told = 0
        while not self._ended.wait(0.05):
            sent = self.graph.state.sent
            while self.reports and told < len(sent):
                self._tell(sent[told])
                told += 1

    def _tell(self, sent: Any) -> None:
        for name in ("sent", "delivered"):
            self.courier(sent.wamid, lambda name=name: self.graph.report(sent, name))


@dataclass
class Correspondent:
    """Someone who writes to the house and reads what it answers."""

    vendors: Vendors
    number: int

    @property
    def answers(self) -> list[tuple[float, str, list[tuple[str, str]]]]:
        """When, words and buttons (label, token) of each message of the house."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Writes, whenever it arrives."""
        raise NotImplementedError

    def tap(self, label: str) -> None:
        """Presses the last button of that label."""
        raise NotImplementedError

    def send(self, content: bytes, name: str, mime: str, **wrong: Any) -> None:
        """Sends a file; as a picture when it is a JPEG."""
        raise NotImplementedError

    def wait(self, number: int, seconds: float = 60) -> list[tuple[float, str, list[tuple[str, str]]]]:
        """The answers, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.answers) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.answers)} answers after {seconds} s, not {number}")
            time.sleep(0.02)
        return self.answers

    def token(self, label: str) -> str:
        """The token behind the last button of that label."""
        found = [token for _at, _words, buttons in self.answers for shown, token in buttons if shown == label]
        if not found:
            raise LookupError(f"no button {label!r}: {[shown for _a, _w, b in self.answers for shown, _t in b]}")
        return found[-1]


@dataclass
class OnTelegram(Correspondent):
    """With a private chat."""

    person: TelegramPerson

    @property
    def answers(self) -> list[tuple[float, str, list[tuple[str, str]]]]:
        return [(message.at, message.text, message.buttons) for message in self.person.seen]

    def say(self, words: str) -> None:
        self._deliver(self.person.say(words))

    def tap(self, label: str) -> None:
        message = next(m for m in reversed(self.person.seen) if label in dict(m.buttons))
        self._deliver(self.person.click(message, label))

    def send(self, content: bytes, name: str, mime: str, **wrong: Any) -> None:
        if mime == "image/jpeg":
            self._deliver(self.person.photo(content, wrong=wrong))
        else:
            self._deliver(self.person.document(content, name, mime, wrong=wrong))

    def _deliver(self, update: dict[str, Any] | None) -> None:
        if update is not None:
            self.vendors.courier(self.person.user_id, lambda: self.vendors.telegram.courier.deliver(update))


@dataclass
class OnWhatsApp(Correspondent):
    """With a number; each message is a second later than the one before, as Meta's times are whole seconds."""

    person: Person
    written: int = 0

    @property
    def answers(self) -> list[tuple[float, str, list[tuple[str, str]]]]:
        sent_to = self.vendors.graph.sent_to(self.person)
        return [(sent.at, sent.text, [(title, token) for token, title in sent.choices]) for sent in sent_to]

    def say(self, words: str) -> None:
        self._deliver(payloads.text(words))

    def tap(self, label: str) -> None:
        token = self.token(label)
        offer = next(sent for sent in reversed(self.vendors.graph.sent_to(self.person)) if token in dict(sent.choices))
        made = payloads.list_reply if "sections" in offer.body["interactive"]["action"] else payloads.button_reply
        self._deliver(made(token, label), offer.wamid)

    def send(self, content: bytes, name: str, mime: str, **wrong: Any) -> None:
        graph, kind = self.vendors.graph, "image" if mime == "image/jpeg" else "document"
        media = graph.add_media(content, mime, filename=name, **wrong)
        described = media.descriptor(graph.url + graph.state.link(media.media_id))
        self._deliver(payloads.media(kind, described, filename=name if kind == "document" else ""))

    def _deliver(self, part: tuple[str, Any], reply_to: str | None = None) -> None:
        graph = self.vendors.graph
        self.written += 1
        at = graph.now() - 3600 + self.written
        made = graph.message(self.person, part, at=at, reply_to=reply_to)
        raw = payloads.signed_bytes(
            payloads.envelope([payloads.message_value(graph.number(), self.person, [made])], ACCOUNT_ID)
        )
        self.vendors.courier(self.person.wa_id, lambda: graph.post(raw))
