"""批次文件与回单: the same bytes for the same batch; anything cut off, changed or doubled is refused whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.payments.banks import BankState, Instruction
from yueban.payments.batch_files import (
    AnswerRow,
    read_answer,
    read_batch,
    sha_of,
    write_answer,
    write_batch,
)
from yueban.payments.errors import BatchFileUnsound

ROWS = [
    Instruction(number="ZF1-01", amount=Decimal("100.00"), account="62220001", name="甲公司", purpose="补助"),
    Instruction(
        number="ZF2-01", amount=Decimal("0.05"), account="62220002", name='乙,"公司"', purpose="补助\t二"
    ),
]
ANSWERS = [
    AnswerRow("ZF1-01", Decimal("100.00"), BankState.PAID, "B1"),
    AnswerRow("ZF2-01", Decimal("0.05"), BankState.RETURNED, "B2", "账号与户名不符"),
]


def sealed(body: str) -> bytes:
    """A file whose control sum is right, whatever it says."""
    return f"{body}END,{sha_of(body.encode())}\n".encode()


def test_a_batch_is_read_as_it_was_written():
    content = write_batch("PC1", ROWS)
    assert content.startswith(b"YUEBAN-BATCH,1,PC1,2,100.05\n")
    assert read_batch(content).rows == tuple(ROWS)
    assert write_batch("PC1", ROWS) == content


def test_an_answer_is_read_as_it_was_written():
    content = write_answer("PC1", "0" * 64, ANSWERS)
    assert content.startswith(b"YUEBAN-ANSWER,1,PC1," + b"0" * 64 + b",2,100.00,0.05\n")
    assert read_answer(content).rows == tuple(ANSWERS)


@pytest.mark.parametrize(
    "write", [lambda: write_batch("PC1", ROWS), lambda: write_answer("PC1", "0", ANSWERS)]
)
def test_a_file_cut_anywhere_is_refused(write):
    content = write()
    read = read_batch if content.startswith(b"YUEBAN-BATCH") else read_answer
    for length in range(len(content)):
        with pytest.raises(BatchFileUnsound):
            read(content[:length])


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_one_changed_byte_is_noticed(place, byte):
    content = write_answer("PC1", "0" * 64, ANSWERS)
    place %= len(content)
    changed = content[:place] + bytes([byte]) + content[place + 1 :]
    if changed != content:
        with pytest.raises(BatchFileUnsound):
            read_answer(changed)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("YUEBAN-ANSWER,1,PC1,sha,2,1.00,0.00\nA,1.00,paid,,\n", "写明 2 笔"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,2.00,0.00\nA,1.00,paid,,\n", "到账金额"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,0.00,2.00\nA,1.00,returned,,\n", "退回金额"),
        ("YUEBAN-ANSWER,1,PC1,sha,2,2.00,0.00\nA,1.00,paid,,\nA,1.00,paid,,\n", "两次"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,1.00,0.00\nA,1.00,lost,,\n", "不认识"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,1.00,0.00\nA,1.0,paid,,\n", "两位小数"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,-1.00,0.00\nA,-1.00,paid,,\n", "正金额"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,1.00,0.00\nA,many,paid,,\n", "不是金额"),
        ("YUEBAN-ANSWER,2,PC1,sha,0,0.00,0.00\n", "第一行"),
        ("YUEBAN-BATCH,1,PC1,0,0.00\n", "第一行"),
        ("YUEBAN-ANSWER,1,PC1,sha,1,1.00,0.00\nA,1.00,paid\n", "5 栏"),
        ('YUEBAN-ANSWER,1,PC1,sha,1,1.00,0.00\nA,1.00,paid,"x,\n', "CSV"),
    ],
)
def test_a_file_that_contradicts_itself_says_what_is_wrong(body, said):
    with pytest.raises(BatchFileUnsound) as refused:
        read_answer(sealed(body))
    assert said in refused.value.message
    assert "没有采用" in refused.value.hint
