"""Telling one browser from another, and the browsers that staff work in: for ratings only, never to follow people."""

import re
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase

DEVICE, COUNTER = "yueban_device", "yueban_counter"
NUMBER = re.compile(r"[0-9a-f]{32}")
YEAR = 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """The browser's own number, or an empty string for one that has none yet."""
    found = request.COOKIES.get(DEVICE, "")
    return found if NUMBER.fullmatch(found) else ""


def is_counter(request: HttpRequest) -> bool:
    """Whether somebody works at the desk in this browser."""
    return request.COOKIES.get(COUNTER) == "1"


def number_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser a number."""
    if not device_of(request):
        _set(request, response, DEVICE, secrets.token_hex(16))


def mark_counter(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember that the desk is worked in this browser."""
    if not is_counter(request):
        _set(request, response, COUNTER, "1")


def _set(request: HttpRequest, response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
