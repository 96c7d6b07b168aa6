"""证照标识: check characters of real identifiers are reproduced (acceptance scenario 7)."""

import pytest

from yueban.kernel.codes import licence_identifier as licence
from yueban.kernel.codes.errors import CodeError

REAL = [
    ("11100000000013338W032", "11220000013544541J", "2430599", "001", "F"),
    ("11100000000013338W011", "11430000006122244L", "20230000403", "001", "U"),
    ("11100000000013338W011", "11430000006122244L", "20230000403", "002", "S"),
    ("11100000MB03271699022", "340100", "000000016", "001", "9"),
    ("11100000000013338W009", "11330105002500287C", "2025052201", "002", "0"),
    ("11100000000013338W087", "11370800MB28559184", "37080001202411010001", "001", "3"),
]


@pytest.mark.parametrize("parts", REAL, ids=lambda parts: parts[2] + parts[3])
def test_real_identifiers_are_reproduced(parts):
    *body, last = parts
    assert licence.check_character("".join(body)) == last
    assert licence.is_valid(".".join([licence.ROOT, *parts]))


def test_an_identifier_is_composed_and_read_back():
    whole = licence.compose(
        type_code="11100000000013338W009", issuer="11330105002500287C", serial="2025052201", version=2
    )
    assert whole == "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"
    assert str(licence.parse(whole)) == whole


def test_any_single_wrong_character_is_refused():
    whole = ".".join([licence.ROOT, *REAL[4]])
    start = len(licence.ROOT) + 1
    for position in range(start, len(whole)):
        wrong = "7" if whole[position] != "7" else "8"
        assert not licence.is_valid(whole[:position] + wrong + whole[position + 1 :])


@pytest.mark.parametrize(
    ("identifier", "part"),
    [
        ("1.2.156.3005.3.1.2.3.4.5", "五段"),
        (".".join([licence.ROOT, *REAL[0][:-1], "E"]), "校验位"),
        (".".join([licence.ROOT, "11100000000013338W03", *REAL[0][1:]]), "类型代码"),
        (".".join([licence.ROOT, *REAL[0][:2], "24-30599", "001", "F"]), "流水号"),
        (".".join([licence.ROOT, *REAL[0][:3], "1", "F"]), "版本号"),
    ],
)
def test_each_fault_has_its_sentence(identifier, part):
    with pytest.raises(CodeError, match=part):
        licence.check(identifier)


def test_a_new_identifier_needs_a_whole_issuer_code():
    with pytest.raises(CodeError, match="统一社会信用代码"):
        licence.compose(type_code="11100000MB03271699022", issuer="340100", serial="16", version=1)
    with pytest.raises(CodeError, match="版本号"):
        licence.compose(type_code="11100000000013338W009", issuer="11330105002500287C", serial="1", version=0)
