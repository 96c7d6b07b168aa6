"""Let working days pass in a demonstration: the clock moves, and what falls due by it is done."""

from datetime import date

from django.conf import settings
from django.db import transaction

from yueban.accounts import walls
from yueban.clocks import services as clocks
from yueban.divisions import selectors as divisions
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

MAX_WORKDAYS = 30


def pass_workdays(actor: Actor, count: int) -> date:
    """Move the demo clock to the same hour of the `count`-th working day from today; returns that day.

    Raises NotAllowed outside a demo and for people without a post, Invalid for a count not in 1 to 30.
    """
    if not settings.YUEBAN_DEMO_CLOCK or not actor.is_staff:
        raise NotAllowed("只有演示环境的工作人员才能调时钟。", hint="请以 YUEBAN_DEMO_CLOCK=1 启动演示。")
    if not 1 <= count <= MAX_WORKDAYS:
        raise Invalid(f"一次只能拨快1到{MAX_WORKDAYS}个工作日。", hint="请改小天数。")
    clocks.reread_demo_clock()
    today = clock.today()
    target = divisions.add_workdays(today, count, actor.posts[0].division)
    with transaction.atomic():
        clocks.advance_demo_clock(days=(target - today).days)
    with walls.platform():  # time passes for every case, not only for those of whoever pressed the button
        sweep()
    return target
