"""The house of the fault tests, and one person on each platform."""

from __future__ import annotations

import pytest

from tests.faults.rig import Rig
from tests.soak.vendors import TELEGRAM, meta_person


class Awa:
    """Somebody on one of the platforms; delivers at once and says what the door answered."""

    def __init__(self, rig, channel, number=1):
        self.rig, self.channel = rig, channel
        self.meta = meta_person(number)
        self.chat = rig.telegram.person(5_000_000 + number)
        self.chat.chat.started = True

    @property
    def address(self):
        return str(self.chat.user_id) if self.channel == TELEGRAM else self.meta.wa_id

    @property
    def peer(self):
        return self.rig.telegram if self.channel == TELEGRAM else self.rig.graph

    def say(self, words, **more):
        if self.channel == TELEGRAM:
            self.chat.say(words)
        else:
            assert self.rig.graph.say(self.meta, words, **more) == 200

    def tap(self, label):
        if self.channel == TELEGRAM:
            message = next(m for m in reversed(self.chat.seen) if label in dict(m.buttons))
            return self.chat.click(message, label)
        offers = [token for s in self.rig.graph.sent_to(self.meta) for token, title in s.choices if title == label]
        assert self.rig.graph.tap(self.meta, offers[-1], label) == 200
        return None

    def send(self, content, mime="image/jpeg", name="x.jpg", *, as_document=False, **wrong):
        if self.channel == TELEGRAM:
            make = (lambda: self.chat.document(content, name, mime, wrong=wrong)) if as_document else None
            return make() if make else self.chat.photo(content, wrong=wrong)
        media = self.rig.graph.add_media(content, mime, filename=name if as_document else "", **wrong)
        kind = "document" if as_document else "image"
        assert self.rig.graph.send_file(self.meta, media, kind) == 200
        return media

    @property
    def texts(self):
        if self.channel == TELEGRAM:
            return [message.text for message in self.chat.seen]
        return [sent.text for sent in self.rig.graph.sent_to(self.meta)]

    def hears(self, *texts, seconds=15):
        self.rig.until(lambda: len(self.texts) >= len(texts), f"{self.texts} and not {texts}", seconds)
        self.rig.calm(seconds)
        assert self.texts == list(texts)

    def calls(self):
        """How often the house tried to write to this person."""
        if self.channel == TELEGRAM:
            return sum(call.chat_id == self.address for call in self.rig.telegram.calls("sendMessage"))
        return sum(
            request.path.endswith("/messages") and self.address.encode() in request.body
            for request in self.rig.graph.state.requests
        )

    def fault(self, fault, times=1):
        call = "sendMessage" if self.channel == TELEGRAM else "messages"
        self.peer.faults.next(fault, times, call=call, to=self.address)


@pytest.fixture
def make_rig(tmp_path):
    made = []

    def make(**settings):
        made.append(Rig(tmp_path / str(len(made)), **settings))
        return made[-1]

    yield make
    for rig in made:
        rig.end()


@pytest.fixture
def rig(make_rig):
    return make_rig()


@pytest.fixture(params=["telegram", "whatsapp"])
def awa(rig, request):
    return Awa(rig, request.param)


@pytest.fixture
def ben(rig, awa):
    """Somebody else on the same platform."""
    return Awa(rig, awa.channel, 2)
