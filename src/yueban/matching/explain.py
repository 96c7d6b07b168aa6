"""Why an enterprise matches an offer, or not: down to the words of the clause and the source of each fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Final

from yueban.elements import selectors as elements
from yueban.expressions import Explanation, Truth, evaluate, parse
from yueban.kernel import clock
from yueban.matching.models import MatchRun
from yueban.matching.replaced import facts_at_edition
from yueban.matching.table import current_profiles
from yueban.parties.enterprise_facts import facts_of, plain
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

# So many characters in a row belong to a condition's sentence and to the words that it was read from.
IN_COMMON: Final = 3
WORDS = {Truth.TRUE: "符合", Truth.FALSE: "不符合", Truth.UNKNOWN: "待核实"}


@dataclass(frozen=True)
class Said:
    """Who says a fact, as of which day and until when."""

    source: str
    as_of: date | None = None
    expires_on: date | None = None

    def __str__(self) -> str:
        if self.as_of is None:
            return self.source
        until = f"，有效至{clock.written(self.expires_on)}" if self.expires_on else ""
        return f"{self.source}，{clock.written(self.as_of)}{until}"


@dataclass(frozen=True)
class Part:
    """A condition or a group with its value; a condition also with the fact, its source and the clause's words."""

    kind: str
    sentence: str
    value: str
    actual: str | None
    said: Said | None
    words: str
    parts: tuple["Part", ...]

    def to_json(self) -> dict[str, Any]:
        """As the command prints it."""
        found: dict[str, Any] = {"kind": self.kind, "sentence": self.sentence, "value": self.value}
        if self.actual is not None:
            found["actual"] = self.actual
        if self.said is not None:
            found["source"] = str(self.said)
        if self.words:
            found["words"] = self.words
        if self.parts:
            found["parts"] = [part.to_json() for part in self.parts]
        return found


@dataclass(frozen=True)
class Why:
    """The whole explanation; ``text`` has a line for each condition."""

    value: str
    tree: Part
    missing: tuple[str, ...]
    text: str
    clause: str


def explain(party_id: int, offer_version: OfferVersion, on: date) -> Why:
    """By the facts as they are this moment."""
    known = facts_of(party_id, on)
    said = {code: Said(one.source, one.as_of, one.expires_on) for code, one in known.items()}
    return _explained(offer_version, plain(known), said, on)


def explain_run(party_id: int, offer_version: OfferVersion, run: MatchRun) -> Why:
    """By the facts that a past run decided on."""
    facts, sources = facts_at_edition(party_id, run.edition, current_profiles(), elements.vocabulary())
    return _explained(offer_version, facts, {code: Said(name) for code, name in sources.items()}, run.on_day)


def _explained(version: OfferVersion, facts: Mapping[str, object], said: Mapping[str, Said], on: date) -> Why:
    vocabulary = elements.vocabulary()
    rule = parse(policies.standard_of(version, on).conditions)
    outcome = evaluate(rule, facts, on=on, vocabulary=vocabulary)
    tree = _part(outcome.tree, said, quotes_of(version, "conditions"))
    names = [vocabulary.get_fact(code).name for code in outcome.missing]
    lines = [f"{version.name}：{WORDS[outcome.value]}", *_lines(tree, 0)]
    if names:
        lines.append(f"还缺：{'、'.join(names)}")
    lines.append(f"依据：{version.policy_version.policy.title}{version.clause}")
    clause = "".join(quotes_of(version, "clause"))
    return Why(outcome.value.value, tree, outcome.missing, "\n".join(lines), clause)


def _part(node: Explanation, said: Mapping[str, Said], quotes: Sequence[str]) -> Part:
    return Part(
        kind=node.kind,
        sentence=node.sentence,
        value=node.value.value,
        actual=node.actual,
        said=said.get(node.fact or "") if node.actual is not None else None,
        words=_quote_for(node.sentence, quotes) if node.fact else "",
        parts=tuple(_part(child, said, quotes) for child in node.children),
    )


def _quote_for(sentence: str, quotes: Sequence[str]) -> str:
    """The quoted words that a condition was read from: those that have most in a row in common with it."""
    found = [(SequenceMatcher(None, sentence, quote).find_longest_match().size, quote) for quote in quotes]
    length, best = max(found, default=(0, ""))
    return best if length >= IN_COMMON else ""


MARKS = {"true": "符合", "false": "不符合", "unknown": "待核实"}


def _lines(part: Part, depth: int) -> list[str]:
    """A line for each condition; a group only says so where it is not simply all of them."""
    if part.kind == "all":
        return [line for one in part.parts for line in _lines(one, depth)]
    said = f"（实际：{part.actual}；来源：{part.said}）" if part.actual is not None and part.said else ""
    quoted = f"　原文：“{part.words}”" if part.words else ""
    own = f"{'　' * depth}{MARKS[part.value]}：{part.sentence}{said}{quoted}"
    return [own, *(line for one in part.parts for line in _lines(one, depth + 1))]


def quotes_of(version: OfferVersion, field: str) -> list[str]:
    """The words of the policy's text that a field of the offer was read from."""
    text = version.policy_version.text
    return [text[span["start"] : span["end"]] for span in version.spans if span["for"] == field]
