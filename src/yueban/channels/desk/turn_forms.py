"""The forms of the turns off the straight way, as data: one template draws them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from yueban.approvals.choices import TaskKind
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseEvent, RevocationKind
from yueban.cases.models import Case
from yueban.kernel.actor import Actor

OWED = "owed-"  # the field by which a material is put off


@dataclass(frozen=True)
class Option:
    """One of several answers."""

    value: str
    label: str
    help: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class TurnField:
    """One question of a form."""

    name: str
    label: str
    type: str = "text"
    help: str = ""
    is_required: bool = True
    options: tuple[Option, ...] = ()
    max_length: int = 200
    value: str = ""
    error: str = ""


@dataclass(frozen=True)
class TurnForm:
    """One form: the move it makes, what it is for, what it asks, and the word on its button."""

    key: str
    title: str
    about: str
    button: str
    brief: str = ""
    event: CaseEvent | None = None
    fields: tuple[TurnField, ...] = ()
    checks: tuple[Option, ...] = ()
    promise: Option | None = None
    is_danger: bool = False
    has_preview: bool = False
    task: TaskKind | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def turn_forms(case: Case, actor: Actor) -> list[TurnForm]:
    """The forms that this person may fill in now, in the order of the page."""
    found = []
    for is_offered, make in FORMS:
        if is_offered(case, actor):
            found.append(make(case))
    return found


def filled(form: TurnForm, typed: Mapping[str, str], errors: Mapping[str, str]) -> TurnForm:
    """The form with what was typed, and what is wrong with it beside each field."""
    fields = tuple(
        replace(one, value=typed.get(one.name, one.value), error=errors.get(one.name, ""))
        for one in form.fields
    )
    checks = tuple(replace(one, is_chosen=one.value in typed) for one in form.checks)
    promise = form.promise and replace(form.promise, is_chosen=form.promise.value in typed)
    return replace(form, fields=fields, checks=checks, promise=promise, values=dict(typed))


def _moves(event: CaseEvent) -> Callable[[Case, Actor], bool]:
    return lambda case, actor: cases.is_open(case, event, actor)


def _reason(help_: str = "") -> TurnField:
    return TurnField("reason", _("理由"), "long", help_ or _("会告诉申请人，说清为什么。"), max_length=2000)


def _tolerate(case: Case) -> TurnForm:
    checks = tuple(
        Option(
            f"{OWED}{one.material.key}",
            one.material.name,
            _("%(days)d个工作日内补交") % {"days": one.days},
        )
        for one in cases.deferrable(case)
    )
    promised = Option("promised", _("申请人已签署容缺受理告知承诺书"), _("没有签署的，不能容缺受理。"))
    return TurnForm(
        "accept-tolerant",
        _("容缺受理"),
        _("主要材料齐全、次要材料可以后补的，先受理，审查同时进行；补齐之前不作决定。"),
        _("容缺受理"),
        brief=_("次要材料可以后补的，先受理。"),
        event=CaseEvent.ACCEPT_TOLERANT,
        checks=checks,
        promise=promised,
        has_preview=True,
    )


def _may_tolerate(case: Case, actor: Actor) -> bool:
    return CaseEvent.ACCEPT_TOLERANT in cases.moves_open_to(case, actor) and bool(cases.deferrable(case))


def _take_in(_case: Case) -> TurnForm:
    asked = TurnField("note", _("收到了什么"), "long", _("写明份数、原件还是复印件。"), max_length=400)
    return TurnForm(
        "take-in-owed",
        _("登记补交的材料"),
        _("申请人把后补的材料送到窗口时登记；补齐后继续办理。"),
        _("材料已补齐"),
        event=CaseEvent.SUPPLY_OWED,
        fields=(asked,),
        task=TaskKind.OWED,
    )


def _may_take_in(case: Case, actor: Actor) -> bool:
    return cases.is_open(case, CaseEvent.SUPPLY_OWED, actor) and bool(cases.owed(case))


def _allow(_case: Case) -> TurnForm:
    return TurnForm(
        "allow-supplement",
        _("允许再次告知补正"),
        _("依法只告知一次。确有新情况的，写明理由；这一次会记入电子监察（R04）。"),
        _("允许再告知一次"),
        brief=_("出现新情况，让窗口再告知一次。"),
        event=CaseEvent.ASK_AGAIN,
        fields=(_reason(_("写明出现了什么新情况。")),),
        is_danger=True,
    )


def _suspend(case: Case) -> TurnForm:
    known = cases.known_procedures(case)
    example = "、".join(row.name for row in known) or _("专家评审、检验检测、鉴定")
    first = known[0] if known else None
    return TurnForm(
        "suspend",
        _("开始特别程序"),
        _("所需时间不计入办理期限，会用告知书写明程序、理由和计划用时。超过计划的，监督人员能看到。"),
        _("开始并告知申请人"),
        brief=_("专家评审、检验检测等，时间不计入期限。"),
        event=CaseEvent.SUSPEND,
        fields=(
            TurnField("name", _("程序名称"), help=_("如：%(names)s") % {"names": example}, max_length=100),
            _reason(),
            TurnField(
                "basis", _("依据"), help=_("不填的，按事项标准或行政许可法第四十五条。"), is_required=False
            ),
            TurnField("days", _("计划用时（工作日）"), "integer", value=str(first.days) if first else ""),
        ),
        has_preview=True,
    )


def _resume(case: Case) -> TurnForm:
    running = cases.running_procedure(case)
    name = running.name if running else _("特别程序")
    return TurnForm(
        "resume",
        _("结束%(name)s") % {"name": name},
        _("写明结果和意见；办理期限从今天起接着计算。"),
        _("结束，接着办理"),
        event=CaseEvent.RESUME,
        fields=(
            TurnField("result", _("结果")),
            TurnField("opinion", _("意见"), "long", max_length=2000),
        ),
        task=TaskKind.SPECIAL,
    )


def _ask_extension(case: Case) -> TurnForm:
    return TurnForm(
        "ask-extension",
        _("申请延长期限"),
        _("经决定人批准，只能延长一次，%(limit)s；理由会告知申请人。") % {"limit": _extension(case)},
        _("报决定人批准"),
        brief=_("报决定人批准，只能延长一次。"),
        fields=(_reason(),),
    )


def _may_ask_extension(case: Case, actor: Actor) -> bool:
    return (
        cases.works_for_agency(case, actor)
        and cases.is_extensible(case)
        and cases.asked_extension(case) is None
        and not cases.is_open(case, CaseEvent.EXTEND, actor)
    )


def _extend(case: Case) -> TurnForm:
    asked = cases.asked_extension(case)
    return TurnForm(
        "extend",
        _("批准延长期限") if asked else _("延长期限"),
        _("只能延长一次，%(limit)s；申请人会收到延长办理期限通知书。") % {"limit": _extension(case)},
        _("批准延长"),
        brief=_("只能一次，申请人会收到通知书。"),
        event=CaseEvent.EXTEND,
        fields=(replace(_reason(), value=asked.reason if asked else ""),),
        has_preview=True,
        task=TaskKind.EXTEND,
    )


def _refuse_extension(_case: Case) -> TurnForm:
    return TurnForm(
        "refuse-extension",
        _("不批准延长"),
        _("期限不变，理由告诉提出的人。"),
        _("不批准"),
        event=CaseEvent.EXTEND,
        fields=(_reason(_("写给提出延长的同事。")),),
        is_danger=True,
    )


def _may_refuse_extension(case: Case, actor: Actor) -> bool:
    return cases.asked_extension(case) is not None and cases.is_open(case, CaseEvent.EXTEND, actor)


def _extension(case: Case) -> str:
    found = cases.extension_of(case)
    return str(found.limit) if found else ""


def _tell_hearing(_case: Case) -> TurnForm:
    return TurnForm(
        "tell-hearing",
        _("告知听证权利"),
        _("涉及重大利益关系的，决定前告知。申请人五个工作日内可以要求听证，其间不作决定。"),
        _("告知申请人"),
        brief=_("涉及重大利益的，决定前告知。"),
        event=CaseEvent.TELL_HEARING,
        fields=(_reason(),),
    )


def _ask_hearing(_case: Case) -> TurnForm:
    return TurnForm(
        "ask-hearing",
        _("登记听证要求"),
        _("申请人到窗口要求听证时登记；二十个工作日内组织，时间不计入办理期限。"),
        _("登记要求听证"),
        brief=_("申请人到窗口要求听证时登记。"),
        event=CaseEvent.ASK_HEARING,
    )


def _appoint_hearing(_case: Case) -> TurnForm:
    return TurnForm(
        "appoint-hearing",
        _("通知听证时间地点"),
        _("举行的七日前通知。"),
        _("发出听证通知书"),
        event=CaseEvent.APPOINT_HEARING,
        fields=(
            TurnField("held_at", _("时间"), "datetime"),
            TurnField("place", _("地点")),
        ),
    )


def _revoke(_case: Case) -> TurnForm:
    return TurnForm(
        "revoke",
        _("撤销或者注销"),
        _("不该准予的撤销，到期、终止的注销；证照同时失效，不能恢复。"),
        _("签发决定书"),
        brief=_("证照同时失效，不能恢复。"),
        event=CaseEvent.REVOKE,
        fields=(
            TurnField(
                "kind",
                _("种类"),
                "choice",
                options=tuple(Option(kind.value, str(kind.label)) for kind in RevocationKind),
            ),
            TurnField("basis", _("依据"), help=_("如：行政许可法第六十九条第二款")),
            _reason(_("写明查明的事实。救济途径由系统按事项标准写入。")),
        ),
        is_danger=True,
        has_preview=True,
    )


FORMS: Sequence[tuple[Callable[[Case, Actor], bool], Callable[[Case], TurnForm]]] = (
    (_may_tolerate, _tolerate),
    (_may_take_in, _take_in),
    (_moves(CaseEvent.ASK_AGAIN), _allow),
    (_moves(CaseEvent.RESUME), _resume),
    (_moves(CaseEvent.APPOINT_HEARING), _appoint_hearing),
    (_moves(CaseEvent.EXTEND), _extend),
    (_may_refuse_extension, _refuse_extension),
    (_may_ask_extension, _ask_extension),
    (_moves(CaseEvent.SUSPEND), _suspend),
    (_moves(CaseEvent.TELL_HEARING), _tell_hearing),
    (_moves(CaseEvent.ASK_HEARING), _ask_hearing),
    (_moves(CaseEvent.REVOKE), _revoke),
)
KEYS = frozenset(
    {
        *("accept-tolerant", "take-in-owed", "allow-supplement", "suspend", "resume", "ask-extension"),
        *("extend", "refuse-extension", "tell-hearing", "ask-hearing", "appoint-hearing", "revoke"),
    }
)
