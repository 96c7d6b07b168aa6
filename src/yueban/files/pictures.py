"""How large a picture is and whether anything is on it, told from its bytes without drawing it."""

import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Final

PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Rows of an empty picture are all alike; the ways in which PNG may write the same row are five.
SAME_ROWS: Final = 5
# What a JPEG says of an empty sheet repeats itself; light and paper never do.
REPEATING: Final = 0.2
MOST_BYTES: Final = 64 * 2**20
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height in pixels, and whether it shows nothing."""

    width: int
    height: int
    is_blank: bool


def picture_of(content: BinaryIO) -> Picture | None:
    """The picture in this content; None for other kinds of files, and for pictures that cannot be read."""
    data = content.read()
    try:
        if data.startswith(PNG_HEAD):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
    except (struct.error, zlib.error, IndexError):
        return None
    return None


def _png(data: bytes) -> Picture | None:
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    packed, at = bytearray(), 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    if colour not in CHANNELS or not packed or not width or not height:
        return None
    stride = 1 + (width * CHANNELS[colour] * depth + 7) // 8
    if stride * height > MOST_BYTES:
        return Picture(width, height, is_blank=False)
    raw = zlib.decompressobj().decompress(bytes(packed), stride * height)
    rows = {raw[start : start + stride] for start in range(0, len(raw), stride)}
    return Picture(width, height, is_blank=len(rows) <= SAME_ROWS)


def _jpeg(data: bytes) -> Picture | None:
    at, size = 2, None
    while at + 4 <= len(data):
        marker = data[at + 1]
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            size = (width, height)
        if marker == 0xDA and size is not None:
            drawn = data[at + 2 + length :]
            return Picture(*size, is_blank=len(zlib.compress(drawn)) < len(drawn) * REPEATING)
        at += 2 + length
    return None


def without_metadata(data: bytes) -> bytes:
    """The picture without what the camera wrote beside it: place, time, owner. Which way is up stays known."""
    if data.startswith(PNG_HEAD):
        return _png_without(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg_without(data)
    return data


PNG_SPOKEN: Final = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
# Application segments and comments; 0xE0 says that it is a JPEG, 0xEE how its colours are stored.
JPEG_SPOKEN: Final = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xEE}
UPRIGHT: Final = 1


def _png_without(data: bytes) -> bytes:
    kept, at = [PNG_HEAD], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] not in PNG_SPOKEN:
            kept.append(data[at : at + length + 12])
        at += length + 12
    return b"".join(kept)


def _jpeg_without(data: bytes) -> bytes:
    kept, at, turned = [data[:2]], 2, UPRIGHT
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if data[at + 1] == 0xE1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:])
        if data[at + 1] not in JPEG_SPOKEN:
            kept.append(segment)
        at += 2 + length
    if turned != UPRIGHT:
        kept.insert(1, _oriented(turned))
    return b"".join([*kept, data[at:]])


def _orientation(tiff: bytes) -> int:
    """The one thing in EXIF that a picture needs to be seen aright."""
    try:
        order = "<" if tiff.startswith(b"II") else ">"
        (start,) = struct.unpack(order + "I", tiff[4:8])
        (count,) = struct.unpack(order + "H", tiff[start : start + 2])
        for entry in range(count):
            at = start + 2 + 12 * entry
            (tag,) = struct.unpack(order + "H", tiff[at : at + 2])
            if tag == 0x0112:
                (turned,) = struct.unpack(order + "H", tiff[at + 8 : at + 10])
                return int(turned) if 1 <= turned <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def _oriented(turned: int) -> bytes:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, turned, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
