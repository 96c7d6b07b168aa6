"""数据异议 at the desk: the department that answers for a source looks into it and answers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.approvals import selectors as approvals
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.inbox import task_rows
from yueban.channels.desk.pages import desk_page
from yueban.flows import object_to_data
from yueban.kernel.errors import Invalid


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: DeskRequest, number: str) -> HttpResponse:
    """What is said to be wrong, and the answer; POST answers."""
    row, task = object_to_data.get_for_staff(request.actor, number)
    error: Invalid | None = None
    if request.method == "POST":
        is_upheld, text = request.POST.get("outcome") == "upheld", request.POST.get("text", "")
        try:
            object_to_data.answer(request.actor, number, is_upheld=is_upheld, text=text)
        except Invalid as invalid:
            error = invalid
        else:
            messages.success(request, _("已答复，提出异议的人会收到消息。"))
            return HttpResponseRedirect(reverse("desk:data-objection", args=[number]))
    told = error.fields.get("text", str(error)) if error else ""
    context = {
        "objection": row,
        "task": task,
        "light": task_rows([task])[0].light,
        "may_answer": approvals.is_open_to(request.actor, task),
        "error": told,
        "errors": [("text", told)] if told else [],
        "text": request.POST.get("text", ""),
        "trail": [(_("待办"), reverse("desk:inbox"))],
    }
    return desk_page(request, "desk/data_objection.html", context, status=422 if error else 200)
