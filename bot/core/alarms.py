"""Alarms and other doors in what a person writes (domain.md 3.1, P0 to P5).

Must not know: any language's words (bot/data/alarms.yml), what is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from bot.core.case import Alert, Route
from bot.core.phrasebook import Hit, Phrasebook, find_all
from bot.core.tokens import Spelling, asked_places, said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.core.tokens import Said

ORDER = (Alert.REMOVAL, Alert.DETENTION, Alert.VIOLENCE, Alert.SUICIDE, Alert.SCAM, Alert.MINOR)
"""P0 to P3 of domain.md 3.1."""


class Youth(Enum):
    """A person of 17 and a half to 19 years, or leaving child protection (F-23): no alarm, but urgent."""

    YOUTH = "youth"


Sign = Alert | Route | Youth


@dataclass(frozen=True, slots=True)
class Signal:
    """How one alarm, door or flag is recognised."""

    sign: Sign
    sure: tuple[str, ...] = ()
    """Told outright in the first person: nothing explains it away."""
    says: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Wider wordings that explain ``says`` away: a fear, a question, a denial, somebody else."""
    never: tuple[str, ...] = ()
    """Wider wordings that explain even ``sure`` away: a condition."""
    over: tuple[str, ...] = ()
    """What has ended, told as a fact: it explains even ``sure`` away, but nothing that runs on after it."""
    doubted: tuple[str, ...] = ()
    """Anywhere in a text: ``over`` is no fact there, or not for the writer, or not any more; ``unless`` is void with it."""


class AlarmReading(NamedTuple):
    """What was heard: alarms in the order P0 to P3, the first other door, the youth flag."""

    alerts: tuple[Alert, ...] = ()
    route: Route | None = None
    is_youth: bool = False


class _Strength(Enum):
    SURE = "sure"
    SAYS = "says"
    UNLESS = "unless"
    NEVER = "never"
    OVER = "over"
    DOUBTED = "doubted"


AlarmBook = Phrasebook[tuple[Sign, _Strength]]

_AGAINST = {
    _Strength.SAYS: (_Strength.UNLESS, _Strength.NEVER, _Strength.OVER),
    _Strength.SURE: (_Strength.NEVER, _Strength.OVER),
}
"""What explains which words away."""


class Alarms:
    """Hears alarms in texts of any language it was given words for."""

    def __init__(
        self,
        signals: Iterable[Signal],
        concepts: Mapping[str, Iterable[str]] | None = None,
        spelling: Spelling | None = None,
        everywhere: Iterable[Signal] = (),
        languages: Iterable[str] = (),
    ) -> None:
        """Build the matcher for the words of ``languages``. Raises DataError when a wording is not well formed.

        ``everywhere`` are those wordings of ``signals`` that hold in every language: each of its books reads them too.
        """
        self.signals = tuple(signals)
        self._everywhere = tuple(everywhere)
        self._routes = tuple(signal.sign for signal in self.signals if isinstance(signal.sign, Route))
        self._concepts = {name: tuple(wordings) for name, wordings in (concepts or {}).items()}
        self._spelling = spelling or Spelling()
        self._book: AlarmBook = self._bound(self.signals, self._concepts, self._spelling, frozenset(languages))

    def book(
        self, language: str, signals: Iterable[Signal], concepts: Mapping[str, Iterable[str]] | None = None
    ) -> AlarmBook:
        """More words for the same signs, to be read beside ours: those of one language. Raises DataError."""
        told = dict(concepts or {})
        names = {**told, **self._concepts}
        both = {name: (*self._concepts.get(name, ()), *told.get(name, ())) for name in names}
        return self._bound((*self._everywhere, *signals), both, self._spelling.abroad, frozenset({language}))

    def _bound(
        self,
        signals: Iterable[Signal],
        concepts: Mapping[str, Iterable[str]],
        spelling: Spelling,
        languages: frozenset[str],
    ) -> AlarmBook:
        phrases = [
            ((signal.sign, strength), wording)
            for signal in signals
            for strength, wordings in (
                (_Strength.SURE, signal.sure),
                (_Strength.SAYS, signal.says),
                (_Strength.UNLESS, signal.unless),
                (_Strength.NEVER, signal.never),
                (_Strength.OVER, signal.over),
                (_Strength.DOUBTED, signal.doubted),
            )
            for wording in wordings
        ]
        return Phrasebook(phrases, concepts, spelling, languages)

    def read(self, text: str | Said, beside: Iterable[AlarmBook] = (), languages: Collection[str] = ()) -> AlarmReading:
        """The alarms, the other door and the youth flag of one text; doors in the order they were given.

        ``beside`` are the books of other languages, ``languages`` those the text may be in.
        """
        hits = find_all((self._book, *beside), text, languages)
        is_over = any(hit.key[1] is _Strength.OVER for hit in hits)
        asked = asked_places(said(text).text) if is_over else frozenset()
        heard = {hit.key[0] for hit in hits if _stands(hit, hits, asked)}
        return AlarmReading(
            tuple(alert for alert in ORDER if alert in heard),
            next((route for route in self._routes if route in heard), None),
            Youth.YOUTH in heard,
        )


def _stands(hit: Hit[tuple[Sign, _Strength]], hits: list[Hit[tuple[Sign, _Strength]]], asked: frozenset[int]) -> bool:
    sign, strength = hit.key
    against = _AGAINST.get(strength, ())
    if not against:
        return False
    ours = [other for other in hits if other.key[0] is sign]
    excuses = [other for other in ours if other.key[1] in against and other.explains(hit)]
    strengths = {excuse.key[1] for excuse in excuses}
    is_asked = any(excuse.key[1] is _Strength.OVER and excuse.end - 1 in asked for excuse in excuses)
    is_doubted = is_asked or any(other.key[1] is _Strength.DOUBTED for other in ours)
    if _Strength.OVER in strengths and is_doubted:
        return _Strength.NEVER not in strengths
    return not any(excuse.key[1] is not _Strength.OVER or excuse.end >= hit.end for excuse in excuses)
