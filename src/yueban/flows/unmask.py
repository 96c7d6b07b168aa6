"""显示完整号码: who checks a number may see it whole, and the case's chain keeps that he did and what for.

The values themselves are never written down: the event names the fields and the purpose.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from yueban.approvals import selectors as approvals
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.names import TextInvalid, clean_line
from yueban.parties import services as parties

EVENT = "unmask"
LONGEST_PURPOSE = 60


@transaction.atomic
def unmask(
    actor: Actor, number: str, *, fields: Sequence[str], purpose: str, is_of_applicant: bool = True
) -> Case:
    """Record that these fields of the case are shown whole to someone with an open task on it.

    `fields` are their names as the page shows them; the applicant sees in 谁查过我的数据 that his were looked
    at (`is_of_applicant` is false where they are somebody else's, an objector's). Raises CaseNotFound,
    NotAllowed without an open task, Invalid without a purpose or where nothing is masked.
    """
    case = cases.lock_case(number=number, actor=actor)
    reference = cases.reference_of(case)
    task = approvals.find_open_task(reference, actor)
    if task is None:
        raise NotAllowed(
            "您现在没有这件办件的待办，不能查看完整号码。", hint="完整号码只给正在办理这件办件的人员看。"
        )
    if not fields:
        raise Invalid("这里没有遮蔽的号码。", hint="请打开申请表或证照，再显示完整号码。")
    why = checked_purpose(purpose)
    audit.record(reference, EVENT, actor=actor, data={"fields": list(fields), "purpose": why})
    if is_of_applicant:
        at_work = replace(actor, posts=_posts_on(task, actor))
        parties.record_look(party=case.party, actor=at_work, what=fields, purpose=why, reference=reference)
    return case


def _posts_on(task: Task, actor: Actor) -> tuple[PostHeld, ...]:
    """In which of his posts he looks: the one that has the task."""
    return tuple(p for p in actor.posts if (p.role, p.agency) == (task.role, task.agency.code))


def checked_purpose(text: str) -> str:
    """What the numbers are looked at for: one line, required."""
    try:
        purpose = clean_line(text, LONGEST_PURPOSE)
    except TextInvalid as error:
        raise Invalid.of_fields({"purpose": f"{error.message}{error.hint}"}) from error
    if not purpose:
        raise Invalid.of_fields({"purpose": "请写明查看完整号码的用途。"})
    return purpose
