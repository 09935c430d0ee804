"""What looks like a date and is none, or none of a document's end; today is Monday 23 November 2026."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.dates import read_date
from tests.dates.date_tables import rows, written

if TYPE_CHECKING:
    from bot.core.date_words import DateWords

TODAY = date(2026, 11, 23)

NO_DATES = rows("""
# hours
12h30 | -
12h | -
à 14h30 | -
14:30 | -
vers 9h du matin | -
9h-12h | -
de 9h à 17h | -
3pm | -
at 3 | -
10:30:45 | -
midi | -
الساعة 10 | -
على 10 | -
10点半 | -
# telephones, postcodes, départements, numbers of files
0612345678 | -
06 12 34 56 78 | -
06.12.34.56.78 | -
06-12-34-56-78 | -
+33 6 12 34 56 78 | -
0033612345678 | -
93100 | -
75018 Paris | -
93 | -
93 Seine-Saint-Denis | -
2A | -
971 | -
dossier n° 12/2027 | -
n° 7503202612 | -
numéro 9912345678 | -
mon numéro étranger est 9301234567 | -
AGDREF 7503012345 | -
12345678 | -
99999999 | -
A1234 | -
93-A1234 | -
RG 26/1234 | -
# prices, ages, counts
1234 € | -
350€ | -
300 euros | -
20.01 € | -
225 € de timbre | -
j'ai 23 ans | -
23 ans | -
17 ans et demi | -
40 captures | -
3 enfants | -
100 % | -
24/7 | -
7/7 | -
24h/24 7j/7 | -
erreur 404 | -
error 500 | -
4 | -
12 | -
31 | -
# law
L.521-3 | -
L. 521-3 | -
article L521-3 | -
R431-5 | -
article R.431-12 | -
L.433-3 du CESEDA | -
décret 2026-455 | -
décret n° 2026-455 | -
loi 71-1130 | -
art. 8 CEDH | -
n° 26/05 | -
article 12/3 | -
# lengths of waiting
depuis 6 mois | -
4 mois et demi | -
six mois | -
depuis une semaine | -
j'attends depuis 4 mois | -
ça fait 6 mois que j'essaie | -
il y a 6 mois que j'attends | -
for 6 months | -
I have been trying for 3 weeks | -
3 fois par semaine | -
tous les jours | -
منذ 6 أشهر وأنا أحاول | -
llevo 6 meses intentando | -
dans moins de 2 mois | -
plus de 3 mois | -
less than a month | -
2-3 mois | -
10-12 jours | -
# words that are also months or numbers
may I ask a question | -
May I speak to a human? | -
mais je ne sais pas | -
mai | -
mars | -
may | -
march | -
mar | -
il marche bien | -
septembres | -
septuagénaire | -
la planète Mars | -
on the march | -
novembriste | -
août | -
sept | -
set | -
j'ai out de la patience | -
avril, ma fille, est française | -
decent | -
first | -
un | -
# dates of something else
je suis né le 12/03/1995 | -
née en 1995 | -
date de naissance : 12 mars 1995 | -
j'ai déposé mon dossier le 12 mars 2026 | -
demande déposée le 12/03/2026 | -
mon rdv est le 14 septembre 2027 | -
j'ai rdv le 14/09/2027 | -
j'ai un rendez-vous le 14 septembre 2027 à 10h | -
j'ai essayé hier | -
j'ai essayé le 12/11/2026 | -
je suis arrivé en France le 12 mars 2019 | -
arrivé en France en 2019 | -
délivrée le 21/01/2023 | -
depuis le 12 mars 2026 | -
J'ai reçu une OQTF hier, comment prendre RDV à Créteil pour ma carte ? | -
aujourd'hui je n'arrive pas à prendre rdv | -
demain je passe à la préfecture | -
mon passeport expire le 12/03/2027 | -
my passport expires on 12 March 2027 | -
I was born on 12 March 1995 | -
I applied on 12 March 2026 | -
my appointment is on 14 September 2027 | -
ولدت في 12/03/1995 | -
عندي موعد يوم 14/09/2027 | -
قدمت الطلب قبل شهرين | -
tzadt f 12/03/1995 | -
3andi rdv nhar 14/09/2027 | -
我是学生，四个半月前在ANEF递交续签，没有消息，居留已过期 | -
J'ai 40 captures, toutes de vendredi à mercredi dernier, Le Raincy, je peux aller au tribunal ? | -
Llevo 6 meses intentando cita en Saint-Denis para pedir papeles por primera vez, trabajo sin contrato | -
Sur TikTok on me vend un rdv préfecture de police à 350 €, c'est fiable ? | -
Mon mari me frappe, il garde mon titre, il lit mon téléphone | -
# nothing at all
bonjour | -
oui | -
je ne sais pas | -
pas de date | -
déjà expirée | -
👍 | -
... | -
https://www.exemple.fr/2027/01/20/page | -
moi@exemple.fr 20 | -
""")

PROBLEMS = rows("""
31/11/2026 | x impossible
31/02/2027 | x impossible
31 février 2027 | x impossible
le 31 avril | x impossible
29/02/2027 | x impossible
45/13/2026 | x impossible
00/00/0000 | x impossible
2027-02-30 | x impossible
2027-13-01 | x impossible
le 45 mars 2027 | x impossible
31 november 2026 | x impossible
31 نوفمبر 2026 | x impossible
20/01/2045 | x too_far
24/11/2041 | x too_far
20 janvier 2050 | x too_far
20/01/2570 | x too_far
20/01/45 | x too_far
dans 20 ans | x too_far
2050 | x too_far
22/11/2016 | x too_old
12/03/1990 | x too_old
20 janvier 2010 | x too_old
20/01/98 | x too_old
1990 | x too_old
15/08/1430 | x foreign_calendar
1447 | x foreign_calendar
1405 | x foreign_calendar
31/01/1448 | x foreign_calendar
20 رمضان 1490 | x foreign_calendar
20 janvier 1448 | x foreign_calendar
""")

EDGES = rows("""
23/11/2041 | 2041-11-23!
23/11/2016 | 2016-11-23!
29/02/2028 | 2028-02-29!
29 février | ? 2028-02-29 2024-02-29
31/11/2026 ou 30/11/2026 | 2026-11-30!
12/03/1990 et 20/01/2027 | 2027-01-20!
""")


@pytest.mark.parametrize(("text", "reading"), NO_DATES)
@pytest.mark.parametrize("language", ["fr", "en", "ar", None])
def test_what_is_no_date_gives_none(words: DateWords, text: str, reading: str, language: str | None) -> None:
    assert written(read_date(text, language, TODAY, words)) == reading


@pytest.mark.parametrize(("text", "reading"), [*PROBLEMS, *EDGES])
def test_date_that_cannot_be_says_why(words: DateWords, text: str, reading: str) -> None:
    assert written(read_date(text, "fr", TODAY, words)) == reading


def test_tables_of_no_dates_are_whole() -> None:
    assert (len(NO_DATES), len(PROBLEMS), len(EDGES)) == (148, 30, 6)
