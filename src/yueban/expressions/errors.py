"""What the rule language refuses: each names the place in the rule and what to do."""

from __future__ import annotations

from yueban.kernel.errors import Invalid


class RuleInvalid(Invalid):
    """A rule whose shape cannot be read; ``data["path"]`` says where."""

    code = "rule.invalid"


class RuleUnknownFact(RuleInvalid):
    """A rule speaks of a fact that the vocabulary does not hold."""

    code = "rule.unknown_fact"


class RuleUnknownOperator(RuleInvalid):
    """A rule uses an operator the language does not know, or not for this type."""

    code = "rule.unknown_operator"


class RuleCircular(RuleInvalid):
    """A derived fact that depends on itself."""

    code = "rule.circular"


class FactInvalid(Invalid):
    """A value given for a fact is not of the fact's type."""

    code = "rule.fact_invalid"
