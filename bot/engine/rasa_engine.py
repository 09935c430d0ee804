"""One turn through Rasa: understand, then rules and forms, then the record to be committed.

The only seam between Guichet and Rasa at run time. Not safe for threads: one worker plays one turn at a time.
Must not know: the database, the channels.
"""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import bot.engine.rasa_runtime  # noqa: F401  (before anything of Rasa)
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import Domain

from bot.core.calendar import local_day
from bot.core.effects import EraseEverything, PersonState, TurnRecord
from bot.core.errors import ModelMissingError, TurnFailedError
from bot.core.intents import Intent, RankedIntent
from bot.core.messages import InboundKind
from bot.engine.actions_endpoint import LocalActions
from bot.engine.dialogue import Dialogue, OneTurnTrackers
from bot.engine.intent_component import IntentComponent  # (the import registers it, and the model names it)
from bot.engine.rasa_runtime import silence
from bot.services import edits
from bot.services.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.core.messages import OutboundMessage
    from bot.core.ports import Received
    from bot.i18n.wording import Wording
    from bot.services.flow import FlowAction
    from bot.services.understand import Understand

_SENDER = "person"
"""Rasa never learns who speaks."""


class RasaEngine:
    """The dialogue engine behind ``ports.Engine``."""

    def __init__(self, agent: Agent, actions: LocalActions, trackers: OneTurnTrackers, wording: Wording) -> None:
        """Called by ``load_engine``; ``understand`` is set by the composition root. Raises ModelMissingError."""
        self._agent = agent
        self._classifier = _classifier_of(agent)
        self._actions = actions
        self._trackers = trackers
        self._wording = wording
        self._loop = asyncio.new_event_loop()
        self.understand: Understand | None = None

    def rank(self, text: str, signals: tuple[str, ...]) -> tuple[RankedIntent, ...]:
        """The classifier's ranking of the intents for a text and its signals, best first; empty for an empty text."""
        said = text[:1000].lstrip("/ \t\n")
        if not said:
            return ()
        return tuple(RankedIntent(Intent(name), chance) for name, chance in self._classifier.rank(said, signals))

    def play(self, state: PersonState, received: Received, now: datetime) -> TurnRecord:
        """Play one message. Raises TurnFailedError; a message already played gives an empty record."""
        dialogue = Dialogue.from_bytes(state.dialogue)
        if received.seq == dialogue.played:
            return TurnRecord(state.case, state.dialogue, (), ())
        turn = Turn(
            case=state.case,
            message=received.message,
            attempts=state.attempts,
            now=now,
            today=local_day(now),
            asked=dialogue.asked,
            offered=dialogue.offered,
            is_settled=edits.is_settled(received.message, dialogue.missed),
        )
        try:
            self._understand(turn, dialogue)
            self._converse(turn, dialogue)
            messages = self._wording.messages(turn.utterances, self._language(turn))
            if any(isinstance(effect, EraseEverything) for effect in turn.effects):
                messages = tuple(replace(message, is_farewell=True) for message in messages)
        except Exception as error:
            message = f"turn {received.seq} failed"
            raise TurnFailedError(message) from error
        after = self._after(dialogue, received.seq, messages)
        after = replace(after, missed=edits.missed(turn, state.case, messages[-1] if messages else None))
        return TurnRecord(turn.case, after.to_bytes(), messages, tuple(turn.effects))

    def _language(self, turn: Turn) -> str:
        """The person's language; before it is known, the phone's when we have it, else French."""
        hint = turn.message.language_hint
        return turn.case.language or (hint if hint and self._wording.languages.is_offered(hint) else "fr")

    def _understand(self, turn: Turn, dialogue: Dialogue) -> None:
        if self.understand is None:
            message = "the engine was not wired"
            raise ModelMissingError(message)
        if turn.message.kind is InboundKind.START and not turn.message.text:
            turn.intent = Intent.GREET
            return
        self.understand(turn, requested=dialogue.requested)

    def _converse(self, turn: Turn, dialogue: Dialogue) -> None:
        self._actions.begin(turn)
        self._trackers.begin(dialogue)
        parsed = {"text": "", "intent": {"name": str(turn.intent), "confidence": 1.0}, "entities": []}
        message = UserMessage("", CollectingOutputChannel(), _SENDER, parse_data=parsed, input_channel="guichet")
        try:
            self._loop.run_until_complete(self._agent.handle_message(message))
        finally:
            self._actions.turn = None
        if self._actions.failure is not None:
            raise self._actions.failure

    def _after(self, dialogue: Dialogue, seq: int, messages: tuple[OutboundMessage, ...]) -> Dialogue:
        asked, offered = dialogue.asked, dialogue.offered
        if messages:
            asked = messages[-1].asks
            offered = tuple((choice.id, choice.title) for choice in messages[-1].choices)
        return Dialogue(self._trackers.form, self._trackers.requested, asked, offered, seq)

    def close(self) -> None:
        """Free the event loop."""
        self._loop.close()


def _classifier_of(agent: Agent) -> IntentComponent:
    """The trained component within Rasa, asked directly: through the graph a ranking costs a millisecond more."""
    nodes = vars(agent.processor.graph_runner)["_instantiated_nodes"].values()
    for node in nodes:
        component = vars(node)["_component"]
        if isinstance(component, IntentComponent):
            return component
    message = "the model holds no classifier"
    raise ModelMissingError(message)


def load_engine(model: Path, actions: Mapping[str, FlowAction], wording: Wording) -> RasaEngine:
    """The engine of a trained model.

    Raises ModelMissingError when the file is missing or does not load: Rasa itself would silently take the newest
    archive of the folder, or answer nothing (engine.md 2.4, style.md 0).
    """
    if not model.is_file():
        message = f"no model at {model.name}: run `guichet train`"
        raise ModelMissingError(message)
    endpoint = LocalActions(actions)
    trackers = OneTurnTrackers(Domain.empty())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            agent = Agent.load(str(model), action_endpoint=endpoint, tracker_store=trackers)
    except Exception as error:
        message = f"the model {model.name} does not load: run `guichet train --force`"
        raise ModelMissingError(message) from error
    silence()
    if not agent.is_ready():
        message = f"the model {model.name} is not ready: run `guichet train --force`"
        raise ModelMissingError(message)
    known = set(agent.domain.action_names_or_texts)
    missing = [name for name in actions if name not in known]
    wanted = [name for name in agent.domain.user_actions if name.startswith(("action_", "validate_"))]
    missing += [name for name in wanted if name not in actions]
    if missing:
        message = f"flows and domain disagree about {', '.join(sorted(set(missing)))}"
        raise ModelMissingError(message)
    return RasaEngine(agent, endpoint, trackers, wording)
