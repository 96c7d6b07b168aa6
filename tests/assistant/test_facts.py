"""What a sentence says stands in the text it cites, or is found out."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yueban.assistant.checking.facts import Vocabulary, unsupported

SAME = [
    ("办理要5个工作日。", "承诺期限：5个工作日"),
    ("五个工作日办结", "5个工作日"),
    ("15 个工作日", "十五个工作日"),
    ("10万元", "补贴100,000元"),
    ("１０万元", "补贴十万元"),
    ("1.5万元", "15000元"),
    ("0.5亿元", "5000万元"),
    ("三千块钱", "3000元"),
    ("中午12点", "12:00"),
    ("12点关门", "12:00"),
    ("十二点前到", "12：00前"),
    ("下午2点半", "14:30"),
    ("下午五点", "上午8:30-12:00，下午2:00-5:00"),
    ("免费", "不收费"),
    ("不收费", "是否收费：否"),
    ("不用交钱", "不收费"),
    ("拨打0575-88001234", "电话：0575-88001234"),
    ("拨打 88001234", "电话：0575-88001234"),
    ("3至5个工作日", "3-5个工作日"),
    ("百分之三十", "30%"),
    ("2026年3月1日起", "2026-03-01"),
    ("11月23日", "2026年11月23日"),
    ("周一到周五", "星期一至星期五"),
    ("一共两份", "2份"),
    ("带一张照片", "照片1张"),
    ("一年半", "1.5年"),
    ("最高补贴5万元", "补贴不超过5万元"),
    ("请带身份证", "居民身份证"),
    ("free of charge; 5 working days", "不收费。5个工作日"),
    ("按《社会保险法》第十条", "《社会保险法》第10条"),
]
DIFFERENT = [
    ("15个工作日", "5个工作日", "number"),
    ("5日办结", "5个工作日", "number"),
    ("5个工作日", "5日", "number"),
    ("50%", "30%", "percent"),
    ("10万元", "10元", "money"),
    ("12:30", "12:00", "time"),
    ("拨打0575-88001235", "电话：0575-88001234", "phone"),
    ("拨打13900001234", "电话：0575-88001234", "phone"),
    ("2026年3月2日", "2026-03-01", "date"),
    ("2027年起", "2026年起", "date"),
    ("周六", "周一至周五", "weekday"),
    ("《社会保险法》第十条", "《劳动法》第十条", "law"),
    ("第八条", "第十条", "ordinal"),
    ("每月300元", "每年300元", "per"),
    ("请带无犯罪记录证明", "居民身份证", "material"),
    ("到鲁迅大厦办", "到市民中心办", "place"),
    ("打开 http://evil.example/x", "网上办理", "link"),
    ("见[这里](x)", "网上办理", "link"),
    ("您一定能领到", "符合条件的可以申请", "promise"),
    ("您的申请已经批准", "由窗口审批", "promise"),
    ("要几十元", "20元", "vague"),
    ("补贴5万元", "最高补贴5万元", "money"),
    ("不低于5万元", "不超过5万元", "money"),
    ("跑两次", "跑1次", "number"),
    ("跑一次", "跑两次", "number"),
]
DENIED = [
    ("要收费", "是否收费：不收费"),
    ("要收费", "是否收费：否"),
    ("要收费", "收费：不收费"),
    ("不收费", "是否收费：是"),
    ("不收费", "收费20元"),
    ("要收费", "不收费"),
    ("可以邮寄", "不可以邮寄"),
    ("不可以邮寄", "可以邮寄"),
    ("无需预约", "需要预约"),
    ("需要预约", "无需预约"),
    ("不得委托他人", "可以委托他人"),
    ("可以委托他人", "不得委托他人"),
    ("不予受理", "予以受理"),
    ("可以邮寄", "可以网上办理，不可以邮寄"),
]


@pytest.mark.parametrize(("sentence", "quote"), SAME)
def test_the_same_in_other_words_is_supported(sentence, quote):
    assert unsupported(sentence, quote) == []


@pytest.mark.parametrize(("sentence", "quote", "kind"), DIFFERENT)
def test_what_the_quote_does_not_say_is_found(sentence, quote, kind):
    assert kind in {fact.kind for fact in unsupported(sentence, quote)}


@pytest.mark.parametrize(("sentence", "quote"), DENIED)
def test_what_is_turned_round_is_found(sentence, quote):
    assert unsupported(sentence, quote)


def test_a_number_of_the_quote_said_of_something_else_is_found():
    quote = "法定期限15个工作日，承诺期限5个工作日"
    assert unsupported("法定期限是15个工作日", quote) == []
    (fact,) = unsupported("承诺期限15个工作日", quote)
    assert (fact.kind, fact.text, fact.how) == ("number", "15个工作日", "elsewhere")


def test_known_names_are_looked_for_whole_and_under_the_names_they_also_have():
    names = Vocabulary(
        frozenset({"社保卡", "医保本", "劳动能力鉴定结论"}),
        frozenset({"越城区", "上虞区"}),
        {"医保本": "社保卡"},
    )
    assert unsupported("带医保本", "提供社保卡", names) == []
    assert [fact.text for fact in unsupported("带劳动能力鉴定结论", "提供社保卡", names)] == [
        "劳动能力鉴定结论"
    ]
    assert [fact.kind for fact in unsupported("去上虞区", "越城区", names)] == ["place"]


def test_a_sentence_without_a_source_has_no_fact_at_all():
    assert unsupported("您好，请看下面。", "") == []
    assert unsupported("3天", "")


VALUES = st.integers(2, 99999)
PARTS = st.sampled_from(
    [
        "承诺期限{}个工作日", "补贴标准为{}元", "最高不超过{}万元", "须年满{}周岁", "提交身份证复印件{}份", "电话0575-8800{:04d}",
        "注册满{}个月", "按{}%给予补助", "不收费", "可以网上办理", "不得重复享受", "无需预约", "依据《失业保险条例》第{}条",
        "每人每月{}元", "到越城区市民中心{}号窗口办理", "周一至周五上午{}:30办理", "自2026年3月1日起施行", "一年内有效",
    ]
)  # fmt: skip


@st.composite
def quotes(draw):
    parts = draw(st.lists(st.tuples(PARTS, VALUES), min_size=1, max_size=8))
    ends = st.sampled_from("，。；")
    return "".join(part.format(value) + draw(ends) for part, value in parts)


@given(quotes(), st.data())
def test_a_sentence_cut_from_its_quote_is_supported(quote, data):
    parts = re.findall("[^，。；]+[，。；]", quote)
    start = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(start + 1, len(parts)))
    assert unsupported("".join(parts[start:end]), quote) == []


@given(PARTS, VALUES, st.data())
def test_a_changed_digit_is_found(part, value, data):
    quote = part.format(value)
    places = [place for place, character in enumerate(quote) if character.isdigit()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != quote[place]]))
    changed = quote[:place] + digit + quote[place + 1 :]
    assume(not re.search(r"(?<!\d)0\d", changed.replace("0575", "")))
    assert unsupported(changed, quote)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_checked(sentence, quote):
    unsupported(sentence, quote)
