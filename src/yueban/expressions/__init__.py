"""The rule language: typed trees of predicates over data elements, with true, false and unknown."""

from yueban.expressions.check import check, check_vocabulary
from yueban.expressions.decide import decide
from yueban.expressions.dump import dump
from yueban.expressions.errors import (
    FactInvalid,
    RuleCircular,
    RuleInvalid,
    RuleUnknownFact,
    RuleUnknownOperator,
)
from yueban.expressions.evaluate import evaluate
from yueban.expressions.explanation import Explanation, Outcome
from yueban.expressions.facts import facts_of
from yueban.expressions.nodes import All, Any, Node, None_, Predicate
from yueban.expressions.parse import LANGUAGE, parse
from yueban.expressions.problems import Problem
from yueban.expressions.text import to_text
from yueban.expressions.truth import Truth
from yueban.expressions.values import ABSENT
from yueban.expressions.vocabulary import FactKind, FactType, Vocabulary

__all__ = [
    "ABSENT",
    "LANGUAGE",
    "All",
    "Any",
    "Explanation",
    "FactInvalid",
    "FactKind",
    "FactType",
    "Node",
    "None_",
    "Outcome",
    "Predicate",
    "Problem",
    "RuleCircular",
    "RuleInvalid",
    "RuleUnknownFact",
    "RuleUnknownOperator",
    "Truth",
    "Vocabulary",
    "check",
    "check_vocabulary",
    "decide",
    "dump",
    "evaluate",
    "facts_of",
    "parse",
    "to_text",
]
