"""Pages of words: about the demo, privacy, site map, reporting an error."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.channels.portal import items


@require_GET
def about_demo(request: HttpRequest) -> HttpResponse:
    """What is real here and what is not."""
    return render(request, "portal/about_demo.html", {"heading": _("关于演示")})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is collected, why, who sees it, what people can do."""
    return render(request, "portal/privacy.html", {"heading": _("隐私政策")})


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that can be opened without being asked for."""
    return render(request, "portal/sitemap.html", {"heading": _("站点地图"), "items": items.all_hits()})


@require_GET
def report_error(request: HttpRequest) -> HttpResponse:
    """How to tell us of a mistake."""
    return render(request, "portal/report_error.html", {"heading": _("网站找错")})
