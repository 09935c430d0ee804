"""A house with the real engine, shared by all conversations; each test has persons of its own."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = "2026-11-23T10:00:00+01:00"


class Talk:
    """One person's conversation through ``guichet chat --json``."""

    def __init__(self, chat, person, language):
        self.chat = chat
        self.person = person
        self.language = language
        self.texts = []
        self.asked = []
        self.last = None

    def send(self, now=NOW, **entry):
        line = json.dumps({"person": self.person, "now": now, **entry})
        answer = json.loads(json.dumps(self.chat.answer(line)))
        assert "error" not in answer, answer
        self.texts += [m["text"] for m in answer["messages"]]
        self.asked += [m["asks"] for m in answer["messages"] if m["asks"]]
        self.last = answer
        return answer

    @property
    def asks(self):
        return next((m["asks"] for m in reversed(self.last["messages"]) if m["asks"]), None)

    @property
    def state(self):
        return self.last["state"]

    @property
    def said(self):
        return "\n".join(self.texts)

    def answer_all(self, answers, limit=16):
        """Answer every question that has an answer, until there is none."""
        for _ in range(limit):
            answer = answers.get(self.asks)
            if answer is None:
                return
            if isinstance(answer, dict):
                answer = answer[self.language]
            if ":" in answer:
                self.send(choice=answer)
            else:
                self.send(text=answer)
        pytest.fail(f"the conversation does not end: {self.asked}")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    from bot.bootstrap import House
    from bot.config import Settings

    made = House(Settings(data_dir=tmp_path_factory.mktemp("guichet")))
    made.clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    yield made
    made.close()


@pytest.fixture(scope="session")
def chat(house, tmp_path_factory):
    from bot.commands.chat_json import JsonChat

    return JsonChat(house, Path(tmp_path_factory.mktemp("documents")))


@pytest.fixture
def talk(chat, request):
    """Starts a conversation: ``talk("fr")``."""
    numbers = iter(range(100))

    def start(language="fr"):
        return Talk(chat, f"{request.node.nodeid}-{next(numbers)}", language)

    return start


@pytest.fixture(scope="session")
def pattern(house):
    """Turns a wording key into a pattern of its sentence in a language; anything else is a pattern itself."""

    def of(key, language):
        if key not in house.wording.sources:
            return key
        sentence = house.wording.sentence(key, language)
        return ".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", sentence))

    return of
