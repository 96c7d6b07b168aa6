"""常用语 and 代岗: what an office keeps for its daily work, and who stands in for whom."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.clicks import whole
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import read_day
from yueban.flows import phrases as flow
from yueban.flows import stand_in
from yueban.kernel import clock
from yueban.kernel.errors import Invalid

STEPS = [("", "所有环节"), *((str(kind), str(kind.label)) for kind in approvals.PHRASE_KINDS)]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: DeskRequest) -> HttpResponse:
    """常用语: one's own and the office's; a new one below."""
    if request.method != "POST":
        return _phrases_page(request, {}, {})
    typed = request.POST
    try:
        flow.add(
            request.actor,
            agency=typed.get("agency", ""),
            kind=typed.get("kind", ""),
            text=typed.get("text", ""),
            is_shared=typed.get("shared") == "1",
        )
    except Invalid as error:
        return _phrases_page(request, error.fields, typed.dict(), status=error.status)
    messages.success(request, _("常用语已保存，写意见时按 Alt 加数字插入。"))
    return HttpResponseRedirect(reverse("desk:phrases"))


def _phrases_page(
    request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    actor = request.actor
    headed = stand_in.headed_agencies(actor)
    context = {
        "phrases": flow.listed(actor),
        "steps": STEPS,
        "step_names": dict(TaskKind.choices),
        "agencies": agencies.agencies_named(flow.places(actor)).values(),
        "headed": headed,
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
        "fields": errors,
        "typed": typed,
    }
    return desk_page(request, "desk/phrases.html", context, status=status)


@staff_only
@require_POST
def phrase_step(request: DeskRequest, number: int, act: str) -> HttpResponse:
    """Favour or remove one."""
    if act == "favour":
        flow.favour(request.actor, number)
        messages.success(request, _("已收藏为您自己的常用语。"))
    else:
        flow.remove(request.actor, number)
        messages.success(request, _("已删去。"))
    return HttpResponseRedirect(reverse("desk:phrases"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def substitutes(request: DeskRequest) -> HttpResponse:
    """代岗: who stands in for whom among colleagues, and a new arrangement."""
    if request.method != "POST":
        return _substitutes_page(request, {}, {})
    typed = request.POST
    try:
        starts_on, ends_on = _days(typed)
        made = stand_in.name(
            request.actor,
            user_id=whole(typed.get("user", "")),
            substitute_id=whole(typed.get("substitute", "")),
            starts_on=starts_on,
            ends_on=ends_on,
            reason=typed.get("reason", ""),
        )
    except Invalid as error:
        return _substitutes_page(request, error.fields, typed.dict(), status=error.status)
    told = {"who": made.substitute.name, "whom": made.user.name}
    messages.success(request, _("已安排%(who)s代%(whom)s办理，到期自动结束。") % told)
    return HttpResponseRedirect(reverse("desk:substitutes"))


def _days(typed: Mapping[str, str]) -> tuple[date, date]:
    """First and last day; everything that is left empty is told at once."""
    days = {name: read_day(typed.get(name, "")) for name in ("starts_on", "ends_on")}
    empty = {name: _("请选择日期。") for name, day in days.items() if day is None}
    if not whole(typed.get("substitute", "")):
        empty["substitute"] = _("请选择由谁代。")
    if not typed.get("reason", "").strip():
        empty["reason"] = _("请写明事由。")
    starts_on, ends_on = days.values()
    if starts_on is None or ends_on is None:
        raise Invalid.of_fields(empty)
    return starts_on, ends_on


def _substitutes_page(
    request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    actor = request.actor
    people = stand_in.people_of(actor)
    context = {
        "people": people,
        "mine": {user.pk for user in people},
        "candidates": stand_in.candidates(actor),
        "standing": stand_in.standing(actor),
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
        "fields": errors,
        "typed": {"starts_on": clock.today().isoformat(), "user": str(actor.user_id)} | dict(typed),
        "today": clock.today(),
    }
    return desk_page(request, "desk/substitutes.html", context, status=status)


@staff_only
@require_POST
def end_substitution(request: DeskRequest, number: int) -> HttpResponse:
    """提前结束."""
    stand_in.end(request.actor, number)
    messages.success(request, _("代岗已结束。"))
    return HttpResponseRedirect(reverse("desk:substitutes"))
