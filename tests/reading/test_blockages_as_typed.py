"""Where people say they are stuck, and what must be read in it."""

import pytest

NONE = ()

BLOCKAGES = [
    ("je n'arrive pas à avoir de rdv", "blk.noslot"),
    ("pas de rdv disponible", "blk.noslot"),
    ("aucun créneau", "blk.noslot"),
    ("Il n'existe plus de plage horaire libre pour votre demande", "blk.noslot"),
    ("jarrive pas a prendre rdv", "blk.noslot"),
    ("c'est toujours complet", "blk.noslot"),
    ("impossible de prendre rendez-vous", "blk.noslot"),
    ("ça fait 6 mois que j'essaie d'avoir un rdv", "blk.noslot"),
    ("je trouve pas de place à la préfecture", "blk.noslot"),
    ("no appointments available", "blk.noslot"),
    ("I can't get an appointment", "blk.noslot"),
    ("no slots", "blk.noslot"),
    ("I've been trying to book an appointment for 2 months", "blk.noslot"),
    ("لا توجد مواعيد", "blk.noslot"),
    ("ماكاش رنديفو", "blk.noslot"),
    ("ما لقيتش موعد", "blk.noslot"),
    ("makaynch rdv", "blk.noslot"),
    ("ma9dertch nakhod randivou", "blk.noslot"),
    ("لا أستطيع حجز موعد", "blk.noslot"),
    ("les rendez-vous sont suspendus", "blk.closed"),
    ("le module est fermé", "blk.closed"),
    ("prise de rdv fermée", "blk.closed"),
    ("appointments are suspended", "blk.closed"),
    ("المواعيد موقوفة", "blk.closed"),
    ("le captcha ne marche pas", "blk.captcha"),
    ("le site bug", "blk.captcha"),
    ("la page ne s'affiche pas", "blk.captcha"),
    ("the website is not working", "blk.captcha"),
    ("الموقع لا يعمل", "blk.captcha"),
    ("je n'arrive pas à créer mon compte ANEF", "blk.anef_account"),
    ("mot de passe ANEF oublié", "blk.anef_account"),
    ("I can't log in to ANEF", "blk.anef_account"),
    ("ما نقدرش ندخل للحساب ANEF", "blk.anef_account"),
    ("ANEF says error 500", "blk.anef_submit"),
    ("erreur sur l'ANEF quand je dépose", "blk.anef_submit"),
    ("ANEF ne marche pas", "blk.anef_submit"),
    ("je n'arrive pas à déposer ma demande en ligne", "blk.anef_submit"),
    ("خطأ في ANEF", "blk.anef_submit"),
    ("j'ai déposé sur l'ANEF et aucune réponse", "blk.anef_wait"),
    ("dossier ANEF en instruction depuis 5 mois", "blk.anef_wait"),
    ("j'ai fait ma demande sur anef il y a 4 mois toujours rien", "blk.anef_wait"),
    (
        "Je suis étudiant, j'ai déposé mon renouvellement sur l'ANEF il y a quatre mois et demi, pas de nouvelles",
        "blk.anef_wait",
    ),
    ("submitted on ANEF, no answer", "blk.anef_wait"),
    ("قدمت الطلب في ANEF وما كاين والو", "blk.anef_wait"),
    ("j'ai déposé sur démarches simplifiées", "blk.dn_noanswer"),
    ("démarche numérique sans réponse", "blk.dn_noanswer"),
    ("mon rdv est trop loin", "blk.late_date"),
    ("on m'a donné un rdv dans 8 mois", "blk.late_date"),
    ("je veux avancer mon rendez-vous", "blk.late_date"),
    ("my appointment is too late", "blk.late_date"),
    ("Mon rdv à Palaiseau est le 14 septembre 2027, première demande, conjoint de Française", "blk.late_date"),
    ("الموعد بعيد بزاف", "blk.late_date"),
    ("la préfecture a annulé mon rdv", "blk.cancelled"),
    ("mon rendez-vous a été annulé", "blk.cancelled"),
    ("my appointment was cancelled", "blk.cancelled"),
    ("refusé au guichet", "blk.refused_desk"),
    ("l'agent a refusé mon dossier", "blk.refused_desk"),
    ("they refused to take my file", "blk.refused_desk"),
    ("mes mails restent sans réponse", "blk.mail_noanswer"),
    ("personne ne répond au téléphone", "blk.mail_noanswer"),
    ("the prefecture never answers", "blk.mail_noanswer"),
    ("je n'ai pas internet", "blk.no_digital"),
    ("je ne sais pas lire", "blk.no_digital"),
    ("I don't have a computer", "blk.no_digital"),
    ("ma3andich internet", "blk.no_digital"),
    ("Sur TikTok on me vend un rdv préfecture de police à 350 €, c'est fiable ?", "blk.paid_scam"),
    ("on me demande 200 euros pour un rdv", "blk.paid_scam"),
    ("someone sells appointments", "blk.paid_scam"),
    ("aucun créneau et ils ne répondent pas aux mails", "blk.noslot"),
    ("comment prendre RDV à Créteil pour ma carte ?", NONE),
    ("bonjour", NONE),
    ("ma carte expire bientôt", NONE),
    ("je veux renouveler ma carte", NONE),
    ("j'ai payé le timbre pour mon rdv", NONE),
]


def test_the_table_is_whole():
    assert len(BLOCKAGES) >= 70


@pytest.mark.parametrize(("text", "expected"), BLOCKAGES)
def test_a_blockage_is_read_as_people_type_it(vocabularies, text, expected):
    reading = vocabularies.blockages.read(text)
    assert (reading.id or reading.candidates) == expected
