"""Keys and typed values become sentences; a missing translation is the French one and is remembered."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.errors import DataError
from bot.core.messages import OutboundFile
from bot.core.wording import Day, Label, Lines, Moment, Month, Name, Offer, Phrase, Utterance
from bot.i18n.catalogue import Catalogue, load_catalogue
from bot.i18n.languages import Languages
from bot.i18n.wording import MERGE_LIMIT, SAFETY, Source, Wording
from tests.playing import wording

LRI, PDI = "\u2066", "\u2069"
SOURCES = {
    "hello": Source("Bonjour."),
    "ask": Source("Où ?", (("place:93", "Ici"), ("any:dont_know", "Je ne sais pas"))),
    "ask.place:93": Source("Ici"),
    "ask.any:dont_know": Source("Je ne sais pas"),
    "name": Source("Vous êtes à {place}, {place} !"),
    "long": Source("é" * (MERGE_LIMIT - 5)),
    "list": Source("Voici :\n{lines}"),
    "nested": Source("[{value}]"),
}
ARABIC = Catalogue({
    ("hello", "Bonjour."): "مرحبا.",
    ("ask", "Où ?"): "أين؟",
    ("ask.place:93", "Ici"): "هنا",
    ("name", "Vous êtes à {place}, {place} !"): "أنت في {place}!",
    ("nested", "[une autre phrase]"): "قديم",
})  # fmt: skip


@pytest.fixture
def words():
    return Wording(wording().languages, SOURCES, {"ar": ARABIC})


def said(words, *utterances, language="fr"):
    return words.messages(utterances, language)


def test_french_is_said_without_a_catalogue(words):
    assert words.sentence("hello", "fr") == "Bonjour."
    assert words.missing == set()


def test_translation_is_said(words):
    assert words.sentence("hello", "ar") == "مرحبا."


def test_missing_translation_is_the_french_one_and_is_remembered(words):
    assert words.sentence("list", "ar") == "Voici :\n{lines}"
    assert words.missing == {("ar", "list")}


def test_translation_of_an_older_sentence_is_not_said(words):
    assert words.sentence("nested", "ar") == "[{value}]"
    assert ("ar", "nested") in words.missing


def test_language_without_a_catalogue_is_french(words):
    assert words.sentence("hello", "en") == "Bonjour."
    assert words.missing == set()


def test_unknown_key_is_named(words):
    with pytest.raises(DataError, match="wording: nothing"):
        words.sentence("nothing", "fr")


def test_sentence_handed_in_is_translated_by_its_key(words):
    assert words.translate("hello", "Bonjour.", "ar") == "مرحبا."
    assert words.translate("hello", "Salut.", "ar") == "Salut."


def test_values_are_filled_in_every_place(words):
    assert said(words, Utterance("name", {"place": Name("Bobigny")}))[0].text == "Vous êtes à Bobigny, Bobigny !"


def test_value_nobody_gave_stays_visible(words):
    assert said(words, Utterance("nested"))[0].text == "[{value}]"


def test_value_is_never_taken_for_a_slot(words):
    assert said(words, Utterance("nested", {"value": Name("{value}")}))[0].text == "[{value}]"


def test_names_are_isolated_in_arabic(words):
    assert said(words, Utterance("name", {"place": Name("Bobigny (93)")}), language="ar")[0].text == (
        f"أنت في {LRI}Bobigny (93){PDI}!"
    )


VALUES = [
    (Name("93"), "93"),
    (Day(date(2027, 1, 20)), "mercredi 20 janvier 2027 (20/01/2027)"),
    (Month(date(2027, 1, 1)), "janvier 2027 (01/2027)"),
    (Moment("2027-01-20T09:00"), "mercredi 20 janvier 2027 (20/01/2027), 09:00"),
    (Label("hello"), "Bonjour."),
    (Lines((Name("a"), Label("hello"))), "• a\n• Bonjour."),
    (Lines((Name("a"), Name("b")), bullet=""), "a\nb"),
    (Phrase("name", {"place": Name("Metz")}), "Vous êtes à Metz, Metz !"),
    (Phrase("nested", {"value": Phrase("nested", {"value": Name("x")})}), "[[x]]"),
]


@pytest.mark.parametrize(("value", "wanted"), VALUES, ids=[type(value).__name__ for value, _ in VALUES])
def test_typed_values_are_said(words, value, wanted):
    assert words.value(value, words.languages["fr"]) == wanted


def test_question_has_the_buttons_of_its_response(words):
    (message,) = said(words, Utterance("ask", asks="place"))
    assert [(c.id, c.title) for c in message.choices] == [("place:93", "Ici"), ("any:dont_know", "Je ne sais pas")]
    assert message.asks == "place"


def test_buttons_are_translated_one_by_one(words):
    (message,) = said(words, Utterance("ask"), language="ar")
    assert [c.title for c in message.choices] == ["هنا", "Je ne sais pas"]
    assert words.missing == {("ar", "ask.any:dont_know")}


def test_own_buttons_take_the_place_of_the_response_s(words):
    offers = (Offer("language:en", Name("English")), Offer("x:y", Label("hello")))
    (message,) = said(words, Utterance("ask", offers=offers))
    assert [(c.id, c.title) for c in message.choices] == [("language:en", "English"), ("x:y", "Bonjour.")]
    assert said(words, Utterance("ask", offers=()))[0].choices == ()


def test_sentences_of_a_turn_are_one_message_with_the_question_last(words):
    file = OutboundFile("letter", "l.pdf", "application/pdf")
    (message,) = said(words, Utterance("hello", files=(file,)), Utterance("ask", asks="place"))
    assert message.text == "Bonjour.\n\nOù ?"
    assert (message.asks, len(message.choices), message.files) == ("place", 2, (file,))


def test_question_said_before_a_remark_is_still_asked(words):
    (message,) = said(words, Utterance("hello", asks="place"), Utterance("hello"))
    assert message.asks == "place"


def test_nothing_follows_buttons_in_their_message(words):
    first, second = said(words, Utterance("ask", asks="place"), Utterance("hello"))
    assert (first.choices != (), second.text) == (True, "Bonjour.")


def test_long_text_is_a_message_of_its_own(words):
    assert [len(m.text) for m in said(words, Utterance("long"), Utterance("hello"))] == [MERGE_LIMIT - 5, 8]


def test_nothing_to_say_is_no_message(words):
    assert said(words) == ()


def test_language_of_a_message_is_the_one_asked_for(words):
    assert said(words, Utterance("hello"), language="ar")[0].language == "ar"


PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "good"
msgid "Oui"
msgstr "Yes"

#, fuzzy
msgctxt "fuzzy"
msgid "Non"
msgstr "No?"

msgctxt "empty"
msgid "Rien"
msgstr ""

msgid "sans contexte"
msgstr "no context"
"""


