"""Every address of the site, and after them the bare view."""

from django.urls import path

from benchmarks.pages.bare import bare
from yueban.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("bare/<slug:key>/", bare)]
