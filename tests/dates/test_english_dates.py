"""What people write in English when asked for the date on their document; today is Monday 23 November 2026."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.dates import read_date
from tests.dates.date_tables import rows, written

if TYPE_CHECKING:
    from bot.core.date_words import DateWords

TODAY = date(2026, 11, 23)

ENGLISH = rows("""
# in digits
20/01/2027 | 2027-01-20!
03/04/2027 | ? 2027-04-03 2027-03-04
05/05/2027 | 2027-05-05!
3/4/2027 | ? 2027-04-03 2027-03-04
03-04-2027 | ? 2027-04-03 2027-03-04
03/04/27 | ? 2027-04-03 2027-03-04
01/20/2027 | 2027-01-20!
2027-04-03 | 2027-04-03!
20.01.2027 | 2027-01-20!
my permit expires 03/04/2027 | ? 2027-04-03 2027-03-04
Student in Lyon, permit expires 03/04/2027, ANEF says error 500 | ? 2027-04-03 2027-03-04
expiry date: 20/01/2027 | 2027-01-20!
20012027 | 2027-01-20
01/2027 | 2027-01
02/30/2027 | x impossible
# with the month's name
20 January 2027 | 2027-01-20!
20th January 2027 | 2027-01-20!
20th of January 2027 | 2027-01-20!
the 20th of January, 2027 | 2027-01-20!
January 20 2027 | 2027-01-20!
January 20, 2027 | 2027-01-20!
Jan 20th, 2027 | 2027-01-20!
Jan. 20, 2027 | 2027-01-20!
jan 20 27 | 2027-01-20
20 jan 27 | 2027-01-20
20jan2027 | 2027-01-20!
20-Jan-2027 | 2027-01-20!
Wednesday, 20 January 2027 | 2027-01-20!
Wednesday January 20th 2027 | 2027-01-20!
twentieth of january 2027 | 2027-01-20!
january twenty first twenty twenty seven | 2027-01-21!
3rd march 2027 | 2027-03-03!
1st feb 2027 | 2027-02-01!
2nd sept 2027 | 2027-09-02!
15 febuary 2027 | 2027-02-15!
15 feburary 2027 | 2027-02-15!
15 janury 2027 | 2027-01-15!
15 agust 2027 | 2027-08-15!
15 novmber 2027 | 2027-11-15!
15 septmber 2027 | 2027-09-15
15 Decmeber 2026 | 2026-12-15
may 15 2027 | 2027-05-15!
15 may 2027 | 2027-05-15!
march 27 | ? 2027-03-27 2026-03-27
January 20 | ? 2027-01-20 2026-01-20
20 January | ? 2027-01-20 2026-01-20
on the 20th of january | ? 2027-01-20 2026-01-20
it expires on January 20th | ? 2027-01-20 2026-01-20
20 may | ? 2027-05-20 2026-05-20
expired on 20 October | ? 2026-10-20 2025-10-20
March 2027 | 2027-03
in March 2027 | 2027-03
in March | ? 2027-03-01 2026-03-01
expires in may | ? 2027-05-01 2026-05-01
end of January 2027 | 2027-01
early february | ? 2027-02-01 2026-02-01
by december | ? 2026-12-01 2025-12-01
september | ? 2026-09-01 2027-09-01
2027 | 2027
in 2027 | 2027
end of 2026 | 2026-12
from 21/01/2023 to 20/01/2027 | ~range 2027-01-20
valid from 21 January 2023 until 20 January 2027 | ~range 2027-01-20
between 1 and 5 April 2027 | ~range 2027-04-05
5 or 6 april 2027 | ? 2027-04-05 2027-04-06
# counted from today
today | 2026-11-23
tomorrow | 2026-11-24
tomorow | 2026-11-24
tmrw | 2026-11-24
the day after tomorrow | 2026-11-25
day after tomorrow | 2026-11-25
yesterday | 2026-11-22
the day before yesterday | 2026-11-21
it expired yesterday | 2026-11-22
in two months | 2027-01-23
in 2 months | 2027-01-23
in a month | 2026-12-23
in about 3 weeks | 2026-12-14
in 10 days | 2026-12-03
in a fortnight | 2026-12-07
2 weeks left | 2026-12-07
i have 2 weeks left | 2026-12-07
3 weeks from now | 2026-12-14
in 2 or 3 weeks | ? 2026-12-07 2026-12-14
two days ago | 2026-11-21
three weeks ago | 2026-11-02
a month ago | 2026-10-23
expired 2 months ago | 2026-09-23
expired for 3 weeks | 2026-11-02
it expired last week | ? 2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20 2026-11-21 2026-11-22
end of the month | 2026-11-30
at the end of next month | 2026-12-31
next month | 2026-12
last month | 2026-10
next year | 2027
the 20th of next month | 2026-12-20
friday | ? 2026-11-27 2026-11-20
next friday | ? 2026-11-27 2026-12-04
last friday | 2026-11-20
this friday | ? 2026-11-27 2026-12-04
# inside a sentence
Hello, my residence permit expires on 20 January 2027 and there are no slots | 2027-01-20!
I was born on 12/03/1995, my card ends 15 December 2026 | 2026-12-15!
issued 21/01/2023 expires 20/01/2027 | 2027-01-20!
I tried on 12 November 2026 but no slot, card valid until 15 December 2026 | 2026-12-15!
my card expires in three weeks please help | 2026-12-14
# more sentences
my card will expire in march | ? 2027-03-01 2026-03-01
My visa will end on the 5th of March | ? 2027-03-05 2026-03-05
expires 5 march | ? 2027-03-05 2026-03-05
5th march next year | 2027-03-05
march next year | 2027-03
it's 20.01.2027 | 2027-01-20!
valid thru 01/2027 | 2027-01
expires end of next month | 2026-12-31
it expires in less than a month | -
in less than 2 weeks | -
until 30 June | ? 2027-06-30 2026-06-30
30 June 2026 was the end | 2026-06-30!
It ended on 30/06/2026 | 2026-06-30!
the end date is 4/3/27 | ? 2027-03-04 2027-04-03
April 4th | ? 2027-04-04 2026-04-04
04/04/2027 | 2027-04-04!
12/12/26 | 2026-12-12
13/12/26 | 2026-12-13
12/13/26 | 2026-12-13
2027/3/4 | 2027-03-04!
around 20 January | ? 2027-01-20 2026-01-20
20 Jan '27 | 2027-01-20
20th Jan | ? 2027-01-20 2026-01-20
Jan 2027 | 2027-01
Jan/2027 | 2027-01
'27 | -
sometime in 2027 | 2027
2 weeks | -
two weeks time | -
in two weeks time | 2026-12-07
a week from today | 2026-11-30
a year from now | 2027-11-23
10 days to go | 2026-12-03
only 5 days left | 2026-11-28
five days left | 2026-11-28
It expired 2 years ago | 2024-11-23
has been expired since March 2026 | 2026-03
expired since 12 March 2026 | 2026-03-12!
I may come in march if possible | -
I have appointment on 12 march 2027 | -
My appointment was cancelled on 12 march | -
I moved to France in September 2023 | -
I have been in France since 2019 | -
my kid was born on 3 may 2024 | -
I am 23 years old | -
I paid 225 euros on 3 May | -
I sent the letter on 3 May 2026 and my permit ended 1 June 2026 | 2026-06-01!
permit expires Friday | ? 2026-11-27 2026-11-20
the permit is for 1 year from 21/01/2026 | -
I have to leave by 20 January | -
article 8 | -
Room 12, floor 3 | -
24/11 | ? 2026-11-24 2025-11-24
11/24/2026 | 2026-11-24!
24 Nov | ? 2026-11-24 2025-11-24
Nov 24 | ? 2026-11-24 2025-11-24
November twenty fourth | ? 2026-11-24 2025-11-24
the first of december | ? 2026-12-01 2025-12-01
1 dec | ? 2026-12-01 2025-12-01
second of march 2027 | 2027-03-02!
""")


@pytest.mark.parametrize(("text", "reading"), ENGLISH)
def test_english_date_is_read(words: DateWords, text: str, reading: str) -> None:
    """Each line of the table, as typed."""
    assert written(read_date(text, "en", TODAY, words)) == reading


def test_english_table_is_whole() -> None:
    """No line was lost."""
    assert len(ENGLISH) == 165
