"""The openings of domain.md 7 and their translations, read as the table says; the date is somebody else's."""

import pytest

OPENINGS = [
    (
        "Bonjour, je n'arrive pas à avoir de rdv à Bobigny pour renouveler ma carte salarié, elle finit le 20/01/2027",
        (),
        "ts.sal",
        "proc.renew",
        "blk.noslot",
    ),
    (
        "Hello, I can't get an appointment in Bobigny to renew my employee card, it ends on 20/01/2027",
        (),
        "ts.sal",
        "proc.renew",
        "blk.noslot",
    ),
    (
        "السلام عليكم، ما لقيتش موعد في بوبيني باش نجدد بطاقة عامل، تنتهي 20/01/2027",
        (),
        "ts.sal",
        "proc.renew",
        "blk.noslot",
    ),
    ("J'ai reçu une OQTF hier, comment prendre RDV à Créteil pour ma carte ?", ("removal",), None, None, None),
    (
        "I received an OQTF yesterday, how do I get an appointment in Créteil for my card?",
        ("removal",),
        None,
        None,
        None,
    ),
    ("جاتني OQTF البارح، كيفاش ناخذ موعد في كريتاي؟", ("removal",), None, None, None),
    ("Student in Lyon, permit expires 03/04/2027, ANEF says error 500", (), "ts.etu", None, "blk.anef_submit"),
    ("Étudiant à Lyon, mon titre finit le 03/04/2027, l'ANEF dit erreur 500", (), "ts.etu", None, "blk.anef_submit"),
    ("طالب في ليون، الإقامة تنتهي 03/04/2027، ANEF فيها خطأ 500", (), "ts.etu", None, "blk.anef_submit"),
    (
        "Ça fait 6 mois que j'essaie d'avoir un rdv à Saint-Denis pour demander des papiers pour la première fois, je travaille sans contrat",
        (),
        "doc.none",
        "proc.first",
        "blk.noslot",
    ),
    (
        "I have been trying for 6 months to get an appointment in Saint-Denis to ask for papers for the first time, I work without a contract",
        (),
        "doc.none",
        "proc.first",
        "blk.noslot",
    ),
    ("6 أشهر وأنا أحاول أخذ موعد في سان دوني لطلب أوراق لأول مرة", (), "doc.none", "proc.first", "blk.noslot"),
    (
        "Sur TikTok on me vend un rdv préfecture de police à 350 €, c'est fiable ?",
        ("scam",),
        None,
        None,
        "blk.paid_scam",
    ),
    (
        "Someone on TikTok sells me a prefecture appointment for 350 €, is it safe?",
        ("scam",),
        None,
        None,
        "blk.paid_scam",
    ),
    ("واحد في تيك توك يبيع موعد ب 350 يورو", ("scam",), None, None, "blk.paid_scam"),
    (
        "Je suis étudiant, il y a quatre mois et demi j'ai déposé mon renouvellement sur l'ANEF, pas de nouvelles, mon titre est expiré",
        (),
        "ts.etu",
        "proc.renew",
        "blk.anef_wait",
    ),
    (
        "I am a student, four and a half months ago I submitted my renewal on ANEF, no news, my permit has expired",
        (),
        "ts.etu",
        "proc.renew",
        "blk.anef_wait",
    ),
    (
        "أنا طالب، قدمت التجديد في ANEF من أربعة أشهر ونصف، لا جواب، الإقامة منتهية",
        (),
        "ts.etu",
        "proc.renew",
        "blk.anef_wait",
    ),
    (
        "Mon rdv à Palaiseau est le 14 septembre 2027, première demande, conjoint de Française, mon visa finit en mars",
        (),
        "ts.vpf_fr",
        "proc.first",
        "blk.late_date",
    ),
    (
        "My appointment in Palaiseau is on 14 September 2027, first application, spouse of a French citizen, my visa ends in March",
        (),
        "ts.vpf_fr",
        "proc.first",
        "blk.late_date",
    ),
    ("موعدي في باليزو يوم 14 سبتمبر 2027، طلب أول، متزوج من فرنسية", (), "ts.vpf_fr", "proc.first", "blk.late_date"),
    ("Mon mari me frappe, il garde mon titre, il lit mon téléphone", ("violence",), None, None, None),
    ("My husband beats me, he keeps my permit, he reads my phone", ("violence",), None, None, None),
    ("زوجي يضربني ويخبي الإقامة ويقرا التليفون", ("violence",), None, None, None),
    (
        "J'ai 40 captures, toutes de vendredi à mercredi dernier, Le Raincy, je peux aller au tribunal ?",
        (),
        None,
        None,
        None,
    ),
    ("I have 40 screenshots, all from Friday to last Wednesday, Le Raincy, can I go to court?", (), None, None, None),
    ("عندي 40 صورة من الجمعة للأربعاء، لو رانسي، نقدر نروح للمحكمة؟", (), None, None, None),
    ("10 personnes de mon association n'ont pas de rdv", (), None, None, "blk.noslot"),
    ("😀😀", (), None, None, None),
]


def test_the_table_is_whole():
    assert len(OPENINGS) == 29


@pytest.mark.parametrize(("text", "alerts", "title", "procedure", "blockage"), OPENINGS)
def test_an_opening_is_read_as_the_domain_says(vocabularies, text, alerts, title, procedure, blockage):
    read = (
        vocabularies.alarms.read(text).alerts,
        vocabularies.titles.read(text).id,
        vocabularies.procedures.read(text).id,
        vocabularies.blockages.read(text).id,
    )
    assert read == (alerts, title, procedure, blockage)


def test_four_and_a_half_months_is_read_in_the_story(vocabularies):
    text = "Je suis étudiant, il y a quatre mois et demi j'ai déposé mon renouvellement sur l'ANEF, pas de nouvelles"
    assert vocabularies.lexicon.read_tried(text, is_asked=False) == "four_months"
