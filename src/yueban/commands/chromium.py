"""The browser and the Chinese font that browser tests need: found, installed through apt, or asked for."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from yueban.commands.errors import CommandError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# libatomic1 is what the Node inside Playwright needs beside the system's own libraries.
PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def find_chromium() -> Path | None:
    """The first installed browser that Playwright can drive."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def has_chinese_font() -> bool:
    """Whether a CJK font of the system is there for pages; without one a picture shows empty boxes."""
    return any(
        "cjk" in path.name.lower() or "sourcehan" in path.name.lower()
        for folder in FONT_FOLDERS
        if folder.is_dir()
        for path in folder.rglob("*.[to]t[fc]")
    )


def has_libatomic() -> bool:
    """Whether the loader finds libatomic; asked by loading it, as a bare system has no ldconfig cache to ask."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def ensure_browser(say: Callable[[str], None]) -> None:
    """Install what is missing through apt as root, announcing each call; else say exactly what to run."""
    is_there = {
        "chromium": find_chromium() is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "libatomic1": has_libatomic(),
    }
    missing = [package for package in PACKAGES if not is_there[package]]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CommandError(
            f"浏览器测试缺少 {'、'.join(missing)}。请以管理员运行：apt-get update && {' '.join(install)}"
            f" / Missing for browser tests: {', '.join(missing)}; run that as root."
        )
    for words in (["apt-get", "update", "-qq"], [*install, "-qq"]):
        say(f"运行 / running: {' '.join(words)}")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandError(f"{' '.join(words)} 没有成功 / failed:\n{done.stderr.strip()[-1500:]}")
