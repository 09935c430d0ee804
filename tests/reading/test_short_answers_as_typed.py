"""Bare answers, commands, durations and risks as people type them, in all sixteen languages."""

import pytest

REPLIES = [
    ("oui", "yes"), ("Oui.", "yes"), ("OUIIII", "yes"), ("ouais", "yes"), ("d'accord", "yes"), ("ok", "yes"), ("c'est ça", "yes"),
    ("oui merci", "yes"), ("Oui, je suis d'accord pour continuer", "yes"), ("👍", "yes"), ("👍🏽", "yes"), ("yes", "yes"), ("yes please", "yes"),
    ("correct", "yes"), ("نعم", "yes"), ("إيه", "yes"), ("واخا", "yes"), ("na3am", "yes"), ("wakha", "yes"), ("sí", "yes"), ("sim", "yes"), ("evet", "yes"),
    ("да", "yes"), ("так", "yes"), ("بله", "yes"), ("هو", "yes"), ("جی ہاں", "yes"), ("হ্যাঁ", "yes"), ("ஆம்", "yes"), ("是的", "yes"), ("კი", "yes"), ("wi", "yes"),
    ("non", "no"), ("Non !", "no"), ("nan", "no"), ("non merci", "no"), ("pas du tout", "no"), ("Non, je n'ai rien reçu", "no"), ("no", "no"), ("nope", "no"),
    ("No, I haven't", "no"), ("لا", "no"), ("لا شكرا", "no"), ("la", "no"), ("não", "no"), ("hayır", "no"), ("нет", "no"), ("ні", "no"), ("نه", "no"), ("نہیں", "no"),
    ("না", "no"), ("இல்லை", "no"), ("没有", "no"), ("არა", "no"), ("👎", "no"),
    ("je ne sais pas", "dont_know"), ("jsp", "dont_know"), ("je sais pas", "dont_know"), ("aucune idée", "dont_know"), ("I don't know", "dont_know"),
    ("idk", "dont_know"), ("لا أعرف", "dont_know"), ("ما نعرفش", "dont_know"), ("man3refch", "dont_know"), ("no sé", "dont_know"), ("não sei", "dont_know"),
    ("bilmiyorum", "dont_know"), ("не знаю", "dont_know"), ("نمی‌دانم", "dont_know"), ("نمی دانم", "dont_know"), ("نه پوهېږم", "dont_know"),
    ("معلوم نہیں", "dont_know"), ("জানি না", "dont_know"), ("தெரியாது", "dont_know"), ("不知道", "dont_know"), ("არ ვიცი", "dont_know"), ("m pa konnen", "dont_know"),
    ("je préfère ne pas répondre", "decline"), ("I prefer not to say", "decline"), ("skip", "decline"), ("لا أريد الإجابة", "decline"),
    ("prefiero no responder", "decline"), ("не хочу отвечать", "decline"), ("不想回答", "decline"),
    ("bonjour", None), ("je suis étudiant", None), ("no appointment available", None), ("oui mais je ne sais pas", None), ("", None), ("93", None),
    ("non renouvelé à ce jour par la préfecture malgré mes nombreuses demandes", None),
]

COMMANDS = [
    ("STOP", "stop"), ("stop", "stop"), ("Stop svp", "stop"), ("stop stop stop", "stop"), ("arrêter", "stop"), ("je veux arrêter", "stop"), ("توقف", "stop"),
    ("parar", "stop"), ("dur", "stop"), ("стоп", "stop"), ("停止", "stop"), ("بس است", "stop"), ("থামুন", "stop"), ("நிறுத்து", "stop"), ("სტოპ", "stop"), ("rete", "stop"),
    ("EFFACER", "erase"), ("effacer tout", "erase"), ("Effacez mes données svp", "erase"), ("supprimer mes données", "erase"), ("delete my data", "erase"),
    ("erase", "erase"), ("امسح كل شيء", "erase"), ("mse7 kolchi", "erase"), ("borrar mis datos", "erase"), ("apagar", "erase"), ("sil", "erase"),
    ("удалить мои данные", "erase"), ("видалити", "erase"), ("پاک کن", "erase"), ("মুছুন", "erase"), ("அழி", "erase"), ("删除", "erase"), ("წაშლა", "erase"), ("efase", "erase"),
    ("HUMAIN", "human"), ("humain svp", "human"), ("je veux parler à quelqu'un", "human"), ("parler à un conseiller", "human"), ("human", "human"),
    ("I want to talk to a human", "human"), ("can I speak to someone", "human"), ("أريد التحدث مع شخص", "human"), ("bghit nhder m3a chi wahed", "human"),
    ("hablar con una persona", "human"), ("insan", "human"), ("человек", "human"), ("людина", "human"), ("انسان", "human"), ("人工", "human"), ("ადამიანი", "human"), ("moun", "human"),
    ("langue", "language"), ("language", "language"), ("لغة", "language"), ("changer de langue", "language"), ("язык", "language"), ("语言", "language"), ("🌐", "language"),
    ("résumé", "summary"), ("summary", "summary"), ("ملخص", "summary"), ("corriger", "correct"), ("je me suis trompé", "correct"), ("تصحيح", "correct"), ("I made a mistake", "correct"),
    ("URGENT", "urgent"), ("urgence", "urgent"), ("عاجل", "urgent"), ("срочно", "urgent"), ("紧急", "urgent"), ("acil", "urgent"), ("🆘", "urgent"),
    ("aide", "help"), ("help", "help"), ("مساعدة", "help"), ("ayuda", "help"), ("yardım", "help"),
    ("je veux effacer une erreur", None), ("help me with my appointment in Lyon", None), ("stop aux rendez-vous payants", None),
    ("urgent j'ai reçu une OQTF", None), ("je suis humain comme vous", None), ("la langue française est difficile", None), ("j'ai une personne à charge", None), ("", None),
]

