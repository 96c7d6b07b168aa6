"""What the machine has: Python, disk, fonts, a browser."""

import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from yueban.assistant.index import e5
from yueban.commands.checkup.check import Check, ill, well
from yueban.commands.chromium import PACKAGES, find_chromium, has_chinese_font
from yueban.commands.django_setup import ROOT
from yueban.documents import fonts
from yueban.prechecks import reader
from yueban.settings import env

NEEDED_MB = 1500
# Characters of real names, and where on Debian a font with them comes from.
RARE = {
    "䶮": ("U+4DAE", "fonts-noto-cjk"),
    "㛃": ("U+36C3", "fonts-noto-cjk"),
    "𠀀": ("U+20000", "fonts-hanazono"),
}


def check_python() -> Check:
    """The version; an older one than 3.11 never comes this far, the bootstrap refuses it."""
    return well("python", f"{platform.python_version()} {sys.executable}")


def check_disk(folder: Path = ROOT) -> Check:
    """Room for the database and the uploads."""
    free = shutil.disk_usage(folder).free // 1_000_000
    detail = f"{folder} 剩余 {free} MB"
    return (
        well("disk", detail)
        if free >= NEEDED_MB
        else ill("disk", detail, f"清理磁盘，至少留出 {NEEDED_MB} MB")
    )


def check_fonts() -> Iterator[Check]:
    """The fonts that documents are printed with, and rare characters of names that they lack."""
    found = fonts.report()
    yield Check("fonts", found.ok, found.detail, "" if found.ok else found.remedy)
    for character, (code, package) in RARE.items():
        if fonts.coverage(character):
            remedy = f"apt-get install {package}(在此之前文书写作〔{code}〕，不会是空框)"
            yield ill(f"glyph {code}", f"没有字体含有 {character}({code})", remedy, purpose="rare-names")
        else:
            yield well(f"glyph {code}", f"{character} 可以打印", purpose="rare-names")


def check_ocr() -> Check:
    """The engine that looks at uploads; without it people do, as before."""
    if reader.is_installed():
        return well("ocr", "上传的文件由机器先看一遍(只提醒)", purpose="precheck")
    remedy = "Python 3.13 起没有它的安装包；其他版本运行 ./yueban worker 或 ./yueban demo 时自动安装"
    return ill("ocr", "没有装识别引擎，上传的文件只由人看", remedy, purpose="precheck")


def check_meaning() -> Check:
    """The model that the consultation searches by meaning with; without it words serve."""
    if env.text("YUEBAN_EMBEDDING_URL", ""):
        return well("meaning", "按意思检索由 YUEBAN_EMBEDDING_URL 的接口计算", purpose="consult")
    if e5.is_installed():
        return well("meaning", "咨询按字词和意思检索", purpose="consult")
    remedy = (
        "Linux x86-64 上运行 ./yueban demo 或 ./yueban worker 时自动安装；其他机器请设置 YUEBAN_EMBEDDING_URL"
    )
    return ill("meaning", "没有装按意思检索的模型，咨询只按字词检索", remedy, purpose="consult")


def check_browser() -> Check:
    """Chromium and a Chinese font, for the browser tests only."""
    program = find_chromium()
    if program and has_chinese_font():
        return well("chromium", str(program), purpose="tests")
    missing = "Chromium" if program is None else "系统中文字体"
    return ill("chromium", f"没有{missing}", f"apt-get install {' '.join(PACKAGES)}", purpose="tests")
