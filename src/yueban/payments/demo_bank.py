"""演示银行: the bank's side of the seam for demonstrations and tests; it moves no money.

The last four digits of the account tell it what to do, so that every outcome can be shown:
0001 returns the money, 0002 takes it and pays when asked again, 0003 fails twice before it answers.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from yueban.kernel import clock
from yueban.payments import batch_files
from yueban.payments.banks import MOMENT, SIGNATURE, Answer, BankState, Instruction, sign
from yueban.payments.batch_files import AnswerRow
from yueban.payments.errors import BankUnavailable
from yueban.payments.models import DemoTransfer

RETURNS, LAGS, FAILS = "0001", "0002", "0003"
FAILURES = 2
OLDEST_SECONDS = 300
RETURN_REASON = "账号与户名不符（演示）"


class DemoBank:
    """The bank in this process, with its book in the database."""

    def pay(self, instruction: Instruction) -> Answer:
        """Enter the number once; the same number with other content is refused."""
        digest = hashlib.sha256(instruction.to_json()).hexdigest()
        tail = instruction.account[-4:]
        with transaction.atomic():
            row, created = DemoTransfer.objects.select_for_update().get_or_create(
                number=instruction.number,
                defaults={"digest": digest, "state": _first_state(tail), "reason": "", "at": clock.now()},
            )
            if not created:
                row.asked += 1
                row.save(update_fields=["asked"])
        if row.digest != digest:
            raise BankUnavailable("银行拒绝：同一编号的内容不一致。", hint="请人工核对这笔支付。")
        if tail == FAILS and row.asked <= FAILURES:
            raise BankUnavailable("银行系统繁忙（演示）。", hint="稍后会用同一编号再问，不会重复支付。")
        return _answer(row)

    def query(self, number: str) -> Answer:
        """What came of a number; what lagged is paid when it is asked for."""
        row = DemoTransfer.objects.filter(number=number).first()
        if row is None:
            return Answer(state=BankState.UNKNOWN)
        if row.state == BankState.ACCEPTED:
            row.state = BankState.PAID
            row.save(update_fields=["state"])
        return _answer(row)

    def pay_batch(self, number: str, content: bytes) -> bytes | None:
        """Pay every row by itself; the same file again is the same rows, and what lagged is paid by then."""
        sheet = batch_files.read_batch(content)
        if sheet.number != number:
            raise BankUnavailable("银行拒绝：文件里是另一个批次。", hint="请人工核对这个批次。")
        rows = [_answer_row(row, self._pay_or_ask(row)) for row in sheet.rows]
        return batch_files.write_answer(number, batch_files.sha_of(content), rows)

    def _pay_or_ask(self, row: Instruction) -> Answer:
        is_known = DemoTransfer.objects.filter(number=row.number).exists()
        answer = self.pay(row)
        return self.query(row.number) if is_known else answer


def _answer_row(row: Instruction, answer: Answer) -> AnswerRow:
    return AnswerRow(row.number, row.amount, answer.state, answer.reference, answer.reason)


def _first_state(tail: str) -> BankState:
    return {RETURNS: BankState.RETURNED, LAGS: BankState.ACCEPTED}.get(tail, BankState.PAID)


def _answer(row: DemoTransfer) -> Answer:
    is_returned = row.state == BankState.RETURNED
    return Answer(
        state=BankState(row.state),
        reference=f"DEMO{row.pk:08d}",
        reason=RETURN_REASON if is_returned else "",
    )


@dataclass(frozen=True)
class Reply:
    """What the counterpart answers over HTTP."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def serve_request(key: bytes, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """The bank's HTTP side: checks signature and time, answers signed; 503 where it was told to fail."""
    moment = headers.get(MOMENT, "")
    expected = sign(key, method=method, path=path, moment=moment, body=body)
    if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()) or _is_old(moment):
        return Reply(401, b"{}", {})
    try:
        said = _dispatch(method, path, body)
    except BankUnavailable:
        return Reply(503, b"{}", {})
    if said is None:
        return Reply(404, b"{}", {})
    return Reply(200, said, {SIGNATURE: sign(key, method="ANSWER", path=path, moment=moment, body=said)})


def _is_old(moment: str) -> bool:
    return not moment.isdecimal() or abs(clock.now().timestamp() - int(moment)) > OLDEST_SECONDS


def _dispatch(method: str, path: str, body: bytes) -> bytes | None:
    bank = DemoBank()
    if method == "POST" and path == "/payments":
        data = json.loads(body)
        return _state(bank.pay(Instruction(**{**data, "amount": Decimal(data["amount"])})))
    if method == "GET" and path.startswith("/payments/"):
        return _state(bank.query(path.removeprefix("/payments/")))
    if method == "POST" and path.startswith("/batches/"):
        return bank.pay_batch(path.removeprefix("/batches/"), body)
    return None


def _state(answer: Answer) -> bytes:
    return json.dumps(
        {"state": answer.state, "reference": answer.reference, "reason": answer.reason}
    ).encode()
