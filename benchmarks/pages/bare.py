"""The least a Django page can do: one query, then bytes that are ready."""

import functools
import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from yueban.catalogue.models import Item


def bare(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 - every view takes it
    """The guide page's bytes, after looking the item up."""
    get_object_or_404(Item, key=key)
    return HttpResponse(page_bytes())


@functools.cache
def page_bytes() -> bytes:
    """What the guide page answered when the benchmark began."""
    return Path(os.environ["BENCH_PAGE"]).read_bytes()
