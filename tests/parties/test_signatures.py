"""The photograph of a signed mandate: missing, blank, too small or broken ones are refused."""

import io
import random
import struct
import zlib
from datetime import timedelta

import pytest

from tests import people
from yueban.files import services as files
from yueban.files.models import StoredFile
from yueban.files.pictures import picture_of
from yueban.kernel import clock
from yueban.parties import services
from yueban.parties.errors import MandateUnsigned
from yueban.parties.models import Mandate, Party

pytestmark = pytest.mark.django_db


def png(width: int, height: int, *, is_drawn: bool) -> bytes:
    """A grey sheet, with a scribble or without."""
    rows = [bytearray(b"\x00" + b"\xf0" * width) for _ in range(height)]
    if is_drawn:
        place = random.Random(1)
        for row in rows:
            row[1 + place.randrange(width)] = 0x20
    parts = [struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), zlib.compress(b"".join(rows)), b""]

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, (b"IHDR", b"IDAT", b"IEND"), parts))


def jpeg(width: int, height: int, drawn: bytes) -> bytes:
    """The frame of a JPEG around some drawn bytes; nobody shows it."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + frame
        + b"\xff\xda"
        + struct.pack(">H", 8)
        + b"\x01\x01\x00\x00\x3f\x00"
        + drawn
        + b"\xff\xd9"
    )


def give(content: bytes | None, name: str) -> Mandate:
    helper = people.actor("helper-xu")
    stored: StoredFile | None = None
    if content is not None:
        stored = files.store_file(content=io.BytesIO(content), name=name, actor=helper)
    today = clock.today()
    return services.give_mandate(
        principal=Party.objects.get(number="lin-person"),
        agent=people.user("helper-xu"),
        kind="helper",
        items=["flexible-employment-subsidy"],
        powers=["submit"],
        starts_on=today,
        ends_on=today + timedelta(days=90),
        way="paper",
        signature=stored,
        actor=helper,
        division_code="330602011220",
    )


NOISE = random.Random(2).randbytes(30_000)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (None, "", "没有签名"),
        (png(1200, 900, is_drawn=False), "签名.png", "空白"),
        (jpeg(1200, 900, b"\x8a\x28\xa2" * 9000), "签名.jpg", "空白"),
        (png(200, 80, is_drawn=True), "签名.png", "太小"),
        (jpeg(399, 300, NOISE), "签名.jpg", "太小"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "签名.png", "打不开"),
    ],
)
def test_a_photograph_without_a_readable_signature_is_refused(content, name, says):
    with pytest.raises(MandateUnsigned, match=says):
        give(content, name)
    assert not Mandate.objects.filter(way="paper").exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (png(1200, 900, is_drawn=True), "签名.png"),
        (jpeg(1200, 900, NOISE), "签名.jpg"),
        (people.PDF, "授权委托书.pdf"),
    ],
)
def test_a_photograph_with_something_on_it_and_a_scan_are_taken(content, name):
    assert give(content, name).signature is not None


def test_a_picture_tells_its_size():
    found = picture_of(io.BytesIO(png(640, 480, is_drawn=True)))
    assert found is not None
    assert (found.width, found.height, found.is_blank) == (640, 480, False)
    assert picture_of(io.BytesIO(b"%PDF-1.4")) is None


def test_a_picture_without_rows_or_columns_is_none_and_costs_nothing():
    for width, height in ((0, 400), (400, 0)):
        sheet = bytearray(png(400, 400, is_drawn=True))
        sheet[16:24] = struct.pack(">II", width, height)
        assert picture_of(io.BytesIO(bytes(sheet))) is None


def test_no_more_of_a_picture_is_unpacked_than_its_size_says():
    sheet = bytearray(png(2000, 2000, is_drawn=True))
    sheet[16:24] = struct.pack(">II", 400, 2)
    found = picture_of(io.BytesIO(bytes(sheet)))
    assert found is not None
    assert found.is_blank
