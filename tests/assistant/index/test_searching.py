"""The index finds what it should, with real files of both engines, and never what is not allowed."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.index.stock import Counted, documents
from yueban.assistant.index import lexical, searching, store
from yueban.assistant.index.documents import Document
from yueban.assistant.index.lexical_numpy import Plain

PARTS = ("身份证", "户口", "医保", "公积金", "注销", "补领", "报销", "认证", "出生", "退休")


def made_up(count: int) -> list[Document]:
    chance = random.Random(7)
    return [
        Document(
            f"d{number}",
            "".join(chance.sample(PARTS, 2)),
            chance.choice(PARTS),
            "".join(chance.choices(PARTS, k=6)),
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    store.build(folder, made_up(3000), Counted())
    return searching.open_index(folder)


@pytest.fixture(scope="module", params=["tantivy", "numpy"])
def index(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(lexical, "has_tantivy", lambda: False)
        store.build(folder, documents(), Counted())
        found = searching.open_index(folder)
    assert isinstance(found._words, Plain if request.param == "numpy" else lexical.Tantivy)
    return found


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("身份证丢了怎么补办", "id"),
        ("宝宝上户口", "birth"),
        ("公司不开了要办什么", "firm"),
        ("gongjijin tiqu", "fund"),
        ("一料费用首工暴销", "medical"),
        ("第一次办身份证要钱吗", "id-first"),
    ],
)
def test_both_engines_find_by_words_aliases_and_sound(index, asked, first):
    assert index.search(asked)[0].id == first


def test_what_is_no_question_finds_nothing_and_breaks_nothing(index):
    for text in ("", "？？", "AND OR NOT", '"(', "title:*", "x" * 100_000, "🙂", "\x00", "证" * 50_000):
        assert len(index.search(text)) <= 7
    assert index.search("") == []
    assert index.search("身份证", allowed=[]) == []
    assert index.search("身份证", limit=0) == []


def test_a_hit_has_both_raw_scores_whichever_way_it_was_found(index):
    vector = Counted().queries(["身份证"])[0]
    hits = {hit.id: hit for hit in index.search("注销身份证", vector=vector, limit=3)}
    near = dict(index.similar(vector, limit=7))
    assert len(hits) >= 3
    for key, hit in hits.items():
        assert hit.dense == pytest.approx(near[key], abs=1e-5)
    whole = {hit.id: hit.lexical for hit in index.search("注销身份证", limit=7)}
    assert {key: hit.lexical for key, hit in hits.items()} == pytest.approx(
        {key: whole.get(key, 0.0) for key in hits}, rel=1e-4
    )
    assert all(hit.dense is None for hit in index.search("身份证"))


@settings(max_examples=60, deadline=None)
@given(
    asked=st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join),
    share=st.sampled_from([0.001, 0.01, 0.3, 0.69, 0.9, 0.999]),
    seed=st.integers(0, 2**16),
    limit=st.sampled_from([1, 5, 40, 3000]),
)
def test_the_allowed_are_chosen_before_the_ranking_is_cut(large, asked, share, seed, limit):
    """As if everything had been ranked and then filtered, whichever of the ways to filter is taken."""
    mask = np.random.default_rng(seed).random(3000) < share
    vector = Counted().queries([asked])[0]
    everything = [hit for hit in large.search(asked, limit=3000) if mask[int(hit.id[1:])]]
    found = large.search(asked, allowed=mask, limit=limit)
    assert {hit.id for hit in found} <= {f"d{number}" for number in np.flatnonzero(mask)}
    assert [hit.lexical for hit in found] == pytest.approx(
        [hit.lexical for hit in everything[:limit]], rel=1e-4
    )
    cosines = np.sort(np.asarray(large._vectors)[mask] @ vector)[::-1][:limit]
    near = large.similar(vector, allowed=mask, limit=limit)
    assert [cosine for _, cosine in near] == pytest.approx(cosines.tolist(), abs=1e-5)
    assert {key for key, _ in near} <= {f"d{number}" for number in np.flatnonzero(mask)}


def test_a_mask_of_another_edition_is_refused_and_unknown_ids_are_not_found(index):
    with pytest.raises(ValueError, match="不是同一版"):
        index.search("身份证", allowed=np.ones(3, bool))
    assert [hit.id for hit in index.search("身份证", allowed=["id", "nobody"])] == ["id"]


def test_an_index_of_nothing_finds_nothing(tmp_path):
    store.build(tmp_path, [], Counted())
    empty = searching.open_index(tmp_path)
    vector = Counted().queries(["身份证"])[0]
    assert empty.search("身份证", vector=vector) == []
    assert empty.similar(vector) == []
