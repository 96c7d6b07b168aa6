"""区划合并: a division ends and another takes it in; people, posts and running matters go with it.

What is ended keeps the place it had, and every document keeps the words it was issued with.
"""

from datetime import date

from django.db import transaction

from yueban.agencies import services as agencies
from yueban.approvals import services as approvals
from yueban.cases import services as cases
from yueban.divisions import services as divisions
from yueban.divisions.models import Division
from yueban.kernel.actor import Actor
from yueban.parties import services as parties


@transaction.atomic
def merge(actor: Actor, code: str, into: str, on: date) -> Division:
    """End a division and carry over what lives in it; the same again changes nothing."""
    division = divisions.merge_division(code=code, into=into, on=on, actor=actor)
    carry_over(code, into, actor)
    return division


def carry_over(old: str, new: str, actor: Actor) -> None:
    """Cases first, as everywhere, then tasks, people and posts; inside the caller's transaction."""
    cases.move_running_cases(old=old, new=new, actor=actor)
    approvals.move_open_tasks(old=old, new=new)
    parties.move_residents(old=old, new=new)
    agencies.move_posts(old=old, new=new, actor=actor)
