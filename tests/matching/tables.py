"""Enterprises for the tests of matching: facts of several sources, some expiring, some absent, some unknown."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.expressions.rules import ON, VALUES
from yueban.matching.merging import Stated

SOURCES = ("market", "tax", "statistics")


def rank(source):
    return SOURCES.index(source)


WORTH = st.fixed_dictionaries(
    {},
    optional={
        code: st.one_of(values, st.none(), st.just({"absent": True})) for code, values in VALUES.items()
    },
)


@st.composite
def statements(draw, party_id):
    """The rows of one enterprise: at least one source."""
    sources = draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3, unique=True))
    return [
        Stated(
            party_id,
            source,
            draw(WORTH),
            ON - timedelta(days=draw(st.integers(0, 40))),
            draw(
                st.sampled_from(
                    [None, None, ON - timedelta(days=1), ON, ON + timedelta(days=9), date(2027, 2, 1)]
                )
            ),
        )
        for source in sources
    ]


@st.composite
def cities(draw, most=12):
    """By party id the rows of every enterprise."""
    ids = draw(st.lists(st.integers(1, 40), min_size=1, max_size=most, unique=True))
    return {party_id: draw(statements(party_id)) for party_id in sorted(ids)}
