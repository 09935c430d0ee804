"""``guichet parse``: one JSON line for each line in, whatever comes in."""

import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.parse import parse, parse_line
from bot.core.intents import Intent, RankedIntent
from bot.services.understand import Understand
from tests.playing import reference, services

TODAY = date(2026, 11, 23)
KEYS = {"text", "language", "intent", "alerts", "place", "title", "procedure", "blockage", "date"}


def understand(intent=Intent.BLOCKED_APPOINTMENT, confidence=0.93):
    return Understand(
        reference().readers, lambda _text, _signals: (RankedIntent(intent, confidence),), dict(services().languages)
    )


def read(line, **more):
    return parse_line(understand(**more), TODAY, line if isinstance(line, str) else json.dumps(line))


def test_whole_opening_is_read_as_contracted():
    told = read(
        {"text": "pas de rdv à Bobigny pour renouveler ma carte étudiant qui finit le 20/01/2027", "language": "fr"}
    )
    assert set(told) == KEYS
    assert told["language"] == {"code": "fr", "confidence": 1.0}
    assert told["intent"] == {"name": "blocked_appointment", "confidence": 0.93}
    assert told["place"] == {"status": "found", "departement": "93", "prefecture": "pref-93", "arrondissement": "Bobigny",
                             "candidates": []}  # fmt: skip
    assert told["title"] == {"status": "found", "id": "ts.etu", "candidates": []}
    assert told["procedure"] == {"status": "found", "id": "proc.renew"}
    assert told["date"] == {"status": "found", "iso": "2027-01-20", "precision": "day", "candidates": []}


def test_line_that_is_no_json_object_is_a_text():
    for line in ("bonjour", "93", '["a"]', '{"no": "text"}', "{broken", '"x"', "[" * 100_000):
        assert read(line)["text"] == line[:4000]


def test_question_tells_what_a_bare_number_is():
    assert read({"text": "93", "asks": "place"})["place"]["departement"] == "93"


def test_unknown_language_is_null():
    assert read("xx")["language"] == {"code": None, "confidence": 0.0}


def test_ambiguous_place_and_date_have_candidates():
    told = read({"text": "Saint-Denis 03/04/2027", "language": "en"})
    assert {c["departement"] for c in told["place"]["candidates"]} >= {"93", "974"}
    assert set(told["place"]["candidates"][0]) == {"departement", "prefecture", "arrondissement", "label"}
    assert told["date"]["candidates"] == ["2027-03-04", "2027-04-03"] or told["date"]["status"] == "ambiguous"


def test_alarm_is_named():
    assert read("J'ai reçu une OQTF")["alerts"] == ["removal"]
    assert read("J'ai reçu une OQTF")["intent"]["name"] == "alert_removal"


def test_answer_is_named_by_the_classifier_as_well():
    told = read({"text": "Bobigny", "asks": "place"}, intent=Intent.STATE_PLACE, confidence=0.6)
    assert told["intent"] == {"name": "state_place", "confidence": 0.6}


def test_day_can_be_passed():
    assert read({"text": "demain", "language": "fr", "today": "2026-03-10"})["date"]["iso"] == "2026-03-11"


FAULTS = [
    {"asks": "colour"},
    {"asks": ["place"]},
    {"today": "tomorrow"},
    {"today": 20},
    {"language": ["fr"]},
    {"language": 3},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_line_that_cannot_be_used_is_an_error_and_no_end(fault):
    assert read({"text": "x", **fault}) == {"text": "x", "error": "asks, today or language cannot be read"}


def test_half_a_sign_can_be_printed():
    told = read('{"text": "a\\ud800", "language": "\\ud800"}')
    assert json.dumps(told, ensure_ascii=False).encode()


def test_empty_text_is_read_as_nothing():
    told = read({"text": ""})
    assert (told["intent"]["name"], told["place"]["status"]) == ("nlu_fallback", "none")


def test_lines_are_answered_in_order_and_at_once():
    class Out(io.StringIO):
        flushed = 0

        def flush(self):
            self.flushed += 1

    out = Out()
    parse(understand(), TODAY, io.StringIO("un\r\n\ndeux\n\u2028\n"), out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["text"] for each in told][:2] == ["un", "deux"]
    assert out.flushed == len(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({"text": JSON}, optional={"language": JSON, "asks": JSON, "today": JSON})
    | st.text(max_size=60)
)
def test_any_line_gives_one_json_object(line):
    told = read(line)
    assert json.loads(json.dumps(told)) == told
    assert set(told) == KEYS or set(told) == {"text", "error"}
