"""Pictures as phones take them."""

import random
import struct


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def photo(width: int = 800, height: int = 600, seed: int = 1) -> bytes:
    """A picture with place, owner and turn in it, as a phone takes it."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0) + struct.pack("<HHII", 0x8825, 4, 1, 38)
    tiff = b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0)
    size = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    light = random.Random(seed).randbytes(4000).replace(b"\xff", b"\xfe")
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xE1, b"Exif\0\0" + tiff + b"GPS 30.0N 120.6E PHONE-OF-SOMEBODY")
        + segment(0xFE, b"taken at PHONE-OF-SOMEBODY")
        + segment(0xC0, size)
        + segment(0xDA, bytes(10))
        + light
        + b"\xff\xd9"
    )