def test_fuzzy_or_empty_translation_is_never_shown(tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    catalogue = load_catalogue(path)
    assert catalogue.find("good", "Oui") == "Yes"
    assert catalogue.find("good", "Ouais") is None
    assert catalogue.find("fuzzy", "Non") is None
    assert catalogue.find("empty", "Rien") is None
    assert catalogue.find("", "sans contexte") == "no context"


def test_fuzzy_sentence_falls_back_to_french_and_is_remembered(tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    words = Wording(wording().languages, {"fuzzy": Source("Non")}, {"en": load_catalogue(path)})
    assert words.sentence("fuzzy", "en") == "Non"
    assert words.missing == {("en", "fuzzy")}


def test_catalogue_that_is_missing_or_broken_is_named(tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    with pytest.raises(DataError, match="messages.po: en"):
        load_catalogue(path)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgstr "b\nrubbish', encoding="utf-8")
    with pytest.raises(DataError, match="messages.po: en"):
        load_catalogue(path)


@pytest.mark.parametrize("key", sorted(SAFETY))
def test_safety_in_a_draft_comes_with_the_french_below(key):
    words = wording()
    doors = Lines((Label("door.danger"), Label("step.keep_envelope")), bullet="")
    said = Utterance(key, {"lines": doors} if key == "utter_stop_alarm" else {})
    for language in words.languages.offered:
        text, _choices = words.render(said, language.code)
        french = words.render(said, "fr")[0]
        if language.state != "draft":
            assert text.count(french.split("\n")[0]) == 1
            continue
        own, below = text.split("\n\n")[0], text.split("\n\n")[-1]
        assert own.split("\n")[0] != french.split("\n")[0], language.code
        assert [line.strip("\u2066\u2069") for line in below.split("\n")] == french.split("\n"), language.code


def test_what_is_no_safety_sentence_is_said_once():
    text, _choices = wording().render(Utterance("utter_thanks"), "ar")
    assert "plaisir" not in text


def test_reviewed_language_needs_no_french_below():
    words = wording()
    reviewed = Languages(
        tuple(replace(one, state="reviewed") if one.code == "ar" else one for one in words.languages.all)
    )
    text, _choices = replace(words, languages=reviewed).render(Utterance("utter_scam"), "ar")
    assert "gratuit" not in text
