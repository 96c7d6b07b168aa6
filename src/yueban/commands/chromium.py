"""Where a Chromium for the browser tests is."""

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> Path | None:
    """The first installed browser that Playwright can drive."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None
