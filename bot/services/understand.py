"""Understands one message: reads all it says, ranks what it may want, and decides with the question in mind.

Must not know: how texts are classified, where the vocabulary comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.core import link_codes
from bot.core.case import Question
from bot.core.choices import resolve_choice
from bot.core.dates import agree
from bot.core.intents import ALERTS, Intent
from bot.core.interpretation import heard_alerts, interpret, is_answer, rung_alerts
from bot.core.messages import InboundKind
from bot.core.reading import PlaceCandidate, PlaceReading, Reading, Reply, Status
from bot.core.signals import signals
from bot.core.text import clean, words
from bot.core.tokens import Said
from bot.core.wording import Label, Name, Offer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.case import Alert, ExpiryBucket, Risk, Route, Tried
    from bot.core.intents import RankedIntent
    from bot.core.reading import CodeReading, DateReading
    from bot.services.turn import Turn


class Readers(Protocol):
    """The resolvers, each a pure function of the text; ``languages`` it may be in, none when nobody knows."""

    def alarms(self, said: Said, languages: Sequence[str]) -> tuple[tuple[Alert, ...], Route | None, bool]:
        """Alerts, route, and whether the writer is 18 or 19."""

    def place(self, text: str, *, is_asked: bool) -> PlaceReading:
        """Which prefecture."""

    def title(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which titre."""

    def procedure(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which procedure."""

    def blockage(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which blockage."""

    def date(self, text: str, language: str | None, today: dt.date, *, is_asked: bool) -> DateReading:
        """Which date, by our own rules."""

    def second_date(self, text: str, language: str | None, today: dt.date) -> DateReading:
        """Which date, by an independent reader."""

    def attempt_date(self, text: str, language: str | None, today: dt.date) -> DateReading:
        """On which day somebody tried."""

    def bucket(self, text: str) -> ExpiryBucket | None:
        """When the document ends, without a date."""

    def reply(self, said: Said) -> Reply | None:
        """Yes, no, "I don't know"."""

    def command(self, said: Said) -> str | None:
        """A command typed as such."""

    def tried(self, said: Said, *, is_asked: bool) -> Tried | None:
        """Since when."""

    def risks(self, said: Said) -> frozenset[Risk] | None:
        """What may happen soon."""

    def language(self, text: str) -> tuple[str | None, float]:
        """Which language, and how sure."""

    def named_language(self, text: str) -> str | None:
        """Which language is named in the text."""


SURE_LANGUAGE = 0.9
"""From here a language is taken for the person's."""

DRIFT_WORDS = 3
"""Words from which a message in another language counts; after two of them it is offered."""

SHORT = 3
"""Words up to which an answer to the question is taken without asking the classifier."""

_ALARMS = ALERTS | {Intent.REPORT_SCAM}
_PLACE_QUESTIONS = {Question.PLACE, Question.CONFIRM_PLACE}
_DATE_QUESTIONS = {Question.EXPIRY, Question.CONFIRM_DATE}
_NUMBER_QUESTIONS = {Question.PLACE, Question.EXPIRY, Question.ATTEMPT_WHEN}


@dataclass(frozen=True, slots=True)
class Understand:
    """Fills a turn's reading, choice and intent."""

    readers: Readers
    rank: Callable[[str, tuple[str, ...]], tuple[RankedIntent, ...]]
    """The classifier: a text and the signals in it, to intents, best first."""
    languages: Mapping[str, str]
    """Codes and native names of the languages a person can choose."""

    def __call__(self, turn: Turn, *, requested: str | None) -> None:
        """Read the turn's message in the light of the question last asked."""
        message = turn.message
        text = clean(message.text)
        if turn.is_settled:
            self._hear_alarms(turn, text)
            return
        asked = turn.asked if requested or turn.asked else None
        question = Question(asked) if asked else None
        turn.choice = self._choice(turn, text, question)
        if message.kind is InboundKind.LOCATION:
            turn.reading = Reading(place=_whereabouts(message.places), text=text)
        elif turn.choice is None:
            turn.reading = self.read(text, turn.case.language, turn.today, question)
            turn.choice = _agreed(turn)
            self._hear_language(turn)
        ranking = self.rank(text, signals(turn.reading)) if self._needs_ranking(turn, text) else ()
        turn.intent = interpret(
            turn.reading,
            ranking,
            asked=asked,
            choice=turn.choice,
            is_picture=message.kind is InboundKind.MEDIA,
            known_alerts=turn.case.situation.alerts,
        )
        if message.kind is InboundKind.LOCATION and not message.places:
            # Nothing to be heard: the open question comes again.
            turn.say("utter_location_abroad")
            turn.intent, turn.is_heard = Intent.GREET, True
        turn.reading = replace(turn.reading, alerts=rung_alerts(turn.reading, ranking))

    def _hear_alarms(self, turn: Turn, text: str) -> None:
        """Of an edit that answers nothing any more, a danger that is new; else the open question comes again."""
        known = turn.case.situation.alerts
        reading = self.read(text, turn.case.language, turn.today, None)
        ranking = self.rank(text, signals(reading)) if text and reading.command is None else ()
        intent = interpret(reading, ranking, asked=None, choice=None, is_picture=False, known_alerts=known)
        if intent in _ALARMS and set(heard_alerts(reading, ranking, intent)) - known:
            turn.reading, turn.intent = replace(reading, alerts=rung_alerts(reading, ranking)), intent
            self._hear_language(turn)
            return
        turn.say("utter_unsupported")
        turn.intent, turn.is_heard = Intent.GREET, True

    def _hear_language(self, turn: Turn) -> None:
        """The first sure language is the person's; another one later is offered, never taken (i18n.md 3)."""
        code = turn.reading.language
        case = turn.case
        if code is None or code not in self.languages or turn.reading.language_confidence < SURE_LANGUAGE:
            return
        if case.language is None:
            turn.case = replace(case, language=code)
        elif code == case.language or len(turn.reading.text.split()) < DRIFT_WORDS:
            turn.case = replace(case, drift=None) if code == case.language else case
        elif code == case.drift and code not in case.language_refused:
            offers = (Offer(f"language:{code}", Name(self.languages[code])), Offer("language:keep", Label("utter_no")))
            turn.say("utter_language_offer", offers=offers, language=Name(self.languages[code]))
            # Once is an offer, twice is nagging.
            turn.case = replace(case, language_refused=case.language_refused | {code})
        else:
            turn.case = replace(case, drift=code)

    def _choice(self, turn: Turn, text: str, question: Question | None) -> str | None:
        numbers = question not in _NUMBER_QUESTIONS
        if turn.message.kind is InboundKind.LOCATION:
            return None
        if turn.message.kind is InboundKind.CHOICE:
            said = turn.message.choice or ""
            return resolve_choice(said, turn.offered, numbers=numbers) or _standing(said)
        return resolve_choice(text, turn.offered, numbers=numbers) if text else None

    def _needs_ranking(self, turn: Turn, text: str) -> bool:
        """The classifier is asked only where its answer can change anything: it is half of a turn's time."""
        if turn.message.kind is InboundKind.LOCATION:
            return False
        if turn.choice is not None or turn.reading.command is not None or not text or self._is_torn(text):
            return False
        question = Question(turn.asked) if turn.asked else None
        is_short = len(text.split()) <= SHORT
        return not (is_short and question is not None and is_answer(question, turn.reading))

    def read(self, text: str, language: str | None, today: dt.date, question: Question | None) -> Reading:
        """All that the text says; readings, not facts."""
        if not text:
            return Reading()
        readers = self.readers
        link_code = self._link_code(text)
        if link_code is not None:
            # A code is no word of any language, and its digits are no date.
            return Reading(command="link", link_code=link_code, text=text)
        code, confidence = readers.language(text)
        tongue = language or code
        languages = _tongues(language, code)
        is_torn = self._is_torn(text)
        said = Said(text)
        alerts, route, is_youth = readers.alarms(said, languages)
        return Reading(
            alerts=alerts,
            route=route,
            is_youth=is_youth,
            place=readers.place(text, is_asked=question in _PLACE_QUESTIONS),
            title=readers.title(said, languages),
            procedure=readers.procedure(said, languages),
            blockage=readers.blockage(said, languages),
            date=self._date(text, tongue, today, question),
            bucket=readers.bucket(text),
            reply=None if is_torn else readers.reply(said),
            tried=None if is_torn else readers.tried(said, is_asked=question is Question.TRIED),
            risks=readers.risks(said) if question is Question.RISK else None,
            command=readers.command(said),
            language=code,
            language_confidence=confidence,
            named_language=readers.named_language(text),
            text=text,
        )

    def skim(self, text: str, language: str | None, today: dt.date) -> Reading:
        """What the classifier's signals are made of: a reading without a question, its date read once."""
        readers = self.readers
        said = Said(clean(text))
        languages = _tongues(language, None)
        alerts, route, is_youth = readers.alarms(said, languages)
        return Reading(
            alerts=alerts,
            route=route,
            is_youth=is_youth,
            place=readers.place(said.text, is_asked=False),
            title=readers.title(said, languages),
            procedure=readers.procedure(said, languages),
            blockage=readers.blockage(said, languages),
            date=readers.date(said.text, language, today, is_asked=False),
            bucket=readers.bucket(said.text),
            reply=None if self._is_torn(said.text) else readers.reply(said),
            command=readers.command(said),
            named_language=readers.named_language(said.text),
            text=said.text,
        )

    def _link_code(self, text: str) -> str | None:
        """The one-time code of "link K7QM-2XPA" in any language, or of a code alone."""
        parts = link_codes.split(text)
        if parts is None or self.readers.command(Said(text)) is not None:
            return None
        if parts[0] and self.readers.command(Said(parts[0])) != "link":
            return None
        return parts[1]

    def _is_torn(self, text: str) -> bool:
        """True for yes and no at once ("oui non", "yes or no"): an alarm must not hang on whichever was read first."""
        said = words(text)
        if not 1 < len(said) <= SHORT:
            return False
        return {self.readers.reply(Said(said[0])), self.readers.reply(Said(said[-1]))} == {Reply.YES, Reply.NO}

    def _date(self, text: str, language: str | None, today: dt.date, question: Question | None) -> DateReading:
        if question is Question.ATTEMPT_WHEN:
            tried = self.readers.attempt_date(text, language, today)
            if tried.status is Status.FOUND:
                return tried
        first = self.readers.date(text, language, today, is_asked=question in _DATE_QUESTIONS)
        if first.status is not Status.FOUND or first.is_explicit:
            return first
        return agree(first, self.readers.second_date(text, language, today))


def _tongues(spoken: str | None, detected: str | None) -> tuple[str, ...]:
    """The languages a text may be in: the conversation's and its own."""
    return tuple(dict.fromkeys(code for code in (spoken, detected) if code is not None))


def _agreed(turn: Turn) -> str | None:
    """The button behind a yes or no in the person's own words, where a code asks for it."""
    named = {Reply.YES: "link:yes", Reply.NO: "link:no"}.get(turn.reading.reply or Reply.DECLINE)
    return named if named in {choice for choice, _title in turn.offered} else None


def _whereabouts(places: Sequence[str]) -> PlaceReading:
    """The reading of a shared location: where somebody is, which may not be where they live."""
    parts = [place.partition("/") for place in places]
    found = tuple(PlaceCandidate(code, None, name or None) for code, _slash, name in parts)
    if len(found) == 1:
        return PlaceReading(Status.FOUND, found[0], is_whereabouts=True)
    return PlaceReading(Status.AMBIGUOUS if found else Status.NONE, candidates=found, is_whereabouts=True)


def _standing(said: str) -> str | None:
    """Buttons that work whenever they are pressed: they ask for something and answer nothing."""
    return said if said.startswith(("do:", "next:", "language:", "correct:", "erase:")) else None
