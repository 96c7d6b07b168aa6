"""预算调整: the total of a line changes by what one person proposes with its document and another enters."""

import secrets
from decimal import Decimal

from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.kernel.errors import ServiceError
from yueban.kernel.names import TextInvalid, clean_line
from yueban.payments import budgets
from yueban.payments.choices import BudgetMove, ChangeState
from yueban.payments.errors import (
    BudgetChangeNotPossible,
    BudgetLineNotFound,
    BudgetShort,
    PaymentInvalid,
    SamePerson,
)
from yueban.payments.models import BudgetChange, BudgetLine
from yueban.payments.selectors import lines_visible_to

KINDS = (BudgetMove.ALLOT, BudgetMove.CUT)


def lock_line(*, key: str, year: int, actor: Actor) -> BudgetLine:
    """The line, locked for this transaction, when the actor may see it; BudgetLineNotFound otherwise."""
    visible = lines_visible_to(actor).filter(key=key, year=year).values("pk")
    rows = BudgetLine.objects.select_for_update(of=("self",), no_key=True).select_related("agency")
    line = rows.filter(pk__in=visible).first()
    if line is None:
        raise BudgetLineNotFound(
            "没有找到这个预算项目。", hint="请从预算列表进入；只有本单位的支付人员能看到。"
        )
    return line


def propose(
    *, line: BudgetLine, kind: str, amount: str, reason: str, document_number: str, actor: Actor
) -> BudgetChange:
    """提出: how much more or less, why, by which document. The line is locked. PaymentInvalid by field."""
    assert actor.user_id is not None  # only holders of a post come here
    if line.changes.filter(state=ChangeState.PROPOSED).exists():
        raise BudgetChangeNotPossible("这个项目有一笔调整还没有批准。", hint="请先办完那一笔。")
    faults: dict[str, str] = {}
    if kind not in KINDS:
        faults["kind"] = "请选择追加还是调减。"
    yuan = _amount(amount, faults)
    if kind == BudgetMove.CUT and yuan > line.balance:
        bound = money.to_text(line.total - line.balance)
        faults["amount"] = (
            f"最多能调减余额 {money.to_text(line.balance)}；已预占、冻结和拨付的 {bound} 不能调减。"
        )
    why = _line(reason, 500, "reason", "请写明为什么调整。", faults)
    paper = _line(document_number, 100, "document_number", "请填写依据的文号。", faults)
    if faults:
        raise PaymentInvalid.of_fields(faults)
    return BudgetChange.objects.create(
        number=f"TZ{clock.today():%Y%m%d}{secrets.token_hex(4)}",
        line=line,
        kind=kind,
        amount=yuan,
        reason=why,
        document_number=paper,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )


def get_open(*, line: BudgetLine, number: str) -> BudgetChange:
    """The proposed change of a locked line; BudgetChangeNotPossible where it was decided already."""
    found = line.changes.filter(number=number, state=ChangeState.PROPOSED).first()
    if found is None:
        raise BudgetChangeNotPossible("这笔调整已经办过了。", hint="请刷新页面看最新情况。")
    return found


def enter(*, change: BudgetChange, actor: Actor) -> None:
    """批准: by another person; the money moves now. Raises BudgetShort where less is left than is taken."""
    _check_other(change, actor)
    line = change.line
    move = budgets.allot if change.kind == BudgetMove.ALLOT else budgets.cut
    try:
        move(line_key=line.key, year=line.year, amount=change.amount, key=f"change:{change.number}")
    except BudgetShort as short:
        raise BudgetShort(
            f"{short.message}提出以后又有申报占用了预算。",
            hint="请不批准，改少调减的数额再提。",
            data=short.data,
        ) from short
    _decided(change, ChangeState.ENTERED, actor)


def refuse(*, change: BudgetChange, answer: str, actor: Actor) -> None:
    """不批准: with the reason, by another person."""
    _check_other(change, actor)
    faults: dict[str, str] = {}
    change.answer = _line(answer, 200, "answer", "请写明为什么不批准。", faults)
    if faults:
        raise PaymentInvalid.of_fields(faults)
    _decided(change, ChangeState.REFUSED, actor)


def open_next_year(*, line: BudgetLine) -> BudgetLine:
    """新开下一年: the same purpose with nothing in it; its money follows by a change of two people."""
    following, _ = budgets.open_line(
        key=line.key,
        name=line.name,
        year=line.year + 1,
        agency_id=line.agency_id,
        division_code=line.division_code,
        shortfall=line.shortfall,
        total=Decimal(0),
    )
    return following


def _decided(change: BudgetChange, state: ChangeState, actor: Actor) -> None:
    change.state, change.decided_by_id, change.decided_at = state, actor.user_id, clock.now()
    change.revision += 1
    change.save(update_fields=["state", "decided_by", "decided_at", "answer", "revision"])


def _check_other(change: BudgetChange, actor: Actor) -> None:
    if actor.user_id == change.made_by_id:
        raise SamePerson("这笔调整由您提出，不能由您批准。", hint="请由另一位支付人员办理。")


def _amount(text: str, faults: dict[str, str]) -> Decimal:
    try:
        amount = money.yuan(text)
    except ServiceError as error:
        faults["amount"] = f"{error.message}{error.hint}"
        return Decimal(0)
    if amount <= 0:
        faults["amount"] = "金额要大于0元。"
    return amount


def _line(text: str, longest: int, field: str, missing: str, faults: dict[str, str]) -> str:
    try:
        clean = clean_line(text, longest)
    except TextInvalid as error:
        faults[field] = f"{error.message}{error.hint}"
        return ""
    if not clean:
        faults[field] = missing
    return clean
