"""The home page, search as one types, search results and the list of all items."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles import searching
from yueban.catalogue.bundles import selectors as bundles
from yueban.catalogue.choices import Audience
from yueban.channels.portal import items
from yueban.channels.portal.items import Link
from yueban.channels.portal.matters import todo_of
from yueban.channels.portal.outlets import nearest_rows
from yueban.channels.portal.places import chosen_division
from yueban.channels.shared.consulting import new_click, reads_as_question
from yueban.channels.shared.display import view_of
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows.identify import actor_for

SUGGESTED = 8  # rows under the search box, so many of them bundles at most: a phone shows no more
SUGGESTED_BUNDLES = 2


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """One question, what waits for the person, items by life stage."""
    actor = actor_for(request)
    if view_of(request).is_elder:
        near = {"nearest": nearest_rows(request)[:2], "todo": todo_of(actor)}
        return render(request, "portal/home.html", near)
    stages = {audience: items.stages_for(audience) for audience in Audience.values}
    current = request.GET.get("for", "")
    if current not in stages:
        # The side of the person who is here; for a stranger, the side with more to offer.
        sizes = {audience: sum(len(stage.links) for stage in found) for audience, found in stages.items()}
        current = actor.parties[-1].kind if actor.parties else max(sizes, key=lambda one: sizes[one])
    tabs = [
        Link(title, f"{reverse('portal:home')}?for={value}", is_current=value == current)
        for value, title in ((Audience.PERSON, _("个人办事")), (Audience.ENTERPRISE, _("企业办事")))
    ]
    context = {
        "hot_words": items.hot_words(),
        "bundles": [
            one
            for one in bundles.bundles_in_force(chosen_division(request) or None)
            if (one.for_person if current == Audience.PERSON else one.for_enterprise)
        ],
        "todo": todo_of(actor),
        "tabs": tabs,
        "stages": stages[current],
        "nearest": nearest_rows(request),
    }
    return render(request, "portal/home.html", context)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the search box."""
    text = request.GET.get("q", "").strip()[:100]
    hits: Sequence[object] = catalogue.search_items(text, limit=SUGGESTED) if text else []
    hits = hits or items.english_hits(text)
    joined = searching.search_bundles(text, division=chosen_division(request) or None) if text else []
    joined = joined[:SUGGESTED_BUNDLES]
    context = {"hits": hits[: SUGGESTED - len(joined)], "bundles": joined, "q": text}
    return render(request, "portal/_suggestions.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Results, or every item when nothing is asked."""
    text = request.GET.get("q", "").strip()[:100]
    audience = request.GET.get("for") if request.GET.get("for") in Audience.values else None
    found = items.found_hits(text, audience) if text else items.all_hits(audience)
    page = page_of(request, found)
    context: dict[str, object] = {
        "q": text,
        "page": page,
        "query": query_without_page(request),
        "hot_words": items.hot_words(),
    }
    if text and page.number == 1:
        context |= {"asks": reads_as_question(text), "click": new_click()}
        division = chosen_division(request) or None
        context["bundles"] = searching.search_bundles(text, audience=audience, division=division)
    return render(request, "portal/search.html", context | {"pills": items.pills(request.GET)})
