"""Which children are needed: what follows on a question's end, and what the answers settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from yueban.catalogue import rules
from yueban.catalogue.standard.situations import PROCEED, Answer, Outcome
from yueban.expressions import Truth

if TYPE_CHECKING:
    from yueban.catalogue.bundles.compiled import CompiledBundle, CompiledChild

NOT_ASKED = Outcome(key="not-asked", kind="not_needed", message="按您的情形，这一项不用办。")
NOTHING = "按您的情形，这件事里没有要办的事项。"


def follow(bundle: CompiledBundle, end: str | None, facts: Mapping[str, object]) -> str | Outcome:
    """The question after an outcome: that of the next child which is not ruled out, or the last word.

    Where the bundle's own questions end otherwise than with going on, that is the last word; where those of a child
    do, only this child falls out.
    """
    place = 0
    if end is None:
        if bundle.own_start is not None:
            return bundle.own_start
    elif end in bundle.own_outcomes:
        own = bundle.situations.outcomes[end]
        if own.kind != "proceed":
            return own
    else:
        place = bundle.child_of_outcome[end] + 1
    if bundle.speaks_of_needs:
        facts = {**facts, **settle(bundle, facts)}
    for child in bundle.children[place:]:
        if child.start is not None and _when(bundle, child, facts) is not Truth.FALSE:
            return child.start
    return _last_word(bundle, facts)


def settle(bundle: CompiledBundle, facts: Mapping[str, object]) -> dict[str, Answer]:
    """For each child that may fall out whether it is needed, as far as the answers tell."""
    known, found = dict(facts), dict[str, Answer]()
    for child in bundle.children:
        if not child.may_fall_out:
            continue
        need = is_needed(bundle, child, known, is_form_filled=False)
        if need is not Truth.UNKNOWN:
            known[child.need_fact] = found[child.need_fact] = need is Truth.TRUE
    return found


def is_needed(
    bundle: CompiledBundle, child: CompiledChild, facts: Mapping[str, object], *, is_form_filled: bool = True
) -> Truth:
    """Whether the child is needed with these facts; before the form is filled what rests on it is left open."""
    when = _when(bundle, child, facts)
    if when is Truth.FALSE:
        return when
    outcome = outcome_of(bundle, child, facts)
    if outcome is not None and outcome.kind != "proceed":
        return Truth.FALSE
    if outcome is None or (when is Truth.UNKNOWN and (is_form_filled or not child.rests_on_form)):
        return Truth.UNKNOWN
    return Truth.TRUE


def outcome_of(bundle: CompiledBundle, child: CompiledChild, facts: Mapping[str, object]) -> Outcome | None:
    """Where the child's own questions end with these facts; None while an answer is missing."""
    key = child.start
    while key is not None:
        question = bundle.situations.questions[key]
        value = facts.get(question.element)
        option = next((one for one in question.options if _is_same(one.value, value)), None)
        if option is None:
            return None
        if option.end is not None:
            return bundle.situations.outcomes[option.end]
        key = option.next
    return PROCEED


def _is_same(option: Answer, value: object) -> bool:
    return value is not None and str(option).lower() == str(value).lower()


def _when(bundle: CompiledBundle, child: CompiledChild, facts: Mapping[str, object]) -> Truth:
    return rules.holds(child.when, facts, bundle.vocabulary)


def fallen_out(bundle: CompiledBundle, facts: Mapping[str, object]) -> dict[str, Outcome]:
    """The children that are not needed with these facts, each with the sentence that says why."""
    known = {**facts, **settle(bundle, facts)}
    found = {}
    for child in bundle.children:
        if is_needed(bundle, child, known) is Truth.FALSE:
            outcome = outcome_of(bundle, child, known)
            is_said = outcome is not None and outcome.kind != "proceed"
            found[child.key] = outcome if outcome is not None and is_said else NOT_ASKED
    return found


def _last_word(bundle: CompiledBundle, facts: Mapping[str, object]) -> Outcome:
    """Going on while anything is left to do; else why there is nothing, each sentence once."""
    fallen = fallen_out(bundle, facts)
    if len(fallen) < len(bundle.children):
        return PROCEED
    said = [outcome for outcome in fallen.values() if outcome is not NOT_ASKED]
    if not said:
        return Outcome(key="nothing", kind="not_needed", message=NOTHING)
    messages = dict.fromkeys(outcome.message for outcome in said if outcome.message)
    return said[0].model_copy(update={"key": "nothing", "message": "\n".join(messages)})
