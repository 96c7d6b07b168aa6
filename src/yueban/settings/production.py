"""Production: nothing secret or local has a default, cookies only over HTTPS, no demo."""

from yueban.settings import env
from yueban.settings.base import *  # noqa: F403 - a settings module is its base plus a few lines

SECRET_KEY = env.text("YUEBAN_SECRET_KEY")
YUEBAN_FIELD_KEYS = env.hex_keys("YUEBAN_FIELD_KEYS")
YUEBAN_INDEX_KEY = env.hex_keys("YUEBAN_INDEX_KEY")[0]
ALLOWED_HOSTS = env.words("YUEBAN_ALLOWED_HOSTS")
YUEBAN_PUBLIC_URL = env.text("YUEBAN_PUBLIC_URL")
CSRF_TRUSTED_ORIGINS = [YUEBAN_PUBLIC_URL]
YUEBAN_DEMO = False
# A clock that can be moved has no place where real deadlines run.
YUEBAN_DEMO_CLOCK = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("YUEBAN_HTTPS_REDIRECT", default=True)
# The load balancer asks over plain HTTP.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
