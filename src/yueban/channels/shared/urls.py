"""Addresses of the shared channel: how pages are shown; the style page, in demo settings only."""

from django.urls import path

from yueban.channels.shared.display import choose
from yueban.channels.shared.styleguide import styleguide

app_name = "shared"
urlpatterns = [
    path("view", choose, name="display"),
    path("styleguide", styleguide, name="styleguide"),
]
