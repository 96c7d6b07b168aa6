"""Set Django up inside a command, once it is known which settings and database it runs with."""

import os
from pathlib import Path

import django

from yueban import processes

ROOT = Path(__file__).resolve().parents[3]


def set_up_django(default: str = "yueban.settings.production") -> None:
    """Load the settings named in DJANGO_SETTINGS_MODULE, else `default`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", default)
    django.setup()
    from yueban.accounts import walls

    processes.settle_memory()
    walls.trust_process()  # a command acts as the platform; the site is started another way
