"""The two files that pass between a payer and the bank: a batch, and the answer to it (docs/flows/policy-money.md).

CSV in UTF-8 with a head that counts and sums, and a last line with the SHA-256 of all before it. Read whole or not
at all.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yueban.kernel import money
from yueban.kernel.errors import ServiceError
from yueban.payments.banks import BankState, Instruction
from yueban.payments.errors import BatchFileUnsound

BATCH, ANSWER, VERSION, END = "YUEBAN-BATCH", "YUEBAN-ANSWER", "1", "END"
LARGEST = 16 * 1024 * 1024
BATCH_HEAD, ANSWER_HEAD = 5, 7
BATCH_COLUMNS = ANSWER_COLUMNS = 5
SAID = (BankState.PAID, BankState.RETURNED, BankState.ACCEPTED)
ZERO = Decimal(0)


@dataclass(frozen=True)
class BatchSheet:
    """What a batch file says."""

    number: str
    rows: tuple[Instruction, ...]


@dataclass(frozen=True)
class AnswerRow:
    """What the bank says of one row."""

    number: str
    amount: Decimal
    state: BankState
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class AnswerSheet:
    """What an answer file says: of which batch, of which content of it, and of each row."""

    number: str
    batch_sha: str
    rows: tuple[AnswerRow, ...]


def sha_of(content: bytes) -> str:
    """The control sum of a whole file."""
    return hashlib.sha256(content).hexdigest()


def write_batch(number: str, rows: Sequence[Instruction]) -> bytes:
    """The same bytes for the same batch."""
    head = [BATCH, VERSION, number, str(len(rows)), _text(sum((row.amount for row in rows), ZERO))]
    body = ([row.number, _text(row.amount), row.account, row.name, row.purpose] for row in rows)
    return _sealed([head, *body])


def write_answer(number: str, batch_sha: str, rows: Sequence[AnswerRow]) -> bytes:
    """The bank's side."""
    sums = [_sum(rows, state) for state in SAID[:2]]
    head = [ANSWER, VERSION, number, batch_sha, str(len(rows)), *(_text(one) for one in sums)]
    body = ([row.number, _text(row.amount), row.state, row.reference, row.reason] for row in rows)
    return _sealed([head, *body])


def read_batch(content: bytes) -> BatchSheet:
    """A batch file that is whole; BatchFileUnsound otherwise."""
    head, body = _opened(content, BATCH, BATCH_HEAD, BATCH_COLUMNS)
    rows = tuple(
        Instruction(number=row[0], amount=_amount(row[1]), account=row[2], name=row[3], purpose=row[4])
        for row in body
    )
    _check_numbers([row.number for row in rows], head[3])
    _check_sum("总金额", sum((row.amount for row in rows), ZERO), head[4])
    return BatchSheet(head[2], rows)


def read_answer(content: bytes) -> AnswerSheet:
    """An answer file that is whole; BatchFileUnsound otherwise."""
    head, body = _opened(content, ANSWER, ANSWER_HEAD, ANSWER_COLUMNS)
    rows = tuple(_answer_row(row) for row in body)
    _check_numbers([row.number for row in rows], head[4])
    _check_sum("到账金额", _sum(rows, BankState.PAID), head[5])
    _check_sum("退回金额", _sum(rows, BankState.RETURNED), head[6])
    return AnswerSheet(head[2], head[3], rows)


def _answer_row(row: Sequence[str]) -> AnswerRow:
    if row[2] not in SAID:
        raise _unsound(f"第“{row[0]}”行的结果“{row[2]}”不认识。")
    return AnswerRow(row[0], _amount(row[1]), BankState(row[2]), row[3], row[4])


def _sum(rows: Iterable[AnswerRow], state: BankState) -> Decimal:
    return sum((row.amount for row in rows if row.state == state), ZERO)


def _sealed(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    body = text.getvalue().encode()
    return body + f"{END},{sha_of(body)}\n".encode()


def _opened(content: bytes, kind: str, head_length: int, columns: int) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a file whose control sum is right."""
    if len(content) > LARGEST:
        raise _unsound("文件超过 16 MB。")
    body, _, last = content.removesuffix(b"\n").rpartition(b"\n")
    body += b"\n"
    if not content.endswith(b"\n") or not last.startswith(f"{END},".encode()):
        raise _unsound("文件不完整：没有结尾行，可能在传送中被截断。")
    if last.decode("ascii", "replace") != f"{END},{sha_of(body)}":
        raise _unsound("文件的校验和不符：内容在传送中被改动。")
    try:
        rows = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unsound("文件不是 UTF-8 编码的 CSV。") from error
    if len(rows[0]) != head_length or rows[0][:2] != [kind, VERSION]:
        raise _unsound(f"文件第一行不是“{kind},{VERSION}”开头的一行。")
    for row in rows[1:]:
        if len(row) != columns:
            raise _unsound(f"有一行不是 {columns} 栏。")
    return rows[0], rows[1:]


def _check_numbers(numbers: Sequence[str], count: str) -> None:
    if count != str(len(numbers)):
        raise _unsound(f"文件写明 {count} 笔，实有 {len(numbers)} 笔。")
    if len(set(numbers)) != len(numbers):
        raise _unsound("同一笔出现了两次。")


def _check_sum(what: str, found: Decimal, said: str) -> None:
    if _text(found) != said:
        raise _unsound(f"{what}写明 {said} 元，各笔合计 {_text(found)} 元。")


def _amount(text: str) -> Decimal:
    try:
        amount = money.yuan(text)
    except ServiceError as error:
        raise _unsound(f"“{text}”不是金额。") from error
    if amount <= 0 or _text(amount) != text:
        raise _unsound(f"“{text}”不是两位小数的正金额。")
    return amount


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _unsound(what: str) -> BatchFileUnsound:
    return BatchFileUnsound(what, hint="整份文件没有采用，账目没有变动；请向银行重新取得完整的文件。")
