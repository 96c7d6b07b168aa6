"""Pages that are rendered once and kept, with holes for what each request says anew.

A kept page lies in this process's memory under everything it depends on: the caller's key (versions by their
hash), the language, the view, and the release. Names that may change without a new version (agencies,
divisions) are at most a minute old (settings.CACHES). What belongs to one person never lies there: it is a hole.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from yueban.channels.shared.display import view_of
from yueban.flows.identify import actor_for

CACHE = "pages"
# The template says {% hole "name" %}; NUL occurs in no page, so nothing else can look like a hole.
HOLE = re.compile("\0([a-z/_.]+)\0")
KEPT = "is_kept"
KINDS = frozenset({".py", ".html", ".mo", ".json"})
CHANNELS = Path(__file__).resolve().parents[1]

Filler = Callable[[], str]
T = TypeVar("T")


def kept_page(
    request: HttpRequest,
    key: tuple[object, ...],
    render: Callable[[], str],
    holes: Mapping[str, Filler],
) -> HttpResponse:
    """The page of this key, rendered only when it is not kept, its holes filled for this request."""
    where = (request.get_full_path(), *_view(request), actor_for(request).is_signed_in)
    parts = kept((*where, *key), lambda: _parts(render()))

    def fill(name: str) -> bytes:
        return (holes[name]() if name in holes else render_to_string(name, request=request)).encode()

    return HttpResponse(b"".join(part if isinstance(part, bytes) else fill(part) for part in parts))


def kept(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What was made for this key, language and release; made when it is not kept."""
    name = hashlib.sha256(repr((release(), get_language(), *key)).encode()).hexdigest()
    found: T | None = caches[CACHE].get(name)
    if found is None:
        found = make()
        caches[CACHE].set(name, found)
    return found


def _parts(page: str) -> list[bytes | str]:
    """The page between its holes as the bytes that are sent, and the names of the holes as texts."""
    texts = HOLE.split(page)
    _check_impersonal(texts)
    return [text if number % 2 else text.encode() for number, text in enumerate(texts)]


def _check_impersonal(parts: list[str]) -> None:
    """A form's token belongs to one visitor: put the form into a template of its own, as a {% personal %} hole."""
    if any("csrfmiddlewaretoken" in text for text in parts[::2]):
        raise ValueError("a page that is kept has a form's token outside its holes")


def _view(request: HttpRequest) -> tuple[object, ...]:
    """What the person has chosen for every page, as the frame shows it."""
    return (view_of(request), request.COOKIES.get(PLACE_COOKIE, ""))


PLACE_COOKIE = "yueban_place"


@functools.cache
def release() -> str:
    """A hash over the programs, templates and texts of all channels and over the names of the static files."""
    digest = hashlib.sha256()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    for path in [*sorted(CHANNELS.rglob("*")), manifest]:
        if path.is_file() and path.suffix in KINDS:
            digest.update(path.read_bytes())
    return digest.hexdigest()
