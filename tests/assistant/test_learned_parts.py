"""The learned parts by themselves: what the lens leaves out, what trust learns, which signs and foreign things are seen."""

import numpy as np
import pytest

from yueban.assistant.choices import Element
from yueban.assistant.language.cues import cues_in, patterns
from yueban.assistant.language.elsewhere import named_in
from yueban.assistant.learning.weights import PLAIN, SHIPPED, read
from yueban.assistant.retrieval.lens import CLOSED, fit_lens
from yueban.assistant.retrieval.trust import SIGNS, Trust, fit_trust

WIDTH = 16


def made(seed=0):
    """Needs of eight meanings, each said in five styles: a style moves all of them the same way, more than a meaning."""
    random = np.random.default_rng(seed)
    meanings = np.zeros((8, WIDTH), np.float32)
    meanings[:, :8] = np.eye(8)
    styles = np.zeros((5, WIDTH), np.float32)
    styles[:, 8] = np.linspace(-1.5, 1.5, 5)
    noise = random.normal(0, 0.02, (8, 5, WIDTH)).astype(np.float32)
    return meanings[:, None] + styles[None] + noise


class TestLens:
    def test_the_same_need_in_another_style_comes_nearer_beside_another_need_in_the_same(self):
        needs = made()
        lens = fit_lens(needs.reshape(-1, WIDTH).mean(0), list(needs), [])

        def cosine(one, other):
            return float(lens.of_question(one) @ lens.of_question(other))

        def raw(one, other):
            return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

        before = raw(needs[0, 0], needs[0, 3]) - raw(needs[0, 0], needs[1, 0])
        after = cosine(needs[0, 0], needs[0, 3]) - cosine(needs[0, 0], needs[1, 0])
        assert after > before + 0.05

    def test_a_question_is_of_length_one(self):
        needs = made()
        lens = fit_lens(needs.reshape(-1, WIDTH).mean(0), list(needs), [needs[0]])
        assert np.linalg.norm(lens.of_question(needs[3, 2])) == pytest.approx(1, abs=1e-5)

    def test_without_vectors_it_is_closed(self):
        assert fit_lens(np.zeros(0, np.float32), [], []) is CLOSED
        assert not CLOSED.is_open


class TestTrust:
    def test_it_learns_what_speaks_for_an_answer(self):
        random = np.random.default_rng(1)
        signs = random.normal(0, 1, (400, len(SIGNS))).astype(np.float32)
        signs[:, -1] = 1
        answerable = signs[:, 0] + 0.2 * random.normal(size=400) > 0.5
        meant = [
            bool(one) if known else None for one, known in zip(signs[:, 1] > 0, signs[:, 2] > -1, strict=True)
        ]
        trust = fit_trust(signs, answerable.tolist(), meant)
        good, bad = np.zeros(len(SIGNS), np.float32), np.zeros(len(SIGNS), np.float32)
        good[[0, 1, -1]], bad[[0, 1]] = (2, 2, 1), (-2, -2)
        bad[-1] = 1
        assert min(trust.of(good)) > 0.9
        assert max(trust.of(bad)) < 0.1

    def test_any_sign_gives_a_chance(self):
        trust = Trust(np.full(len(SIGNS), 1e6, np.float32), np.full(len(SIGNS), -1e6, np.float32))
        assert trust.of(np.ones(len(SIGNS), np.float32)) == (pytest.approx(1), pytest.approx(0))


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("要带什么材料", Element.MATERIALS),
        ("要带些啥个才料", Element.MATERIALS),
        ("几日好办好", Element.TIME),
        ("how long does it take", Element.TIME),
        ("要交几化铜钿", Element.FEE),
        ("何里办", Element.WHERE),
        ("dian hua 多少", Element.PHONE),
        ("好网上办伐", Element.ONLINE),
        ("要跑几趟", Element.VISITS),
        ("归哪个部门管", Element.DEPARTMENT),
        ("最多补多少", Element.CAP),
        ("which law says so", Element.BASIS),
    ],
)
def test_signs_of_an_element_are_seen_in_every_way_of_speaking(text, element):
    seen = dict(zip((name for name, _ in patterns()), cues_in(text), strict=True))
    assert seen[element]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("护照到期了怎么换", ["护照"]),
        ("How do I renew my passport?", ["passport"]),
        ("passports for two children", ["passport"]),
        ("a competition for carpets", []),
        ("高龄津贴怎么领", []),
    ],
)
def test_what_other_cities_handle_is_named(text, named):
    assert named_in(text) == named


def test_shipped_weights_can_be_read_and_saved(tmp_path):
    for path in (SHIPPED, PLAIN):
        weights = read(path)
        weights.save(tmp_path / "own.npz")
        again = read(tmp_path / "own.npz")
        assert np.array_equal(weights.subject, again.subject)
        assert np.array_equal(weights.trust.answerable, again.trust.answerable)
        assert weights.gate.classes == again.gate.classes
    assert read(SHIPPED).lens.is_open
    assert not read(PLAIN).lens.is_open
