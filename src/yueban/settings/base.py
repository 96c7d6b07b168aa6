"""What every way of running yueban shares; secrets and addresses come from demo, test or production."""

from pathlib import Path

from csp.constants import NONE, SELF

from yueban.settings import env
from yueban.settings.assistant import *  # noqa: F403 - what the consultation may use and spend
from yueban.settings.logs import LOGGING as LOGGING
from yueban.settings.sign_in import *  # noqa: F403 - how staff sign in

ROOT = Path(__file__).resolve().parents[3]
DEBUG = False
ALLOWED_HOSTS: list[str] = ["*"]

# --- apps: one line each; the layers are in .importlinter -------------------------------------------
LOCAL_APPS: list[str] = [
    "yueban.audit",
    "yueban.vault",
    "yueban.jobs",
    "yueban.files",
    "yueban.webhooks",
    "yueban.accounts",
    "yueban.divisions",
    "yueban.elements",
    "yueban.agencies",
    "yueban.outlets",
    "yueban.documents",
    "yueban.prechecks",
    "yueban.catalogue",
    "yueban.certificates",
    "yueban.claims",
    "yueban.payments",
    "yueban.ratings",
    "yueban.policies",
    "yueban.parties",
    "yueban.matching",
    "yueban.clocks",
    "yueban.approvals",
    "yueban.notifications",
    "yueban.cases",
    "yueban.tickets",
    "yueban.assistant",
    "yueban.oversight",
    "yueban.flows",
    "yueban.channels.shared",
    "yueban.channels.portal",
    "yueban.channels.kiosk",
    "yueban.channels.desk",
    "yueban.channels.api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "axes",
    *LOCAL_APPS,
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- requests ---------------------------------------------------------------------------------------
ROOT_URLCONF = "yueban.urls"
WSGI_APPLICATION = "yueban.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yueban.channels.shared.display.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yueban.channels.shared.guards.PersonalPageMiddleware",
    "yueban.channels.shared.guards.NulMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yueban.channels.shared.errors.ServiceErrorMiddleware",
]
CSRF_FAILURE_VIEW = "yueban.channels.shared.errors.csrf_failure"
# Documents are shown beside the checklist in a frame of our own; nobody else may frame a page.
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "/sign-in"

# --- pages ------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yueban.channels.shared.context.site",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("YUEBAN_STATIC_ROOT", ROOT / "var" / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Pages that are kept (channels/shared/kept.py): in each process's memory, so many, so many seconds at most.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# --- language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
# Chinese is the language of every page until the person asks for another; the desk stays Chinese.
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "src" / "yueban" / "channels" / "shared" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- database and background work -------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "yueban.jobs.registry.register_handlers"

# --- yueban's own; every YUEBAN_ variable is explained in docs/settings.md --------------------------
DATA_DIR = env.folder("YUEBAN_DATA_DIR", ROOT / "var" / "data")
CITY_DIR = env.folder("YUEBAN_CITY_DIR", ROOT / "cities" / "shaoxing")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "yueban.files.upload_handler.BoundedUploadHandler",
]
YUEBAN_DEMO = False
YUEBAN_DEMO_CLOCK = env.flag("YUEBAN_DEMO_CLOCK", default=False)
YUEBAN_PUBLIC_URL = env.text("YUEBAN_PUBLIC_URL", "http://127.0.0.1:8000")
YUEBAN_MAX_UPLOAD_MB = env.number("YUEBAN_MAX_UPLOAD_MB", 20)
# A list of more cases than this is exported by the worker, and the file is kept for so many days.
YUEBAN_EXPORT_AT_ONCE = env.number("YUEBAN_EXPORT_AT_ONCE", 2000)
YUEBAN_EXPORT_DAYS = env.number("YUEBAN_EXPORT_DAYS", 7)
# The bank that pays out; without an address the demonstration pays by its own.
YUEBAN_BANK_URL = env.text("YUEBAN_BANK_URL", "")
YUEBAN_BANK_KEY = env.text("YUEBAN_BANK_KEY", "")
YUEBAN_JOB_STALL_SECONDS = env.number("YUEBAN_JOB_STALL_SECONDS", 30)
# Calls that one key of the API may make in a minute.
YUEBAN_API_CALLS_PER_MINUTE = env.number("YUEBAN_API_CALLS_PER_MINUTE", 120)
# Whether events may be pushed over plain HTTP and to private addresses: for the demo and for tests alone.
YUEBAN_WEBHOOK_PRIVATE = False
# Secrets of the data sources by name, as JSON; and where the demonstration's counterpart answers.
YUEBAN_CONNECTOR_SECRETS = env.text("YUEBAN_CONNECTOR_SECRETS", "{}")
YUEBAN_SOURCES_URL = env.text("YUEBAN_SOURCES_URL", "")
