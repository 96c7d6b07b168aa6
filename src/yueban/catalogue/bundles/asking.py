"""One set of questions out of those of the bundle and of its children; what follows on what; who is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yueban.catalogue import rules
from yueban.catalogue.bundles.child import Child
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.compiled import CompiledSituations
from yueban.catalogue.problems import Problem
from yueban.catalogue.situations import text_of
from yueban.catalogue.standard.situations import Answer, Option, Outcome, Situation, SituationQuestion
from yueban.expressions import Truth, Vocabulary

TAKES = "bundle.takes_"
NOT_TAKEN = "您选择这次不办“{name}”。"


def take_fact(child: str) -> str:
    """The fact that says whether the applicant wants an optional child."""
    return TAKES + child.replace("-", "_")


@dataclass
class Asking:
    """The questions while they are merged; ``taken`` are the keys given so far."""

    questions: dict[str, SituationQuestion] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def merged(self) -> CompiledSituations:
        """What is kept: ``start`` is the first question of whoever asks first and only informs."""
        start = next(iter(self.questions), None)
        return CompiledSituations(start=start, questions=self.questions, outcomes=self.outcomes)


def merge(standard: BundleStandard, children: Sequence[Child], vocabulary: Vocabulary) -> Asking:
    """All questions, each child's ends kept apart, so that where a child's questions ended can be told."""
    asking = Asking()
    if standard.situation is not None:
        asking.questions |= {question.key: question for question in standard.situation.questions}
        asking.outcomes |= {outcome.key: outcome for outcome in standard.situation.outcomes}
    for child in children:
        _add(asking, child)
    asking.problems += _meeting_problems(standard.situation, children, asking, vocabulary)
    return asking


def _free(key: str, child: Child, taken: Mapping[str, object]) -> str:
    """The key itself, or with the child's name before it where another has taken it."""
    wanted, number = key, 1
    while wanted in taken:
        wanted = f"{child.key}-{key}"[-60:].lstrip("-_") if number == 1 else f"{key}-{number}"
        number += 1
    return wanted


def _add(asking: Asking, child: Child) -> None:
    tree = child.compiled.situations
    reached, ends, start = _reachable(child)
    for key in reached:
        child.questions[key] = _free(key, child, asking.questions)
        asking.questions[child.questions[key]] = tree.questions[key]
    for key in ends:
        child.outcomes[key] = _free(f"{child.key}-{key}"[:60].rstrip("-_"), child, asking.outcomes)
        asking.outcomes[child.outcomes[key]] = tree.outcomes[key].model_copy(
            update={"key": child.outcomes[key]}
        )
    for key in reached:
        asking.questions[child.questions[key]] = _rewritten(tree.questions[key], child)
    if start is not None:
        child.start = child.questions.get(start)
    proceeds = {key for key in ends if tree.outcomes[key].kind == "proceed"}
    if ends and not proceeds:
        message = f"“{child.name}”的情形问题没有一条路可以继续办理，它永远办不了。"
        asking.problems.append(child.problem(message, "请核对 answers 里的回答。", "answers"))
    child.may_fall_out = len(proceeds) < len(ends) or child.declared.when is not None
    if child.declared.need == "optional":
        _add_choice(asking, child)
    # Questions that are all settled have no end of their own: the child is needed whenever its condition holds.


def _reachable(child: Child) -> tuple[list[str], list[str], str | None]:
    """Own questions that are still asked in their order, the outcomes they end in, and the first question."""
    tree = child.compiled.situations
    if tree.start is None:
        return [], [], None
    start, end = _skip(child, tree.start, None)
    questions: dict[str, None] = {}
    ends: dict[str, None] = dict.fromkeys([end] if end is not None else [])
    queue = [start] if start is not None else []
    while queue:
        key = queue.pop(0)
        if key in questions:
            continue
        questions[key] = None
        for option in tree.questions[key].options:
            following, end = _skip(child, option.next, option.end)
            if following is not None:
                queue.append(following)
            elif end is not None:
                ends[end] = None
    return list(questions), list(ends), start


