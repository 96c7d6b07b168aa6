"""显示完整号码: a paper's masked numbers shown whole, once, to whoever has the case on his desk."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from yueban.cases import selectors as cases
from yueban.cases.models import Case
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.case_view import render_case
from yueban.channels.desk.form_view import form_sections
from yueban.channels.desk.notice_view import notice_views
from yueban.channels.desk.papers_view import material_views
from yueban.flows import unmask as flow
from yueban.kernel.errors import NotFound, ServiceError


@staff_only
@require_POST
def unmask(request: DeskRequest, number: str) -> HttpResponse:
    """Answer once with the numbers, never stored; the next page masks them again."""
    case = cases.get_case(request.actor, number)
    paper, mode = request.POST.get("paper", "form"), request.POST.get("act", "")
    purpose = request.POST.get("purpose", "")
    try:
        flow.unmask(
            request.actor,
            number,
            fields=masked_fields(case, paper),
            purpose=purpose,
            is_of_applicant=paper != "notices",
        )
    except NotFound:
        raise
    except ServiceError as error:
        return render_case(request, number, mode=mode, typed={}, error=error, status=error.status)
    return render_case(request, number, mode=mode, typed={}, is_unmasked=True)


def masked_fields(case: Case, paper: str) -> list[str]:
    """The names of what this paper shows masked, each once."""
    if paper == "form":
        lines = [line for section in form_sections(case) for block in section.blocks for line in block.lines]
    elif paper == "notices":
        found = [one for view in notice_views(case) for one in view.objections]
        lines = [one.contact for one in found]
    else:
        views = [view for view in material_views(case, {}) if f"m-{view.material.key}" == paper]
        lines = [line for view in views for line in view.certificate_lines]
    return list(dict.fromkeys(line.label for line in lines if line.is_masked))
