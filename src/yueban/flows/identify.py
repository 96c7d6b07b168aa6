"""Who is acting: builds the one Actor of a request, signs people in and out."""

from dataclasses import replace

from django.contrib.auth import login, logout
from django.http import HttpRequest

from yueban.accounts import selectors as accounts
from yueban.accounts import walls
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.audit import services as audit
from yueban.flows import sessions
from yueban.flows.wall_of import wall_of
from yueban.kernel import clock
from yueban.kernel.actor import ANONYMOUS, Actor
from yueban.kernel.errors import NotFound
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties.choices import Relation
from yueban.parties.errors import MandateNotFound

BACKEND = "django.contrib.auth.backends.ModelBackend"
ATTRIBUTE = "yueban_actor"
OVER = "yueban_session_over"


def actor_for(request: HttpRequest, *, channel: str = "portal") -> Actor:
    """The actor behind this request, built once and kept on the request."""
    kept: Actor | None = getattr(request, ATTRIBUTE, None)
    if kept is None:
        # The session has read an active user already.
        user = request.user if request.user.is_authenticated else None
        kept = _actor_of(user, channel) if user is not None else ANONYMOUS
        kept = _still(request, kept)
        setattr(request, ATTRIBUTE, kept)
        let_in(kept)
    return kept


def let_in(actor: Actor) -> None:
    """From here to the end of the request the database shows what this actor reaches, and nothing else."""
    if actor.is_signed_in:
        walls.enter(wall_of(actor))


def _still(request: HttpRequest, actor: Actor) -> Actor:
    """The actor, or nobody where his session is over; why is left on the request."""
    if not actor.is_signed_in:
        return ANONYMOUS
    why = sessions.why_over(request, actor)
    if not why:
        return actor
    audit.record(Reference("user", str(actor.user_id)), "session_ended", actor=actor, data={"why": why})
    logout(request)
    setattr(request, OVER, why)
    return ANONYMOUS


def why_signed_out(request: HttpRequest) -> str:
    """Why this very request found its session ended: posts, idle, long; empty where it did not."""
    return str(getattr(request, OVER, ""))


def actor_of_user(user_id: int, *, channel: str) -> Actor:
    """The actor of a user with the posts and parties he holds now; ANONYMOUS for one who is gone."""
    user = accounts.find_user(user_id)
    return ANONYMOUS if user is None else _actor_of(user, channel)


def _actor_of(user: User, channel: str, *, has_posts: bool = True) -> Actor:
    with walls.platform():  # who somebody is must be known before it is known what he sees
        held = parties.parties_of_user(user.pk)
    return Actor(
        user_id=user.pk,
        name=user.name,
        posts=agencies.posts_of(user, stood_in_for=approvals.stood_in_for(user.pk)) if has_posts else (),
        parties=held,
        channel=channel,
    )


def on_behalf(actor: Actor, mandate_number: str) -> Actor:
    """The helper as himself on behalf of his principal: his own user and posts, the principal as his only party.

    Raises MandateNotFound for a mandate that is not his, MandateRevoked or MandateExpired.
    """
    mandate = parties.find_mandate(mandate_number)
    if mandate is None or actor.user_id is None or mandate.agent_id != actor.user_id:
        raise MandateNotFound(
            "没有找到这份授权委托。", hint="请从委托人的页面重新打开；只有受托人能使用授权。"
        )
    parties.check_live(mandate=mandate, on=clock.today())
    held = parties.held_by_mandate(mandate, Relation.PRINCIPAL)
    return replace(actor, parties=(held,), mandate=mandate.number)


def actor_at_kiosk(request: HttpRequest, code: str) -> Actor:
    """Whoever has put his card on the reader of this kiosk, in his own matters alone; ANONYMOUS for anybody else.

    A session that began elsewhere is nobody's here.
    """
    kept: Actor | None = getattr(request, ATTRIBUTE, None)
    if kept is None:
        is_here = request.user.is_authenticated and sessions.kiosk_of(request) == code
        user = request.user if is_here and isinstance(request.user, User) else None
        kept = _actor_of(user, "kiosk", has_posts=False) if user is not None else ANONYMOUS
        if kept.is_signed_in:
            kept = _still(request, kept)
        setattr(request, ATTRIBUTE, kept)
        let_in(kept)
    return kept


def sign_in_demo(request: HttpRequest, username: str) -> User:
    """One-click sign-in of a member of the demo cast; anybody else is not found."""
    user = accounts.find_demo_user(username)
    if user is None:
        raise NotFound("没有这个演示账号。", hint="请从登录页选择一个演示账号。")
    login(request, user, backend=BACKEND)
    begin_session(request, user)
    return user


def begin_session(request: HttpRequest, user: User) -> None:
    """What every sign-in ends with: the session knows its beginning and the posts, the audit that it began."""
    _forget(request)
    sessions.begin(request, actor_of_user(user.pk, channel="portal"))
    _record("sign_in", user)


def begin_at_kiosk(request: HttpRequest, user: User, code: str) -> None:
    """The same at a kiosk: he is there as himself, whatever posts he holds."""
    login(request, user, backend=BACKEND)
    _forget(request)
    actor = replace(actor_of_user(user.pk, channel="kiosk"), posts=())
    sessions.begin(request, actor)
    sessions.begin_at_kiosk(request, code)
    _record("sign_in", user, kiosk=code)


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    if isinstance(request.user, User):
        _record("sign_out", request.user, kiosk=sessions.kiosk_of(request))
    logout(request)
    _forget(request)


def _forget(request: HttpRequest) -> None:
    if hasattr(request, ATTRIBUTE):
        delattr(request, ATTRIBUTE)


def _record(kind: str, user: User, *, kiosk: str = "") -> None:
    actor = actor_of_user(user.pk, channel="kiosk" if kiosk else "portal")
    data = {"kiosk": kiosk} if kiosk else {}
    audit.record(Reference("user", str(user.pk)), kind, actor=actor, data=data)
