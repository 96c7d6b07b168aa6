"""企业规模 by the table of 2017: every row at its bounds, falling a class, and what is not known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.parties.size_class import CLASSES, WAN, size_class, size_classes, size_rows

INDUSTRIES = [
    "A0111",
    "C1761",
    "C",
    "E4710",
    "F5111",
    "F5211",
    "G5430",
    "G5310",
    "G5910",
    "G6020",
    "H6110",
    "I6311",
]
INDUSTRIES += [
    "I6510",
    "J6610",
    "K7010",
    "K7020",
    "K7030",
    "L7111",
    "M7310",
    "P8310",
    "Q8410",
    "Q8510",
    "R8810",
]


def of(industry, **wan):
    return size_class(
        industry, {name: value if name == "employees" else value * WAN for name, value in wan.items()}
    )


def test_the_examples_of_the_acceptance():
    assert of("C1761", employees=300, revenue=1999) == "small"
    assert of("C1761", employees=19, revenue=5000) == "micro"
    assert size_class("C1761", {"employees": 300}) is None


@pytest.mark.parametrize("row", size_rows(), ids=lambda row: row.name)
def test_a_bound_belongs_to_the_higher_class_and_missing_one_falls(row):
    for rank, lower in enumerate(row.lower):
        at = dict(zip(row.figures, lower, strict=True))
        assert of(row.industries[0], **at) == CLASSES[rank]
        for name in row.figures:
            assert CLASSES.index(of(row.industries[0], **{**at, name: at[name] - 1})) > rank


def test_what_the_table_does_not_class_stays_unknown():
    assert of("J6610", employees=5000, revenue=10**6, assets=10**6) is None
    assert of("G5310", employees=5000, revenue=10**6, assets=10**6) is None
    assert size_class(None, {"employees": 5}) is None


AMOUNT = st.one_of(st.none(), st.integers(0, 3 * 10**9).map(float))
ONE = st.fixed_dictionaries(
    {
        "industry": st.sampled_from([*INDUSTRIES, None]),
        "employees": st.one_of(st.none(), st.integers(0, 4000).map(float)),
        "revenue": AMOUNT,
        "assets": AMOUNT,
    }
)


@given(st.lists(ONE, min_size=1, max_size=40))
def test_all_at_once_are_classed_as_one_by_one(enterprises):
    places = np.array(
        [INDUSTRIES.index(one["industry"]) if one["industry"] else -1 for one in enterprises], dtype=np.int32
    )
    figures = {
        name: np.array([np.nan if one[name] is None else one[name] for one in enterprises])
        for name in ("employees", "revenue", "assets")
    }
    found = size_classes(INDUSTRIES, places, figures)
    for one, place in zip(enterprises, found, strict=True):
        assert size_class(one["industry"], one) == (CLASSES[place] if place >= 0 else None)
