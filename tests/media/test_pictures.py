"""What becomes of pictures, and of what only claims to be one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pillow_heif import from_pillow

from bot.core.errors import MediaError, MediaTooLargeError, MediaUnreadableError
from bot.media.inspection import Inspector
from bot.media.sniffing import sniff
from tests.media.drawings import booking_page, jpeg, png

if TYPE_CHECKING:
    from bot.core.ports import Picture

PAGE = booking_page(540, 960)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image in some format."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def heic(image: Image.Image) -> bytes:
    """An image as phones store it."""
    out = io.BytesIO()
    from_pillow(image).save(out, quality=60)
    return out.getvalue()


def opened(picture: Picture) -> Image.Image:
    """The safe copy, decoded."""
    image = Image.open(io.BytesIO(picture.safe))
    image.load()
    return image


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_size(width: int, height: int, extra: bytes = b"") -> bytes:
    """A PNG whose header claims a size that its data does not hold."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    """A small archive of a hundred megabytes of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("page.jpg", "w") as entry:
        for _ in range(100):
            entry.write(bytes(1 << 20))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_pictures_of_each_kind_become_plain_jpeg(blind: Inspector, kind: str) -> None:
    """Telegram, WhatsApp, web and iPhones send these four."""
    data = heic(PAGE) if kind == "HEIF" else saved(PAGE, kind)
    picture = blind.inspect(data)
    assert (picture.width, picture.height) == (540, 960)
    image = opened(picture)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (540, 960))
    inside, outside = (each.resize((9, 16), Image.Resampling.BOX).tobytes() for each in (image, PAGE))
    assert max(abs(got - wanted) for got, wanted in zip(inside, outside, strict=True)) < 30


MODES = ("1", "L", "LA", "P", "RGBA", "I;16", "CMYK")


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_becomes_rgb_on_white(blind: Inspector, mode: str) -> None:
    """Transparency turns white, sixteen bits become eight."""
    assert len(MODES) == 7
    image = Image.new(mode, (60, 40))
    data = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    result = opened(blind.inspect(data))
    assert result.mode == "RGB"
    expected = (255, 255, 255) if mode in {"LA", "RGBA", "CMYK"} else (0, 0, 0)
    assert result.getpixel((30, 20)) == expected


def test_sixteen_bit_grey_keeps_its_shades(blind: Inspector) -> None:
    """A scan is not clipped to white."""
    image = Image.new("I;16", (60, 40), 32768)
    assert opened(blind.inspect(saved(image, "PNG"))).getpixel((30, 20)) == (128, 128, 128)


def test_large_picture_is_made_smaller(blind: Inspector) -> None:
    """The longest side of the copy is 2400."""
    picture = blind.inspect(jpeg(Image.new("RGB", (6000, 3000), "white")))
    assert (picture.width, picture.height) == (2400, 1200)


