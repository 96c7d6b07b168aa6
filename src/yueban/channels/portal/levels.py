"""哪一级能办: what city, county, town and village do for every item, beside what they actually handled."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yueban.channels.shared import level_words as words
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import levels
from yueban.kernel import clock

PER_PAGE = 24


@require_safe
def level_list(request: HttpRequest) -> HttpResponse:
    """The items of the city or of a county, narrowed by level and by what it does."""
    asked = words.Asked.of(request)
    page = page_of(request, levels.level_rows(asked.county, level=asked.level, act=asked.act), PER_PAGE)
    context = {
        "asked": asked,
        "counties": words.county_options(),
        "levels": words.options(words.level_names()),
        "acts": words.options(words.act_names()),
        "heads": list(words.level_names().values()),
        "page": page,
        "rows": [words.row_view(row) for row in page.object_list],
        "query": query_without_page(request),
        "as_of": clock.today(),
    }
    return render(request, "portal/levels.html", context)
