"""Which date a text says a document ends on, and whether it may be trusted.

Policy (i18n.md 4): a reading is never a fact, it is read back; what could be two dates is asked about.
Must not know: any language's words (bot/data/dates.yml), the clock.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.core.date_kinds import Kind
from bot.core.date_mentions import mentions
from bot.core.date_scene import Need, Role, scene
from bot.core.reading import DateReading, Precision, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.date_scene import Mention, Scene
    from bot.core.date_words import DateWords

MOST_CANDIDATES = 7
"""More dates than the days of a week cannot be offered as buttons."""

_ASKED = {"range", "foreign_calendar"}
"""Problems of a date that is still worth offering."""
_NEAR_DAYS = 31
"""Days by which a length such as "in two months" may miss the day that it is said of."""
_FEW_AHEAD, _FEW_BEHIND = 2, 0
"""Unknown words beside a coming or a past day up to which it is still an end."""
_FEW_BESIDE = 1
"""Unknown words of other sentences beside a day that is a sentence of its own."""
_STRONG = re.compile(r"[!?\n]|\.(?=\s|$)|\.\.")
_LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


def read_date(text: str, language: str | None, today: date, words: DateWords, *, is_asked: bool = False) -> DateReading:
    """The date a text names as an end, by our own rules.

    FOUND only within 10 years back and 15 ahead (domain.md 3.4). ``language`` is the conversation's code or None:
    in English 03/04 is AMBIGUOUS. Dates said of something else (birth, appointment, attempt) are left out, and those
    among unknown words unless the text answers the question for the date (``is_asked``). Such an answer may also be
    both dates of a card, of which the later one is its end.
    """
    laid = scene(text, language, today, words)
    meant = _narrowed(_meant(laid, mentions(laid), is_asked=is_asked))
    return _reading([_as_answered(mention) for mention in meant] if is_asked else meant)


def _as_answered(mention: Mention) -> Mention:
    """The end of a range of two full dates: ``du 15/01/2025 au 14/01/2026``, read from a card that was asked about."""
    is_sure = mention.problem == "range" and mention.is_explicit
    return replace(mention, problem=None, is_explicit=False) if is_sure else mention


def _meant(laid: Scene, found: Sequence[Mention], *, is_asked: bool) -> list[Mention]:
    """The mentions that are of a document's end: those with a verb of ending, else those without any."""
    covered = frozenset(place for mention in found for place in range(mention.start, mention.end))
    roles = [(mention, laid.role(mention.start, mention.end)) for mention in found]
    kept = [
        (mention, role)
        for mention, role in roles
        if _is_date(laid, mention, role, covered) or (is_asked and _is_exclaimed(laid, mention, role, covered))
    ]
    if not is_asked:
        kept = [
            (mention, role) for mention, role in kept if role is not Role.PLAIN or not _is_stray(laid, mention, covered)
        ]
    ending = [mention for mention, role in kept if role in {Role.END, Role.ENDED}]
    return ending or [mention for mention, _role in kept]


def _is_date(laid: Scene, mention: Mention, role: Role, covered: frozenset[int]) -> bool:
    if role is Role.OTHER:
        return False
    has_ended = laid.has_ended(mention.start, mention.end)
    is_whole = laid.is_whole(mention.start, mention.end, covered, spare=0 if mention.is_relative else 1)
    if not mention.is_relative and mention.problem != "range" and _is_since(laid, mention):
        is_said = laid.line.has(mention.end + 1, Kind.EXPIRED_SHORT)
        return has_ended or is_said or _is_ending_since(laid, mention.start)
    if mention.need is Need.ENDED:
        is_said = laid.line.has(mention.start, Kind.ENDED) or laid.line.has(mention.end, Kind.EXPIRED_SHORT)
        return has_ended or is_said or _is_ending_since(laid, mention.start + 1)
    if mention.need is Need.ENDED_OR_ALONE:
        return has_ended or is_whole
    return mention.need is Need.NOTHING or is_whole or role in {Role.END, Role.ENDED}


def _is_exclaimed(laid: Scene, mention: Mention, role: Role, covered: frozenset[int]) -> bool:
    """True for ``é amanhã!!! me ajuda``: all of one sentence, and no other says what else the day is of."""
    line = laid.line
    if role is not Role.PLAIN or mention.need is not Need.CUE or mention.precision is not Precision.DAY:
        return False
    if any(item.has(Kind.OTHER, Kind.ELSEWHERE, Kind.NOT) for item in line.items):
        return False
    first, last = mention.start, mention.end
    while first > 0 and not _STRONG.search(line.gap(first)):
        first -= 1
    while last < len(line.items) and not _STRONG.search(line.gap(last)):
        last += 1
    outside = frozenset(place for place in range(len(line.items)) if not first <= place < last)
    is_whole = laid.is_whole(mention.start, mention.end, covered | outside, spare=0)
    return is_whole and laid.strangers(mention.start, mention.end, covered) <= _FEW_BESIDE