def test_place_camera_and_comments_are_gone(blind: Inspector) -> None:
    """EXIF with GPS, colour profile, XMP, comment: none of it is in the copy."""
    exif = Image.Exif()
    exif[0x0110] = "Phone of SPECIMEN"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 54.0, 0.0), 3: "E", 4: (2.0, 26.0, 0.0)})
    data = saved(
        PAGE, "JPEG", exif=exif, icc_profile=b"profile of SPECIMEN" * 20, comment=b"SPECIMEN", xmp=b"<x>SPECIMEN</x>"
    )
    assert data.count(b"SPECIMEN") >= 4
    picture = blind.inspect(data)
    assert b"SPECIMEN" not in picture.safe
    assert b"Exif" not in picture.safe
    assert not opened(picture).getexif()
    assert set(opened(picture).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_camera_orientation_is_applied_before_it_is_dropped(blind: Inspector) -> None:
    """A photograph taken sideways stays upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = blind.inspect(saved(Image.new("RGB", (300, 100), "white"), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (100, 300)


def test_broken_exif_is_passed_over(blind: Inspector) -> None:
    """Hostile metadata costs nothing but itself."""
    data = saved(PAGE, "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + bytes(range(200)))
    assert blind.inspect(data).width == 540


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_a_moving_picture_is_taken(blind: Inspector, kind: str) -> None:
    """One picture in, one picture out."""
    frames = [Image.new("RGB", (80, 60), colour) for colour in ("red", "green", "blue")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    red, green, blue = opened(blind.inspect(data)).getpixel((40, 30))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_appended_payload_does_not_survive(blind: Inspector) -> None:
    """A polyglot is a picture and something else; the copy is a picture."""
    payload = b"<script>SPECIMEN</script>" + zip_bomb()[:2000]
    picture = blind.inspect(jpeg(PAGE) + payload)
    assert b"SPECIMEN" not in picture.safe
    assert b"PK" not in picture.safe[-2000:]


OTHERS: dict[str, bytes] = {
    "empty": b"",
    "one byte": b"\xff",
    "gif": saved(PAGE, "GIF"),
    "bmp": saved(PAGE, "BMP"),
    "tiff": saved(PAGE, "TIFF"),
    "avif": b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(200),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "pdf": b"%PDF-1.7\n" + bytes(100),
    "html": b"<!doctype html><img src=x>",
    "zip bomb called page.jpg": zip_bomb(),
    "text": b"une phrase",
}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_other_files_are_not_even_shown_to_a_decoder(name: str) -> None:
    """By their first bytes; the inspector has no worker that could be asked."""
    assert len(OTHERS) == 11
    inspector = Inspector(tesseract=None, command=("/nowhere",))
    with pytest.raises(MediaUnreadableError):
        inspector.inspect(OTHERS[name])


BROKEN: dict[str, bytes] = {
    "truncated jpeg": jpeg(PAGE)[:4000],
    "truncated png": png(PAGE)[:4000],
    "truncated webp": saved(PAGE, "WEBP")[:2000],
    "truncated heic": heic(PAGE)[:1500],
    "jpeg signature alone": b"\xff\xd8\xff\xe0",
    "jpeg signature before a zip": b"\xff\xd8\xff" + zip_bomb(),
    "png with too little data": png_of_size(500, 500),
    "png with a text of 100 MB": png_of_size(5, 5, chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(100 << 20)))),
    "webp signature alone": b"RIFF\x00\x00\x00\x00WEBP",
    "heic signature alone": b"\x00\x00\x00\x18ftypheic" + bytes(40),
    "png of no width": png_of_size(0, 500),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_pictures_are_unreadable_and_the_next_one_works(blind: Inspector, name: str) -> None:
    """Every fault of a decoder is the same error, without the file's words."""
    assert len(BROKEN) == 11
    with pytest.raises(MediaUnreadableError) as caught:
        blind.inspect(BROKEN[name])
    assert caught.value.__cause__ is None
    assert blind.inspect(jpeg(PAGE)).width == 540


def with_claimed_size(data: bytes, width: int, height: int) -> bytes:
    """A HEIC that claims other dimensions."""
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", width, height) + data[place + 8 :]


HUGE: dict[str, bytes] = {
    "png header of 400 megapixels": png_of_size(20_000, 20_000),
    "real png of 49 megapixels in few bytes": saved(Image.new("1", (7000, 7000)), "PNG"),
    "png of one line of four billion": png_of_size(2**31 - 1, 1),
    "webp of 49 megapixels": saved(Image.new("L", (7000, 7000)), "WEBP", method=0, quality=1),
    "jpeg of 42 megapixels": saved(Image.new("L", (65_000, 650)), "JPEG", quality=5),
    "30 MB": b"\xff\xd8\xff" + bytes(30 << 20),
}


@pytest.mark.parametrize("name", sorted(HUGE))
def test_huge_pictures_are_refused_before_decoding(blind: Inspector, name: str) -> None:
    """At most 16 MB and 40 megapixels."""
    assert len(HUGE) == 6
    with pytest.raises(MediaTooLargeError):
        blind.inspect(HUGE[name])


def test_heic_of_claimed_hugeness_is_refused(blind: Inspector) -> None:
    """Whichever of the two limits sees it first."""
    with pytest.raises(MediaError):
        blind.inspect(with_claimed_size(heic(PAGE), 60_000, 60_000))


def test_picture_just_within_the_limit_is_taken(blind: Inspector) -> None:
    """Forty megapixels fit into the worker's memory."""
    picture = blind.inspect(saved(Image.new("RGB", (8000, 5000), "white"), "PNG", compress_level=1))
    assert (picture.width, picture.height) == (2400, 1500)


PREFIXES = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    b"\x00\x00\x00\x18ftypmif1",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prefix=st.sampled_from(PREFIXES), body=st.binary(max_size=400))
def test_noise_is_only_ever_a_media_error(blind: Inspector, prefix: bytes, body: bytes) -> None:
    """Nothing else leaves the inspector."""
    assert sniff(prefix + body) is not None
    with pytest.raises(MediaError):
        blind.inspect(prefix + body)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 3000), value=st.integers(0, 255))
def test_flipped_bytes_give_a_picture_or_a_media_error(blind: Inspector, place: int, value: int) -> None:
    """A damaged upload never harms the worker."""
    data = bytearray(jpeg(PAGE.resize((180, 320))))
    data[place % len(data)] = value
    try:
        picture = blind.inspect(bytes(data))
    except MediaError:
        return
    assert picture.safe.startswith(b"\xff\xd8\xff")
