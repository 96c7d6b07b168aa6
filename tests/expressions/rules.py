"""The vocabulary of the tests and generators of rules and facts over it."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from yueban.expressions import ABSENT, All, Any, FactType, None_, Predicate, Vocabulary, parse

ON = date(2026, 11, 22)
VOCABULARY = Vocabulary(
    [
        FactType("name", "企业名称", "Name", "text"),
        FactType("count", "拟购数量", "Number", "integer", "辆"),
        FactType("mass", "总质量", "Mass", "decimal", "吨"),
        FactType("capital", "注册资本", "Capital", "money", "元"),
        FactType("founded", "成立日期", "Founded on", "date"),
        FactType("born", "出生日期", "Born on", "date", sensitivity="sensitive"),
        FactType("registered", "是否已登记", "Registered", "boolean"),
        FactType(
            "band", "车辆总质量范围", "Band", "code", codes={"light": "4.5吨及以下", "heavy": "4.5吨以上"}
        ),
        FactType("foreign", "有无境外股东", "Foreign", "code", codes={"yes": "是", "no": "否"}),
        FactType(
            "scope", "经营范围", "Scope", "codes", codes={"a": "普通货运", "b": "冷藏运输", "c": "罐式运输"}
        ),
        FactType("place", "住所", "Place", "division", codes={"330602": "越城区", "330600": "绍兴市"}),
        FactType(
            "industry", "主要行业", "Industry", "industry", codes={"G": "交通运输", "G54": "道路运输业"}
        ),
        FactType(
            "large", "大型车队", "Large", "boolean", derived=parse({"fact": "count", "op": "ge", "value": 10})
        ),
    ]
)

VALUES = {
    "name": st.sampled_from(["甲公司", "甲公司二厂", "乙公司"]),
    "count": st.integers(0, 12),
    "mass": st.sampled_from([3.5, 4.5, 12, "4.5", "12.0"]),
    "capital": st.sampled_from([100000, "500000.00", 500000]),
    "founded": st.dates(date(2020, 1, 1), date(2027, 12, 31)).map(date.isoformat),
    "registered": st.booleans(),
    "band": st.sampled_from(["light", "heavy"]),
    "scope": st.lists(st.sampled_from("abc"), max_size=3),
    "place": st.sampled_from(["330602000000", "330602001000", "330603000000", "330600000000"]),
    "industry": st.sampled_from(["G5430", "G54", "F5211"]),
}
COMPARED = ["eq", "ne", "lt", "le", "gt", "ge"]


def _one(fact: str, ops: list[str]) -> st.SearchStrategy[Predicate]:
    return st.builds(Predicate, st.just(fact), st.sampled_from(ops), VALUES[fact])


def _many(fact: str, ops: list[str]) -> st.SearchStrategy[Predicate]:
    values = st.lists(VALUES[fact], min_size=1, max_size=3).map(tuple)
    return st.builds(Predicate, st.just(fact), st.sampled_from(ops), values)


def _codes(ops: list[str]) -> st.SearchStrategy[Predicate]:
    values = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple)
    return st.builds(Predicate, st.just("scope"), st.sampled_from(ops), values)


PREDICATES = st.one_of(
    _one("name", ["eq", "ne", "prefix", "contains"]),
    _many("name", ["in", "not_in", "prefix"]),
    _one("count", COMPARED),
    _many("count", ["in", "not_in"]),
    _one("mass", COMPARED),
    _one("capital", COMPARED),
    _one("founded", [*COMPARED, "before", "after"]),
    st.builds(
        Predicate,
        st.just("founded"),
        st.sampled_from(["within_days", "within_next_days", "years_at_least", "years_less_than"]),
        st.integers(0, 400),
    ),
    _one("registered", ["eq", "ne"]),
    _one("band", ["eq", "ne"]),
    _many("band", ["in", "not_in"]),
    _codes(["contains_any", "contains_all"]),
    st.builds(Predicate, st.just("scope"), st.just("contains"), st.sampled_from("abc")),
    _one("place", ["eq", "ne", "prefix"]),
    _one("industry", ["eq", "prefix"]),
    st.builds(
        Predicate, st.sampled_from(sorted(VALUES)), st.just("exists"), st.sampled_from([True, False, None])
    ),
    st.builds(Predicate, st.just("large"), st.sampled_from(["eq", "ne"]), st.booleans()),
)


def _group(children: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(children, min_size=1, max_size=4).map(tuple)
    return st.one_of(several.map(All), several.map(Any), several.map(None_))


RULES = st.recursive(PREDICATES, _group, max_leaves=12)
WHOLE_FACTS = st.fixed_dictionaries(
    {code: st.one_of(values, values, values, st.just(ABSENT)) for code, values in VALUES.items()}
)


KNOWN = st.sampled_from(["before", "before", "later", "never"])


@st.composite
def facts_and_part(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, object]]:
    """Facts, some unknown, and a part of them in which more is unknown."""
    whole = draw(WHOLE_FACTS)
    when = draw(st.fixed_dictionaries(dict.fromkeys(sorted(whole), KNOWN)))
    more = {code: value for code, value in whole.items() if when[code] != "never"}
    less = {code: value for code, value in whole.items() if when[code] == "before"}
    return more, less
