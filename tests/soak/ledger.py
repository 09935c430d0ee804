"""What a stopped house believes happened, compared with what the platforms saw."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.channels.telegram.rendering import render
from bot.core.delivery import Outgoing
from bot.core.messages import InboundMessage, OutboundMessage
from bot.storage.codec import from_bytes
from bot.storage.master_key import load_master_key
from bot.storage.sealing import Purpose
from bot.storage.store import DATABASE_NAME, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.soak.vendors import Vendors

SENT = 2


class NowClock:
    """The system's time."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


@dataclass
class Account:
    """One channel after the storm."""

    taken: int = 0
    """Messages of persons in the inbox."""
    heard: Counter[str] = field(default_factory=Counter)
    """The last word of each, which tells it from all others."""
    unplayed: int = 0
    given_up: int = 0
    """The process died in it so often that the person was told it failed, and a human asked to look."""
    unanswered: int = 0
    answers: int = 0
    unsent: int = 0
    missing: int = 0
    """The house says sent, the platform never saw it."""
    doubled: int = 0
    flagged: int = 0
    """Of the doubled ones, those whose row says that the person may have it twice."""
    unflagged: int = 0
    out_of_order: int = 0
    strangers: int = 0
    """Messages the platform has that bear a token of no row of ours."""


@dataclass(frozen=True)
class Row:
    """One message of ours."""

    seq: int
    state: int
    is_repeated: bool
    identity: str
    token: str
    pieces: tuple[str, ...]


def read(data: Path, vendors: Vendors) -> dict[str, Account]:
    """The account of each channel; the house must be stopped."""
    key = load_master_key(text=None, file=None, data_dir=data, database=data / DATABASE_NAME, random=os.urandom)
    store = open_store(data, key, os.urandom, NowClock())
    try:
        return {channel: _account(store, channel, vendors) for channel in ("telegram", "whatsapp")}
    finally:
        store.close()


def _account(store: Store, channel: str, vendors: Vendors) -> Account:
    conn = store.database.connection()
    made = Account()
    inbox = conn.execute("SELECT seq, person, state, rank FROM inbox WHERE channel = ? ORDER BY done_at", (channel,))
    played: dict[int, list[int]] = defaultdict(list)
    answered = {key for (key,) in conn.execute("SELECT dedupe_key FROM outbox WHERE channel = ?", (channel,))}
    for seq, person, state, rank in inbox:
        made.taken += 1
        made.unplayed += state < SENT
        made.given_up += state > SENT
        made.unanswered += f"in:{seq}:0" not in answered
        played[person].append(rank)
    made.heard = Counter(_heard(store, channel))
    made.out_of_order = sum(ranks != sorted(ranks) for ranks in played.values())
    rows = list(_rows(store, channel))
    made.answers = len(rows)
    made.unsent = sum(row.state != SENT for row in rows)
    (_telegram if channel == "telegram" else _whatsapp)(rows, vendors, made)
    return made


def _heard(store: Store, channel: str) -> Iterator[str]:
    conn, people = store.database.connection(), store.outbox._people
    found = conn.execute(
        "SELECT i.payload, p.number, p.id FROM inbox AS i JOIN persons AS p ON p.number = i.person WHERE i.channel = ?",
        (channel,),
    ).fetchall()
    for payload, number, person in found:
        message = from_bytes(InboundMessage, people.keyring.of(conn, number, person).open(Purpose.INBOX, payload))
        yield (message.text.split() or [""])[-1]


def _rows(store: Store, channel: str) -> Iterator[Row]:
    conn, people, tokens = store.database.connection(), store.outbox._people, store.outbox._tokens
    found = conn.execute(
        "SELECT o.seq, o.state, o.is_repeated, o.identity, o.payload, p.number, p.id FROM outbox AS o"
        " JOIN persons AS p ON p.number = o.person WHERE o.channel = ? ORDER BY o.seq",
        (channel,),
    ).fetchall()
    for seq, state, is_repeated, identity, payload, number, person in found:
        key = people.keyring.of(conn, number, person)
        address = people.identity(conn, number, key, identity).address
        message = from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, payload))
        tokens_of = tokens.choices(person, seq, message)
        pieces: tuple[str, ...] = ()
        if channel == "telegram":
            wire = render(Outgoing(seq, tokens.delivery(seq), address, message, tokens_of))
            pieces = tuple(str(request.body.get("text") or request.body.get("caption") or "") for request in wire)
        yield Row(seq, state, bool(is_repeated), address.identity, tokens.delivery(seq), pieces)


def _telegram(rows: list[Row], vendors: Vendors, made: Account) -> None:
    """By chat and words: Telegram names no message of ours."""
    chats: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        chats[row.identity].append(row)
    for identity, mine in chats.items():
        seen = [message.text for message in vendors.telegram.person(int(identity)).seen]
        expected = [piece for row in mine if row.state == SENT for piece in row.pieces]
        lost, more = Counter(expected) - Counter(seen), Counter(seen) - Counter(expected)
        allowed = Counter(piece for row in mine if row.is_repeated for piece in row.pieces)
        made.missing += lost.total()
        made.doubled += more.total()
        made.unflagged += (more - allowed).total()
        if not lost and _without_repeats(seen, more) != expected:
            made.out_of_order += 1
    made.flagged = made.doubled - made.unflagged


def _without_repeats(seen: list[str], more: Counter[str]) -> list[str]:
    """The row of messages without the second copy of each doubled one; a copy follows its original."""
    left, kept = Counter(more), []
    for text in seen:
        if left[text] and kept and kept[-1] == text:
            left[text] -= 1
        else:
            kept.append(text)
    return kept


def _whatsapp(rows: list[Row], vendors: Vendors, made: Account) -> None:
    """By our own token, which Meta keeps with each message; an earlier part of several bears it with its number."""
    times: Counter[tuple[str, str]] = Counter()
    order: dict[str, list[str]] = defaultdict(list)
    for sent in vendors.graph.sent:
        opaque = sent.opaque or ""
        if not times[(opaque, sent.text)]:
            order[sent.to].append(_token(opaque))
        times[(opaque, sent.text)] += 1
    arrived = {opaque for opaque, _text in times}
    made.missing = sum(row.state == SENT and row.token not in arrived for row in rows)
    made.doubled = sum(count - 1 for count in times.values())
    repeated = {row.token for row in rows if row.is_repeated}
    made.unflagged = sum(count - 1 for (opaque, _text), count in times.items() if _token(opaque) not in repeated)
    made.flagged = made.doubled - made.unflagged
    place = {row.token: row.seq for row in rows}
    made.strangers = sum(token not in place for tokens in order.values() for token in tokens)
    for tokens in order.values():
        seqs = [place[token] for token in tokens if token in place]
        made.out_of_order += seqs != sorted(seqs)


def _token(opaque: str) -> str:
    """The token of the message, without the number of its part."""
    return opaque.partition(".")[0]
