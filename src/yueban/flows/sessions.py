"""How long a session of staff lasts: idle, at most, and not beyond a change of posts.

Real time counts here, not the demo clock: seven working days let pass for a case end nobody's session.
"""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yueban.kernel.actor import Actor
from yueban.vault import services as vault
from yueban.vault.errors import Undecipherable

MARK = "staff"
KIOSK = "kiosk"
# The page itself counts sixty seconds down and wipes; the session ends soon after, whatever the page does.
KIOSK_IDLE_SECONDS = 60
KIOSK_GRACE_SECONDS = 15
KIOSK_SEEN_EVERY = 5
FRESH_SECONDS = 600
SEEN_EVERY = 60  # seconds between two notes of the last request, so that not every request writes


def posts_digest(actor: Actor) -> str:
    """What the posts were when the session began; standing in for somebody comes and goes with its days."""
    own = (post for post in actor.posts if post.stands_in_for is None)
    held = sorted(f"{post.role}|{post.agency}|{post.division}" for post in own)
    return sha256("\n".join(held).encode()).hexdigest()[:32]


def seal(values: Mapping[str, list[str]]) -> str:
    """What was typed, as it may lie in the table of sessions: a form holds numbers that lie nowhere readable."""
    return b64encode(vault.encrypt(json.dumps(values))).decode()


def open_sealed(sealed: str) -> dict[str, list[str]]:
    """What was typed; nothing where the keys have changed since."""
    try:
        found: dict[str, list[str]] = json.loads(vault.decrypt(b64decode(sealed)))
    except Undecipherable:
        return {}
    return found


def begin(request: HttpRequest, actor: Actor) -> None:
    """Note when the session began and with which posts."""
    now = int(time.time())
    request.session[MARK] = {"began": now, "seen": now, "posts": posts_digest(actor)}


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in a few minutes ago: asked before money goes to another account."""
    began = request.session.get(MARK, {}).get("began", 0)
    return bool(time.time() - began < FRESH_SECONDS)


def begin_at_kiosk(request: HttpRequest, code: str) -> None:
    """Note at which kiosk the session began."""
    request.session[KIOSK] = {"code": code, "seen": int(time.time())}


def kiosk_of(request: HttpRequest) -> str:
    """The code of the kiosk at which this session began; empty for any other session."""
    return str(request.session.get(KIOSK, {}).get("code", ""))


def _is_left(request: HttpRequest, mark: dict[str, Any]) -> bool:
    """Whether nobody has touched the kiosk for longer than the page lets pass; notes that somebody has."""
    now = int(time.time())
    if now - mark["seen"] > KIOSK_IDLE_SECONDS + KIOSK_GRACE_SECONDS:
        return True
    if now - mark["seen"] >= KIOSK_SEEN_EVERY:
        request.session[KIOSK] = mark | {"seen": now}
    return False


def why_over(request: HttpRequest, actor: Actor) -> str:
    """Why this session ends now (at a kiosk: left; of staff: posts, idle, long), or an empty string.

    Notes that it was used.
    """
    at_kiosk = request.session.get(KIOSK)
    if at_kiosk is not None and _is_left(request, at_kiosk):
        return "left"
    mark = request.session.get(MARK)
    if mark is None:
        begin(request, actor)
        return ""
    if mark["posts"] != posts_digest(actor):
        return "posts"
    if not actor.is_staff:
        return ""
    now = int(time.time())
    if now - mark["began"] > settings.YUEBAN_STAFF_SESSION_HOURS * 3600:
        return "long"
    if now - mark["seen"] > settings.YUEBAN_STAFF_IDLE_MINUTES * 60:
        return "idle"
    if now - mark["seen"] >= SEEN_EVERY:
        request.session[MARK] = mark | {"seen": now}
    return ""
