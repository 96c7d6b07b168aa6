"""为您匹配: which offers an enterprise meets, nearly meets, may meet once something is known, and does not."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.portal.claims import claim_row
from yueban.channels.portal.policies import company_of
from yueban.channels.portal.policy_view import condition_rows, money_text, way_word
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import named
from yueban.channels.shared.paging import query_without_page
from yueban.claims import selectors as claims
from yueban.flows import offers_for
from yueban.flows.offers_for import ELIGIBLE, NEAR, NOT, UNKNOWN, Found

PAGE, SHOWN, FEW, MAX_TEXT = 20, 20, 3, 60


@signed_in
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """为您匹配: consents first, then the groups with how many are in each, one of them page by page, each with why."""
    actor = applicant_of(request)
    company = company_of(request, actor)
    trail = [(_("惠企政策"), reverse("portal:policies"))]
    if company is None:
        return render(request, "portal/matches.html", {"company": None, "trail": trail})
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    groups = offers_for.groups_for(actor, company.id, text)
    words = {
        ELIGIBLE: _("符合条件"),
        NEAR: _("差一项"),
        UNKNOWN: _("待补充数据"),
        NOT: _("不符合"),
    }
    asked = request.GET.get("group", "")
    chosen = asked if asked in words else ELIGIBLE
    page = Paginator(groups.versions[chosen], PAGE).get_page(request.GET.get("page"))
    context = {
        "company": company,
        "tabs": [
            {"key": key, "word": word, "count": len(groups.versions[key]), "is_current": key == chosen}
            for key, word in words.items()
        ],
        "group": chosen,
        "typed": text,
        "page": page,
        "query": query_without_page(request),
        "rows": _rows(groups.shown(list(page)), chosen),
        "entries": list(claims.entries_to_answer([company.id])[:SHOWN]),
        "claims": [claim_row(one) for one in claims.claims_of([company.id])[:FEW]],
        "trail": trail,
    }
    return render(request, "portal/matches.html", context)


def _rows(shown: list[Found], group: str) -> list[dict[str, Any]]:
    """The offers of a group; what facts are called is asked once for all of them."""
    codes = list(dict.fromkeys(code for one in shown for code in claims.wanted(one.assessment)))
    names = dict(zip(codes, offers_for.names_of(codes), strict=True))
    return [_row(one, group, names) for one in shown]


def _row(found: Found, group: str, names: Mapping[str, str]) -> dict[str, Any]:
    standard, assessment = found.standard, found.assessment
    rows = condition_rows(assessment.tree, assessment.facts)
    may_be_given = group in (ELIGIBLE, UNKNOWN)
    return {
        "key": standard.key,
        "name": named(found.version.name, standard.name_en or ""),
        "summary": standard.summary,
        "way": way_word(standard.redemption),
        "is_auto": standard.redemption == "auto",
        "is_claimed": found.is_claimed,
        "is_open": found.is_open,
        "amount": money_text(assessment.computed) if may_be_given else "",
        "against": [row for row in rows if row.value == "false"],
        "missing": [names[code] for code in claims.wanted(assessment)] if may_be_given else [],
    }
