"""A policy document keeps the structure its writers gave it."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from yueban.policies.reading.document import clauses_of, joined

POLICY = """示例市促进制造业发展若干政策（演示）
为推动发展，制定本政策。
第一章 智能制造
第一条 支持数字化改造。对当年数字化投入10万元以上的企业，给予补助。
（一）软件投入按30%补助。
（二）硬件投入按10%补助。
第二条 对智能工厂给予奖励。
第二章 附则
一、本政策自发布之日起施行。
1.同一项目按就高不重复原则执行。
"""


def test_parts_hang_below_each_other_as_their_marks_say():
    found = clauses_of(POLICY)
    assert [clause.path for clause in found] == [
        (),
        ("第一章",),
        ("第一章", "第一条"),
        ("第一章", "第一条", "（一）"),
        ("第一章", "第一条", "（二）"),
        ("第一章", "第二条"),
        ("第二章",),
        ("第二章", "一、"),
        ("第二章", "一、", "1."),
    ]
    assert found[2].title == "支持数字化改造"
    assert found[2].text == "对当年数字化投入10万元以上的企业，给予补助。"
    assert found[3].titles == ("智能制造", "支持数字化改造")
    assert found[3].label == "第一章第一条（一）"


def test_every_text_stands_where_its_span_says():
    for clause in clauses_of(POLICY):
        assert POLICY[clause.span.start : clause.span.end].strip() == clause.text


@given(st.text(alphabet="第一二章条、（）1.。；\n 对给予奖励万元abc", max_size=200))
def test_any_text_is_cut_without_losing_or_doubling_a_place(text):
    spans = [clause.span for clause in clauses_of(text)]
    assert all(one.start <= one.end <= len(text) for one in spans)
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))


def test_lines_broken_by_the_edge_of_the_paper_are_joined():
    lines = ["一、对当年认定的", "智能工厂给予50万元奖励。", "", "二、附则"]
    assert joined(lines) == "一、对当年认定的智能工厂给予50万元奖励。\n二、附则"
