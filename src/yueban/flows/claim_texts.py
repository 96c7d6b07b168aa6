"""Words to an enterprise about its claims: what happened, and what comes next."""

from datetime import date

from yueban.approvals.models import PublicNotice
from yueban.approvals.services import Subject
from yueban.claims.models import Claim
from yueban.kernel import money
from yueban.kernel.reference import Reference
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties


def subject_of(claim: Claim) -> Subject:
    """What the inbox shows of this claim."""
    return Subject(
        reference=claim.reference,
        title=f"政策申报：{claim.offer_name}"[:200],
        applicant_name=claim.party_name,
        division_code=claim.division_code,
    )


def submitted(claim: Claim) -> None:
    """It arrived."""
    day = f"，承诺{claim.promised_on.month}月{claim.promised_on.day}日前审定" if claim.promised_on else ""
    tell_claim(claim, "submitted", "已申报", f"“{claim.offer_name}”已申报，编号{claim.number}{day}。")


def correction_asked(claim: Claim, text: str, by: date) -> None:
    """What is to be mended, all of it, and by when."""
    body = f"“{claim.offer_name}”请在{by.month}月{by.day}日前补正：{text}"
    tell_claim(claim, "correction", "请补正申报", body, needs_action=True)


def corrected(claim: Claim) -> None:
    """It was mended."""
    day = f"，承诺{claim.promised_on.month}月{claim.promised_on.day}日前审定" if claim.promised_on else ""
    tell_claim(claim, "corrected", "补正已收到", f"“{claim.offer_name}”的补正已收到{day}。")


def correction_lapsed(claim: Claim) -> None:
    """Its day passed: it goes on with what there is."""
    text = f"“{claim.offer_name}”没有在期限内补正，主管部门按已有材料办理，结果会告诉您。"
    tell_claim(claim, "correction-lapsed", "没有补正", text)


def agreed_at_once(claim: Claim) -> None:
    """即申即享: checked by itself."""
    text = f"“{claim.offer_name}”符合条件，{money.to_text(claim.amount)}等财政拨付，您不用再做什么。"
    tell_claim(claim, "agreed", "已审定", text)


def published(claim: Claim, notice: PublicNotice) -> None:
    """Everybody may read it now, and until when."""
    day = f"{notice.ends_on.month}月{notice.ends_on.day}日"
    text = f"“{claim.offer_name}”拟支持{money.to_text(claim.amount)}，正在公示，到{day}24时为止。"
    tell_claim(claim, f"notice-{notice.pk}", "正在公示", text)


def agreed(claim: Claim) -> None:
    """The notice is over."""
    text = f"“{claim.offer_name}”公示期满，{money.to_text(claim.amount)}等财政拨付。"
    tell_claim(claim, f"agreed-{claim.revision}", "已审定", text)


def objected(claim: Claim) -> None:
    """An objection was upheld."""
    text = f"“{claim.offer_name}”公示中有异议成立，主管部门重新审定，结果会告诉您。"
    tell_claim(claim, f"objected-{claim.revision}", "重新审定", text)


def refused(claim: Claim) -> None:
    """No, and why."""
    tell_claim(claim, "refused", "不予支持", f"“{claim.offer_name}”不予支持：{claim.reason}"[:500])


def paid(claim: Claim) -> None:
    """The money is there."""
    text = f"“{claim.offer_name}”{money.to_text(claim.amount)}已到账，账号尾号{claim.account_tail}。"
    tell_claim(claim, "paid", "已到账", text)


def returned(claim: Claim) -> None:
    """The bank sent it back."""
    text = f"“{claim.offer_name}”被银行退回（账号尾号{claim.account_tail}），请核对并更正收款账户。"
    tell_claim(claim, f"returned-{claim.revision}", "银行退回", text, needs_action=True)


def tell_claim(claim: Claim, event: str, title: str, body: str, *, needs_action: bool = False) -> None:
    """One message about the claim to who stands for the enterprise; the same event never twice."""
    tell(claim.party_id, claim.reference, event, title, body, needs_action=needs_action)


def tell(
    party_id: int, reference: Reference, event: str, title: str, body: str, *, needs_action: bool = False
) -> None:
    """One message to everybody who stands for an enterprise by law."""
    notifications.notify_many(
        notifications.Note(user_id, reference, event, title, body[:500], needs_action)
        for user_id in parties.users_standing_for(party_id)
    )