def _skip(child: Child, question: str | None, end: str | None) -> tuple[str | None, str | None]:
    """Past the questions that the bundle has answered for good."""
    tree = child.compiled.situations
    while question is not None and question in child.declared.answers:
        wanted = text_of(child.declared.answers[question])
        option = next((one for one in tree.questions[question].options if text_of(one.value) == wanted), None)
        if option is None:
            return None, None
        question, end = option.next, option.end
    return question, end


def _rewritten(question: SituationQuestion, child: Child) -> SituationQuestion:
    """The same question with the bundle's names for where it leads and for what it asks."""
    options = []
    for option in question.options:
        following, end = _skip(child, option.next, option.end)
        update = {
            "next": child.questions[following] if following is not None else None,
            "end": child.outcomes[end] if following is None and end is not None else None,
        }
        options.append(option.model_copy(update=update))
    element = child.declared.settles.get(question.key, question.element)
    return question.model_copy(
        update={"key": child.questions[question.key], "element": element, "options": tuple(options)}
    )


def _add_choice(asking: Asking, child: Child) -> None:
    """Whether an optional child is wanted is asked before its own questions."""
    child.choice = _free(f"take-{child.key}"[:60], child, asking.questions)
    taken = Outcome(key=_free(f"{child.key}-taken"[:60], child, asking.outcomes), kind="proceed")
    left = Outcome(
        key=_free(f"{child.key}-left"[:60], child, asking.outcomes),
        kind="not_needed",
        message=NOT_TAKEN.format(name=child.name),
    )
    for outcome in (left,) if child.start is not None else (taken, left):
        asking.outcomes[outcome.key] = outcome
        child.outcomes[outcome.key] = outcome.key
    yes_end = taken.key if child.start is None else None
    asking.questions[child.choice] = SituationQuestion(
        key=child.choice,
        element=take_fact(child.key),
        text=f"要一并办理“{child.name}”吗？",
        text_en=f"Apply for this as well: {child.compiled.name_en or child.name}?",
        options=(
            Option(value=True, label="一并办理", label_en="Yes", next=child.start, end=yes_end),
            Option(value=False, label="这次不办", label_en="No", end=left.key),
        ),
    )
    child.start, child.may_fall_out = child.choice, True


def _meeting_problems(
    own: Situation | None, children: Sequence[Child], asking: Asking, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """What was said of an element before must be an answer that a later question on it knows."""
    said: dict[str, dict[str, Answer]] = {}
    if own is not None:
        refused = {outcome.key for outcome in own.outcomes if outcome.kind != "proceed"}
        for question in own.questions:
            _say(said, question, but={text_of(o.value) for o in question.options if o.end in refused})
    for child in children:
        mine = {key: asking.questions[merged] for key, merged in child.questions.items()}
        for key, question in mine.items():
            if key in child.declared.settles and question.element not in said:
                message = f"“{child.name}”的问题“{question.text}”要随“{question.element}”，但前面没有问过它。"
                hint = "请让一件事自己的问题或前面的事项先问到它。"
                yield child.problem(message, hint, "settles", key)
            yield from _lost_answers(child, question, said.get(question.element, {}), vocabulary)
        for question in mine.values():
            _say(said, question)


def _lost_answers(
    child: Child, question: SituationQuestion, said: Mapping[str, Answer], vocabulary: Vocabulary
) -> Iterator[Problem]:
    known = {text_of(option.value) for option in question.options}
    when = child.declared.when
    lost = [
        text
        for text, value in said.items()
        if text not in known and rules.holds(when, {question.element: value}, vocabulary) is not Truth.FALSE
    ]
    if lost:
        name = vocabulary[question.element].name
        message = (
            f"前面问“{name}”时可能答“{'、'.join(lost)}”，“{child.name}”的问题“{question.text}”没有这个选项。"
        )
        yield child.problem(message, "请用 when 写明这时不办它，或用 answers、settles 写明它怎么答。", "item")


def _say(said: dict[str, dict[str, Answer]], question: SituationQuestion, but: Collection[str] = ()) -> None:
    values = {text_of(option.value): option.value for option in question.options}
    said.setdefault(question.element, {}).update({k: v for k, v in values.items() if k not in but})
