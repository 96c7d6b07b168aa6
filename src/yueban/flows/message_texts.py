"""Messages to the applicant on every move of a case, in plain words: what happened and what comes next."""

from datetime import date

from yueban.approvals.models import Objection, PublicNotice
from yueban.approvals.services import Subject
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case, Supplement
from yueban.cases.services import reference_of
from yueban.kernel import money
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties
from yueban.payments.models import PaymentOrder


def subject_of(case: Case) -> Subject:
    """What the inbox shows of this case."""
    return Subject(
        reference=reference_of(case),
        title=case.item_name,
        applicant_name=case.applicant_name,
        division_code=case.division_code,
    )


def submitted(case: Case, actor: Actor) -> None:
    """The first event of the chain, and the word that it arrived."""
    data = {"to": case.state, "item": case.item_name}
    audit.record(reference_of(case), "submit", actor=actor, data=data, division=case.division_code)
    tell(
        case,
        "submitted",
        "已提交",
        f"“{case.item_name}”已提交，编号{case.number}。窗口将在1个工作日内收件。",
    )


def received(case: Case) -> None:
    """The window has it."""
    tell(case, "received", "已收件", f"“{case.item_name}”窗口已收件，5个工作日内告诉您材料是否齐全。")


def supplement_asked(case: Case, supplement: Supplement) -> None:
    """The applicant must act."""
    day = f"{supplement.due_on.month}月{supplement.due_on.day}日"
    count = len(supplement.items)
    text = f"“{case.item_name}”请补{count}份材料，{day}前补齐即可继续办理。"
    tell(case, f"supplement-{supplement.pk}", f"请补{count}份材料", text, needs_action=True)


def accepted(case: Case) -> None:
    """The clocks run."""
    day = f"，承诺{case.promised_on.month}月{case.promised_on.day}日前办结" if case.promised_on else ""
    tell(case, "accepted", "已受理", f"“{case.item_name}”已受理{day}。您不用做什么，等结果即可。")


def not_accepted(case: Case) -> None:
    """A reasoned no before acceptance."""
    tell(case, "not_accepted", "不予受理", f"“{case.item_name}”不予受理：{case.decision_reason}"[:500])


def returned(case: Case) -> None:
    """Apply anew."""
    tell(case, "returned", "已退件", f"“{case.item_name}”已退件：{case.decision_reason}"[:500])


def decided(case: Case, *, is_granted: bool) -> None:
    """Yes or no, and what to do."""
    words = cases_read.outcome_words(case)
    if is_granted:
        where = "电子证照" if cases_read.find_certificate(case) else f"《{words.grant_title}》"
        text = f"“{case.item_name}”已{words.granted}，{where}可在“我的办件”查看和下载。"
        tell(case, "decided", f"已{words.grant}", text)
    else:
        text = f"“{case.item_name}”{words.refused}，理由和救济途径见《{words.refuse_title}》。"
        tell(case, "decided", words.refuse, text)


def held(case: Case, until: date) -> None:
    """Finished; what came of it is told when all of the 一件事 is issued."""
    day = f"{until.month}月{until.day}日"
    text = f"“{case.item_name}”已办结，最晚{day}和同一件事的其他事项一起发给您，您不用做什么。"
    tell(case, "held", "已办结，等一起发证", text)


def relayed(case: Case, system: str, label: str, receipt_number: str) -> None:
    """Where it is handled now, and under which number."""
    text = f"“{case.item_name}”由{system}办理，{label}：{receipt_number}。有结果就告诉您。"
    tell(case, "relayed", "已转到业务系统", text[:500])


def closed_elsewhere(case: Case) -> None:
    """What the other system says."""
    tell(case, "closed_elsewhere", "已办结", f"“{case.item_name}”已办结。{case.decision_reason}"[:500])


def delivered(case: Case) -> None:
    """Closed."""
    tell(
        case,
        "delivered",
        "已送达",
        f"“{case.item_name}”的结果已送达（{case.delivery_method}），办件已办结。",
    )


def withdrawn(case: Case) -> None:
    """Taken back."""
    tell(case, "withdrawn", "已撤回", f"“{case.item_name}”已按您的要求撤回，以后可以重新申请。")


def terminated(case: Case) -> None:
    """Ended without a decision."""
    tell(case, "terminated", "已终止办理", f"“{case.item_name}”已终止办理：{case.decision_reason}"[:500])


def lapsed(case: Case) -> None:
    """The time to supplement is over."""
    tell(case, "lapsed", "已终止办理", f"“{case.item_name}”补正期限已过，已终止办理。您可以随时重新申请。")


def published(case: Case, notice: PublicNotice) -> None:
    """Everybody may read it now, and until when."""
    day = f"{notice.ends_on.month}月{notice.ends_on.day}日"
    text = f"“{case.item_name}”审查通过，正在公示，到{day}24时为止；期满没有异议的，接着作出决定。"
    tell(case, f"notice-{notice.pk}", "正在公示", text)


def objection_answered(objection: Objection, outcome: str, reasons: str) -> None:
    """To who objected and was signed in; others are told by the contact they left."""
    if objection.user_id is None:
        return
    notifications.notify(
        user_id=objection.user_id,
        reference=Reference("notice", objection.notice.number),
        event=f"objection-{objection.pk}",
        title=outcome,
        body=f"您对“{objection.notice.title}”提出的异议已经核实，{outcome}。理由：{reasons}"[:500],
    )


def paid(case: Case, order: PaymentOrder) -> None:
    """The money is there."""
    text = f"“{order.name}”{money.to_text(order.amount)}已到账，账号尾号{order.account_tail}。"
    tell(case, f"paid-{order.number}", "已到账", text)


def payment_returned(case: Case, order: PaymentOrder) -> None:
    """The bank sent it back; the payer corrects the account, the applicant may be called."""
    text = (
        f"“{order.name}”被银行退回（账号尾号{order.account_tail}），{order.payer_agency.name}核对账户后再付，"
    )
    text += "可能会打电话向您核实。"
    tell(case, f"returned-{order.number}-{order.account_tail}-{order.revision}", "银行退回", text)


def tell(case: Case, event: str, title: str, body: str, *, needs_action: bool = False) -> None:
    """One message about the case to everybody who is told of it; the same event never twice."""
    for user_id in told_of(case):
        notifications.notify(
            user_id=user_id,
            reference=reference_of(case),
            event=event,
            title=title,
            body=body,
            needs_action=needs_action,
        )


def told_of(case: Case) -> set[int]:
    """Who hears: who applied, as long as he may act for the party; whoever was helped, in his own account."""
    user_id = case.application.user_id
    person = parties.user_of_person(case.party_id)
    own = set() if person is None else {person}
    if case.assisted_by_id is not None:
        is_standing = not case.mandate_number or parties.is_standing(case.mandate_number)
        return own | ({user_id} if is_standing else set())
    held = (party for party in parties.parties_of_user(user_id) if party.id == case.party_id)
    if any(party.may(case.item_version.item.key) for party in held):
        return {user_id}
    return own or set(parties.users_standing_for(case.party_id))
