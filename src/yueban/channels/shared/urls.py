"""Addresses of the shared channel: the style page, in demo settings only."""

from django.urls import path

from yueban.channels.shared.styleguide import styleguide

app_name = "shared"
urlpatterns = [path("styleguide", styleguide, name="styleguide")]
