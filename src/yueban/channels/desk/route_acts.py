"""Buttons by which work moves between people: hand on, send back, take back, ask others to sign."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from yueban.channels.desk.clicks import Click, task_of
from yueban.flows import countersign, inspect_place, route_work


def hand_on(click: Click) -> str:
    """转办: the choice is `user-7` or `office-code`."""
    kind, _dash, value = click.text("to").partition("-")
    task = route_work.hand_on(
        click.actor,
        task_of(click).pk,
        user_id=int(value) if kind == "user" and value.isdecimal() else 0,
        office=value if kind == "office" else "",
        reason=click.text("reason"),
        key=click.key,
    )
    return _("“%(name)s”已转办，理由一并告诉对方。") % {"name": task.name}


def send_back(click: Click) -> str:
    """退回环节."""
    task = route_work.send_back(
        click.actor,
        click.number,
        click.whole("task"),
        reason=click.text("reason"),
        revision=click.revision,
        key=click.key,
    )
    return _("“%(name)s”已退回重办，其他环节的意见保留。") % {"name": task.name}


def take_back(click: Click) -> str:
    """收回意见."""
    task = route_work.take_back(click.actor, task_of(click).pk, key=click.key)
    return _("“%(name)s”的意见已收回，请重新办理。") % {"name": task.name}


def ask_signatures(click: Click) -> str:
    """发起会签."""
    asked = countersign.ask(
        click.actor,
        task_of(click).pk,
        people=[int(one) for one in click.many("people") if one.isdecimal()],
        offices=click.many("offices"),
        words=click.text("words"),
        days=click.whole("days"),
        key=click.key,
    )
    return _("已请%(count)d方会签，全部返回后您再办理。") % {"count": len(asked)}


def drop_signature(click: Click) -> str:
    """撤回会签."""
    countersign.drop(click.actor, task_of(click).pk, key=click.key)
    return _("已撤回这项会签。")


def arrange_inspection(click: Click) -> str:
    """安排现场核查."""
    inspect_place.arrange(click.actor, task_of(click).pk)
    return _("已安排现场核查，记录由两名人员确认后，您再写审查意见。")


ACTS: dict[str, Callable[[Click], str]] = {
    "hand-on": hand_on,
    "send-back": send_back,
    "take-back": take_back,
    "countersign": ask_signatures,
    "drop-signature": drop_signature,
    "arrange-inspection": arrange_inspection,
}