def _is_stray(laid: Scene, mention: Mention, covered: frozenset[int]) -> bool:
    """True for a day in a sentence that says neither what ends nor what the day is of: it may be of anything.

    So is a day with its hour: whatever happened then, no card ends at ten past three.
    """
    is_bare = mention.need is Need.NOTHING and not mention.is_relative
    if not is_bare or not mention.days or any(item.has(Kind.CARD) for item in laid.line.items):
        return False
    hours = {time.start for time in laid.times if laid.line.digits(time.start)}
    unknown = laid.strangers(mention.start, mention.end, covered)
    if unknown and hours & {mention.end, mention.end + 1}:
        return True
    most = _FEW_AHEAD if max(mention.days) >= laid.today else _FEW_BEHIND
    return unknown > most


def _is_since(laid: Scene, mention: Mention) -> bool:
    """True for "since 12 March": the beginning of something, unless it has ended since."""
    line = laid.line
    place = mention.start - 1
    if line.has(place, Kind.ON) and not line.has(place, Kind.SINCE):
        place -= 1
    if laid.tongue.has_cues_behind and _says_from(laid, mention.end, Kind.SINCE_AFTER):
        return not line.is_break(mention.end)
    if _says_from(laid, place):
        return not line.is_break(place + 1)
    kinds = (Kind.SINCE, Kind.SINCE_OR_AGO) if mention.precision is Precision.YEAR else (Kind.SINCE,)
    return line.has(place, *kinds) and not line.is_break(place + 1)


def _says_from(laid: Scene, place: int, *others: Kind) -> bool:
    """True for a word that opens a length of time and is none of the little words "of" and "on"."""
    return laid.line.has(place, Kind.FROM, *others) and not laid.line.has(place, Kind.ON, Kind.OF, Kind.SINCE_OR_AGO)


def _is_ending_since(laid: Scene, start: int) -> bool:
    """True for "expire depuis mars": what ends since then has ended; what is valid since then has begun."""
    place = start - 1
    while laid.line.has(place, Kind.ON, Kind.SINCE) and not laid.line.has(place, Kind.EXPIRED_SHORT):
        place -= 1
    return laid.line.has(place, Kind.EXPIRED_SHORT)


def _narrowed(meant: Sequence[Mention]) -> list[Mention]:
    """Without what another mention says better: a date written out, a finer precision."""
    written = [_with_told_year(mention, meant) for mention in meant if not mention.is_relative] or list(meant)
    days = [mention for mention in written if mention.days]
    if not days:
        return written
    return [
        mention
        for mention in days
        if mention.precision is Precision.DAY or not any(_is_finer(other, mention) for other in days)
    ]


def _with_told_year(mention: Mention, meant: Sequence[Mention]) -> Mention:
    """A day without a year in the year that the rest of the text tells: ``le 20 janvier, dans deux mois``."""
    if mention.has_year:
        return mention
    told = [on for other in meant for on in other.days if other.has_year and other.precision is Precision.DAY]
    near = [on for on in mention.days if any(abs((on - day).days) <= _NEAR_DAYS for day in told)]
    return replace(mention, days=tuple(near)) if len(near) == 1 else mention


def _is_finer(one: Mention, other: Mention) -> bool:
    if _LENGTHS[one.precision] <= _LENGTHS[other.precision]:
        return False
    size = _LENGTHS[other.precision]
    return any(on.isoformat()[:size] == other.days[0].isoformat()[:size] for on in one.days)


def _reading(meant: Sequence[Mention]) -> DateReading:
    days = tuple(dict.fromkeys(on for mention in meant for on in mention.days))
    if not days:
        return DateReading(problem=next((mention.problem for mention in meant if mention.problem), None))
    precision = max((mention.precision for mention in meant), key=_LENGTHS.__getitem__)
    asked = next((mention.problem for mention in meant if mention.problem in _ASKED), None)
    if len(days) > 1 or asked:
        if precision is Precision.YEAR:
            return DateReading()
        return DateReading(Status.AMBIGUOUS, None, precision, days[:MOST_CANDIDATES], problem=asked)
    is_explicit = any(mention.is_explicit for mention in meant)
    return DateReading(Status.FOUND, days[0].isoformat()[: _LENGTHS[precision]], precision, is_explicit=is_explicit)


def agree(first: DateReading, second: DateReading) -> DateReading:
    """Our reading, checked by an independent one (i18n.md 4, acceptance policy).

    An explicit date stands alone. Two readings that differ become two candidates. Where only ours read something
    it stays FOUND and not explicit: it is read back with yes and no in any case.
    """
    if first.status is not Status.FOUND or first.is_explicit or second.status is not Status.FOUND:
        return first
    ours, theirs = str(first.iso), str(second.iso)
    size = min(len(ours), len(theirs))
    if ours[:size] == theirs[:size]:
        return first
    precision = first.precision if first.precision is second.precision else Precision.DAY
    candidates = tuple(dict.fromkeys(_first_days((ours, theirs))))
    return DateReading(Status.AMBIGUOUS, None, precision, candidates)


def _first_days(isos: Iterable[str]) -> list[date]:
    return [date.fromisoformat((iso + "-01-01")[:10]) for iso in isos]