NEVER, UNDER, WEEKS, MONTHS, LONGER, FOUR = "never", "under_week", "weeks", "months", "longer", "four_months"

ASKED = [
    ("il y a deux mois", MONTHS), ("depuis 3 semaines", WEEKS), ("four and a half months", FOUR), ("من شهرين", MONTHS), ("jamais", NEVER), ("pas encore", NEVER),
    ("3 jours", UNDER), ("hier", UNDER), ("une semaine", WEEKS), ("2 semaines", WEEKS), ("15 jours", WEEKS), ("un mois", MONTHS), ("1 mois et demi", MONTHS),
    ("3 mois", MONTHS), ("plus de 3 mois", LONGER), ("trois mois et demi", LONGER), ("4 mois", FOUR), ("quatre mois et demi", FOUR), ("6mois", FOUR), ("un an", FOUR),
    ("plus d'un an", FOUR), ("depuis des mois", LONGER), ("quelques jours", UNDER), ("quelques semaines", WEEKS), ("2 years", FOUR), ("a month", MONTHS), ("two weeks ago", WEEKS),
    ("never", NEVER), ("yesterday", UNDER), ("more than 4 months", FOUR), ("شهر", MONTHS), ("ثلاثة أشهر", MONTHS), ("من 3 شهور", MONTHS), ("أسبوعين", WEEKS), ("عام", FOUR), ("خمسة أشهر", FOUR),
    ("chehrin", MONTHS), ("hadi 3 chhour", MONTHS), ("simantin", WEEKS), ("من البارح", UNDER), ("عمري ما حاولت", NEVER), ("seis meses", FOUR), ("dos semanas", WEEKS), ("três meses", MONTHS),
    ("iki ay", MONTHS), ("два месяца", MONTHS), ("полгода", FOUR), ("п'ять місяців", FOUR), ("سه ماه", MONTHS), ("پنج ماه", FOUR), ("دو ہفتے", WEEKS), ("দুই মাস", MONTHS), ("இரண்டு மாதம்", MONTHS),
    ("四个半月", FOUR), ("三个星期", WEEKS), ("ორი თვე", MONTHS), ("de mwa", MONTHS), ("დღეს", UNDER),
    ("dans deux mois", None), ("bonjour", None), ("je ne sais pas", None),
]

UNASKED = [
    ("j'essaie depuis 2 mois d'avoir un rdv", MONTHS), ("ça fait 3 semaines que j'attends", WEEKS), ("I have been trying for 5 months", FOUR),
    ("我是学生，四个半月前在ANEF递交续签，没有消息，居留已过期", FOUR), ("Llevo 6 meses intentando cita en Saint-Denis", FOUR), ("ma carte est expirée depuis 2 mois", None),
    ("je suis en France depuis 6 ans et je cherche un rdv depuis 2 mois", MONTHS), ("carte de 10 ans", None), ("j'ai 16 ans", None), ("je travaille depuis 3 ans", None),
    ("on m'a donné un rdv dans 8 mois", None), ("dossier déposé il y a 4 mois et demi sans réponse", FOUR), ("كنحاول من شهرين", MONTHS), ("kan7awel hadi 3 chhour", MONTHS),
    ("jamais", None), ("hier", None), ("bonjour", None), ("je suis marié depuis 2 ans", None),
]

RISKS = [
    ("je vais perdre mon travail", {"work"}), ("mon travail et la CAF", {"work", "benefits"}), ("mes études", {"studies"}), ("un voyage", {"travel"}), ("j'ai bientôt 19 ans", {"youth"}),
    ("ma santé", {"health"}), ("rien", {"none"}), ("non", {"none"}), ("my job", {"work"}), ("benefits and studies", {"benefits", "studies"}), ("nothing", {"none"}), ("العمل", {"work"}),
    ("الدراسة والعمل", {"work", "studies"}), ("khedma", {"work"}), ("trabajo", {"work"}), ("работа", {"work"}), ("工作", {"work"}), ("iş", {"work"}), ("bonjour", None),
]


def test_the_tables_are_whole():
    assert len(REPLIES) >= 80
    assert len(COMMANDS) >= 75
    assert len(ASKED) >= 55


@pytest.mark.parametrize(("text", "expected"), REPLIES)
def test_a_bare_answer_is_read(vocabularies, text, expected):
    assert vocabularies.lexicon.read_reply(text) == expected


@pytest.mark.parametrize(("text", "expected"), COMMANDS)
def test_a_command_is_read_only_when_it_is_all_that_was_typed(vocabularies, text, expected):
    assert vocabularies.lexicon.read_command(text) == expected


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_an_answer_tells_since_when(vocabularies, text, expected):
    assert vocabularies.lexicon.read_tried(text, is_asked=True) == expected


@pytest.mark.parametrize(("text", "expected"), UNASKED)
def test_a_story_tells_since_when_only_beside_trying(vocabularies, text, expected):
    assert vocabularies.lexicon.read_tried(text, is_asked=False) == expected


@pytest.mark.parametrize(("text", "expected"), RISKS)
def test_a_risk_is_read(vocabularies, text, expected):
    assert vocabularies.lexicon.read_risks(text) == expected
