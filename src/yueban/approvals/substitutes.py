"""代岗: a colleague on leave is stood in for from one day to another; his tasks show in the other's inbox too."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from yueban.approvals.errors import SubstitutionNotFound
from yueban.approvals.models import Substitution
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid
from yueban.kernel.names import TextInvalid, clean_line

LONGEST = timedelta(days=180)
LONGEST_REASON = 200


def running(on: date | None = None) -> QuerySet[Substitution]:
    """Those in force on a day, today unless told."""
    day = on or clock.today()
    return Substitution.objects.filter(ended_at=None, starts_on__lte=day, ends_on__gte=day)


def stood_in_for(user_id: int) -> QuerySet[Substitution, int]:
    """Ids of the colleagues whom this user stands in for today; a subquery, asked with the posts."""
    return running().filter(substitute_id=user_id).values_list("user_id", flat=True)


def substitutions_among(user_ids: frozenset[int]) -> QuerySet[Substitution]:
    """Those of these people that run or are to come, the nearest first."""
    return (
        Substitution.objects.filter(user_id__in=user_ids, ended_at=None, ends_on__gte=clock.today())
        .select_related("user", "substitute", "named_by")
        .order_by("starts_on", "pk")
    )


def find_substitution(number: int) -> Substitution:
    """One that still counts; raises SubstitutionNotFound."""
    found = Substitution.objects.filter(pk=number, ended_at=None).select_related("user", "substitute").first()
    if found is None:
        raise SubstitutionNotFound("没有这项代岗安排。", hint="它可能已经结束，请刷新页面查看。")
    return found


def name_substitute(
    *, user_id: int, substitute_id: int, starts_on: date, ends_on: date, reason: str, actor: Actor
) -> Substitution:
    """Let one stand in for another; raises Invalid by field. Who may be named is the flow's business."""
    words = _checked(user_id, substitute_id, starts_on, ends_on, reason)
    assert actor.user_id is not None  # the flow has checked his post
    return Substitution.objects.create(
        user_id=user_id,
        substitute_id=substitute_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=words,
        named_by_id=actor.user_id,
        named_at=clock.now(),
    )


def _checked(user_id: int, substitute_id: int, starts_on: date, ends_on: date, reason: str) -> str:
    wrong: dict[str, str] = {}
    if ends_on < starts_on:
        wrong["ends_on"] = "结束日期不能早于开始日期。"
    elif ends_on < clock.today():
        wrong["ends_on"] = "结束日期已经过去。"
    elif ends_on - starts_on > LONGEST:
        wrong["ends_on"] = "代岗最长180天；更久的，请调整岗位。"
    if user_id == substitute_id:
        wrong["substitute"] = "不能由本人代自己的岗。"
    try:
        words = clean_line(reason, LONGEST_REASON)
    except TextInvalid as error:
        words, wrong["reason"] = "", f"{error.message}{error.hint}"
    if not words and "reason" not in wrong:
        wrong["reason"] = "请写明事由，如：年休假、出差。"
    if not wrong:
        wrong = _overlaps(user_id, substitute_id, starts_on, ends_on)
    if wrong:
        raise Invalid.of_fields(wrong)
    return words


def _overlaps(user_id: int, substitute_id: int, starts_on: date, ends_on: date) -> dict[str, str]:
    """Nobody is stood in for by two at once, and nobody on leave stands in for another."""
    same_days = Substitution.objects.filter(ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    standing = same_days.filter(Q(user_id=user_id) | Q(user_id=substitute_id) | Q(substitute_id=user_id))
    for row in standing.select_related("user", "substitute"):
        days = f"{row.starts_on.month}月{row.starts_on.day}日至{row.ends_on.month}月{row.ends_on.day}日"
        if row.user_id == user_id:
            return {"substitute": f"{days}已由{row.substitute.name}代岗，请先结束那一项。"}
        if row.user_id == substitute_id:
            return {"substitute": f"{row.user.name}{days}自己不在岗，请另选一位。"}
        return {"substitute": f"{days}要替{row.user.name}代岗，请先另作安排。"}
    return {}


def end_substitution(*, substitution: Substitution) -> Substitution:
    """He is back, or somebody else stands in."""
    if substitution.ended_at is None:
        substitution.ended_at = clock.now()
        substitution.save(update_fields=["ended_at"])
    return substitution
