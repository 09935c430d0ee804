"""A message is understood in the light of the question; the classifier is asked only when it matters."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bot.core.case import Alert, Case, ExpiryBucket, Question, Risk, Situation, Tried
from bot.core.intents import Intent, RankedIntent
from bot.core.messages import InboundKind, InboundMessage
from bot.core.reading import CodeReading, DateReading, PlaceCandidate, PlaceReading, Precision, Reading, Reply, Status
from bot.services.understand import Understand
from tests.playing import message, reference, services, turn

PLACE = PlaceReading(Status.FOUND, PlaceCandidate("93", "pref-93"))
DAY = DateReading(Status.FOUND, "2027-04-03", Precision.DAY)


@dataclass
class Readers:
    """Reads what it was told to read, and notes what it was asked."""

    place_reading: PlaceReading = field(default_factory=PlaceReading)
    first: DateReading = field(default_factory=DateReading)
    second: DateReading = field(default_factory=DateReading)
    tried_on: DateReading = field(default_factory=DateReading)
    replies: dict = field(default_factory=dict)
    said_in: tuple = (None, 0.0)
    typed: str | None = None
    named: str | None = None
    heard: tuple = ((), None, False)
    asked: list = field(default_factory=list)

    def alarms(self, said, languages):
        self.asked.append(("alarms", languages))
        return self.heard

    def place(self, text, *, is_asked):
        self.asked.append(("place", is_asked))
        return self.place_reading

    def title(self, said, languages):
        return CodeReading()

    procedure = blockage = title

    def date(self, text, language, today, *, is_asked):
        self.asked.append(("date", language))
        return self.first

    def attempt_date(self, text, language, today):
        self.asked.append(("attempt_date", language))
        return self.tried_on

    def second_date(self, text, language, today):
        self.asked.append(("second_date", language))
        return self.second

    def bucket(self, text):
        return ExpiryBucket.EXPIRED

    def reply(self, said):
        return self.replies.get(said.text)

    def command(self, said):
        return self.typed

    def tried(self, said, *, is_asked):
        self.asked.append(("tried", is_asked))
        return Tried.WEEKS if is_asked else None

    def risks(self, text):
        return frozenset({Risk.WORK})

    def language(self, text):
        return self.said_in

    def named_language(self, text):
        return self.named


class Ranker:
    def __init__(self, intent=Intent.ASK_HUMAN, confidence=0.9):
        self.texts = []
        self.answer = (RankedIntent(intent, confidence),)

    def __call__(self, text, signals):
        self.texts.append((text, signals))
        return self.answer


LANGUAGES = {"fr": "Français", "en": "English", "ar": "العربية"}


def hear(text="", readers=None, ranker=None, requested=None, **more):
    said = more.pop("said", None) or message(text)
    played = turn(more.pop("case", None), said, **more)
    Understand(readers or Readers(), ranker or Ranker(), LANGUAGES)(played, requested=requested)
    return played


SHORT = [
    ("a place to the place question", "place", "Bobigny", {"place_reading": PLACE}),
    ("yes to a yes/no question", "consent", "oui", {"replies": {"oui": Reply.YES}}),
    ("I don't know", "title", "sais pas", {"replies": {"sais pas": Reply.DONT_KNOW}}),
    ("since when", "tried", "un mois", {}),
]


@pytest.mark.parametrize(("name", "asked", "text", "readers"), SHORT, ids=[case[0] for case in SHORT])
def test_short_answer_is_taken_without_the_classifier(name, asked, text, readers):
    ranker = Ranker()
    played = hear(text, Readers(**readers), ranker, asked=asked)
    assert played.intent is Intent.ANSWER
    assert ranker.texts == []


def test_long_answer_is_shown_to_the_classifier_as_well():
    ranker = Ranker()
    assert (
        hear("je voudrais parler à quelqu'un à Bobigny", Readers(), ranker, asked="removal").intent is Intent.ASK_HUMAN
    )
    assert len(ranker.texts) == 1
    assert "length:some" in ranker.texts[0][1]


def test_short_text_that_answers_nothing_is_ranked():
    ranker = Ranker()
    assert hear("un humain", Readers(), ranker, asked="place").intent is Intent.ASK_HUMAN


@pytest.mark.parametrize("case", ["button", "command", "empty"])
def test_button_command_or_nothing_is_never_ranked(case):
    ranker = Ranker()
    if case == "button":
        played = hear(said=message(choice="do:human"), ranker=ranker)
        assert played.intent is Intent.ASK_HUMAN
    elif case == "command":
        assert hear("stop", Readers(typed="stop"), ranker).intent is Intent.STOP
    else:
        assert hear("", ranker=ranker).reading == Reading()
    assert ranker.texts == []


def test_yes_and_no_at_once_is_no_reply():
    ranker = Ranker(Intent.NLU_FALLBACK, 0.1)
    readers = Readers(replies={"oui": Reply.YES, "non": Reply.NO, "oui non": Reply.YES, "non, non": Reply.NO})
    assert hear("oui non", readers, ranker, asked="removal").reading.reply is None
    assert ranker.texts == []
    assert hear("oui", readers, ranker, asked="removal").reading.reply is Reply.YES
    assert hear("non, non", readers, ranker, asked="removal").reading.reply is Reply.NO


def test_question_tells_the_readers_what_was_asked():
    readers = Readers()
    hear("saint denis", readers, asked="confirm_place")
    assert ("place", True) in readers.asked
    hear("saint denis", readers := Readers(), asked="title")
    assert ("place", False) in readers.asked
    assert ("tried", False) in readers.asked


def test_risks_are_read_only_when_they_were_asked():
    assert hear("mon travail", asked="risk").reading.risks == {Risk.WORK}
    assert hear("mon travail", asked="removal").reading.risks is None


def test_unmistakable_date_needs_no_second_reading():
    readers = Readers(first=replace(DAY, is_explicit=True))
    assert hear("03/04/2027", readers).reading.date.iso == "2027-04-03"
    assert ("second_date", None) not in readers.asked


def test_two_readings_that_differ_are_asked_about():
    readers = Readers(first=DAY, second=DateReading(Status.FOUND, "2027-03-04", Precision.DAY))
    assert hear("03/04", readers).reading.date.status is Status.AMBIGUOUS


def test_two_readings_that_agree_are_one():
    assert hear("3 avril", Readers(first=DAY, second=DAY)).reading.date.status is Status.FOUND


def test_question_of_an_attempt_is_answered_by_its_day():
    assert hear("hier", Readers(tried_on=DAY), asked="attempt_when").reading.date == DAY
    assert hear("03/04", Readers(first=DAY), asked="attempt_when").reading.date == DAY
    assert hear("hier", Readers(tried_on=DAY), asked="expiry").reading.date == DateReading()


def test_text_that_tells_no_date_is_read_once():
    readers = Readers()
    hear("bonjour", readers)
    assert [name for name, _ in readers.asked].count("second_date") == 0


def test_known_language_reads_the_dates_before_the_detected_one():
    readers = Readers(said_in=("en", 0.95))
    hear("hello", readers, case=Case(language="ar"))
    assert ("date", "ar") in readers.asked
    hear("hello", readers := Readers(said_in=("en", 0.95)), case=Case())
    assert ("date", "en") in readers.asked


BUTTONS = [
    ("an offered id", "removal:none", (("removal:none", "Non"),), "removal:none"),
    ("an offered title", "Non", (("removal:none", "Non"),), "removal:none"),
    ("a button of an earlier message that asks", "do:human", (), "do:human"),
    ("a language at any time", "language:ar", (), "language:ar"),
    ("a correction at any time", "correct:place", (), "correct:place"),
    ("an answer to an earlier question", "removal:none", (("consent:yes", "Oui"),), None),
    ("nothing known", "zzz", (), None),
]


@pytest.mark.parametrize(("name", "pressed", "offered", "wanted"), BUTTONS, ids=[case[0] for case in BUTTONS])
def test_button_counts_while_it_is_offered_or_when_it_asks_for_something(name, pressed, offered, wanted):
    said = InboundMessage(InboundKind.CHOICE, choice=pressed)
    assert hear(said=said, asked="removal", offered=offered, choice=None).choice == wanted


def test_button_without_an_id_is_no_choice():
    assert hear(said=InboundMessage(InboundKind.CHOICE)).choice is None


OFFERED = (("any:dont_know", "Je ne sais pas"), ("any:decline", "Je préfère ne pas dire"))


def test_number_of_a_button_may_be_typed_where_numbers_are_no_answer():
    assert hear("2", asked="removal", offered=OFFERED).choice == "any:decline"
    assert hear("2", asked="place", offered=OFFERED).choice is None
    assert hear("2", asked="attempt_when", offered=OFFERED).choice is None


def test_picture_with_a_caption_is_a_picture():
    said = InboundMessage(InboundKind.MEDIA, "voilà")
    assert hear(said=said, ranker=Ranker(Intent.NLU_FALLBACK, 0.1)).intent is Intent.SEND_PICTURE


def test_alarm_rings_once():
    readers = Readers(heard=((Alert.REMOVAL,), None, False))
    assert hear("oqtf", readers).intent is Intent.ALERT_REMOVAL
    known = Case(language="fr", situation=Situation(alerts=frozenset({Alert.REMOVAL})))
    assert hear("oqtf", readers, Ranker(Intent.NLU_FALLBACK, 0.1), case=known).intent is Intent.NLU_FALLBACK


# --- Languages


def write(case, text, code, sure=0.95):
    played = hear(text, Readers(said_in=(code, sure)), Ranker(Intent.NLU_FALLBACK, 0.1), case=case)
    return played.case, [said.key for said in played.utterances]


def test_first_sure_language_is_taken():
    assert write(Case(), "hello there", "en")[0].language == "en"


@pytest.mark.parametrize(("code", "sure"), [("en", 0.8), (None, 0.0), ("de", 0.99)])
def test_unsure_or_unknown_language_is_not_taken(code, sure):
    assert write(Case(), "hello there", code, sure)[0].language is None


def test_another_language_is_offered_after_two_messages_and_never_taken():
    case, said = write(Case(language="fr"), "hello my dear friend", "en")
    assert (case.language, case.drift, said) == ("fr", "en", [])
    case, said = write(case, "please help me now", "en")
    assert (case.language, said) == ("fr", ["utter_language_offer"])


def test_one_message_back_in_the_own_language_starts_again():
    case, _said = write(Case(language="fr"), "hello my dear friend", "en")
    case, _said = write(case, "bonjour", "fr")
    assert case.drift is None
    assert write(case, "hello my dear friend", "en")[1] == []


def test_few_words_of_another_language_do_not_count():
    assert write(Case(language="fr"), "ok thanks", "en")[0].drift is None


def test_third_language_takes_the_place_of_the_second():
    case, _said = write(Case(language="fr", drift="en"), "مرحبا كيف الحال اليوم", "ar")
    assert case.drift == "ar"


def test_refused_language_is_not_offered_again():
    case = Case(language="fr", drift="en", language_refused=frozenset({"en"}))
    assert write(case, "hello my dear friend", "en")[1] == []


def test_house_readers_name_a_language_only_in_a_short_wish():
    named = reference().readers.named_language
    assert (named("en arabe svp"), named("English"), named("بالعربية")) == ("ar", "en", "ar")
    assert [named(wish) for wish in ("الفرنسية", "الإنجليزية", "بالانجليزيه", "中文", "anglais")] == [
        "fr",
        "en",
        "en",
        "zh",
        "en",
    ]
    assert named("") is None
    assert named("français ou arabe") is None
    assert named("je parle un peu le français et mon voisin aussi") is None


def test_house_readers_read_a_whole_opening():
    understand = Understand(reference().readers, Ranker(Intent.BLOCKED_APPOINTMENT), dict(services().languages))
    text = "pas de rdv à Bobigny pour renouveler ma carte salarié qui finit le 20/01/2027"
    reading = understand.read(text, None, date(2026, 11, 23), Question.NEXT)
    assert (reading.place.found.departement, reading.title.id, reading.procedure.id, reading.date.iso, reading.language) == (
        "93", "ts.sal", "proc.renew", "2027-01-20", "fr",
    )  # fmt: skip


def test_yes_and_no_at_once_tell_nothing_about_since_when():
    torn = Readers(replies={"oui": Reply.YES, "non": Reply.NO, "oui non": Reply.YES})
    played = hear("oui non", torn, asked="tried", requested="triage_tried")
    assert played.reading.tried is None
    assert played.reading.reply is None
