"""What people write in French when asked for the date on their document; today is Monday 23 November 2026."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.dates import read_date
from tests.dates.date_tables import rows, written

if TYPE_CHECKING:
    from bot.core.date_words import DateWords

TODAY = date(2026, 11, 23)

FRENCH = rows("""
# in digits
20/01/2027 | 2027-01-20!
20-01-2027 | 2027-01-20!
20.01.2027 | 2027-01-20!
20 01 2027 | 2027-01-20!
20 / 01 / 2027 | 2027-01-20!
2027-01-20 | 2027-01-20!
2027/01/20 | 2027-01-20!
20/1/2027 | 2027-01-20!
1/2/2027 | 2027-02-01!
03/04/2027 | 2027-04-03!
20/01/27 | 2027-01-20
20.01.27 | 2027-01-20
20-1-27 | 2027-01-20
20 01 27 | 2027-01-20
20012027 | 2027-01-20
01/2027 | 2027-01
01-2027 | 2027-01
2027-01 | 2027-01
le 20/01 | ? 2027-01-20 2026-01-20
20/01 | ? 2027-01-20 2026-01-20
le 23/11 | ? 2026-11-23 2027-11-23
c'est le 20/01/2027 | 2027-01-20!
le 20/01/2027 svp | 2027-01-20!
Date de fin : 20/01/2027 | 2027-01-20!
expire le 20/01/2027 | 2027-01-20!
valable jusqu'au 20/01/2027 | 2027-01-20!
exp 20/01/2027 | 2027-01-20!
Elle finit le 20/01/2027. | 2027-01-20!
20/01/2027 ! | 2027-01-20!
(20/01/2027) | 2027-01-20!
le mercredi 20/01/2027 | 2027-01-20!
mercredi 20/01/2027 | 2027-01-20!
lundi 20/01/2027 | 2027-01-20
01/25/2027 | 2027-01-25
20/01/2027 à 23h59 | 2027-01-20!
fini le 20/10/2026 | 2026-10-20!
# with the month's name
20 janvier 2027 | 2027-01-20!
le 20 janvier 2027 | 2027-01-20!
20 JANVIER 2027 | 2027-01-20!
20 janv 2027 | 2027-01-20!
20 janv. 2027 | 2027-01-20!
20 jan 2027 | 2027-01-20!
20janvier2027 | 2027-01-20!
20-janvier-2027 | 2027-01-20!
20/janv/2027 | 2027-01-20!
20 janv 27 | 2027-01-20
20janv27 | 2027-01-20
20 janvier '27 | 2027-01-20
1er mars 2027 | 2027-03-01!
1 er mars 2027 | 2027-03-01!
le premier mars 2027 | 2027-03-01!
le vingt janvier 2027 | 2027-01-20!
vingt et un janvier deux mille vingt-sept | 2027-01-21!
le 20 fevrier 2027 | 2027-02-20!
20 février de l'année 2027 | 2027-02-20!
20 aout 2027 | 2027-08-20!
20 août 2027 | 2027-08-20!
20 decembre 2026 | 2026-12-20!
20 dec 2026 | 2026-12-20!
20 Déc. 2026 | 2026-12-20!
15 juillet 2027 | 2027-07-15!
15 juil 2027 | 2027-07-15!
15 juillé 2027 | 2027-07-15!
15 juin 2027 | 2027-06-15!
15 mai 2027 | 2027-05-15!
3 avr 2027 | 2027-04-03!
12 sept 2027 | 2027-09-12!
12 septenbre 2027 | 2027-09-12!
12 octobr 2027 | 2027-10-12!
mercredi 20 janvier 2027 | 2027-01-20!
Mercredi le 20 janvier 2027 | 2027-01-20!
20 jnavier 2027 | 2027-01-20
20 fevirer 2027 | 2027-02-20
12 novemmbre 2027 | 2027-11-12
le 20 janvier | ? 2027-01-20 2026-01-20
20 décembre | ? 2026-12-20 2025-12-20
le 20 mai | ? 2027-05-20 2026-05-20
a expiré le 20 octobre | ? 2026-10-20 2025-10-20
ma carte expire le 20 juin | ? 2027-06-20 2026-06-20
elle a expiré le 3 septembre 2026 | 2026-09-03!
janvier 2027 | 2027-01
en janvier 2027 | 2027-01
fin janvier 2027 | 2027-01
début mars | ? 2027-03-01 2026-03-01
mi-février | ? 2027-02-01 2026-02-01
expire en mars | ? 2027-03-01 2026-03-01
mon visa finit en mai | ? 2027-05-01 2026-05-01
au mois de février | ? 2027-02-01 2026-02-01
septembre | ? 2026-09-01 2027-09-01
décembre | ? 2026-12-01 2025-12-01
2027 | 2027
en 2027 | 2027
fin 2026 | 2026-12
20 janvier 2027 ou 20 février 2027 | ? 2027-01-20 2027-02-20
le 20 janvier ou le 20 février 2027 | ? 2027-01-20 2027-02-20
le 5 ou le 6 avril 2027 | ? 2027-04-05 2027-04-06
du 21/01/2023 au 20/01/2027 | ~range 2027-01-20
valable du 21 janvier 2023 au 20 janvier 2027 | ~range 2027-01-20
entre le 1 et le 5 avril 2027 | ~range 2027-04-05
entre le 1er avril et le 5 avril 2027 | ~range 2027-04-05
du 1er au 5 avril 2027 | ~range 2027-04-05
01/02/2023 - 31/01/2027 | ~range 2027-01-31
# counted from today
aujourd'hui | 2026-11-23
aujourdhui | 2026-11-23
auj | 2026-11-23
demain | 2026-11-24
dmain | 2026-11-24
après-demain | 2026-11-25
apres demain | 2026-11-25
hier | 2026-11-22
avant hier | 2026-11-21
avant-hier | 2026-11-21
elle expire demain | 2026-11-24
elle a expiré hier | 2026-11-22
dans 3 semaines | 2026-12-14
ds 3 sem | 2026-12-14
dans trois semaines | 2026-12-14
dans 10 jours | 2026-12-03
dans 10j | 2026-12-03
dans quinze jours | 2026-12-08
dans une quinzaine de jours | 2026-12-08
dans un mois | 2026-12-23
dans 2 mois | 2027-01-23
dans deux mois | 2027-01-23
dans environ 2 mois | 2027-01-23
dans un mois et demi | 2027-01-07
dans 2 ou 3 mois | ? 2027-01-23 2027-02-23
dans un an | 2027-11-23
il me reste 3 semaines | 2026-12-14
il y a deux mois | 2026-09-23
il y a 2 mois | 2026-09-23
y a 3 jours | 2026-11-20
ya une semaine | 2026-11-16
expirée il y a 3 semaines | 2026-11-02
expirée depuis 2 semaines | 2026-11-09
périmé depuis un mois | 2026-10-23
fin du mois | 2026-11-30
à la fin du mois | 2026-11-30
fin du mois prochain | 2026-12-31
ce mois-ci | 2026-11
le mois prochain | 2026-12
le mois dernier | 2026-10
l'année prochaine | 2027
le 20 du mois prochain | 2026-12-20
vendredi | ? 2026-11-27 2026-11-20
vendredi prochain | ? 2026-11-27 2026-12-04
vendredi dernier | 2026-11-20
expire vendredi | ? 2026-11-27 2026-11-20
# inside a sentence
Bonjour, je n'arrive pas à avoir de rdv à Bobigny pour renouveler ma carte salarié, elle finit le 20/01/2027 | 2027-01-20!
Mon rdv à Palaiseau est le 14 septembre 2027, première demande, conjoint de Française, mon visa finit en mars | ? 2027-03-01 2026-03-01
délivrée le 21/01/2023, expire le 20/01/2027 | 2027-01-20!
Ma carte de séjour étudiant expire dans 3 semaines et il n'y a aucun créneau | 2026-12-14
je suis né le 12/03/1995 et mon titre se termine le 15 décembre 2026 | 2026-12-15!
récépissé valable jusqu'au 15/12/2026 merci | 2026-12-15!
mon titre a expiré hier et je n'arrive pas à prendre rdv | 2026-11-22
j'ai essayé le 12/11/2026, mon titre expire le 15/12/2026 | 2026-12-15!
je crois que c'est le 3 avril 2027 | 2027-04-03!
carte salarié 93 20/01/2027 | 2027-01-20!
titre étudiant, fin 30/09/2026, préfecture de Créteil 94 | 2026-09-30!
# more sentences
Mon titre de séjour se termine le 5 mars et je n'ai toujours pas de rdv | ? 2027-03-05 2026-03-05
ma carte vie privée et familiale est valable jusqu'au 30/06/2027 | 2027-06-30!
titre 10 ans fin 2031 | 2031-12
Ça se termine dans 15 jours | 2026-12-08
ça expire en janvier prochain | 2027-01
elle expire le mois prochain | 2026-12
elle est périmée depuis le 15 octobre | ? 2026-10-15 2025-10-15
périmé depuis octobre | ? 2026-10-01 2025-10-01
expirée depuis janvier 2026 | 2026-01
elle expire le 15 de ce mois | 2026-11-15
le 15 du mois | 2026-11-15
jusqu'au 14 février prochain | 2027-02-14
20/01/2027 normalement | 2027-01-20!
je pense 20 janvier mais je suis pas sûr | ? 2027-01-20 2026-01-20
janvier ou février 2027 | ? 2027-01-01 2027-02-01
fin février début mars 2027 | ? 2027-02-01 2027-03-01
Date d'expiration: 20 JAN 2027 | 2027-01-20!
20.JAN.2027 | 2027-01-20!
20 01 2027 ou 20 02 2027 | ? 2027-01-20 2027-02-20
carte de résident 93 expire 14/07/28 | 2028-07-14
07/28 | 2028-07
14/7 | ? 2026-07-14 2027-07-14
14 juillet | ? 2026-07-14 2027-07-14
14-07 | ? 2026-07-14 2027-07-14
le 1/3 | ? 2027-03-01 2026-03-01
3/4 | ? 2027-04-03 2026-04-03
5 à 7 | -
5-7 | -
mon récépissé finit mardi | ? 2026-11-24 2026-11-17
mon récépissé finit mardi prochain | ? 2026-11-24 2026-12-01
le 24 | -
demain 24/11 | 2026-11-24
dans deux jours le 25 novembre | 2026-11-25
dans les 3 mois | 2027-02-23
dans quelques jours | -
dans 1 an et demi | 2028-05-23
dans une semaine et demie | 2026-12-03
l'an prochain en mars | ? 2027-03-01 2026-03-01
en mars prochain | 2027-03
en mars de l'année prochaine | 2027-03
mars 26 | 2026-03
mars 27 | 2027-03
20 mars 26 | 2026-03-20
le 32 janvier 2027 | x impossible
29/02/27 | x impossible
J'ai rdv le 12/12/2026 mais ma carte expire le 01/12/2026 | 2026-12-01!
Ma carte expire le 01/12/2026 et mon rdv est le 12/12/2026 | 2026-12-01!
titre expiré le 01/11/2026, rdv obtenu le 12/12/2026 | 2026-11-01!
API valable du 01/09/2026 au 01/12/2026 | ~range 2026-12-01
récépissé du 01/09/2026 au 01/12/2026 | ~range 2026-12-01
attestation de prolongation 01/09/2026 - 01/12/2026 | ~range 2026-12-01
Visa long séjour valable 1 an du 15/09/2025 au 15/09/2026 | ~range 2026-09-15
j'ai fait ma demande en mars | -
je suis en France depuis 2019 | -
je suis arrivé en 2019, ma carte finit en 2027 | 2027
j'ai 3 enfants nés en 2015, 2018 et 2020 | -
la préfecture a répondu le 3 novembre | -
depuis le 3 novembre j'essaie | -
hier et aujourd'hui pas de créneau | -
ya rien avant mars 2027 | -
prochain créneau en juin | -
mon contrat se termine le 31/12/2026 et mon titre le 15/01/2027 | 2027-01-15!
mon passeport finit en 2030 et ma carte le 15/01/2027 | 2027-01-15!
code postal 93200, carte 20/01/2027 | 2027-01-20!
numéro étranger 9301234567 date 20/01/2027 | 2027-01-20!
Tel 06 12 34 56 78 titre fin 20/01/2027 | 2027-01-20!
timbre 225€ carte 20/01/2027 | 2027-01-20!
C'était hier... | 2026-11-22
C bon jusqu'en 2028 | 2028
expire bientôt | -
le 20/01/2027 à minuit | 2027-01-20!
20/01/2027, 20 janvier 2027 | 2027-01-20!
20/01/2027 (mercredi) | 2027-01-20!
aujourd'hui même | 2026-11-23
ce soir | -
dans 48h | 2026-11-25
dans 72 heures | 2026-11-26
2 mois | -
encore 2 mois | 2027-01-23
2O/01/2027 | 2027-01-20!
20/O1/2027 | 2027-01-20!
20//01//2027 | 2027-01-20!
20,01,2027 | 2027-01-20!
20_01_2027 | 2027-01-20!
20 - 01 - 2027 | 2027-01-20!
le20/01/2027 | 2027-01-20!
20janvier 2027 | 2027-01-20!
20 janvier2027 | 2027-01-20!
20 Janvier deux mille vingt sept | 2027-01-20!
Janvier 20 2027 | 2027-01-20!
2027 janvier 20 | 2027-01-20!
20 1 27 | 2027-01-20
200127 | -
20270120 | -
2027 01 20 | 2027-01-20!
""")


@pytest.mark.parametrize(("text", "reading"), FRENCH)
def test_french_date_is_read(words: DateWords, text: str, reading: str) -> None:
    """Each line of the table, as typed."""
    assert written(read_date(text, "fr", TODAY, words)) == reading


def test_french_table_is_whole() -> None:
    """No line was lost."""
    assert len(FRENCH) == 254
