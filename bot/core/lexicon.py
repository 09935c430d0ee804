"""Bare answers, typed commands and risks, in every language at once.

Must not know: any language's words (bot/data/lexicon.yml), which question was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from bot.core.case import Risk
from bot.core.durations import Durations, bucket
from bot.core.phrasebook import Phrasebook
from bot.core.reading import Reply
from bot.core.spelling import forms
from bot.core.tokens import Spelling, said, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.case import Tried
    from bot.core.tokens import Said

COMMANDS = ("stop", "erase", "human", "language", "summary", "correct", "urgent", "help", "link")
"""Ids of core.reading, Reading.command."""
LONGEST_OPENED = 12
"""Words of an answer that begins with yes or no and goes on; longer ones are stories."""

_SKIN = dict.fromkeys([*range(0x1F3FB, 0x1F400), 0xFE0F])
"""Skin tones and the sign that makes a symbol an emoji."""

T = TypeVar("T")


class _WholeTexts(Generic[T]):
    """Wordings that are meant only when they are all that was typed, courtesies aside."""

    def __init__(self, wordings: Mapping[T, Iterable[str]], courtesies: Iterable[str], spelling: Spelling) -> None:
        self._spelling = spelling
        self._courtesies = {tokenise(word, spelling).words[1:-1] for word in courtesies}
        self._longest = max((len(words) for words in self._courtesies), default=0)
        self._meanings: dict[tuple[str, ...], T] = {}
        for meaning, says in wordings.items():
            for say in says:
                self._meanings[self._key(say)] = meaning

    def _key(self, text: str | Said) -> tuple[str, ...]:
        """The words of a text; the signs themselves when it has none, an emoji."""
        whole = said(text)
        return whole.tokens(self._spelling).words[1:-1] or tuple(whole.text.translate(_SKIN).split())

    def read(self, text: str | Said) -> T | None:
        words = self._key(text)
        for candidate in (words, self._bare(words)):
            found = self._lookup(candidate)
            if found is not None:
                return found
        return None

    def _lookup(self, words: tuple[str, ...]) -> T | None:
        if len(words) > 1 and len(set(words)) == 1:
            words = words[:1]
        if words in self._meanings:
            return self._meanings[words]
        if len(words) == 1:
            return next((self._meanings[(form,)] for form in forms(words[0]) if (form,) in self._meanings), None)
        return None

    def _bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        shorter = True
        while shorter:
            shorter = False
            for size in range(min(self._longest, len(words) - 1), 0, -1):
                if words[:size] in self._courtesies:
                    words, shorter = words[size:], True
                    break
                if words[-size:] in self._courtesies:
                    words, shorter = words[:-size], True
                    break
        return words


class Lexicon:
    """Short answers as people type them."""

    def __init__(
        self,
        *,
        replies: Mapping[Reply, Iterable[str]],
        openings: Mapping[Reply, Iterable[str]],
        commands: Mapping[str, Iterable[str]],
        courtesies: Iterable[str],
        durations: Durations,
        risks: Mapping[Risk, Iterable[str]],
        spelling: Spelling,
    ) -> None:
        """Build the matchers. Raises DataError when a wording is not well formed."""
        polite = tuple(courtesies)
        self._replies = _WholeTexts(replies, polite, spelling)
        self._commands = _WholeTexts(commands, polite, spelling)
        self._openings: Phrasebook[Reply] = Phrasebook(
            [(reply, say) for reply, says in openings.items() for say in says], None, spelling
        )
        self._risks: Phrasebook[Risk] = Phrasebook(
            [(risk, say) for risk, says in risks.items() for say in says], None, spelling
        )
        self._durations = durations

    def read_reply(self, text: str | Said) -> Reply | None:
        """The bare answer a text is, or begins with; None when it says more, or two things."""
        text = said(text)
        whole = self._replies.read(text)
        if whole is not None:
            return whole
        tokens = self._openings.tokens(text)
        if len(tokens.words) - 2 > LONGEST_OPENED:
            return None
        hits = self._openings.find(tokens)
        found = {hit.key for hit in hits}
        return found.pop() if len(found) == 1 and any(hit.start == 1 for hit in hits) else None

    def read_command(self, text: str | Said) -> str | None:
        """The command that was typed and nothing else, courtesies aside (domain.md 3: in every language)."""
        return self._commands.read(text)

    def read_tried(self, text: str | Said, *, is_asked: bool) -> Tried | None:
        """Since when the person has tried or waited; unasked, only beside a word of trying or waiting."""
        days = self._durations.read(text, is_asked=is_asked)
        return None if days is None else bucket(days)

    def read_risks(self, text: str | Said) -> frozenset[Risk] | None:
        """What may happen soon; "nothing" counts only alone; None when nothing of the kind was said."""
        found = {hit.key for hit in self._risks.find(text)}
        real = found - {Risk.NONE}
        if real:
            return frozenset(real)
        if found or self._replies.read(text) is Reply.NO:
            return frozenset({Risk.NONE})
        return None
