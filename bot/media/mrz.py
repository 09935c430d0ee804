"""Machine-readable zones by shape alone: neighbouring lines of 30, 36 or 44 characters of one width, dark on light.

Works without reading a letter. A line of ordinary print has no single pitch, and fixed-width print in a browser seldom
fills two neighbouring lines, edge to edge, with exactly so many places. Where in doubt the answer is no: a booking page
must never be taken for a card. The lines may stand anywhere, because a card seldom fills its photograph.
Must not know: files, processes, what happens to the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 1000
"""Pixels of the longest side that is searched: a pitch of 8 to 30 for a card that fills a third of the picture or all."""
PLACES = (30, 36, 44)
"""Characters a line: cards, older cards and visas, passports."""
CLEAREST = 0.9
"""How empty the gaps must be: 0.95 to 1 for fixed width, up to 0.7 for other print, up to 0.86 for Chinese print."""

_CELL = (28, 3)
"""Pixels across and down: wider than the gap between two characters, so that a line of print is one run of cells."""
_INKED = 16
"""Mean of a cell from which it holds print; one thin stroke gives 20."""
_SHORTEST = 9
"""Cells of the shortest line."""
_FAINTEST = 40
"""Grey levels between print and paper; patterns of the paper are fainter."""
_WIDEST_STROKE = (1, 2, 4, 7)
"""Doubling steps: dark shapes up to 14 pixels wide count as strokes."""
_COARSE = (-8, -6, -4, -2, 0, 2, 4, 6, 8)
_FINE = ((-1, 0, 1), (-0.5, 0, 0.5), (-0.25, 0, 0.25))
"""Degrees."""
_PARTS = 12
"""Parts of a place."""
_GAP = 3
"""Parts that must be empty between two characters; Chinese print leaves less."""
_HEIGHT = (0.45, 1.9)
"""Of a line, in pitches: rules and dots are lower, bar codes higher."""
_STEP = (1.0, 3.2)
"""From one line to the next, in pitches."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print in the searched picture, in pixels, and how many places of one width it seems to have."""

    top: int
    bottom: int
    left: int
    right: int
    places: float
    clearness: float


@dataclass(frozen=True, slots=True)
class Level:
    """How a picture must be turned for its lines to be level."""

    is_sideways: bool
    angle: float
    """Degrees, counter-clockwise, after the quarter turn."""

    def turn(self, picture: Image.Image) -> Image.Image:
        """The picture with level lines; its corners may be lost."""
        if self.is_sideways:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
        return picture.rotate(self.angle, Image.Resampling.BILINEAR) if self.angle else picture


def has_zone(picture: Image.Image) -> bool:
    """True when two neighbouring lines share their edges and a pitch of 30, 36 or 44 places."""
    grey = picture.convert("L")
    grey.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    ink = ink_of(grey)
    return zone_in(level_of(ink).turn(ink))


def zone_in(ink: Image.Image) -> bool:
    """The same for the level strokes of a picture whose longest side is LONGEST."""
    lines = lines_of(ink)
    return any(_belong_together(first, second) for first, second in _pairs(lines))


def ink_of(grey: Image.Image) -> Image.Image:
    """Dark strokes on a lighter ground as white on black, whatever the light; light print on dark is nothing."""
    paper = grey
    for sign, choose in ((1, ImageChops.lighter), (-1, ImageChops.darker)):
        for step in _WIDEST_STROKE:
            paper = choose(paper, ImageChops.offset(paper, sign * step, 0))
        for step in _WIDEST_STROKE:
            paper = choose(paper, ImageChops.offset(paper, 0, sign * step))
    return ImageChops.subtract(paper, grey, 1, -_FAINTEST).point([min(255, value * 5) for value in range(256)])


