"""授岗申请: asked by one, decided by another; who may is for the flow to check."""

import secrets

from yueban.accounts.models import User
from yueban.agencies.choices import RequestState, Role
from yueban.agencies.errors import RequestNotFound, RequestSettled
from yueban.agencies.models import Post, PostRequest
from yueban.agencies.selectors import get_agency
from yueban.divisions import selectors as divisions
from yueban.kernel import clock


def ask_for_post(
    *,
    user: User,
    role: str,
    agency: str,
    division: str,
    reason: str,
    asked_by: User,
    is_ending: bool = False,
) -> PostRequest:
    """Write the request down; the same one that still waits is given again."""
    office = get_agency(agency)
    place = divisions.get_division(division) if division else office.division
    found, _ = PostRequest.objects.get_or_create(
        user=user,
        role=Role(role),
        agency=office,
        division=place,
        state=RequestState.WAITING,
        defaults={
            "number": f"SG{clock.today():%Y%m%d}{secrets.token_hex(4)}",
            "is_ending": is_ending,
            "reason": reason,
            "asked_by": asked_by,
            "asked_at": clock.now(),
        },
    )
    return found


def lock_request(*, number: str) -> PostRequest:
    """A request that still waits, locked; raises RequestNotFound, RequestSettled."""
    rows = PostRequest.objects.select_for_update(of=["self"]).select_related("user", "agency", "division")
    found = rows.filter(number=number).first()
    if found is None:
        raise RequestNotFound("没有找到这份授岗申请。", hint="请从“授岗复核”进入。")
    if found.state != RequestState.WAITING:
        raise RequestSettled(
            f"这份申请{RequestState(found.state).label}，不用再办。", hint="请刷新页面，看清最新状态。"
        )
    return found


def settle(*, request: PostRequest, is_approved: bool, by: User, words: str) -> None:
    """Write the decision down."""
    request.state = RequestState.APPROVED if is_approved else RequestState.REFUSED
    request.decided_by, request.decided_at, request.words = by, clock.now(), words
    request.save(update_fields=["state", "decided_by", "decided_at", "words"])


def find_post(*, user: User, role: str, agency: str, division: str) -> Post | None:
    """The very post, where it is held."""
    rows = Post.objects.select_related("user", "agency", "division")
    return rows.filter(user=user, role=role, agency__code=agency, division__code=division).first()
