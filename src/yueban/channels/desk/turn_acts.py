"""The buttons of the turns off the straight way: 容缺, 特别程序, 延长, 听证, 再次补正, 撤销."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from yueban.channels.desk.clicks import Click
from yueban.channels.desk.turn_forms import OWED
from yueban.flows import hearing, review, revoke, special, tolerance
from yueban.kernel import clock


def accept_tolerant(click: Click) -> str:
    """容缺受理."""
    tolerance.accept(
        click.actor,
        click.number,
        owed_keys(click.typed),
        is_promised=bool(click.text("promised")),
        revision=click.revision,
        key=click.key,
    )
    return _("已容缺受理，承诺书和受理通知书已发给申请人，审查同时开始。")


def owed_keys(typed: Mapping[str, str]) -> list[str]:
    """The materials that are ticked to come later."""
    return [name.removeprefix(OWED) for name in typed if name.startswith(OWED)]


def take_in_owed(click: Click) -> str:
    """登记补交."""
    tolerance.take_in(click.actor, click.number, click.text("note"), revision=click.revision, key=click.key)
    return _("容缺的材料已补齐，接着办理。")


def allow_supplement(click: Click) -> str:
    """允许再次补正."""
    review.allow_supplement(
        click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key
    )
    return _("已允许窗口再告知一次补正。")


def suspend(click: Click) -> str:
    """开始特别程序."""
    special.suspend(
        click.actor,
        click.number,
        name=click.text("name"),
        reason=click.text("reason"),
        basis=click.text("basis"),
        days=click.text("days"),
        revision=click.revision,
        key=click.key,
    )
    return _("特别程序已开始，告知书已发给申请人，办理期限暂停计算。")


def resume(click: Click) -> str:
    """结束特别程序."""
    special.resume(
        click.actor,
        click.number,
        result=click.text("result"),
        opinion=click.text("opinion"),
        revision=click.revision,
        key=click.key,
    )
    return _("特别程序已结束，办理期限接着计算。")


def ask_extension(click: Click) -> str:
    """申请延长."""
    special.ask_extension(
        click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key
    )
    return _("已报决定人批准。")


def extend(click: Click) -> str:
    """批准延长."""
    special.extend(click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key)
    return _("期限已延长，通知书已发给申请人。")


def refuse_extension(click: Click) -> str:
    """不批准延长."""
    special.refuse_extension(
        click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key
    )
    return _("没有批准延长，期限不变。")


def tell_hearing(click: Click) -> str:
    """告知听证权利."""
    hearing.tell(click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key)
    return _("听证告知书已发给申请人，五个工作日内等他答复。")


def ask_hearing(click: Click) -> str:
    """登记听证要求."""
    hearing.ask(click.actor, click.number, revision=click.revision, key=click.key)
    return _("已登记听证要求，承办单位二十个工作日内组织。")


def appoint_hearing(click: Click) -> str:
    """通知听证时间地点."""
    hearing.appoint(
        click.actor,
        click.number,
        held_at=moment_of(click.text("held_at")),
        place=click.text("place"),
        revision=click.revision,
        key=click.key,
    )
    return _("听证通知书已发给申请人。")


def moment_of(text: str) -> datetime | None:
    """A local date and time as a browser sends it; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=clock.BEIJING) if moment.tzinfo is None else None


def revoke_result(click: Click) -> str:
    """撤销、注销."""
    revoke.revoke(
        click.actor,
        click.number,
        kind=click.text("kind"),
        reason=click.text("reason"),
        basis=click.text("basis"),
        revision=click.revision,
        key=click.key,
    )
    return _("决定书已签发，证照同时失效。")


TURN_ACTS: dict[str, Callable[[Click], str]] = {
    "accept-tolerant": accept_tolerant,
    "take-in-owed": take_in_owed,
    "allow-supplement": allow_supplement,
    "suspend": suspend,
    "resume": resume,
    "ask-extension": ask_extension,
    "extend": extend,
    "refuse-extension": refuse_extension,
    "tell-hearing": tell_hearing,
    "ask-hearing": ask_hearing,
    "appoint-hearing": appoint_hearing,
    "revoke": revoke_result,
}
