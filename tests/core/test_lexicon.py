"""Short answers, on words of our own."""

import pytest

from bot.core.case import Risk, Tried
from bot.core.durations import Durations, DurationWords
from bot.core.lexicon import Lexicon
from bot.core.reading import Reply
from bot.core.tokens import Spelling

LEXICON = Lexicon(
    replies={
        Reply.YES: ("oui", "c'est ça", "👍"),
        Reply.NO: ("non",),
        Reply.DONT_KNOW: ("je ne sais pas",),
        Reply.DECLINE: ("suivant",),
    },
    openings={
        Reply.YES: ("oui",),
        Reply.NO: ("non",),
        Reply.DONT_KNOW: ("sais pas",),
        Reply.DECLINE: ("veux pas répondre",),
    },
    commands={"stop": ("stop",), "erase": ("effacer tout", "effacer")},
    courtesies=("svp", "merci beaucoup"),
    durations=Durations(DurationWords(units={7: ("semaine",)}, answers={0: ("jamais",)}), Spelling()),
    risks={Risk.WORK: ("travail",), Risk.HEALTH: ("santé",), Risk.NONE: ("rien",)},
    spelling=Spelling(),
)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Oui", Reply.YES),
        ("OUIIII", Reply.YES),
        ("oui oui oui", Reply.YES),
        ("svp oui merci beaucoup svp", Reply.YES),
        ("👍🏽", Reply.YES),
        ("oui je veux continuer", Reply.YES),
        ("oui mais je ne sais pas", None),
        ("alors oui", None),
        ("oui " + "mot " * 12, None),
        ("non", Reply.NO),
        ("svp", None),
        ("bonjour", None),
        ("bonjour madame", None),
        ("", None),
    ],
)
def test_a_reply_is_read(text, reply):
    assert LEXICON.read_reply(text) is reply


@pytest.mark.parametrize(
    ("text", "command"),
    [("STOP", "stop"), ("stop svp", "stop"), ("Effacer tout !", "erase"), ("je veux effacer une erreur", None)],
)
def test_a_command_is_read_only_alone(text, command):
    assert LEXICON.read_command(text) == command


def test_a_duration_becomes_a_bucket():
    assert LEXICON.read_tried("2 semaines", is_asked=True) is Tried.WEEKS
    assert LEXICON.read_tried("jamais", is_asked=True) is Tried.NEVER
    assert LEXICON.read_tried("2 semaines", is_asked=False) is None


@pytest.mark.parametrize(
    ("text", "risks"),
    [
        ("mon travail, ma santé, rien d'autre", frozenset({Risk.WORK, Risk.HEALTH})),
        ("rien", frozenset({Risk.NONE})),
        ("non", frozenset({Risk.NONE})),
        ("bonjour", None),
    ],
)
def test_risks_are_read_together(text, risks):
    assert LEXICON.read_risks(text) == risks


def test_a_lexicon_without_courtesies_reads_all_the_same():
    bare = Lexicon(
        replies={Reply.YES: ("oui",)},
        openings={},
        commands={},
        courtesies=(),
        durations=Durations(DurationWords(), Spelling()),
        risks={},
        spelling=Spelling(),
    )
    assert bare.read_reply("oui") is Reply.YES
    assert bare.read_risks("oui") is None
