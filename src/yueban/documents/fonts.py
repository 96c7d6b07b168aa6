"""Which fonts print the documents, and which characters none of them has."""

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

from yueban.documents.errors import FontsMissing

WHEEL: Final = "cvttf_NotoSansCJK_Regular"
SUFFIXES: Final = frozenset({".otf", ".ttf", ".ttc"})
SYSTEM_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# Fonts with rare characters; others on the machine are left alone, so that documents look the same everywhere.
SUPPLEMENTS: Final = ("hana", "notosanscjk-regular", "sourcehansans", "plangothic", "jigmo", "simsun-ext")
# Shapes the text or separates it, and has no picture of its own.
WITHOUT_GLYPH: Final = frozenset("\t\n\r\u200b\u00ad")
REMEDY: Final = "请运行 apt-get install fonts-noto-cjk fonts-hanazono,或重新安装本软件的依赖。"


@dataclass(frozen=True, slots=True)
class MissingCharacter:
    """A character that no font can draw."""

    character: str

    @property
    def code_point(self) -> str:
        """``U+20000``."""
        return f"U+{ord(self.character):04X}"

    @property
    def printed(self) -> str:
        """What stands in its place: never an empty box."""
        return f"〔{self.code_point}〕"


@dataclass(frozen=True, slots=True)
class FontReport:
    """What ``doctor`` tells of the fonts."""

    ok: bool
    files: tuple[str, ...]
    characters: int
    detail: str
    remedy: str


def font_files() -> tuple[Path, ...]:
    """The wheel's font first, then those of the machine that add rare characters."""
    found = [*_wheel_files(), *(path for folder in SYSTEM_FOLDERS for path in _supplements(folder))]
    return tuple(dict.fromkeys(found))


def coverage(text: str) -> tuple[MissingCharacter, ...]:
    """The characters of the text that no font has, each once, in order of appearance."""
    known = _characters(font_files())
    missing = (char for char in dict.fromkeys(text) if char not in WITHOUT_GLYPH and ord(char) not in known)
    return tuple(MissingCharacter(char) for char in missing)


def typst_fonts() -> typst.Fonts:
    """The fonts loaded for typst, once a process."""
    return _loaded(_checked_files())


def families() -> list[str]:
    """Names of the families in the order in which a character is looked for."""
    return list(_families(_checked_files()))


def report() -> FontReport:
    """The state of the fonts for ``doctor``; rare characters that would be printed as code points are named."""
    files = font_files()
    names = tuple(path.name for path in files)
    if not files:
        return FontReport(False, (), 0, "没有找到中文字体，无法生成文书。", REMEDY)
    count = len(_characters(files))
    rare = coverage("䶮㛃\U00020000\U00030000")
    detail = f"{'、'.join(names)}，共 {count} 个字符。"
    if rare:
        detail += f"没有字形、将以编号打印的例字：{'、'.join(missing.code_point for missing in rare)}。"
    # Rare characters are named on paper, so only the common two are a failure.
    ok = not any(missing.character in "䶮㛃" for missing in rare)
    return FontReport(ok, names, count, detail, REMEDY if rare else "")


def _checked_files() -> tuple[Path, ...]:
    files = font_files()
    if not files:
        raise FontsMissing("没有找到中文字体，无法生成文书。", hint=REMEDY)
    return files


def _wheel_files() -> list[Path]:
    # find_spec looks without running the package's code.
    spec = importlib.util.find_spec(WHEEL)
    folders = spec.submodule_search_locations if spec else None
    return [path for folder in folders or () for path in _fonts_in(Path(folder))]


@lru_cache(maxsize=8)
def _supplements(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in _fonts_in(folder) if path.name.lower().startswith(SUPPLEMENTS))


def _fonts_in(folder: Path) -> Iterator[Path]:
    for parent, _, names in sorted(os.walk(folder)):
        yield from (Path(parent, name) for name in sorted(names) if Path(name).suffix.lower() in SUFFIXES)


@lru_cache(maxsize=4)
def _characters(files: tuple[Path, ...]) -> frozenset[int]:
    points: set[int] = set()
    for path in files:
        # Fonts of one collection share their characters; the first stands for all.
        with TTFont(path, fontNumber=0, lazy=True) as font:
            points.update(font["cmap"].getBestCmap() or ())
    return frozenset(points)


@lru_cache(maxsize=4)
def _loaded(files: tuple[Path, ...]) -> typst.Fonts:
    # typst takes folders: those of our files, and of what else lies there only the families named are used.
    folders = list(dict.fromkeys(str(path.parent) for path in files))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=4)
def _families(files: tuple[Path, ...]) -> tuple[str, ...]:
    order = {path.resolve(): position for position, path in enumerate(files)}
    faces = [(order.get(Path(face.path or "").resolve()), face.family) for face in _loaded(files).fonts()]
    return tuple(
        dict.fromkeys(
            family
            for position, family in sorted(
                (position, family) for position, family in faces if position is not None
            )
        )
    )
