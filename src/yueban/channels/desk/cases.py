"""The case page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.case_view import render_case
from yueban.flows import hand_over


@staff_only
@require_safe
def case_page(request: DeskRequest, number: str) -> HttpResponse:
    """办件: the inbox beside it, its papers in the middle, what may be done on the right."""
    hand_over.note_opened(request.actor, number)
    return render_case(request, number, mode=request.GET.get("act", ""), typed=_asked(request))


def _asked(request: DeskRequest) -> dict[str, str]:
    """The task that a form in the address is about."""
    return {"task": request.GET["task"]} if "task" in request.GET else {}
