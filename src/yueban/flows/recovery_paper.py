"""追回通知书: what a payee is asked back, why, by when and where to; issued when a second person has confirmed it."""

from datetime import date

from yueban.accounts import walls
from yueban.documents import selectors as documents_read
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.models import Document
from yueban.kernel import money
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments.models import Recovery

REMEDY_DAYS = 60


@walls.platform()  # the paper is the recovery's: whoever may see that may see it
def issue(recovery: Recovery, actor: Actor) -> Document:
    """The paper, in the transaction that confirms the recovery; its PDF follows by a job."""
    order, agency = recovery.order, recovery.agency
    paid = order.ended_at.date() if order.ended_at is not None else recovery.made_at.date()
    content = {
        "addressee": recovery.payee_name,
        "paragraphs": [
            (
                f"本机关于{_day(paid)}向你单位拨付“{order.name}”{money.to_text(order.net)}（支付单{order.number}）。"
                f"经查，{recovery.get_reason_display()}。现要求退还下列资金，不计利息。"
            ),
        ],
        "facts": [
            ["追回金额", f"{money.to_text(recovery.amount)}（{money.to_capitals(recovery.amount)}）"],
            ["退还期限", f"{_day(recovery.due_on)}前"],
            ["追回编号", recovery.number],
        ],
        "closing": [
            f"请退回原付款账户，并在附言里写明追回编号；怎样退还请联系{agency.name}{_phone(agency.phone)}。",
            "逾期不退还的，依照规定从以后的支持资金中抵扣，并报送信用信息。",
        ],
        "reasons": [recovery.facts],
        "remedies": [
            (
                f"对本通知有异议的，可以向{agency.name}书面陈述申辩；不服的，可以自收到之日起{REMEDY_DAYS}日内申请"
                "行政复议，或者在六个月内向人民法院提起行政诉讼。"
            )
        ],
    }
    return documents.create_document(
        kind=DocumentKind.RECOVERY_NOTICE,
        subject=_reference(recovery),
        agency_code=agency.code,
        title=DocumentKind.RECOVERY_NOTICE.label,
        content=content,
        actor=actor,
        division=agency.division.code,
    )


@walls.platform()
def paper_of(recovery: Recovery) -> Document | None:
    """The paper of a recovery that the caller may see; None before it is confirmed."""
    return documents_read.documents_of(_reference(recovery)).last()


def _reference(recovery: Recovery) -> Reference:
    return Reference("recovery", recovery.number)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _phone(number: str) -> str:
    return f"（电话{number}）" if number else ""
