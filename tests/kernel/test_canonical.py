"""One text for one content."""

import json

from hypothesis import given
from hypothesis import strategies as st

from yueban.kernel.canonical import canonical, digest

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@given(CONTENT)
def test_the_text_is_what_the_standard_library_writes_with_sorted_names(content: object) -> None:
    """So that digests stored before stay true."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(content) == written.encode()


def test_the_order_of_names_does_not_count_and_every_value_does() -> None:
    """A database that keeps no order of names gives the same digest."""
    assert digest({"a": 1, "b": [2, "越"]}) == digest({"b": [2, "越"], "a": 1})
    assert digest({"a": 1, "b": [2, "越"]}) != digest({"a": 1, "b": ["越", 2]})
