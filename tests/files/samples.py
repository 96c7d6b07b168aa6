"""Small files of each kind, and broken ones, made in memory."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(32) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
PARTS = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "ofd": ("OFD.xml", "Doc_0/Document.xml"),
}


def archive(*parts: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return target.getvalue()


def office(kind: str, *more: tuple[str, bytes]) -> bytes:
    """A docx, xlsx or ofd with little in it."""
    return archive(*((name, b"<xml/>") for name in PARTS[kind]), *more)


def bomb() -> bytes:
    """A docx of some 300 kB that unpacks to 300 MB."""
    return office("docx", ("word/media/image1.bmp", bytes(300 * 1024 * 1024)))


def lying_bomb() -> bytes:
    """A docx whose directory says that its part is small, though it unpacks to 60 MB."""
    content = bytes(60 * 1024 * 1024)
    whole = office("docx", ("word/media/image1.bmp", content))
    return whole.replace(struct.pack("<L", len(content)), struct.pack("<L", 10))


def flagged_encrypted() -> bytes:
    """A docx with the mark of a password on every part."""
    whole = bytearray(office("docx"))
    position = whole.find(b"PK\x01\x02")
    while position >= 0:
        whole[position + 8] |= 0x1
        position = whole.find(b"PK\x01\x02", position + 4)
    return bytes(whole)


def overlapping() -> bytes:
    """A docx whose directory lists the same packed bytes many times under different names."""
    content = bytes(1024 * 1024)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    crc = zlib.crc32(content)
    name = b"word/document.xml"
    local = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), len(content), len(name), 0
    )
    entries = b""
    for position in range(200):
        other = name if position == 0 else f"word/media/{position}".encode()
        entries += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), len(content),
            len(other), 0, 0, 0, 0, 0, 0,
        ) + other  # fmt: skip
    body = local + name + packed
    return body + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), len(body), 0)
