"""The buttons of a case page: each posts one act with the revision that was read and a key against doubles."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.channels.desk import route_acts
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.case_view import render_case
from yueban.channels.desk.checklist import checked_answers, outcome_of
from yueban.channels.desk.clicks import Click, task_of
from yueban.channels.desk.turn_acts import TURN_ACTS
from yueban.flows import deliver, notice, oversee, phrases, promises, relays, review
from yueban.kernel.errors import Invalid, NotFound, ServiceError

WHAT = "what-"  # the field in which a material's shortcoming is told


@staff_only
@require_POST
def act(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Carry out one act; a refusal shows the page as it is now, with what was typed."""
    do = ACTS.get(act)
    if do is None:
        raise Http404
    typed = request.POST.dict()
    lists = dict(request.POST.lists())
    click = Click(request.actor, number, _revision(typed), str(typed.get("key", ""))[:40], typed, lists)
    try:
        said = do(click)
    except NotFound:
        raise
    except ServiceError as error:
        return render_case(request, number, mode=act, typed=typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


def _revision(typed: Mapping[str, str]) -> int | None:
    text = typed.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def receive(click: Click) -> str:
    """收件."""
    review.receive(click.actor, click.number, revision=click.revision, key=click.key)
    return _("已收件，收件凭证已发给申请人。")


def accept(click: Click) -> str:
    """受理."""
    review.accept(click.actor, click.number, revision=click.revision, key=click.key)
    return _("已受理，受理通知书已发给申请人，审查和核查同时开始。")


def supplement(click: Click) -> str:
    """告知补正: everything that is missing at once."""
    items = supplement_items(click.typed)
    if not items:
        raise Invalid(_("还没有写明要补什么。"), hint=_("请在需要补正的材料下面写清楚缺什么、怎么补。"))
    review.request_supplement(click.actor, click.number, items, revision=click.revision, key=click.key)
    return _("已一次告知%(count)d份材料需要补正。") % {"count": len(items)}


def supplement_items(typed: Mapping[str, str]) -> list[dict[str, str]]:
    """The materials with a text, as the flow takes them."""
    return [
        {"material": name.removeprefix(WHAT), "what": text.strip()}
        for name, text in typed.items()
        if name.startswith(WHAT) and text.strip()
    ]


def refuse_acceptance(click: Click) -> str:
    """不予受理."""
    review.refuse_acceptance(
        click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key
    )
    return _("已不予受理，通知书写明了理由和救济途径。")


def return_case(click: Click) -> str:
    """退件."""
    review.return_case(
        click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key
    )
    return _("已退件，申请人可以重新申请。")


def terminate(click: Click) -> str:
    """终止办理."""
    review.terminate(click.actor, click.number, click.text("reason"), revision=click.revision, key=click.key)
    return _("已终止办理，通知书写明了理由。")


def take(click: Click) -> str:
    """接办."""
    task = task_of(click)
    review.take(click.actor, task.pk)
    return _("您已接办“%(name)s”。") % {"name": task.name}


def check(click: Click) -> str:
    """协查答复: the whole follows from the points."""
    task = task_of(click, TaskKind.CHECK, TaskKind.RECORDS, TaskKind.LATE)
    answers = checked_answers(task, click.typed)
    outcome = outcome_of(answers)
    _finish(click, task, outcome, answers)
    return _("核查意见已送出：%(outcome)s。") % {"outcome": outcome.label}


def approve(click: Click) -> str:
    """审查: the case conforms; not while one of its own points says otherwise."""
    task = task_of(click, TaskKind.REVIEW, TaskKind.COUNTERSIGN)
    answers = checked_answers(task, click.typed)
    if outcome_of(answers) != TaskOutcome.CONFORMS:
        raise Invalid(_("有要点不符合，不能同意。"), hint=_("请改正要点，或写明意见后按“不同意”。"))
    _finish(click, task, TaskOutcome.CONFORMS, answers)
    return _("审查意见已送出：同意。")


def disapprove(click: Click) -> str:
    """审查: the case does not conform; the opinion says why."""
    task = task_of(click, TaskKind.REVIEW, TaskKind.COUNTERSIGN)
    _finish(click, task, TaskOutcome.DEVIATES, checked_answers(task, click.typed))
    return _("审查意见已送出：不同意。")


def dismiss_objection(click: Click) -> str:
    """异议不成立."""
    _answer_objection(click, is_upheld=False)
    return _("已答复：异议不成立，理由已告诉提出异议的人。")


def uphold_objection(click: Click) -> str:
    """异议成立."""
    _answer_objection(click, is_upheld=True)
    return _("已答复：异议成立，理由已告诉提出异议的人。")


def _answer_objection(click: Click, *, is_upheld: bool) -> None:
    task = task_of(click, TaskKind.OBJECTION)
    notice.answer(click.actor, task.pk, is_upheld=is_upheld, reasons=click.text("opinion"), key=click.key)


def grant(click: Click) -> str:
    """准予."""
    _decide(click, is_granted=True)
    return _("决定已签发，文书正在生成。")


def refuse(click: Click) -> str:
    """不予."""
    _decide(click, is_granted=False)
    return _("决定已签发，文书写明了理由和救济途径。")


def hand_over(click: Click) -> str:
    """送达."""
    deliver.deliver(
        click.actor,
        click.number,
        method=click.text("method"),
        proof=click.text("proof"),
        revision=click.revision,
        key=click.key,
    )
    return _("已送达，办件办结。")


def _decide(click: Click, *, is_granted: bool) -> None:
    review.decide(
        click.actor,
        click.number,
        is_granted=is_granted,
        reason=click.text("reason"),
        revision=click.revision,
        key=click.key,
    )


def _finish(click: Click, task: Task, outcome: TaskOutcome, answers: list[dict[str, object]]) -> None:
    review.finish_task(
        click.actor,
        task.pk,
        outcome=outcome,
        opinion=click.text("opinion"),
        answers=answers,
        key=click.key,
    )
    phrases.used(click.actor, [int(one) for one in click.text("phrases").split(",")[:20] if one.isdecimal()])


def relay(click: Click) -> str:
    """记回编号: the case stands in another system now."""
    relays.enter(
        click.actor, click.number, click.text("receipt_number"), revision=click.revision, key=click.key
    )
    return _("编号已记回，已告诉申请人在哪个系统办理。")


def relay_status(click: Click) -> str:
    """记回状态: what the other system says."""
    relays.tell(
        click.actor,
        click.number,
        click.text("status"),
        note=click.text("note"),
        revision=click.revision,
        key=click.key,
    )
    return _("状态已记回。")


def oversee_press(click: Click) -> str:
    """督办."""
    oversee.press(click.actor, click.number, click.text("note"), key=click.key)
    return _("督办已发给承办单位，3个工作日内反馈。")


def oversee_answer(click: Click) -> str:
    """督办反馈."""
    oversee.answer(click.actor, task_of(click, TaskKind.OVERSEE).pk, click.text("opinion"), key=click.key)
    return _("反馈已送给监督人员。")


def oversee_close(click: Click) -> str:
    """督办销号."""
    oversee.close(click.actor, click.number, key=click.key)
    return _("督办已销号。")


def promise_kept(click: Click) -> str:
    """承诺属实."""
    _check_promise(click, is_kept=True)
    return _("已记下：承诺属实。")


def promise_false(click: Click) -> str:
    """承诺不实."""
    _check_promise(click, is_kept=False)
    return _("已记下：承诺不实，申请人一年内不能再用承诺办事。")


def _check_promise(click: Click, *, is_kept: bool) -> None:
    task = task_of(click, TaskKind.AFTERCHECK)
    promises.finish(click.actor, task.pk, is_kept=is_kept, finding=click.text("opinion"), key=click.key)


ACTS: dict[str, Callable[[Click], str]] = TURN_ACTS | {
    "receive": receive,
    "accept": accept,
    "supplement": supplement,
    "refuse-acceptance": refuse_acceptance,
    "return": return_case,
    "terminate": terminate,
    "take": take,
    "check": check,
    "approve": approve,
    "disapprove": disapprove,
    "dismiss-objection": dismiss_objection,
    "uphold-objection": uphold_objection,
    "grant": grant,
    "refuse": refuse,
    "deliver": hand_over,
    "relay": relay,
    "relay-status": relay_status,
    "oversee": oversee_press,
    "oversee-answer": oversee_answer,
    "oversee-close": oversee_close,
    "promise-kept": promise_kept,
    "promise-false": promise_false,
    **route_acts.ACTS,
}