def level_of(ink: Image.Image) -> Level:
    """How to turn strokes so that their lines are level: by up to 9 degrees, and by 90 when they run down the page."""
    small = ink.copy()
    small.thumbnail((LONGEST // 3, LONGEST // 3), Image.Resampling.BOX)
    turned = small.transpose(Image.Transpose.ROTATE_90)
    (upright, start), (sideways, side_start) = _best_angle(small, 0.0, _COARSE), _best_angle(turned, 0.0, _COARSE)
    is_sideways = sideways > 1.2 * upright
    half = ink.transpose(Image.Transpose.ROTATE_90) if is_sideways else ink.copy()
    half.thumbnail((LONGEST // 2, LONGEST // 2), Image.Resampling.BOX)
    angle = side_start if is_sideways else start
    for steps in _FINE:
        _, angle = _best_angle(half, angle, steps)
    return Level(is_sideways, angle)


def _best_angle(ink: Image.Image, start: float, steps: Sequence[float]) -> tuple[float, float]:
    """The greatest evenness and the angle that gives it; nearer to ``start`` when several do."""
    angles = sorted((start + step for step in steps), key=lambda angle: abs(angle - start))
    found = [(_evenness(ink.rotate(angle, Image.Resampling.BILINEAR) if angle else ink), angle) for angle in angles]
    return max(found, key=lambda pair: pair[0])


def _evenness(ink: Image.Image) -> float:
    """How sharply rows with print and rows without follow each other; greatest when the lines are level."""
    rows = ink.resize((1, ink.height), Image.Resampling.BOX).tobytes()
    return sum((row - before) ** 2 for before, row in pairwise(rows)) / ink.height


def lines_of(ink: Image.Image) -> list[Line]:
    """The lines long enough to be a zone, from the top, with the pitch of those that have one."""
    lines = []
    for top, bottom, left, right in _bands(ink):
        begin, end = max(0, left - _CELL[0]), min(ink.width, right + _CELL[0])
        profile = ink.crop((begin, top, end, bottom)).resize((end - begin, 1), Image.Resampling.BOX).tobytes()
        floor = max(profile) * 0.15
        inked = [place for place, value in enumerate(profile) if value > floor]
        if not inked:
            continue
        places, clearness = pitch_of(profile[inked[0] : inked[-1] + 1])
        if places and not _is_full(profile[inked[0] : inked[-1] + 1], places, floor):
            places = 0.0
        lines.append(Line(top, bottom, begin + inked[0], begin + inked[-1] + 1, places, clearness))
    return lines


def _bands(ink: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left and right of runs of print over neighbouring rows."""
    wide, high = _CELL
    width, height = max(1, ink.width // wide), max(1, ink.height // high)
    cells = ink.resize((width, height), Image.Resampling.BOX).tobytes()
    runs = [_longest_run(cells[row * width : (row + 1) * width]) for row in range(height)]
    top = 0
    while top < height:
        left, right = runs[top]
        bottom = top + 1
        if right - left >= _SHORTEST:
            while bottom < height and _overlap(runs[bottom], (left, right)) >= _SHORTEST // 2:
                left, right = min(left, runs[bottom][0]), max(right, runs[bottom][1])
                bottom += 1
            yield top * high, bottom * high, left * wide, right * wide
        top = bottom


def _overlap(first: tuple[int, int], second: tuple[int, int]) -> int:
    return min(first[1], second[1]) - max(first[0], second[0])


def _longest_run(cells: bytes) -> tuple[int, int]:
    """Begin and end of the longest run of cells with print."""
    best, begin = (0, 0), 0
    for place, cell in enumerate((*cells, 0)):
        if cell > _INKED:
            continue
        if place - begin > best[1] - best[0]:
            best = (begin, place)
        begin = place + 1
    return best


def pitch_of(profile: Sequence[int]) -> tuple[float, float]:
    """The number of equal places of a column profile and how clear the gaps between them are; (0, …) for none."""
    near = [places - 1 + step / 5 for places in PLACES for step in range(7)]
    clearness, places = max((_clearness(profile, count), count) for count in near)
    if clearness < CLEAREST:
        return 0.0, clearness
    rival = max(_clearness(profile, 24 + step / 2) for step in range(53))
    return (places, clearness) if rival <= clearness * 1.05 else (0.0, clearness)


def _clearness(profile: Sequence[int], count: float) -> float:
    """1 when all gaps between so many equal places are empty, 0 when they hold as much ink as the places."""
    sums, sizes = [0] * _PARTS, [0] * _PARTS
    turn = count * _PARTS / len(profile)
    for place, value in enumerate(profile):
        part = int(place * turn) % _PARTS
        sums[part] += value
        sizes[part] += 1
    means = [total / size if size else 0.0 for total, size in zip(sums, sizes, strict=True)]
    gap = min(sum(means[part - after] for after in range(_GAP)) for part in range(_PARTS)) / _GAP
    mean = sum(means) / _PARTS
    return 1 - gap / mean if mean else 0.0


def _is_full(profile: Sequence[int], places: float, floor: float) -> bool:
    """True when every place holds ink: a zone has no spaces, it is filled up."""
    width = len(profile) / places
    count = round(places + 0.4)
    return all(
        max(profile[int(place * width) : int((place + 0.7) * width) + 1], default=0) > floor for place in range(count)
    )


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines with a pitch, each with those below it."""
    pitched = [line for line in lines if line.places]
    return ((first, second) for place, first in enumerate(pitched) for second in pitched[place + 1 :])


def _belong_together(first: Line, second: Line) -> bool:
    """True for two lines of one zone: same edges, same number of places, one right below the other."""
    width = first.right - first.left
    pitch = width / first.places
    heights = [(line.bottom - line.top) / pitch for line in (first, second)]
    if min(heights) < _HEIGHT[0] or max(heights) > _HEIGHT[1]:
        return False
    is_flush = abs(first.left - second.left) < 2 * pitch and abs(first.right - second.right) < 2 * pitch
    is_next = _STEP[0] * pitch < second.top - first.top < _STEP[1] * pitch
    return is_flush and is_next and abs(first.places - second.places) < 1.3
