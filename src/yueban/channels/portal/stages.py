"""The steps of an application as its pages show them."""

from dataclasses import dataclass
from enum import IntEnum

from django.urls import reverse
from django.utils.translation import gettext as _


class Step(IntEnum):
    """Which page of the application is open."""

    FORM = 0
    MATERIALS = 1
    PREVIEW = 2


@dataclass(frozen=True)
class StepView:
    """One step: done, now or next."""

    title: str
    state: str
    href: str


def steps_of(number: str, now: Step) -> list[StepView]:
    """填写 → 材料 → 核对并提交."""
    pages = ((_("填写"), "form"), (_("材料"), "materials"), (_("核对并提交"), "preview"))
    return [
        StepView(
            title,
            "done" if at < now else "now" if at == now else "next",
            reverse(f"portal:{page}", args=[number]),
        )
        for at, (title, page) in enumerate(pages)
    ]
