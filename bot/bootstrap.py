"""The composition root: the only place that knows everybody.

Settings become a House; a command takes from it what it needs.
"""

from __future__ import annotations

import importlib
import json
import logging
import random as _random
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.terminal import TerminalChannel
from bot.channels.web import WebChannel
from bot.core import link_codes
from bot.core.calendar import local_day
from bot.core.case import Case
from bot.core.effects import PersonState, ReminderKind
from bot.core.ids import PersonId
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Received
from bot.documents.letters import LetterRenderer
from bot.gateway.metrics import Metrics
from bot.i18n.catalogue import load_catalogue
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from bot.i18n.wording import Wording
from bot.jobs.purge import Purge
from bot.jobs.workers import SENDERS
from bot.media.inspection import Inspector
from bot.platforms import Platform, Surroundings, open_platforms
from bot.services.converse import Converse
from bot.services.deliver import Deliver
from bot.services.fetch import Fetch
from bot.services.lazy_engine import LazyEngine
from bot.services.letters import to_facts
from bot.services.receive import Receive
from bot.services.remind import Remind
from bot.services.settle import settle
from bot.services.settle_report import SettleReport
from bot.services.stoppages import Stoppages
from bot.services.take_in import TakeIn
from bot.services.traffic import Traffic
from bot.storage.master_key import load_master_key
from bot.storage.reference.templates import load_templates
from bot.storage.store import DATABASE_NAME, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.config import Settings
    from bot.core.channel import Channel
    from bot.core.delivery import TemplateCall
    from bot.core.messages import OutboundFile, OutboundMessage
    from bot.core.reading import PlaceCandidate
    from bot.core.templates import Templates
    from bot.core.wording import Utterance
    from bot.engine.rasa_engine import RasaEngine
    from bot.readers import Reference
    from bot.services.flow import FlowAction
    from bot.services.registry import Services
    from bot.storage.sealing import MasterKey
    from bot.storage.store import Store

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder: data, flows, locales and examples lie below it."""

logger = logging.getLogger(__name__)
_REFUSED = "whatsapp templates refused"
_TEMPLATE_CODES = frozenset({"132000", "132001", "132005", "132007", "132012", "132015", "132016"})
"""Codes of channels.md 2.7 that speak of the template itself."""

REHEARSAL = "Bonjour, je n'arrive pas à avoir de rendez-vous à la préfecture de Bobyny depuis le 3 mars"
"""Has a place that is written wrong, a date and a wish, so that all readers and the classifier are asked."""

FLOWS = ("common", "triage", "proof", "association", "letter")


class HouseClock:
    """The system's clock, or a fixed instant for programs that pass one."""

    def __init__(self) -> None:
        """The system's time."""
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        """Now, aware, UTC."""
        return self._fixed or datetime.now(UTC)

    def set(self, instant: datetime | None) -> None:
        """Stand still at an instant, or go on when None."""
        self._fixed = instant.astimezone(UTC) if instant is not None else None


