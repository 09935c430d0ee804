"""The house without Rasa: loaded data, small turns, and an engine that follows the flows' rule files."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from bot.bootstrap import FLOWS
from bot.core.calendar import local_day
from bot.core.case import Case
from bot.core.effects import EraseEverything, TurnRecord
from bot.core.intents import Intent, RankedIntent
from bot.core.messages import InboundKind, InboundMessage
from bot.i18n.catalogue import load_catalogue
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from bot.i18n.wording import Wording
from bot.readers import load_reference
from bot.services import edits
from bot.services.flow import Ask, Done, Finish, Leave, Reject, Then
from bot.services.turn import Turn
from bot.services.understand import Understand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.effects import PersonState
    from bot.core.ports import Received
    from bot.readers import Reference
    from bot.services.flow import FlowAction, Result
    from bot.services.registry import Services

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""Noon in Paris."""

GOOD_CODES: set[str] = set()
"""The link codes that may be used."""

AFTER = {"triage_form": "action_triage_outcome", "proof_form": "action_proof_done"}


@cache
def wording() -> Wording:
    """All sentences, as shipped."""
    languages = load_languages(ROOT / "bot/data/languages.yml")
    codes = [language.code for language in languages.offered if language.code != "fr"]
    folders = {code: ROOT / "locales" / code / "LC_MESSAGES" / "messages.po" for code in codes}
    return Wording(languages, load_sources(ROOT), {code: load_catalogue(path) for code, path in folders.items()})


@cache
def reference() -> Reference:
    """bot/data, as shipped."""
    return load_reference(ROOT, wording())


@cache
def services() -> Services:
    """What the flows may use, with counted ids."""
    numbers = count(1)
    return reference().services(
        lambda: f"{next(numbers):032x}", lambda: f"K7QM{next(numbers):04d}", lambda code: code in GOOD_CODES
    )


@cache
def actions() -> Mapping[str, FlowAction]:
    """Every action by name."""
    found = [importlib.import_module(f"flows.{flow}.actions").actions(services()) for flow in FLOWS]
    return {action.name: action for flow in found for action in flow}


@cache
def rules() -> Mapping[str, str]:
    """The action of every intent, from the flows' rules.yml."""
    found = {}
    for flow in FLOWS:
        text = (ROOT / "flows" / flow / "rules.yml").read_text(encoding="utf-8")
        for rule in YAML(typ="safe").load(text)["rules"]:
            first, *rest = rule["steps"]
            if "intent" in first:
                found[first["intent"]] = rest[0]["action"]
    return found


def message(text: str = "", choice: str | None = None, **more: object) -> InboundMessage:
    """One message, a button's when ``choice`` is given."""
    kind = InboundKind.CHOICE if choice is not None else InboundKind.TEXT
    return InboundMessage(**{"kind": kind, "text": text, "choice": choice, **more})  # type: ignore[arg-type]


def turn(case: Case | None = None, said: InboundMessage | None = None, **more: object) -> Turn:
    """A turn of a French person at noon; ``more`` replaces its fields."""
    told: dict[str, object] = {"attempts": (), "now": NOON, "today": local_day(NOON), **more}
    made = Turn(case=case or Case(language="fr"), message=said or message(), **told)  # type: ignore[arg-type]
    if made.choice is None and made.message.kind is InboundKind.CHOICE:
        made.choice = made.message.choice
    return made


def run(name: str, played: Turn, requested: str | None = None) -> Result:
    """Run one action by name."""
    return actions()[name].run(played, requested)


def keys(played: Turn) -> list[str]:
    """The keys that were said."""
    return [utterance.key for utterance in played.utterances]


def spoken(played: Turn, language: str = "fr") -> str:
    """All that was said, in words; every key and value must exist."""
    return "\n".join(sent.text for sent in wording().messages(played.utterances, language))


Ranker = "Callable[[str], tuple[RankedIntent, ...]]"


def nothing_ranked(text: str, signals: tuple[str, ...] = ()) -> tuple[RankedIntent, ...]:
    """A classifier that knows nothing."""
    return (RankedIntent(Intent.NLU_FALLBACK, 0.2),)


class PlainEngine:
    """``ports.Engine`` over the flows' own rules: what Rasa decides, decided by reading rules.yml."""

    def __init__(self, rank: Callable[[str, tuple[str, ...]], tuple[RankedIntent, ...]] = nothing_ranked) -> None:
        self.understand = Understand(reference().readers, rank, dict(services().languages))
        self.failure: Exception | None = None
        self.is_closed = False

    def play(self, state: PersonState, received: Received, now: datetime) -> TurnRecord:
        if self.failure is not None:
            raise self.failure
        dialogue = json.loads(state.dialogue or b"{}")
        played = Turn(
            state.case, received.message, state.attempts, now, local_day(now), dialogue.get("asked"),
            tuple((i, t) for i, t in dialogue.get("offered", ())),
            is_settled=edits.is_settled(received.message, dialogue.get("missed", "")),
        )  # fmt: skip
        if received.message.kind is InboundKind.START and not received.message.text:
            played.intent = Intent.GREET
        else:
            self.understand(played, requested=dialogue.get("requested"))
        requested = self.follow(played, dialogue.get("requested"))
        sent = wording().messages(played.utterances, played.case.language or "fr")
        if any(isinstance(effect, EraseEverything) for effect in played.effects):
            sent = tuple(replace(each, is_farewell=True) for each in sent)
        if sent:
            offered = [(choice.id, choice.title) for choice in sent[-1].choices]
            dialogue |= {"asked": sent[-1].asks, "offered": offered}
        dialogue["requested"] = requested
        dialogue["missed"] = edits.missed(played, state.case, sent[-1] if sent else None)
        return TurnRecord(played.case, json.dumps(dialogue).encode(), sent, tuple(played.effects))

    def follow(self, played: Turn, requested: str | None) -> str | None:
        """Play the actions of one turn; the slot that is asked for afterwards."""
        form = _form_of(requested)
        name = f"validate_{form}" if form else rules()[played.intent]
        for _step in range(12):
            result = run(name, played, requested)
            match result:
                case Ask(slot):
                    return slot
                case Finish():
                    name, requested, form = AFTER[str(form)], None, None
                case Reject():
                    name = rules()[played.intent]
                case Leave():
                    return None
                case Then(action) if action in AFTER:
                    requested = requested if form == action else None
                    form, name = action, f"validate_{action}"
                case Then(action):
                    name = action
                case Done():
                    return requested
        error = f"the turn does not end at {name}"
        raise AssertionError(error)

    def close(self) -> None:
        self.is_closed = True


def _form_of(requested: str | None) -> str | None:
    return None if requested is None else f"{requested.partition('_')[0]}_form"
