"""实时: running cases by light and by agency, refreshed by itself, each figure with the list behind it."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.cases import selectors as cases
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.inbox import LIGHTS
from yueban.channels.desk.pages import desk_page
from yueban.clocks.choices import Light
from yueban.kernel import clock, roles
from yueban.kernel.errors import NotAllowed
from yueban.oversight import selectors as oversight
from yueban.oversight.choices import Level

ORDER = (Light.DEEP_RED, Light.RED, Light.ORANGE, Light.YELLOW, Light.GREEN, Light.PAUSED)
COLUMNS = (*(str(light) for light in ORDER), "untimed")


@dataclass(frozen=True)
class Figure:
    """One light with its word and how many running cases show it."""

    light: str
    word: str
    count: int


@staff_only
@require_safe
def live(request: DeskRequest) -> HttpResponse:
    """The figures of a supervisor's own division; htmx asks for the part alone."""
    if not request.actor.has_role(roles.SUPERVISOR):
        raise NotAllowed(_("实时情况由监督人员查看。"), hint=_("请用监督岗位的账号登录。"))
    agencies = cases.counts_by_agency(cases.cases_visible_to(request.actor))
    total: Counter[str] = Counter()
    for agency in agencies:
        total += agency.lights
    context = {
        "figures": [Figure(light, LIGHTS[light], total[light]) for light in COLUMNS],
        "total": total.total(),
        "agencies": [(one, [(light, one.lights[light]) for light in COLUMNS]) for one in agencies],
        "columns": [LIGHTS[light] for light in COLUMNS],
        "raised": _raised(request),
        "now": clock.now(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "desk/_live.html", context)
    return desk_page(request, "desk/live.html", context)


def _raised(request: DeskRequest) -> list[tuple[str, str, int]]:
    """Entries of electronic supervision that are not struck off, by level."""
    counts = oversight.open_counts(request.actor)
    return [(level, label, counts.get(level, 0)) for level, label in Level.choices]
