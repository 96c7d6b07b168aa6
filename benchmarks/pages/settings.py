"""The demo's settings with one more address: the bare view."""

from yueban.settings.demo import *  # noqa: F403 - a settings module is its base plus a few lines

ROOT_URLCONF = "benchmarks.pages.urls"
