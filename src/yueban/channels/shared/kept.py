"""Pages that are rendered once and kept, with holes for what each request says anew.

A kept page lies in this process's memory under everything it depends on: the caller's key (versions by their
hash), the language, the view, and the release. Names that may change without a new version (agencies,
divisions) are at most KEPT_SECONDS old. What belongs to one person never lies there: it is a hole.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from yueban.flows.identify import actor_for

CACHE = "pages"
# The template says {% hole "name" %}; NUL occurs in no page, so nothing else can look like a hole.
HOLE = re.compile("\0([a-z/_.]+)\0")
KEPT = "is_kept"
CHANNELS = Path(__file__).resolve().parents[1]

Filler = Callable[[], str]


def kept_page(
    request: HttpRequest,
    key: tuple[object, ...],
    render: Callable[[], str],
    holes: Mapping[str, Filler],
) -> HttpResponse:
    """The page of this key, rendered only when it is not kept, its holes filled for this request."""
    actor = actor_for(request)
    where = request.get_full_path()
    whole = (release(), get_language(), *_view(request), actor.is_signed_in, where, *key)
    name = hashlib.sha256(repr(whole).encode()).hexdigest()
    parts: list[str] | None = caches[CACHE].get(name)
    if parts is None:
        parts = HOLE.split(render())
        if not any("csrfmiddlewaretoken" in text for text in parts[::2]):
            caches[CACHE].set(name, parts)
    for place in range(1, len(parts), 2):
        hole = parts[place]
        filler = holes.get(hole)
        parts[place] = filler() if filler else render_to_string(hole, request=request)
    return HttpResponse("".join(parts))


def _view(request: HttpRequest) -> tuple[object, ...]:
    """What the person has chosen for every page, as the frame shows it."""
    return tuple(sorted((name, value) for name, value in request.COOKIES.items() if name in FRAME_COOKIES))


FRAME_COOKIES = frozenset({"yueban_view", "yueban_size", "yueban_contrast", "yueban_place"})


@functools.cache
def release() -> str:
    """A hash over the programs, templates and texts of all channels and over the names of the static files."""
    digest = hashlib.sha256()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    for path in [*sorted(CHANNELS.rglob("*")), manifest]:
        if path.is_file() and path.suffix in {".py", ".html", ".mo", ".json"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
