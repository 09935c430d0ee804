"""``guichet outbox``: what could not be sent, without its words; send it once more, or drop it.

Must not know: how the command line is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import GuichetError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.bootstrap import House


def show(house: House, say: Callable[[str], None]) -> None:
    """The dead letters, newest first, and how the queues stand."""
    now = house.clock.now()
    letters = house.store.dead_letters
    for (queue, channel), (count, oldest) in sorted(letters.standing().items()):
        seconds = max(0.0, now.timestamp() - oldest / 1e6)
        say(f"{queue:7} {channel:9} {count} waiting, the oldest since {seconds:.0f} s")
    listed = letters.listed()
    for letter in listed:
        doubt = "  may have arrived" if letter.is_doubtful else ""
        say(
            f"{letter.seq:8}  {letter.queued_at:%Y-%m-%d %H:%M} UTC  {letter.channel:9} {letter.error}"
            f" after {letter.tries} tries{doubt}"
        )
    say(f"{letters.dead()} given up")


def replay(house: House, seqs: Sequence[int], say: Callable[[str], None]) -> None:
    """Let these wait to be sent again, or when none is named all that are known not to have arrived."""
    letters = house.store.dead_letters
    doubtful = letters.doubtful()
    count = letters.replay(list(seqs) or None, house.clock.now())
    if seqs and count < len(seqs):
        raise GuichetError(f"{len(seqs) - count} of {len(seqs)} are not among the messages given up")
    say(f"{count} wait to be sent again")
    twice = [seq for seq in doubtful if seq in seqs]
    if twice:
        say(f"{len(twice)} of them may have arrived already: the person may have it twice")
    if doubtful and not seqs:
        say(f"{len(doubtful)} are left, since they may have arrived; name them to send them all the same")


def drop(house: House, seqs: Sequence[int], say: Callable[[str], None]) -> None:
    """Erase these."""
    if not seqs:
        raise GuichetError("name the messages to drop: guichet outbox drop 12 13")
    count = house.store.dead_letters.drop(list(seqs))
    if count < len(seqs):
        raise GuichetError(f"{len(seqs) - count} of {len(seqs)} are not among the messages given up")
    say(f"{count} dropped")
