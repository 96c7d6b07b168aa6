"""其他处理: every act beside the main one, in groups, each with a word on when it is the right one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from yueban.channels.desk.case_view import Panel

# Turns shown where their reason stands: a procedure under way, an extension asked for, materials owed.
ASIDE = frozenset({"resume", "appoint-hearing", "extend", "refuse-extension", "take-in-owed"})
ENDINGS = frozenset({"revoke"})


@dataclass(frozen=True)
class OtherAct:
    """One line of the list: the form it opens (`mode`), or the act it posts at once."""

    title: str
    about: str
    mode: str
    task: int = 0
    key: str = ""
    is_posted: bool = False


@dataclass(frozen=True)
class Group:
    """Acts of one kind."""

    name: str
    acts: list[OtherAct]


def other_acts(panel: Panel) -> list[Group]:
    """The groups that hold anything for this person now."""
    groups = (
        Group(_("换人办、请人看"), list(_passing(panel))),
        Group(_("期限和程序"), list(_turning(panel))),
        Group(_("不往下办"), list(_ending(panel))),
    )
    return [group for group in groups if group.acts]


def _passing(panel: Panel) -> Iterator[OtherAct]:
    route = panel.route
    for task in route.own:
        several = len(route.own) > 1
        yield OtherAct(
            _("转办“%(name)s”") % {"name": task.name} if several else _("转办"),
            _("交给同事或别的科室、单位，时限继续算。"),
            "hand-on",
            task=task.pk,
            key="t",
        )
    if route.task is not None and route.can_ask:
        yield OtherAct(
            _("请人会签"),
            _("请同事、别的单位签意见，都签完您再办。"),
            "countersign",
            task=route.task.pk,
            key="s",
        )
    if route.own and route.returnable:
        about = _("让前面一个环节重新核查，其他意见保留。")
        yield OtherAct(_("退回环节"), about, "send-back", key="" if panel.can_ask else "r")
    if route.can_arrange and route.task is not None:
        about = _("两名人员到现场，用手机记录和拍照。")
        yield OtherAct(_("安排现场核查"), about, "arrange-inspection", task=route.task.pk, is_posted=True)


def _turning(panel: Panel) -> Iterator[OtherAct]:
    for turn in panel.other_turns:
        if turn.key not in ENDINGS:
            yield OtherAct(turn.title, turn.brief or turn.about, turn.key)


def _ending(panel: Panel) -> Iterator[OtherAct]:
    if panel.can_accept:
        about = _("不需要办理，或者不属于本机关职权。")
        yield OtherAct(_("不予受理"), about, "refuse-acceptance")
    if panel.can_return:
        yield OtherAct(_("退件"), _("重复提交、渠道不对；可以重新申请。"), "return")
    for turn in panel.other_turns:
        if turn.key in ENDINGS:
            yield OtherAct(turn.title, turn.brief or turn.about, turn.key)
    if panel.can_terminate:
        yield OtherAct(_("终止办理"), _("申请人去世、企业注销等，不能恢复。"), "terminate")
