"""Changing one template, as a channel that went its own way would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.template.loader import get_template

Plant = Callable[..., None]


@pytest.fixture(name="plant")
def planting(tmp_path, settings) -> Plant:
    """Swap texts of a template, and put further templates beside it."""

    def change(name: str, *swaps: tuple[str, str], **more: str) -> None:
        origin = Path(get_template(name).origin.name)
        text = origin.read_text(encoding="utf-8")
        for before, after in swaps:
            assert before in text
            text = text.replace(before, after)
        for other, content in {name: text, **more}.items():
            path = tmp_path / "templates" / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        settings.TEMPLATES = [{**django_settings.TEMPLATES[0], "DIRS": [str(tmp_path / "templates")]}]

    return change
