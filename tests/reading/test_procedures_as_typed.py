"""What people say they want to do, and what must be read in it."""

import pytest

NONE = ()

PROCEDURES = [
    ("renouveler ma carte", "proc.renew"),
    ("renouvelement de titre de séjour", "proc.renew"),
    ("je veux renouveller mon titre", "proc.renew"),
    ("renouvelé ma carte salarié", "proc.renew"),
    ("renouvellement", "proc.renew"),
    ("prolonger mon titre de séjour", "proc.renew"),
    ("I want to renew my card", "proc.renew"),
    ("renewal of residence permit", "proc.renew"),
    ("تجديد الإقامة", "proc.renew"),
    ("بغيت نجدد الكارطة", "proc.renew"),
    ("bghit njaded carte de sejour", "proc.renew"),
    ("nrenouvli titre", "proc.renew"),
    ("première demande", "proc.first"),
    ("1ère demande de titre de séjour", "proc.first"),
    ("je demande des papiers pour la première fois", "proc.first"),
    ("première fois", "proc.first"),
    ("régularisation", "proc.first"),
    ("I want papers for the first time", "proc.first"),
    ("first application", "proc.first"),
    ("طلب أوراق لأول مرة", "proc.first"),
    ("bghit lwra9 lawel merra", "proc.first"),
    ("sans papiers je veux déposer un dossier", "proc.first"),
    ("changement de statut", "proc.change"),
    ("je suis étudiant et je veux passer salarié", "proc.change"),
    ("passer d'étudiant à salarié", "proc.change"),
    ("étudiant vers salarié", "proc.change"),
    ("change of status", "proc.change"),
    ("switch from student to employee", "proc.change"),
    ("تغيير الوضع", "proc.change"),
    ("bghit nbdel statut", "proc.change"),
    ("j'ai perdu ma carte de séjour", "proc.dup"),
    ("on m'a volé mon titre", "proc.dup"),
    ("duplicata", "proc.dup"),
    ("I lost my card", "proc.dup"),
    ("my permit was stolen", "proc.dup"),
    ("ضاعت البطاقة ديالي", "proc.dup"),
    ("changement d'adresse", "proc.addr"),
    ("j'ai déménagé", "proc.addr"),
    ("change my address", "proc.addr"),
    ("تغيير العنوان", "proc.addr"),
    ("retirer ma carte", "proc.pick"),
    ("ma carte est prête", "proc.pick"),
    ("récupérer mon titre de séjour", "proc.pick"),
    ("pick up my card", "proc.pick"),
    ("استلام البطاقة", "proc.pick"),
    ("renouveler mon récépissé", "proc.recep"),
    ("renouvellement de récépissé", "proc.recep"),
    ("mon récépissé expire demain", "proc.recep"),
    ("renew my récépissé", "proc.recep"),
    ("تجديد الوصل", "proc.recep"),
    ("document pour mon enfant", "proc.dcem"),
    ("DCEM pour ma fille", "proc.dcem"),
    ("document for my child", "proc.dcem"),
    ("titre de voyage", "proc.travel"),
    ("refugee travel document", "proc.travel"),
    ("autre chose", "proc.other"),
    ("ce n'est pas un renouvellement c'est une première demande", "proc.first"),
    ("je n'arrive pas à renouveler ma carte", "proc.renew"),
    ("c'est la première fois que j'écris", NONE),
    ("renouveler mon passeport", NONE),
    ("j'ai peur de perdre mon travail", NONE),
    ("bonjour", NONE),
]


def test_the_table_is_whole():
    assert len(PROCEDURES) >= 55


@pytest.mark.parametrize(("text", "expected"), PROCEDURES)
def test_a_procedure_is_read_as_people_type_it(vocabularies, text, expected):
    reading = vocabularies.procedures.read(text)
    assert (reading.id or reading.candidates) == expected
