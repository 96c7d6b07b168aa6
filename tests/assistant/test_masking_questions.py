"""What a question says of persons does not reach a model or a log, in whatever way it is written."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yueban.assistant.checking.masking import masked

GONE = [
    ("我叫章三丰，想办医保", "章三丰"),
    ("本人王小五，请问怎么办", "王小五"),
    ("我妈叫陈阿花想办社保", "陈阿花"),
    ("申请人：赵四", "赵四"),
    ("我儿子叫李小明今年6岁", "李小明"),
    ("My name is John Smith", "John Smith"),
    ("我住在越城区人民路123号2幢301室", "123号"),
    ("我住在越城区人民路123号2幢301室", "301"),
    ("府山街道偏门村58号", "58"),
    ("邮箱zhang.san@qq.com", "zhang.san"),
    ("浙D·12345的车", "12345"),
    ("个体户92330602MA2BAAAA1Q", "2BAAAA"),
    ("卡号6222 0212 3456 7890 123", "6222 0212"),
    ("老身份证330602700101123", "330602700101"),
]
STAYS = [
    "租房的，本人和配偶在缴存城市没有自有住房",
    "由本人申请，本人签名，取到本人银行卡",
    "打12345、110、119还是120？",
    "电话0575-88001234，或者12345",
    "0575-88001234，110",
    "400-800-1234",
    "补贴500000元，2026年1月1日到2026年12月31日",
    "上虞区百官街道市民中心2号窗口怎么走",
    "我叫什么名字要紧吗",
    "企业91330600MA2BAAAA1Q能享受吗",
    "要等15个工作日吗",
]


@pytest.mark.parametrize(("text", "gone"), GONE)
def test_what_is_a_persons_goes(text, gone):
    assert gone in text
    assert gone not in masked(text)


@pytest.mark.parametrize("text", STAYS)
def test_what_is_public_stays(text):
    assert masked(text) == text


HAN = ["零〇", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
AROUND = st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="".join(HAN)), max_size=12)
GAP = st.sampled_from(["", "", "", " ", "-", "·", ".", "\u3000", "\u200b", "  "])


@st.composite
def written(draw, digits):
    """The digits in any wording: plain, full-width, Chinese, with gaps."""
    text = ""
    for digit in digits:
        text += draw(st.sampled_from([digit, digit, chr(0xFF10 + int(digit)), *HAN[int(digit)]])) + draw(GAP)
    return text


MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITY = st.from_regex(
    r"33(0[1-9]|1[01])[0-9]{2}(19|20)[0-9]{2}(0[1-9]|"
    r"1[0-2])([0-2][1-8])[0-9]{4}",
    fullmatch=True,
)


def digits_of(text):
    plain = "".join(
        next((str(value) for value, forms in enumerate(HAN) if one in forms), one)
        for one in unicodedata.normalize("NFKC", text)
    )
    return re.sub(r"\D", "", plain)


@given(st.data(), AROUND, AROUND, st.one_of(MOBILE, IDENTITY))
def test_no_number_of_a_person_survives_in_any_wording(data, before, after, number):
    text = before + "：" + data.draw(written(number)) + "：" + after
    assert number in digits_of(text)
    assert number not in digits_of(masked(text))


@given(st.text(max_size=400))
@example("name: A")
@example("name: John*")
@example("本人叫村街层")
@example("姓名：是叫人民 1")
@example("本人十路ab栋.")
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text):
    once = masked(text)
    assert masked(once) == once
