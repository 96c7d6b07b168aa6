"""政策推送: what an enterprise wants to be told of and when, and what it was told."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.channels.portal.policies import company_of
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import named
from yueban.channels.shared.fields import Option
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.posted import whole_number
from yueban.flows import push_offers
from yueban.kernel.actor import Actor, PartyHeld
from yueban.kernel.errors import Invalid
from yueban.matching import push_counts
from yueban.matching.choices import QUIET_FROM, QUIET_UNTIL
from yueban.matching.push_settings import EVENINGS, LONGEST_REASON, MORNINGS, Standing
from yueban.policies import selectors as policies

Errors = Mapping[str, str]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def push_settings(request: HttpRequest) -> HttpResponse:
    """The settings of the enterprise that the person stands for; POST keeps them or takes the last change back."""
    actor = applicant_of(request)
    company = company_of(request, actor)
    if company is None:
        return render(request, "portal/push_settings.html", {"company": None, "trail": _trail()})
    if request.method != "POST":
        return _page(request, actor, company, {})
    if request.POST.get("act") == "undo":
        push_offers.undo_settings(actor, company.id)
        return _done("undone")
    try:
        _change(request, actor, company)
    except Invalid as error:
        return _page(request, actor, company, error.fields, status=error.status)
    return _done("saved")


def _done(what: str) -> HttpResponse:
    return redirect(f"{reverse('portal:push-settings')}?done={what}")


def _change(request: HttpRequest, actor: Actor, company: PartyHeld) -> None:
    push_offers.change_settings(
        actor,
        company.id,
        is_on=request.POST.get("on") != "no",
        reason=request.POST.get("reason", ""),
        wanted=request.POST.getlist("topics"),
        quiet_from=_hour(request, "quiet_from"),
        quiet_until=_hour(request, "quiet_until"),
    )


def _hour(request: HttpRequest, name: str) -> int:
    found = whole_number(request, name)
    return -1 if found is None else found


def _page(
    request: HttpRequest, actor: Actor, company: PartyHeld, wrong: Errors, *, status: int = 200
) -> HttpResponse:
    standing, topics = push_offers.settings_of(actor, company.id)
    page = page_of(request, push_counts.told_to(company.id))
    context = {
        "company": company,
        "standing": standing,
        "typed": _typed(request, standing, topics, is_again=bool(wrong)),
        "topics": [Option(one.kind, named(one.agency.short_name, one.agency.name_en)) for one in topics],
        "evenings": [Option(str(hour), _("{hour}点").format(hour=hour)) for hour in EVENINGS],
        "mornings": [Option(str(hour), _("{hour}点").format(hour=hour)) for hour in MORNINGS],
        "longest_reason": LONGEST_REASON,
        "usual": {"start": QUIET_FROM, "end": QUIET_UNTIL},
        "page": page,
        "rows": [_row(one) for one in page],
        "done": request.GET.get("done", ""),
        "wrong": wrong,
        "errors": [(name.replace("_", "-"), text) for name, text in wrong.items()],
        "trail": _trail(),
    }
    return render(request, "portal/push_settings.html", context, status=status)


def _typed(
    request: HttpRequest, standing: Standing, topics: list[push_offers.Topic], *, is_again: bool
) -> dict[str, Any]:
    """What the form shows: what was typed where it was wrong, else what holds."""
    if is_again:
        return {
            "on": request.POST.get("on", ""),
            "reason": request.POST.get("reason", ""),
            "topics": request.POST.getlist("topics"),
            "quiet_from": request.POST.get("quiet_from", ""),
            "quiet_until": request.POST.get("quiet_until", ""),
        }
    wishes = standing.wishes
    return {
        "on": "no" if wishes.refuses else "yes",
        "reason": wishes.reason,
        "topics": [one.kind for one in topics if one.is_wanted],
        "quiet_from": str(wishes.quiet_from),
        "quiet_until": str(wishes.quiet_until),
    }


def _row(push: Any) -> dict[str, Any]:
    version = push.offer_version
    return {
        "name": named(version.name, policies.standard_of(version).name_en or ""),
        "href": reverse("portal:offer", args=[push.offer_key]),
        "policy": version.offer.policy.title,
        "fit": push.fit,
        "sent_at": push.sent_at,
        "viewed_at": push.viewed_at,
    }


def _trail() -> list[tuple[str, str]]:
    return [(_("为您匹配"), reverse("portal:matches")), (_("政策推送"), "")]