@dataclass
class House:
    """Everything of one process, made when it is first needed."""

    settings: Settings
    random: Callable[[int], bytes] = secrets.token_bytes
    clock: HouseClock = field(default_factory=HouseClock)
    terminal: TerminalChannel = field(default_factory=TerminalChannel)
    web: WebChannel = field(default_factory=WebChannel)
    metrics: Metrics = field(default_factory=Metrics)
    has_terminal: bool = True
    """False for a server: the messages of a terminal are for the process that has one."""

    def new_id(self) -> str:
        """A fresh random id."""
        return self.random(16).hex()

    @cached_property
    def wording(self) -> Wording:
        """All sentences in all languages."""
        languages = load_languages(ROOT / "bot/data/languages.yml")
        catalogues = {
            language.code: load_catalogue(ROOT / "locales" / language.code / "LC_MESSAGES" / "messages.po")
            for language in languages.offered
            if language.code != "fr"
        }
        return Wording(languages, load_sources(ROOT), catalogues)

    @cached_property
    def master_key(self) -> MasterKey:
        """The key that wraps every person's key; made on the first start."""
        data_dir = self.settings.data_dir
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return load_master_key(
            text=self.settings.master_key,
            file=self.settings.master_key_file,
            data_dir=data_dir,
            database=data_dir / DATABASE_NAME,
            random=self.random,
        )

    @cached_property
    def store(self) -> Store:
        """The database and the files."""
        return open_store(self.settings.data_dir, self.master_key, self.random, self.clock)

    @property
    def session_key(self) -> bytes:
        """The key of the web chat's cookies, derived from the master key."""
        return self.master_key.keyed_hash("web sessions")

    @cached_property
    def reference(self) -> Reference:
        """The data of bot/data, as the core wants it."""
        from bot.readers import load_reference  # noqa: PLC0415  (0.4 s that most commands do not need)

        return load_reference(ROOT, self.wording)

    @cached_property
    def services(self) -> Services:
        """What the flows may use."""
        return self.reference.services(
            self.new_id,
            lambda: link_codes.draw(self.random),
            lambda code: self.store.persons.is_link_code(code, self.clock.now()),
        )

    @property
    def model_dir(self) -> Path:
        """Where the trained models of this data directory lie."""
        return self.settings.data_dir / "models"

    def train(self, *, force: bool = False) -> tuple[Path, bool]:
        """The model of the current inputs, trained if need be, and whether it was trained now."""
        from bot.engine import training  # noqa: PLC0415  (keeps Rasa out of commands that do not talk)
        from bot.engine.e5_vectors import is_available  # noqa: PLC0415

        inputs = training.ModelInputs(ROOT)
        digest = inputs.digest(has_e5=is_available())
        spare = ROOT / ".guichet" / "models"
        trained = training.train(
            inputs, self.model_dir, digest, spare=spare if spare != self.model_dir else None, force=force
        )
        return training.model_path(self.model_dir, digest), trained

    @cached_property
    def engine(self) -> RasaEngine:
        """The dialogue engine, its model trained if need be."""
        path, _trained = self.train()
        from bot.engine.rasa_engine import load_engine  # noqa: PLC0415  (nine seconds of imports)
        from bot.services.understand import Understand  # noqa: PLC0415

        engine = load_engine(path, self._actions(), self.wording)
        engine.understand = Understand(self.reference.readers, engine.rank, dict(self.services.languages))
        return engine

    def warm_up(self) -> None:
        """Load what turns would otherwise load while people wait: engine, encoder, the words of every language.

        A turn changes nothing before its commit, so one is played that nobody said.
        """
        now = self.clock.now()
        engine = self.engine
        self.reference.readers.warm_up(local_day(now))
        said = InboundMessage(InboundKind.TEXT, REHEARSAL)
        engine.play(PersonState(Case(), b"", ()), Received(1, PersonId("rehearsal"), said, now, 1), now)

    def _actions(self) -> dict[str, FlowAction]:
        actions: dict[str, FlowAction] = {}
        for flow in FLOWS:
            for action in importlib.import_module(f"flows.{flow}.actions").actions(self.services):
                actions[action.name] = action
        return actions

    @cached_property
    def inspector(self) -> Inspector:
        """Looks at pictures out of process."""
        return Inspector()

    @cached_property
    def renderer(self) -> LetterRenderer:
        """Draws letters out of process."""
        return LetterRenderer(
            lambda key, french, language: self.wording.translate(f"letter.{key}", french, language),
            self.reference.letter_languages,
            self.reference.titles,
        )

    def render(self, file: OutboundFile) -> bytes:
        """A message's document, drawn now. Raises DocumentError."""
        return self.renderer.letter(to_facts(file))

    def say(self, utterance: Utterance, language: str) -> OutboundMessage:
        """One utterance as a message; in French when the language is none of ours."""
        tongue = language if self.wording.languages.is_offered(language) else "fr"
        return self.wording.messages((utterance,), tongue)[0]

    @cached_property
    def receive(self) -> Receive:
        """Stores inbound messages."""
        return Receive(self.store.inbox, self.store.persons, self.store.files, self.clock)

    @cached_property
    def converse(self) -> Converse:
        """Plays waiting messages; the engine loads at the first one."""
        store = self.store
        engine = LazyEngine(lambda: self.engine, self.metrics.not_kept)
        return Converse(store.inbox, store.persons, store.files, self.inspector, engine, self.clock, self.say)

    @cached_property
    def deliver(self) -> Deliver:
        """Delivers waiting messages."""
        channels: dict[str, Channel] = {self.web.name: self.web, **self.platforms}
        if self.has_terminal:
            channels[self.terminal.name] = self.terminal
        store, chance = self.store, _random.SystemRandom().random
        return Deliver(
            store.outbox,
            store.persons,
            channels,
            self.clock,
            chance,
            self.render,
            self.template_for,
            self.template_refused,
            meter=self.stoppages,
            traffic=Traffic(SENDERS - 1),
        )

    @cached_property
    def stoppages(self) -> Stoppages:
        """Why nothing is sent on a platform."""
        return Stoppages(self.metrics, self.store.notes, self.clock)

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """The channels of platforms that are set up, by name."""
        return open_platforms(
            self.settings,
            Surroundings(
                self.derived_secret, self.profile_texts, self.wording.sentence, self.clock.now, self.store.notes.first
            ),
        )

    @cached_property
    def templates(self) -> Templates:
        """The messages that WhatsApp approves before they may be sent."""
        return load_templates(ROOT / "bot/data/whatsapp_templates.yml")

    def template_for(self, channel: str, message: OutboundMessage) -> TemplateCall | None:
        """The approved message that says the same as this one; None for an answer, and when there is none."""
        kinds = {f"reminder_{kind}": kind for kind in ReminderKind}
        kind = kinds.get(message.template or "")
        if channel != "whatsapp" or kind is None:
            return None
        chosen = self.templates.choose(kind, message.language, unusable=self.refused_templates())
        return None if chosen is None else chosen.call

    def template_refused(self, channel: str, template: TemplateCall, reason: str) -> None:
        """A template the platform did not take is not tried again until somebody has looked (`channels check`)."""
        if reason not in _TEMPLATE_CODES:
            return
        label = f"{template.name}/{template.language}"
        self.store.notes.change(_REFUSED, lambda known: json.dumps(sorted({*json.loads(known or "[]"), label})))
        logger.error("%s: template %s was refused: %s", channel, label, reason)

    def refused_templates(self) -> list[str]:
        """The templates that are not tried any more, as ``name/code``."""
        refused: list[str] = json.loads(self.store.notes.read(_REFUSED) or "[]")
        return refused

    def forgive_templates(self, labels: Collection[str]) -> None:
        """Somebody has looked: these may be tried again. One that is refused meanwhile stays."""
        self.store.notes.change(
            _REFUSED, lambda known: json.dumps([label for label in json.loads(known or "[]") if label not in labels])
        )

    @property
    def profile_texts(self) -> dict[str, tuple[str, str, str, dict[str, str]]]:
        """What platforms show of the bot, by language; French for whoever reads none of ours."""
        prefix = "profile.command."
        commands = [key.removeprefix(prefix) for key in self.wording.sources if key.startswith(prefix)]

        def words(language: str) -> tuple[str, str, str, dict[str, str]]:
            say = self.wording.sentence
            name, short, long = (say(f"profile.{part}", language) for part in ("name", "short", "description"))
            return name, short, long, {command: say(prefix + command, language) for command in commands}

        return {"": words("fr")} | {language.code: words(language.code) for language in self.wording.languages.offered}

    @property
    def secrets(self) -> list[str]:
        """What must never stand in a log: what was set, and what the platforms that are open derive from it."""
        settings = self.settings
        given = [settings.master_key or "", settings.admin_token or ""]
        if settings.telegram is not None:
            given += [settings.telegram.token, settings.telegram.secret or ""]
        if settings.whatsapp is not None:
            given += settings.whatsapp.secrets
        for platform in self.__dict__.get("platforms", {}).values():
            given += platform.secrets
        return [secret for secret in given if secret]

    def derived_secret(self, purpose: str) -> str:
        """A secret of this house for one purpose, the same at every start."""
        return self.master_key.keyed_hash("secret", purpose).hex()

    @cached_property
    def take_in(self) -> TakeIn:
        """Stores what platforms tell."""
        store = self.store
        settle = SettleReport(self.deliver)
        return TakeIn(store.inbox, store.outbox, store.persons, self.clock, self.metrics, self._locate, settle)

    def _locate(self, latitude: float, longitude: float) -> tuple[PlaceCandidate, ...]:
        """The places a point on the map may lie in; the tables load at the first one."""
        return self.reference.readers.gazetteer.at(latitude, longitude)

    @cached_property
    def fetch(self) -> Fetch:
        """Fetches files from platforms."""
        store = self.store
        chance = _random.SystemRandom().random
        return Fetch(
            store.media, store.files, self.inspector, self.platforms, self.clock, chance, self.metrics.not_fetched
        )

    @cached_property
    def remind(self) -> Remind:
        """Queues due reminders."""
        store = self.store
        return Remind(store.reminders, store.persons, store.outbox, self.clock, self.say)

    @cached_property
    def purge(self) -> Purge:
        """Erases what is past its time."""
        return Purge(self.store.shredder, self.clock)

    def settle(self) -> int:
        """Fetch, play and deliver all that waits, in this thread."""
        return settle(self.fetch, self.converse, self.deliver)

    def tick(self) -> None:
        """Reminders and retention as of now, and what they send."""
        self.remind()
        self.purge()
        self.settle()

    def close(self) -> None:
        """Stop what was started."""
        started = self.__dict__
        if "engine" in started:
            self.engine.close()
        if "inspector" in started:
            self.inspector.close()
        if "platforms" in started:
            for platform in self.platforms.values():
                platform.close()
        if "store" in started:
            self.store.close()
