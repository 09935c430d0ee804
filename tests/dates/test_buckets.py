"""When a document ends, told without a date."""

from __future__ import annotations

import pytest

from bot.core.buckets import read_bucket
from bot.core.case import ExpiryBucket
from tests.dates.date_tables import rows

BUCKETS = rows("""
déjà expirée | expired
déjà expiré | expired
deja expire | expired
expirée | expired
expiré | expired
expire | expired
EXPIRÉE | expired
finie | expired
fini | expired
c'est fini | expired
elle est finie | expired
périmée | expired
périmé | expired
elle n'est plus valable | expired
ma carte est expirée | expired
ma carte de séjour est expirée depuis 2 mois et je n'arrive pas à prendre rdv | expired
mon titre a expiré | expired
carte finie depuis mars | expired
déjà terminé | expired
expired | expired
expired already | expired
it has expired | expired
already expired | expired
my permit is no longer valid | expired
out of date | expired
it's over | expired
منتهية | expired
منتهية الصلاحية | expired
انتهت | expired
انتهت صلاحيتها | expired
سالات | expired
البطاقة سالات | expired
خلصت | expired
اكسبيري | expired
salat | expired
salat lcarta dyali | expired
lcarta expirat | expired
khlsat | expired
caducado | expired
vencida | expired
vencido | expired
süresi doldu | expired
bitti | expired
просрочена | expired
срок истёк | expired
закінчився | expired
прострочена | expired
منقضی شده | expired
تمام شده | expired
ختم شوی | expired
ختم ہو گیا | expired
মেয়াদ শেষ হয়ে গেছে | expired
காலாவதியாகிவிட்டது | expired
已过期 | expired
居留已过期 | expired
ვადა გაუვიდა | expired
li fin ekspire | expired
khatam ho gaya | expired
pas de date | no_date
il n'y a pas de date | no_date
pas de date dessus | no_date
aucune date | no_date
sans date de fin | no_date
no date | no_date
no expiry date | no_date
there is no date on it | no_date
doesn't have a date | no_date
بدون تاريخ | no_date
ما فيهاش تاريخ | no_date
لا يوجد تاريخ انتهاء | no_date
makaynch tarikh | no_date
sin fecha | no_date
sem data | no_date
tarih yok | no_date
нет даты | no_date
немає дати | no_date
تاریخ ندارد | no_date
没有日期 | no_date
pa gen dat | no_date
moins d'un mois | within_month
dans moins d'un mois | within_month
moins de 1 mois | within_month
dans quelques jours | within_month
elle expire dans moins d'un mois | within_month
less than a month | within_month
in less than 2 weeks | within_month
it expires in a few days | within_month
أقل من شهر | within_month
menos de un mes | within_month
меньше месяца | within_month
不到一个月 | within_month
1-3 mois | one_to_three_months
entre 1 et 3 mois | one_to_three_months
moins de 3 mois | one_to_three_months
il reste moins de 3 mois | one_to_three_months
between 1 and 3 months | one_to_three_months
أقل من 3 أشهر | one_to_three_months
plus de 3 mois | beyond_three_months
dans plus de 3 mois | beyond_three_months
more than 3 months | beyond_three_months
أكثر من 3 أشهر | beyond_three_months
""")

NONE = rows("""
pas expirée |
elle n'est pas expirée |
ma carte n'a pas encore expiré |
not expired |
my card hasn't expired yet |
it is not expired |
ما سالاتش |
لم تنته |
ma salatch |
不过期 |
expire bientôt |
elle expire bientôt |
expire le 20/01/2027 |
ma carte expire le 20 janvier 2027 |
fini le 20/01/2027 |
my card expires soon |
session expirée |
la session a expiré |
session expired |
lien expiré |
délai dépassé |
mon passeport est expiré |
my passport is expired |
pas de date disponible |
il n'y a pas de date de rdv |
aucune date disponible sur le site de la préfecture |
no dates available |
j'attends depuis plus de 3 mois |
ça fait moins d'un mois que j'essaie |
depuis moins d'un mois |
I have been waiting for more than 3 months |
rdv dans plus de 3 mois |
j'ai fini mon dossier hier et j'attends la réponse |
le site est fini, je ne vois plus aucun créneau |
bonjour |
20/01/2027 |
dans 2 mois |
je ne sais pas |
oui |
👍 |
""")


@pytest.mark.parametrize(("text", "bucket"), BUCKETS)
def test_bucket_is_read_in_any_language(words, text, bucket):
    assert read_bucket(text, words) == ExpiryBucket(bucket)


@pytest.mark.parametrize("text", [text for text, _none in NONE])
def test_contrary_or_other_things_are_no_bucket(words, text):
    assert read_bucket(text, words) is None


def test_tables_of_buckets_are_whole():
    assert (len(BUCKETS), len(NONE)) == (101, 40)


@pytest.mark.parametrize(
    "text",
    ["my father died", "randevular tükendi", "места закончились", "sala de espera", "it will not be valid"],
)
def test_what_is_over_elsewhere_is_no_expired_card(words, text):
    assert read_bucket(text, words) is None
