"""Tests: fixed keys, fast password hashing, static files from the source; conftest gives the database."""

import os
import tempfile
from pathlib import Path

# Tests without a database never connect; the others get a clone of the template from tests/conftest.py.
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/unset")

from yueban.kernel.codes import profiles
from yueban.settings.base import *  # noqa: F403 - a settings module is its base plus a few lines
from yueban.settings.base import DATABASES, STORAGES

SECRET_KEY = "only-for-tests"
YUEBAN_FIELD_KEYS = ["0" * 64]
YUEBAN_INDEX_KEY = "1" * 64
YUEBAN_DEMO = True
# People and enterprises of the model city carry numbers of regions that cannot exist.
profiles.set_current(profiles.Profile.DEMO)
# Tests set the clock themselves (kernel.clock.set_source) or follow the demo's offset on purpose.
YUEBAN_DEMO_CLOCK = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATA_DIR = Path(tempfile.gettempdir()) / f"yueban-test-data-{os.getpid()}"
