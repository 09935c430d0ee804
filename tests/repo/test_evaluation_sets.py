"""The frozen test sets: whole, and apart from what the classifier learns."""

import re

import pytest

from bot.core.intents import Intent
from bot.core.text import fold
from bot.engine.examples import read_examples
from tests.evaluate import read_sets
from tests.playing import ROOT

FOLDER = ROOT / "tests/evaluation"
SETS = read_sets(FOLDER)
SECOND = read_sets(FOLDER / "second")
NEAR = 0.75
"""Share of common character trigrams from which two texts count as one."""
PARTS = {
    "intents", "romanised", "calm", "titles", "procedures", "blockages", "places", "dates",
}  # fmt: skip


def key(text):
    return re.sub(r"\W+", " ", fold(text)).strip() or text.strip()


def trigrams(text):
    plain = key(text)
    return {plain[i : i + 3] for i in range(max(1, len(plain) - 2))}


def texts(told):
    return [t for part in ("intents", "romanised") for ts in (told.get(part) or {}).values() for t in ts] + told["calm"]


def test_the_sets_are_there():
    assert len(SETS) >= 12


@pytest.mark.parametrize("language", SETS)
def test_a_set_is_whole(language):
    told = SETS[language]
    assert set(told) <= PARTS
    names = {str(intent) for intent in Intent} - {"answer", "send_picture", "link_channels", "nlu_fallback"}
    assert set(told["intents"]) == names
    assert all(len(set(ts)) == len(ts) >= 6 for ts in told["intents"].values())
    assert set(told.get("romanised") or {}) <= names
    assert len(told["calm"]) >= 16
    for part, fewest in (("titles", 14), ("procedures", 10), ("blockages", 12), ("places", 14), ("dates", 16)):
        assert len(told[part]) >= fewest, part
        for case in told[part]:
            known = {"text", "asks", "today", "id", "departement", "iso", "ask", "none"}
            assert set(case) <= known
            assert len(set(case) - {"text", "asks", "today"}) == 1, case


@pytest.mark.parametrize("language", SETS)
def test_a_second_set_is_whole_enough(language):
    """Up to three lines an intent, those in Latin letters among them; what had been learnt was left out."""
    told = SECOND[language]
    assert set(told) <= PARTS
    both = {intent: len(ts) for intent, ts in told["intents"].items()}
    for intent, ts in (told["romanised"] or {}).items():
        both[intent] = both.get(intent, 0) + len(ts)
    assert len(set(SETS[language]["intents"]) - set(both)) <= 2
    assert set(both) <= set(SETS[language]["intents"])
    assert sum(both.values()) >= 70
    assert len(told["calm"]) >= 10
    assert all(told[part] for part in ("titles", "procedures", "blockages", "places", "dates"))


@pytest.mark.parametrize("sets", [SETS, SECOND], ids=["first", "second"])
@pytest.mark.parametrize("language", SETS)
def test_nothing_that_is_tested_was_learnt(language, sets):
    """Neither the same text nor, from three words on, one that is nearly the same."""
    learnt = [example.text for example in read_examples(ROOT / "nlu") if example.language == language]
    known = [(trigrams(text), text) for text in learnt if len(key(text).split()) > 2]
    found = []
    for text in texts(sets[language]):
        if len(key(text).split()) < 3:
            continue  # "oui", "bonjour à tous": nobody can answer without knowing them
        ours = trigrams(text)
        found += [(text, other) for theirs, other in known if len(ours & theirs) / len(ours | theirs) > NEAR]
    assert found == []
