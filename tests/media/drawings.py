"""Made-up pictures: booking pages as people photograph them, and cards of one SPECIMEN that nobody has ever held."""

from __future__ import annotations

import io
import random
from importlib.util import find_spec
from pathlib import Path

import manimgx_fonts
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path(manimgx_fonts.__file__).parent
REGULAR = FONTS / "NotoSans[wght].ttf"
ITALIC = FONTS / "NotoSans-Italic[wght].ttf"
_MATPLOTLIB = find_spec("matplotlib")
FIXED = Path(str(_MATPLOTLIB and _MATPLOTLIB.origin)).parent / "mpl-data/fonts/ttf/DejaVuSansMono.ttf"
"""Fixed-width letters, the nearest to OCR-B that the dependencies bring."""

MRZ_TD1 = ("IRFRASPE0000017<<<<<<<<<<<<<<<", "9001014F3001012XXX<<<<<<<<<<<6", "SPECIMEN<<MARIE<LOUISE<<<<<<<<")
MRZ_TD2 = ("IDFRASPECIMEN<<<<<<<<<<<<<<<<<<<<<<<", "0001SPE000012MARIE<<LOUISE900101F5<<")
MRZ_TD3 = ("P<FRASPECIMEN<<MARIE<LOUISE<<<<<<<<<<<<<<<<<", "00SP000016FRA9001014F3001012<<<<<<<<<<<<<<02")

PAGE = (
    "Préfecture de la Seine-Saint-Denis",
    "Prise de rendez-vous en ligne",
    "Renouvellement de titre de séjour : carte de résident, passeport talent, récépissé",
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous.",
    "Veuillez recommencer ultérieurement. De nouveaux créneaux sont ouverts chaque semaine.",
    "Nom, prénom, date de naissance, nationalité et numéro étranger vous seront demandés.",
    "Munissez-vous de votre carte nationale d'identité ou de votre passeport.",
    "Étape 1 sur 6    Précédent    Suivant    Accueil",
)
ENGLISH_PAGE = (
    "Online appointment booking",
    "Residence permit - first application",
    "There are no more time slots available for your request. Please try again later.",
    "Surname   Given names   Date of birth   Place of birth   Nationality   Sex",
    "Passport number   Date of expiry   Identity card",
    "Back    Next step    Home    Legal notice",
)
TRACE = (
    "502 Bad Gateway",
    "--------------------------------------------",
    "============================================",
    "nginx/1.25.3 upstream rdv-prefecture timeout",
    'File "/srv/app/booking/slots.py", line 217,',
    '  raise SlotUnavailable("no slot in window") ',
    "GET /rdvpref/reservation/demarche/3720/creneau",
    "............................................",
    "<<<<<<<<<<<<<< maintenance >>>>>>>>>>>>>>>>>",
    "Reference 8F2A-77C0-11D9 2026-11-23T09:41:07",
)


