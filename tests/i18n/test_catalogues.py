"""The translations that ship: whole, with the same slots, short enough, and no French left by mistake."""

import re
from datetime import date

import pytest
from babel.messages.pofile import read_po

from bot.core.wording import Day, Label, Lines, Moment, Name, Phrase, Utterance
from bot.i18n.catalogue import Catalogue
from bot.i18n.languages import Language, Languages
from bot.i18n.wording import Wording
from tests.playing import ROOT, wording

LANGUAGES = tuple(language.code for language in wording().languages.offered if language.code != "fr")
OTHER_SCRIPTS = tuple(code for code in LANGUAGES if code not in {"en", "es", "pt", "tr", "ht"})
SLOT = re.compile(r"\{(\w+)\}")
TITLE_UNITS = 24
REPLY_UNITS = 20
LONGEST = 4000
"""Telegram's and WhatsApp's limit is 4,096 characters."""


def entries(language):
    with (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(m.context): m for m in read_po(file) if m.id}


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


BUTTONS = [f"{key}.{choice}" for key, source in wording().sources.items() for choice, _title in source.buttons]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    told = entries(language)
    assert set(told) == set(wording().sources)
    assert [key for key, message in told.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_slots_of_its_sentence(language):
    wrong = [
        key for key, message in entries(language).items()
        if set(SLOT.findall(message.id)) != set(SLOT.findall(message.string))
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_lines_and_bullets_of_its_sentence(language):
    wrong = [key for key, m in entries(language).items() if m.id.count("•") != m.string.count("•")]
    assert wrong == []


VIDEOS = ("vid", "víd", "فيديو", "ویدیو", "ویډیو", "ویڈیو", "ভিডিও", "ვიდეო", "видео", "відео", "வீடியோ", "视频")
"""What says "video" in one of the languages."""


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_voice_and_video_are_named_where_a_voice_message_is_answered_and_nowhere_else(language):
    def named(key):
        [said] = wording().messages([Utterance(key)], language)
        return any(word in said.text.lower() for word in VIDEOS)

    assert (named("utter_voice"), named("utter_unsupported")) == (True, False)


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_every_button_fits_in_a_list_row(language):
    assert len(BUTTONS) > 90
    titles = {key: wording().sentence(key, language) for key in BUTTONS}
    titles |= {
        key: wording().sentence(key, language)
        for key in ("utter_yes", "utter_no", "utter_dont_know", "utter_decline", "utter_none_of_these")
    }
    titles |= {
        key: wording().sentence(key, language)
        for key in wording().sources
        if key.startswith("utter_correct_")
        and key.removeprefix("utter_correct_")
        in {"removal", "place", "procedure", "title", "expiry", "blockage", "tried", "risk"}
    }
    assert {key: title for key, title in titles.items() if utf16(title) > TITLE_UNITS} == {}


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_three_buttons_or_fewer_fit_as_reply_buttons(language):
    """All but "I don't know" and "I'd rather not say", for which a channel shows a list."""
    few = [
        f"{key}.{choice}"
        for key, source in wording().sources.items()
        for choice, _title in source.buttons
        if len(source.buttons) <= 3 and not choice.startswith("any:")
    ]
    assert len(few) == 22
    titles = {key: wording().sentence(key, language) for key in few}
    assert {key: title for key, title in titles.items() if utf16(title) > REPLY_UNITS} == {}


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_no_two_buttons_of_a_question_look_alike(language):
    for key, source in wording().sources.items():
        titles = [wording().sentence(f"{key}.{choice}", language) for choice, _title in source.buttons]
        assert len(titles) == len(set(titles)), key


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_no_sentence_is_longer_than_a_message(language):
    assert [key for key in wording().sources if len(wording().sentence(key, language)) > LONGEST] == []


PROFILE_UNITS = {"name": 64, "short": 120, "description": 512, "command": 256}
"""What Telegram takes of each part of a bot's profile."""


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_the_profile_fits_in_telegram(language):
    parts = {key.split(".")[1]: key for key in wording().sources if key.startswith("profile.")}
    assert set(parts) == set(PROFILE_UNITS)
    texts = {key: wording().sentence(key, language) for key in wording().sources if key.startswith("profile.")}
    assert {key: text for key, text in texts.items() if utf16(text) > PROFILE_UNITS[key.split(".")[1]]} == {}


OFFICIAL = set(["LINK", "WhatsApp", "Telegram", "ANEF", "ANTS", "APS", "ASE", "CDD", "CDI", "CESEDA", "DCEM", "DGCCRF", "EEE", "ICT", "PAN", "SHA", "SMS", "SPADA", "TIR", "TUE", "UE", "UTC", "OFII", "NATALI", "VLS-TS", "SOLVIT", "Guichet", "EFFACER", "HUMAIN", "STOP", "URGENT", "InfoMIE", "Cimade", "Gisti", "FranceConnect", "SignalConso", "JavaScript", "captcha", "Esc", "Échap", "Mo", "Europe", "Direct", "France", "Titres", "Poste", "Bobigny", "Conseil", "d'État", "État", "d", "Défenseur", "Suisse", "R", "Article", "administration-etrangers-en-france", "interieur", "gouv", "fr", "service-public", "Choisissez", "votre", "langue", "Choose", "your", "language"])  # fmt: skip
"""Names, abbreviations, addresses and commands that are the same in every language."""

TERMS = set(["préfecture", "sous-préfecture", "préfet", "récépissé", "attestation", "titre", "séjour", "vie", "privée", "familiale", "et", "de", "des", "du", "la", "le", "l", "à", "au", "en", "ou", "numérique", "recommandé", "recommandée", "carte", "résident", "protection", "dépôt", "avec", "accusé", "réception", "aide", "prolongation", "point", "d'accueil", "accueil", "droits", "temporaire", "tension", "juin", "juillet", "avril", "août", "convocation", "certificat", "résidence", "algérien", "étranger", "étrangers", "étudiant", "salarié", "talent", "démarche", "Démarche", "La", "regroupement", "familial", "permanence", "police", "voyage", "métiers", "métier", "l'enfance", "enfance", "solution", "substitution", "juridictionnelle", "juridique", "confirmation", "admission", "exceptionnelle", "autorisation", "provisoire", "retraité", "citoyen", "pluriannuelle", "travailleur", "lettre", "permis", "conduire", "mairie", "ordre", "avocats", "consulat", "preuve", "facultatif", "duplicata", "outre-mer", "timbre", "fiscal", "service", "éducateur", "décision", "favorable", "d'instruction", "instruction", "sociale", "jeune", "pair", "réfugié", "subsidiaire", "apatride", "document", "circulation", "pour", "mineur", "entrepreneur", "profession", "libérale", "programme", "mobilité", "membre", "famille", "d'un", "l'UE", "détaché", "malade", "recherche", "d'emploi", "emploi", "création", "d'entreprise", "entreprise", "longue", "durée", "permanent", "saisonnier", "stagiaire", "passeport", "d'identité", "identité", "républicain", "accord", "retrait", "visiteur", "visa", "long", "valant", "valider", "liens", "personnels", "familiaux", "ordonnance", "numéro", "tribunal", "administratif", "département", "un"])  # fmt: skip
"""Official French terms that a reader will meet on the prefecture's pages and must recognise."""

WORD = re.compile(r"[A-Za-zÀ-ÿœŒ]+(?:['’-][A-Za-zÀ-ÿœŒ]+)*")


def latin(text):
    return [word.replace("’", "'") for word in WORD.findall(SLOT.sub("", text))]


def is_term(word):
    return word in OFFICIAL or word in TERMS or word[0].lower() + word[1:] in TERMS


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_no_french_is_left_but_official_terms_and_names(language):
    left = {
        key: unknown for key, message in entries(language).items()
        if (unknown := [word for word in latin(message.string) if not is_term(word)])
    }  # fmt: skip
    assert left == {}


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_no_sentence_is_the_french_one(language):
    same = [
        key for key, message in entries(language).items()
        if message.id == message.string and key != "webchat.brand" and SLOT.sub("", message.id).strip(" .\n")
    ]  # fmt: skip
    assert [key for key in same if not all(is_term(word) for word in latin(wording().sources[key].text))] == []


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_sentences_are_mostly_in_their_own_script(language):
    """A sentence of which more than half stayed Latin was not translated (titles and addresses excepted)."""
    found = []
    for key, message in entries(language).items():
        if key.startswith(("title.", "webchat.brand", "letter.")) or ".title:" in key:
            continue  # what is written on the card has to be found on the card
        text = SLOT.sub("", message.string)
        own = sum(c.isalpha() and c > "\u0250" for c in text)
        if sum(len(word) for word in latin(text)) > 2 * own and own < 8 and len(latin(text)) > 3:
            found.append(key)
    assert found in ([], ["utter_language"])


# --- Pseudo-localisation: every sentence, in a language nobody wrote by hand

ACCENTS = str.maketrans("aeiounAEIOUNcy", "åéîöüñÅÉÎÖÜÑçý")
MIRROR = {ord(latin): chr(0x5D0 + i) for i, latin in enumerate("abcdefghijklmnopqrstuvwxyz")}


def accented(text):
    return f"⟦{text.translate(ACCENTS)} ~~~⟧"


def mirrored(text):
    return text.casefold().translate(MIRROR)


def pseudo(change, direction):
    """A Wording whose French is changed letter by letter, slots left alone."""

    def translated(text):
        parts = re.split(r"(\{\w+\})", text)
        return "".join(part if SLOT.fullmatch(part) else change(part) for part in parts)

    language = Language("qa", "Qa", "qa", direction, "he_IL" if direction == "rtl" else "eo", "Noto Sans", "draft")
    sentences = {(key, source.text): translated(source.text) for key, source in wording().sources.items()}
    registry = Languages((*wording().languages.all, language))
    return Wording(registry, wording().sources, {"qa": Catalogue(sentences)})


VALUES = (
    Name("93-A1234"), Day(date(2027, 1, 20)), Moment("2027-01-20T14:05"), Label("utter_yes"),
    Lines((Name("a"), Phrase("utter_fact_place", {"value": Name("Bobigny")}))),
)  # fmt: skip


def filled(key, source):
    slots = sorted(set(SLOT.findall(source.text)))
    return Utterance(key, {slot: VALUES[i % len(VALUES)] for i, slot in enumerate(slots)}, asks="place")


@pytest.mark.parametrize(("change", "direction"), [(accented, "ltr"), (mirrored, "rtl")], ids=["ltr", "rtl"])
def test_every_utterance_is_said_in_an_invented_language(change, direction):
    words = pseudo(change, direction)
    for key, source in words.sources.items():
        (message,) = words.messages((filled(key, source),), "qa")
        assert SLOT.search(message.text) is None, key
        assert message.text.strip()
        assert message.text.count("\u2066") == message.text.count("\u2069")
        if direction == "ltr":
            assert "\u2066" not in message.text
        assert len(message.choices) == len(source.buttons)
    assert words.missing == set()


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_every_utterance_is_said_in_every_language(language):
    words = wording()
    for key, source in words.sources.items():
        (message,) = words.messages((filled(key, source),), language)
        assert SLOT.search(message.text) is None, key
        assert len(message.text) <= LONGEST
    assert words.missing == set()


def test_inserted_values_are_isolated_in_a_right_to_left_language():
    words = pseudo(mirrored, "rtl")
    (message,) = words.messages((Utterance("utter_fact_place", {"value": Name("Bobigny (93)")}),), "qa")
    assert "\u2066Bobigny (93)\u2069" in message.text


PHONE = re.compile(r"\d(?: \d{2,3}){3,4}")


@pytest.mark.parametrize("language", [one.code for one in wording().languages.offered if one.direction == "rtl"])
def test_telephone_numbers_are_isolated_in_right_to_left_languages(language):
    """Without isolation the groups of digits are shown in reverse: another number."""
    told = [(key, found) for key, m in entries(language).items() for found in PHONE.finditer(m.string)]
    assert told
    bare = [key for key, found in told if found.string[found.start() - 1 : found.start()] != "\u2066"]
    assert bare == []
