"""Each figure by answers made by hand: what is right, what is supported, what nobody may be told."""

import pytest

from yueban.assistant.answering.answer import Answer, Citation, Sentence
from yueban.assistant.checking.facts import unsupported
from yueban.assistant.choices import Gate, Why
from yueban.assistant.evaluation.questions import DEFAULTS
from yueban.assistant.evaluation.scoring import figures, grade

FEE = Citation("item:x#fee", "某证 · 收费", "第1版", "不收费。")
TIME = Citation("item:x#time", "某证 · 时限", "第1版", "承诺5个工作日办结。")


def row(**changes):
    return {**DEFAULTS, "id": "t1", "question": "问", "about": ["item:x"], "facts": [["不收费"]], **changes}


def answer(*sentences, citations=(FEE, TIME), gate=Gate.ANSWER, **more):
    return Answer(gate, tuple(Sentence(*one) for one in sentences), citations, **more)


RIGHT = answer(("“某证”：",), ("不收费。", 0))
REFUSED = answer(("没有依据。",), citations=(), gate=Gate.REFUSE, why=Why.UNKNOWN)
HANDED = answer(("转人工。",), citations=(), gate=Gate.PERSON, why=Why.ASKS_PERSON)
BACK = answer(
    ("您问哪个？",), citations=(), gate=Gate.CLARIFY, why=Why.PLACE, choices=(("越城区", "越城区：问"),)
)


def graded(given, ms=1.0, **asked):
    return grade(row(**asked), given, ms, unsupported)


class TestRight:
    @pytest.mark.parametrize(
        ("given", "asked", "is_right"),
        [
            (RIGHT, {}, True),
            (RIGHT, {"about": ["item:y"]}, False),
            (RIGHT, {"facts": [["收费10元"]]}, False),
            (RIGHT, {"facts": [["收费10元", "不收费"]]}, True),
            (RIGHT, {"facts": [["收费10元"], ["不收费"]]}, False),
            (RIGHT, {"forbidden": ["不收费"]}, False),
            (REFUSED, {}, False),
            (HANDED, {}, False),
            (BACK, {}, False),
            (REFUSED, {"expect": "refuse", "why": "unknown", "facts": []}, True),
            (HANDED, {"expect": "refuse", "why": "unknown", "facts": []}, True),
            (REFUSED, {"expect": "refuse", "why": "emergency", "facts": [["119"]]}, False),
            (RIGHT, {"expect": "refuse", "why": "verdict", "facts": []}, False),
            (BACK, {"expect": "clarify", "why": "place"}, True),
            (REFUSED, {"expect": "clarify", "why": "place"}, False),
            (HANDED, {"expect": "handover", "why": "angry"}, True),
            (REFUSED, {"expect": "handover", "why": "angry"}, False),
        ],
    )
    def test_as_the_kind_of_question_asks(self, given, asked, is_right):
        assert graded(given, **asked).is_right is is_right

    @pytest.mark.parametrize(
        ("gold", "needed", "is_right"),
        [
            (["某证"], [], True),
            (["某 （证"], [], True),
            (["别的", "某证"], ["fee", "time_limit"], True),
            (["别的"], [], False),
            (["某证"], ["materials"], False),
        ],
    )
    def test_by_the_contracts_keywords_and_elements(self, gold, needed, is_right):
        assert graded(RIGHT, about=[], facts=[], gold=gold, needed=needed).is_right is is_right


class TestCriticalHallucination:
    @pytest.mark.parametrize(
        ("sentences", "critical"),
        [
            ([("不收费。", 0)], 0),
            ([("收费10元。", 0)], 1),
            ([("承诺5个工作日办结。", 0)], 1),
            ([("承诺5个工作日办结。", 1)], 0),
            ([("承诺3个工作日办结。", 1), ("收费20元。", 0)], 2),
            # Without a citation: nothing that stands in no cited unit.
            ([("“某证”：",), ("不收费。", 0)], 0),
            ([("一共要200元。",), ("不收费。", 0)], 1),
            ([("大概30天能办好。",), ("不收费。", 0)], 1),
            ([("截止到2026年12月31日。",)], 1),
            ([("要带身份证复印件。",)], 1),
            ([("就是5个工作日。",), ("不收费。", 0)], 0),
            ([("不清楚的打12345。",), ("不收费。", 0)], 0),
            ([("连着两次没有答上您的问题。",)], 0),
        ],
    )
    def test_is_counted_by_the_sentence(self, sentences, critical):
        assert graded(answer(*sentences)).critical == critical

    def test_what_may_be_chosen_may_be_named(self):
        asked = answer(
            ("您问的是“满30天的假”吗？",),
            citations=(),
            gate=Gate.CLARIFY,
            choices=(("满30天的假", "问"),),
        )
        assert graded(asked).critical == 0


class TestFigures:
    def test_shares_have_the_denominators_they_name(self):
        rows = [
            *(graded(RIGHT) for _ in range(6)),
            graded(RIGHT, facts=[["收费10元"]], style="elderly"),
            graded(answer(("收费10元。", 0), ("不收费。", 0)), style="elderly"),
            graded(BACK),
            graded(REFUSED),
            *(graded(REFUSED, expect="refuse", why="unknown", facts=[]) for _ in range(3)),
            graded(RIGHT, expect="refuse", why="unknown", facts=[]),
            graded(BACK, expect="clarify", why="place"),
            graded(HANDED, expect="handover", why="angry"),
            graded(REFUSED, expect="handover", why="angry"),
        ]
        found = figures(rows)
        assert (found["questions"], found["answered"]) == (17, 8)
        assert found["accuracy"] == 7 / 8
        # Answered of those with an answer; asking back is neither an answer nor a refusal.
        assert found["coverage"] == 0.8
        assert found["false_refusal"] == 0.1
        assert found["refusal_accuracy"] == 0.75
        assert (found["clarify_accuracy"], found["handover_accuracy"]) == (1.0, 0.5)
        assert found["hallucination_critical"] == 1
        # Ten sentences cite, of the refused question too; one says what its unit does not.
        assert found["citation_support"] == 0.9
        assert found["by_style"]["elderly"] == {
            "questions": 2, "accuracy": 0.5, "coverage": 1.0, "right": 0.5,
        }  # fmt: skip
        assert set(found["by_style"]) == {"standard", "elderly"}
        assert found["by_why"]["angry"]["right"] == 0.5

    def test_percentiles_are_of_all_questions(self):
        found = figures([graded(RIGHT, ms=float(ms)) for ms in range(1, 101)])
        assert found["p50_ms"] == pytest.approx(51, abs=1)
        assert found["p95_ms"] == pytest.approx(96, abs=1)

    def test_of_nothing_nothing_is_said(self):
        found = figures([])
        assert found["questions"] == found["hallucination_critical"] == 0
        assert [found[name] for name in ("accuracy", "coverage", "citation_support", "p50_ms", "p95_ms")] == [
            None
        ] * 5