def font(size: float, path: Path = REGULAR) -> ImageFont.FreeTypeFont:
    """A font that comes with the project."""
    return ImageFont.truetype(str(path), size=max(6, round(size)))


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """JPEG bytes."""
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """PNG bytes."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def noise(size: tuple[int, int], spread: int, chance: random.Random) -> Image.Image:
    """Grey grain around the middle, the same for the same chance."""
    grain = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    return grain.point([128 + (value - 128) * spread // 128 for value in range(256)])


def typewriter(
    draw: ImageDraw.ImageDraw, line: str, at: tuple[float, float], *, pitch: float, size: float, ink: tuple[int, ...]
) -> None:
    """A line in which every character takes the same width."""
    used = font(size, FIXED)
    for place, character in enumerate(line):
        left, top = at
        draw.text((left + (place + 0.5) * pitch, top), character, font=used, fill=ink, anchor="ma")


def booking_page(
    width: int, height: int, *, dark: bool = False, lines: tuple[str, ...] = PAGE, chrome: bool = True
) -> Image.Image:
    """A screenshot of a booking page, with the browser's address bar or cut without it."""
    paper, ink, soft = (
        ((22, 24, 28), (230, 230, 230), (60, 64, 72)) if dark else ((255,) * 3, (30, 30, 30), (222, 226, 236))
    )
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    unit = min(width, height) / 40
    top = unit
    if chrome:
        draw.rectangle((0, 0, width, unit * 4.5), fill=soft)
        draw.text((unit, unit * 0.3), "09:41      23/11/2026      4G  78 %", font=font(unit), fill=ink)
        draw.rounded_rectangle((unit, unit * 2, width - unit, unit * 4), unit, fill=paper)
        address = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/3720/creneau/"
        draw.text((unit * 2, unit * 2.3), address, font=font(unit * 0.9), fill=ink)
        top = unit * 6
    draw.rectangle((0, top, width, top + unit * 2), fill=(0, 0, 145))
    draw.text((unit, top + unit * 0.3), lines[0], font=font(unit * 1.1), fill=(255, 255, 255))
    top += unit * 3.5
    for number, line in enumerate(lines[1:]):
        size = unit * (1.5 if number == 0 else 1.05)
        used = font(size)
        row: list[str] = []
        for word in line.split(" "):
            if draw.textlength(" ".join([*row, word]), font=used) > width - 2 * unit:
                draw.text((unit, top), " ".join(row), font=used, fill=ink)
                top += size * 1.5
                row = []
            row.append(word)
        draw.text((unit, top), " ".join(row), font=used, fill=ink)
        top += size * 2.4
    for slot in range(12):
        left, line_top = unit + (slot % 4) * width / 4.2, top + (slot // 4) * unit * 3
        draw.rounded_rectangle((left, line_top, left + width / 5, line_top + unit * 2), 4, outline=soft, width=2)
        draw.text((left + unit * 0.5, line_top + unit * 0.4), f"{8 + slot}:{slot % 2 * 3}0", font=font(unit), fill=ink)
    return image


def console_page(width: int, height: int, *, dark: bool = False) -> Image.Image:
    """An error page in fixed-width letters, with the rules and dots that programs print."""
    paper, ink = ((16, 16, 16), (210, 255, 210)) if dark else ((255, 255, 255), (10, 10, 10))
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    pitch = width / 50
    for number, line in enumerate(TRACE):
        typewriter(draw, line, (pitch, pitch * (2 + 2.4 * number)), pitch=pitch, size=pitch * 1.5, ink=ink)
    return image


def text_page(width: int, height: int, seed: int) -> Image.Image:
    """A page full of lines of running text."""
    image = Image.new("RGB", (width, height), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    chance = random.Random(seed)
    size = min(width, height) / chance.choice((28, 36, 48))
    vocabulary = " ".join(PAGE + ENGLISH_PAGE).split()
    top = size
    while top < height - 2 * size:
        line = " ".join(chance.choice(vocabulary) for _ in range(14))
        draw.text((size, top), line, font=font(size, chance.choice((REGULAR, ITALIC))), fill=(20, 20, 20))
        top += size * chance.choice((1.3, 1.6, 2.0))
    return image


def card(
    width: int,
    *,
    mrz: tuple[str, ...] = MRZ_TD1,
    labels: bool = True,
    tint: tuple[int, int, int] = (226, 234, 240),
    seed: int = 1,
) -> Image.Image:
    """A card or passport page of SPECIMEN, with a background pattern, a grey portrait, labels and machine-readable lines."""
    characters = len(mrz[0]) if mrz else 30
    height = round(width / (1.42 if characters == 44 else 1.586))
    image = Image.new("RGB", (width, height), tint)
    draw = ImageDraw.Draw(image)
    chance = random.Random(seed)
    for _ in range(60):
        shade = tuple(max(0, part - chance.randrange(10, 40)) for part in tint)
        box = [chance.randrange(-width, width), chance.randrange(-height, height)]
        draw.arc((*box, box[0] + width, box[1] + height), 0, 360, fill=shade)
    unit = width / 46
    draw.rectangle((unit * 2, unit * 6, unit * 13, unit * 19), fill=(150, 150, 150))
    draw.ellipse((unit * 5, unit * 8, unit * 10, unit * 14), fill=(110, 110, 110))
    if labels:
        heading = (
            "PASSEPORT  PASSPORT   RÉPUBLIQUE FRANÇAISE" if characters == 44 else "TITRE DE SÉJOUR   RESIDENCE PERMIT"
        )
        draw.text((unit * 2, unit * 1.2), heading, font=font(unit * 1.7), fill=(30, 30, 90))
        rows = (
            ("NOM / SURNAME", "SPECIMEN"),
            ("PRÉNOMS / GIVEN NAMES", "MARIE LOUISE"),
            ("NATIONALITÉ / NATIONALITY    SEXE / SEX", "XXX    F"),
            ("DATE DE NAISSANCE / DATE OF BIRTH", "01 01 1990"),
            ("DATE D'EXPIRATION / DATE OF EXPIRY", "01 01 2030"),
        )
        for number, (label, value) in enumerate(rows):
            top = unit * (4.6 + 2.9 * number)
            draw.text((unit * 15, top), label, font=font(unit * 0.85), fill=(60, 60, 110))
            draw.text((unit * 15, top + unit * 1.0), value, font=font(unit * 1.4), fill=(10, 10, 10))
    pitch = width * 0.92 / characters
    size = pitch * 1.3
    for number, line in enumerate(mrz):
        top = height - (len(mrz) - number) * pitch * 1.75 - unit * 0.8
        typewriter(draw, line, (width * 0.04, top), pitch=pitch, size=size, ink=(15, 15, 15))
    return image


def photograph(
    paper: Image.Image, *, angle: float = 0.0, margin: float = 0.12, blur: float = 0.6, tilt: float = 0.0, seed: int = 1
) -> Image.Image:
    """The card on a table: turned a little, tilted, blurred, with uneven light and a table of wood around it."""
    chance = random.Random(seed)
    edge = round(paper.width * margin)
    size = (paper.width + 2 * edge, paper.height + 3 * edge)
    table = noise((size[0] // 8, size[1] // 8), 100, chance).resize(size).convert("RGB")
    table = Image.blend(table, Image.new("RGB", size, (120, 84, 56)), 0.7)
    mask = Image.new("L", paper.size, 255)
    place = (edge, round(edge * 1.5))
    whole, cover = Image.new("RGB", size), Image.new("L", size)
    whole.paste(paper, place)
    cover.paste(mask, place)
    if tilt:
        lean = tilt * size[0]
        corners = (-lean, 0, 0, size[1], size[0], size[1], size[0] + lean, 0)
        whole = whole.transform(size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
        cover = cover.transform(size, Image.Transform.QUAD, corners)
    whole = whole.rotate(angle, Image.Resampling.BICUBIC)
    cover = cover.rotate(angle)
    table.paste(whole, mask=cover)
    light = Image.linear_gradient("L").resize(size).rotate(chance.choice((0, 180)))
    shaded = Image.composite(table, Image.eval(table, lambda value: value * 7 // 10), light)
    grain = noise(size, 40, chance).convert("RGB")
    return Image.blend(shaded.filter(ImageFilter.GaussianBlur(blur)), grain, 0.06)


def identity_card() -> bytes:
    """JPEG of a photographed card of SPECIMEN, machine-readable zone in view: refused with and without tesseract."""
    return jpeg(photograph(card(1000), angle=2))


def chinese_page(places: int) -> Image.Image:
    """A page in Chinese: every character is as wide as the next, and every line is full."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    path = Path(str(spec and spec.origin)).parent / "NotoSansSC-Regular.otf"
    words = (
        "预约页面没有可用的时间请稍后再试外国人居留许可续签系统显示错误信息每天早上更新请保存截图作为证明并发送挂号信"
    )
    chance = random.Random(places)
    image = Image.new("RGB", (1080, 1600), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    size = 1080 * 0.94 / places
    for row in range(int(1500 / (size * 1.6))):
        line = "".join(chance.choice(words) for _ in range(places))
        draw.text((32, 8 + row * size * 1.6), line, font=font(size, path), fill=(20, 20, 20))
    return image
