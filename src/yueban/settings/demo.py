"""The demo: keys made on this machine, the demo cast, one-click sign-in and a clock that may be moved."""

from yueban.kernel.codes import profiles
from yueban.settings import env
from yueban.settings.base import *  # noqa: F403 - a settings module is its base plus a few lines

SECRET_KEY = env.text("YUEBAN_SECRET_KEY")
YUEBAN_FIELD_KEYS = env.hex_keys("YUEBAN_FIELD_KEYS")
YUEBAN_INDEX_KEY = env.hex_keys("YUEBAN_INDEX_KEY")[0]
YUEBAN_DEMO = True
# People and enterprises of the model city carry numbers of regions that cannot exist.
profiles.set_current(profiles.Profile.DEMO)
YUEBAN_DEMO_CLOCK = env.flag("YUEBAN_DEMO_CLOCK", default=True)
# A receiver of events on this very machine may be tried.
YUEBAN_WEBHOOK_PRIVATE = True
