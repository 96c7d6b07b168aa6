"""Who may read which events: the city's auditor all of them, a county's those of things that stand in his county.

The security administrator, who looks after accounts, reaches as far.
"""

from django.db.models import QuerySet

from yueban.audit import selectors as audit_read
from yueban.audit.models import Event
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, NotFound
from yueban.kernel.reference import Reference


def events_visible_to(actor: Actor, role: str = roles.AUDITOR) -> QuerySet[Event]:
    """The events that an administrator may search, count, export and prove; NotAllowed for everybody else."""
    prefixes = {divisions.prefix_of(post.division) for post in actor.posts if post.role == role}
    if not prefixes:
        raise NotAllowed(f"审计记录由{roles.NAMES[role]}查看。", hint=f"请用{roles.NAMES[role]}的账号登录。")
    if any(len(prefix) < audit_read.COUNTY_DIGITS for prefix in prefixes):
        return audit_read.everywhere()
    rows = audit_read.within(prefixes.pop())
    for prefix in prefixes:
        rows = rows | audit_read.within(prefix)
    return rows


def check_may_prove(actor: Actor, reference: Reference) -> None:
    """An auditor proves chains of which he may read; supervisors prove any, and see none of its events there."""
    if actor.has_role(roles.SUPERVISOR):
        return
    of_thing = {"reference_kind": reference.kind, "reference_number": reference.number}
    if not events_visible_to(actor).filter(**of_thing).exists():
        raise NotFound("没有找到这个编号的记录。", hint="请核对编号；只能验证本区划内的记录。")
