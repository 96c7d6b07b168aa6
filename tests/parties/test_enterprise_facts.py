"""画像: sources are put together by rank and date; what has expired is unknown; what follows is worked out alike."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests import people
from yueban.elements import selectors as elements
from yueban.expressions import ABSENT, Truth, evaluate, parse
from yueban.flows import enterprise_facts as flow
from yueban.parties import services
from yueban.parties.choices import FactMethod
from yueban.parties.derived_facts import (
    DERIVED,
    FIGURES,
    FOUNDED_ON,
    INDUSTRY,
    SIZE,
    BaseColumns,
    derive,
    derive_numbers,
    derive_sizes,
)
from yueban.parties.enterprise_facts import DERIVED_SOURCE, Known, facts_of, facts_of_many, plain
from yueban.parties.errors import FactsInvalid
from yueban.parties.models import EnterpriseFacts, Party
from yueban.parties.size_class import CLASSES

TODAY = date(2026, 11, 20)
TAX, REGISTER, OWN = "税务部门申报信息（演示）", "市场监督管理部门登记信息（演示）", "企业填报（演示）"
PACK = Path(__file__).parents[2] / "cities" / "shaoxing"


@pytest.fixture
def firm(db) -> Party:
    """An enterprise of which nothing is known yet."""
    return services.save_party(
        number="e-test",
        kind="enterprise",
        name="虚构测试有限公司",
        id_kind="uscc",
        id_number="91999999MA99TEST0X",
    )


def tell(firm: Party, source: str = TAX, **more: Any) -> services.FactsChange:
    facts = {f"enterprise.{name}": value for name, value in more.pop("facts").items()}
    return flow.record(party=firm, source=source, facts=facts, **{"as_of": date(2026, 6, 30), **more})


def known(firm: Party, name: str, on: date = TODAY) -> Known | None:
    return facts_of(firm.pk, on).get(f"enterprise.{name}")


def test_the_source_of_the_lower_rank_is_believed_whatever_is_newer(firm):
    tell(firm, REGISTER, facts={"capital": 1000}, as_of=date(2026, 1, 1))
    tell(firm, OWN, facts={"capital": 9000, "loan": 5}, as_of=date(2026, 11, 1))
    capital, loan = known(firm, "capital"), known(firm, "loan")
    assert (capital.value, capital.source, capital.is_authoritative) == (1000, REGISTER, True)
    assert (loan.value, loan.source, loan.is_authoritative) == (5, OWN, False)


def test_sources_without_a_rank_come_last_and_the_later_of_them_counts(firm):
    tell(firm, "某处名单", facts={"capital": 1, "loan": 1}, as_of=date(2026, 1, 1))
    tell(firm, "别处名单", facts={"capital": 2}, as_of=date(2026, 2, 1))
    tell(firm, OWN, facts={"loan": 3}, as_of=date(2025, 1, 1))
    assert [known(firm, "capital").value, known(firm, "loan").value] == [2, 3]


def test_what_a_better_source_does_not_know_another_may_tell(firm):
    tell(firm, REGISTER, facts={"capital": None})
    tell(firm, OWN, facts={"capital": 7})
    assert known(firm, "capital").value == 7


def test_known_not_to_exist_is_told_and_not_overruled(firm):
    tell(firm, REGISTER, facts={"export": {"absent": True}})
    tell(firm, OWN, facts={"export": 7})
    assert known(firm, "export").value is ABSENT


def test_a_fact_holds_through_its_last_day_and_is_unknown_from_the_next(firm):
    tell(firm, REGISTER, facts={"capital": 1000}, expires_on=TODAY)
    assert known(firm, "capital", TODAY).value == 1000
    assert known(firm, "capital", date(2026, 11, 21)) is None


def test_when_the_better_source_has_expired_the_next_ones_word_counts(firm):
    tell(firm, REGISTER, facts={"capital": 1000}, expires_on=date(2026, 6, 30))
    tell(firm, OWN, facts={"capital": 2000})
    assert known(firm, "capital").value == 2000


def test_the_same_again_changes_nothing_and_something_else_raises_the_edition(firm):
    first = tell(firm, facts={"revenue": 100, "employees": 3})
    again = tell(firm, facts={"revenue": "100.00", "employees": 3})
    other = tell(firm, facts={"revenue": 200, "employees": 3})
    assert first.elements == ("enterprise.employees", "enterprise.revenue")
    assert (again.elements, again.edition) == ((), first.edition)
    assert other.elements == ("enterprise.revenue",)
    assert other.edition > first.edition


def test_another_date_changes_every_fact_of_the_source(firm):
    tell(firm, facts={"revenue": 100, "employees": 3})
    assert tell(firm, facts={"revenue": 100, "employees": 3}, expires_on=TODAY).elements == (
        "enterprise.employees",
        "enterprise.revenue",
    )


def test_each_row_has_its_own_edition(firm):
    editions = [tell(firm, source, facts={"loan": 1}).edition for source in (TAX, REGISTER, OWN)]
    assert editions == sorted(set(editions))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"revenu": 1}, "没有企业画像的数据元“enterprise.revenu”"),
        ({"revenue": "很多"}, "上年度营业收入"),
        ({"size": "huge"}, "没有代码“huge”"),
        ({"honours": ["smart-factory.galactic"]}, "没有代码“smart-factory.galactic”"),
        ({"is_listed": 1}, "是或否"),
    ],
)
def test_facts_that_mean_nothing_are_refused_with_their_reason(firm, facts, words):
    with pytest.raises(FactsInvalid) as caught:
        tell(firm, facts=facts)
    assert words in "".join(caught.value.data["fields"].values())
    assert not EnterpriseFacts.objects.filter(party=firm).exists()


def test_nothing_of_a_person_is_kept_among_them(firm):
    someone = people.actor(people.OWNER).parties[0]
    with pytest.raises(FactsInvalid, match="只记企业"):
        flow.record(party=Party.objects.get(pk=someone.id), source=TAX, facts={}, as_of=TODAY)
    with pytest.raises(FactsInvalid):
        flow.record(party=firm, source=TAX, facts={"contact.phone": "13900000000"}, as_of=TODAY)


def test_what_ends_before_it_begins_is_refused(firm):
    with pytest.raises(FactsInvalid, match="早于"):
        tell(firm, facts={}, as_of=TODAY, expires_on=date(2026, 11, 19))


def test_a_recognition_is_its_broader_ones_too(firm):
    tell(firm, facts={"honours": ["data-contest.provincial.1"]})
    assert known(firm, "honours").value == [
        "data-contest",
        "data-contest.provincial",
        "data-contest.provincial.1",
    ]


def test_what_follows_is_as_old_and_as_sure_as_the_weakest_it_rests_on(firm):
    tell(firm, REGISTER, facts={"industry": "C1761", "founded_on": "2016-11-21"}, as_of=date(2026, 1, 1))
    tell(
        firm,
        TAX,
        facts={"employees": 300, "revenue": 20_000_000, "revenue_before": 16_000_000, "rd_expense": 600_000},
        confidence=80,
        expires_on=date(2027, 5, 31),
    )
    size, years = known(firm, "size"), known(firm, "years")
    assert (size.value, size.source, size.method) == ("medium", DERIVED_SOURCE, FactMethod.RULE)
    assert (size.as_of, size.expires_on, size.confidence) == (date(2026, 1, 1), date(2027, 5, 31), 80)
    assert size.basis == (INDUSTRY, "enterprise.employees", "enterprise.revenue")
    assert (years.value, years.expires_on) == (9, None)
    assert known(firm, "years", date(2026, 11, 21)).value == 10
    assert [known(firm, "rd_ratio").value, known(firm, "revenue_growth").value] == [3, 25]
    assert known(firm, "rd_growth") is None


def test_what_a_source_states_goes_before_what_is_worked_out(firm):
    tell(firm, REGISTER, facts={"industry": "C1761", "size": "large"})
    tell(firm, TAX, facts={"employees": 1, "revenue": 1})
    assert (known(firm, "size").value, known(firm, "size").source) == ("large", REGISTER)


def test_a_size_rests_only_on_the_figures_of_its_row(firm):
    tell(firm, REGISTER, facts={"industry": "A0111"})
    tell(firm, TAX, facts={"revenue": 5_000_000})
    assert known(firm, "size").value == "medium"
    assert known(firm, "size").basis == (INDUSTRY, "enterprise.revenue")


def test_rules_take_the_plain_values(firm):
    tell(firm, facts={"revenue": 20_000_000.5, "rd_expense": 600_000, "export": {"absent": True}})
    facts = plain(facts_of(firm.pk, TODAY))
    vocabulary = elements.vocabulary()

    def found(**rule: Any) -> Truth:
        return evaluate(parse(rule), facts, vocabulary=vocabulary, on=TODAY).value

    assert found(fact="enterprise.rd_ratio", op="lt", value="3") is Truth.TRUE
    assert found(fact="enterprise.export", op="exists", value=False) is Truth.TRUE
    assert found(fact="enterprise.employees", op="ge", value="1") is Truth.UNKNOWN


def test_many_are_read_in_as_many_questions_as_one(firm, django_assert_num_queries):
    tell(firm, facts={"revenue": 1})
    everybody = list(Party.objects.filter(kind="enterprise").values_list("pk", flat=True))
    elements.dictionary()
    with django_assert_num_queries(2):
        many = facts_of_many(everybody, TODAY)
    assert len(everybody) > 2
    assert many[firm.pk] == facts_of(firm.pk, TODAY)


FIGURE = st.one_of(st.none(), st.just(ABSENT), st.integers(0, 10**12), st.decimals(0, 10**9, places=2))
SUBJECT = st.fixed_dictionaries(
    {
        INDUSTRY: st.sampled_from(
            ["A0111", "C1761", "E4710", "F5111", "I6510", "K7010", "L7111", "J6610", None]
        ),
        FOUNDED_ON: st.one_of(st.none(), st.dates(date(1949, 10, 1), TODAY).map(date.isoformat)),
        **dict.fromkeys(FIGURES, FIGURE),
    }
)


# A share so large that sums in whole numbers and in floats part.
VAST = {
    INDUSTRY: None,
    FOUNDED_ON: None,
    **dict.fromkeys(FIGURES, None),
    "enterprise.rd_expense": 999_999_999_989,
    "enterprise.revenue": Decimal("0.03"),
}


def columns_of(subjects: list[dict[str, Any]]) -> BaseColumns:
    industries = sorted({one[INDUSTRY] for one in subjects if one[INDUSTRY]})
    days = [date.fromisoformat(one[FOUNDED_ON]).toordinal() if one[FOUNDED_ON] else 0 for one in subjects]

    def figure(raw: Any) -> float:
        return np.nan if raw is None else 0.0 if raw is ABSENT else float(raw)

    return BaseColumns(
        industries,
        np.array([industries.index(i) if i else -1 for i in (s[INDUSTRY] for s in subjects)], dtype=np.int32),
        np.array(days, dtype=np.int64),
        {fact: np.array([figure(one[fact]) for one in subjects]) for fact in FIGURES},
    )


@example([VAST], TODAY)
@given(st.lists(SUBJECT, min_size=1, max_size=30), st.dates(TODAY, date(2029, 3, 1)))
def test_what_follows_of_all_is_what_follows_of_each(subjects, on):
    columns = columns_of(subjects)
    sizes, numbers = derive_sizes(columns), derive_numbers(columns, on)
    for row, subject in enumerate(subjects):
        of_one = derive(subject, on)
        of_all: dict[str, Any] = {
            f: values[row] for f, values in numbers.items() if not np.isnan(values[row])
        }
        if sizes[row] >= 0:
            of_all[SIZE] = CLASSES[sizes[row]]
        assert of_one == of_all


@given(st.integers(1, 10**12), st.integers(0, 10_000))
def test_a_share_reaches_a_threshold_of_two_decimals_exactly_when_it_does(revenue, hundredths):
    """3 % of a revenue is 3 %, neither 2.9999 % nor rounded up to it."""
    expense = Decimal(revenue) * hundredths / 10_000
    found = derive({"enterprise.revenue": revenue, "enterprise.rd_expense": expense}, TODAY)
    assert found["enterprise.rd_ratio"] * 100 == pytest.approx(hundredths, abs=1e-9)


def test_every_derived_fact_and_every_figure_is_an_element(db):
    assert set(DERIVED) | set(FIGURES) | {INDUSTRY, FOUNDED_ON} <= elements.dictionary().elements.keys()


def test_the_sizes_are_the_codes_of_their_list(db):
    assert tuple(elements.code_list("enterprise-size")) == CLASSES


def test_every_recognition_that_the_reader_of_clauses_knows_is_a_code(db):
    """Otherwise a clause would be read into a condition that nobody can meet."""
    lexicon = yaml.safe_load((PACK / "policies" / "lexicon.yaml").read_text(encoding="utf-8"))
    wanted = {
        ".".join(filter(None, (one["key"], level)))
        for one in lexicon["honours"]
        for level in ("", *one.get("levels", ()))
    }
    codes = elements.code_list("enterprise-honours")
    assert wanted <= codes.keys()
    assert {code.split(".")[0] for code in codes} == {one["key"] for one in lexicon["honours"]}
    assert {one["fact"] for one in lexicon["measures"]} <= elements.dictionary().elements.keys()


def test_the_enterprises_of_the_cast_are_known(db):
    firm = Party.objects.get(number="yanshi-logistics")
    found = facts_of(firm.pk, TODAY)
    assert found["enterprise.digital_investment"].value == 500_000
    assert found["enterprise.size"].value == "medium"
