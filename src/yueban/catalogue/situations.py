"""情形引导: walking the questions, and the proof that they are total and deterministic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yueban.catalogue.applicable import Applicable
from yueban.catalogue.errors import AnswerInvalid
from yueban.catalogue.problems import PathStep, Problem
from yueban.catalogue.standard.situations import PROCEED as PROCEED
from yueban.catalogue.standard.situations import Answer, Option, Outcome, Situation, SituationQuestion
from yueban.elements.selectors import Dictionary

# Enumerating paths is exact; above this number only what every option does by itself is checked.
PATH_LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the option taken; ``is_known`` = answered from data already held, not asked."""

    question: SituationQuestion
    option: Option
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """Where the answers lead: to the next question, or to an outcome; never to both.

    ``settled`` are facts that follow from the answers: which items of a bundle are needed.
    """

    answered: tuple[Answered, ...]
    question: SituationQuestion | None
    outcome: Outcome | None
    settled: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Answer]:
        """The answers as facts of the rule language."""
        return {**self.settled, **{step.question.element: step.option.value for step in self.answered}}

    @property
    def answers(self) -> dict[str, str]:
        """Question key → answer as text, only of questions on the path."""
        return {step.question.key: text_of(step.option.value) for step in self.answered}

    @property
    def is_complete(self) -> bool:
        """Whether an outcome is reached."""
        return self.outcome is not None

    @property
    def may_proceed(self) -> bool:
        """Whether the application may go on."""
        return self.outcome is not None and self.outcome.kind == "proceed"


def text_of(value: Answer) -> str:
    """An answer as forms send it: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def walk(
    compiled: Applicable, answers: Mapping[str, object], *, known: Mapping[str, object] | None = None
) -> Path:
    """Follow the answers (question key → value) from the start; answers off the path are left aside.

    ``known`` are facts already held (element → value): a question whose element is known and that has
    no answer of its own is answered from them. What the path itself has said of an element is not asked
    again (two items of a bundle may want to know the same). Raises AnswerInvalid for a value that is no option.
    """
    questions = compiled.situations.questions
    said: dict[str, Answer] = {}
    held: dict[str, object] = {**(known or {})}
    answered: list[Answered] = []
    turn = compiled.follow(None, held)
    while isinstance(turn, str):
        question = questions[turn]
        step = _answer(question, answers, known or {}, said)
        if step is None:
            return Path(tuple(answered), question, None, compiled.settle(held))
        answered.append(step)
        said[question.element] = held[question.element] = step.option.value
        turn = step.option.next or compiled.follow(step.option.end, held)
    return Path(tuple(answered), None, turn, compiled.settle(held))


def _answer(
    question: SituationQuestion,
    answers: Mapping[str, object],
    known: Mapping[str, object],
    said: Mapping[str, object],
) -> Answered | None:
    repeated = _find_option(question, said.get(question.element))
    if repeated is not None:
        return Answered(question, repeated, is_known=True)
    given = answers.get(question.key)
    if given not in (None, ""):
        option = _find_option(question, given)
        if option is None:
            raise AnswerInvalid(
                f"“{question.text}”没有“{given}”这个选项。",
                hint="请从列出的选项中选择一项。",
                data={"fields": {question.key: "请从列出的选项中选择一项。"}},
            )
        return Answered(question, option)
    option = _find_option(question, known.get(question.element))
    return Answered(question, option, is_known=True) if option else None


def _find_option(question: SituationQuestion, value: object) -> Option | None:
    if not isinstance(value, bool | int | str):
        return None
    wanted = text_of(value)
    return next((option for option in question.options if text_of(option.value) == wanted), None)


def check(situation: Situation, dictionary: Dictionary) -> list[Problem]:
    """Everything that would leave an applicant without an answer, or with two."""
    problems = [*_name_problems(situation), *_option_problems(situation, dictionary)]
    if problems:
        return problems
    cycle = _find_cycle(situation)
    if cycle:
        # Reported at the option that closes the circle, so that the writer sees which line to change.
        names, at = cycle
        circle = " → ".join(names)
        message = f"情形问题循环： {circle}，申请人永远走不到结果。"
        return [Problem(at, message, "请把这个选项改为指向后面的问题或某个结果。")]
    return [*_unreachable(situation), *_repeated_elements(situation)]


def _at(*path: PathStep) -> tuple[PathStep, ...]:
    return ("situation", *path)


def _name_problems(situation: Situation) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, question in enumerate(situation.questions):
        if question.key in seen:
            yield Problem(_at("questions", i, "key"), f"问题“{question.key}”重复。", "请换一个 key。")
        seen.add(question.key)
    ends: set[str] = set()
    for i, outcome in enumerate(situation.outcomes):
        if outcome.key in ends:
            yield Problem(_at("outcomes", i, "key"), f"结果“{outcome.key}”重复，互相矛盾。", "请只留一个。")
        ends.add(outcome.key)
    if situation.start not in seen:
        yield Problem(_at("start"), f"起始问题“{situation.start}”不存在。", "请写 questions 中的一个 key。")


def _option_problems(situation: Situation, dictionary: Dictionary) -> Iterator[Problem]:
    questions = {question.key for question in situation.questions}
    outcomes = {outcome.key for outcome in situation.outcomes}
    for i, question in enumerate(situation.questions):
        known = dictionary.elements.get(question.element)
        if known is None:
            yield Problem(
                _at("questions", i, "element"),
                f"没有数据元“{question.element}”。",
                "请在 elements.yaml 登记，或改为已有的数据元。",
            )
        codes = {entry.code for entry in dictionary.codes_of(question.element)} if known else set()
        values: set[str] = set()
        for j, option in enumerate(question.options):
            at = _at("questions", i, "options", j)
            value = text_of(option.value)
            if value in values:
                yield Problem(
                    (*at, "value"), f"选项“{value}”出现两次，同一回答会有两个去向。", "请只留一个。"
                )
            values.add(value)
            if codes and value not in codes:
                yield Problem(
                    (*at, "value"),
                    f"选项“{value}”不在数据元“{question.element}”的代码表中。",
                    f"可用： {'、'.join(sorted(codes))}。",
                )
            yield from _target_problems(option, at, questions, outcomes)


def _target_problems(
    option: Option, at: tuple[PathStep, ...], questions: set[str], outcomes: set[str]
) -> Iterator[Problem]:
    if (option.next is None) == (option.end is None):
        yield Problem(
            at, "每个选项必须写 next 或 end 中的一个，而且只写一个。", "next 指下一问题, end 指结果。"
        )
    if option.next is not None and option.next not in questions:
        yield Problem((*at, "next"), f"下一问题“{option.next}”不存在。", "请写 questions 中的一个 key。")
    if option.end is not None and option.end not in outcomes:
        yield Problem((*at, "end"), f"结果“{option.end}”不存在。", "请写 outcomes 中的一个 key。")


def _find_cycle(situation: Situation) -> tuple[list[str], tuple[PathStep, ...]] | None:
    """The questions of one circle, and where the option stands that closes it."""
    index = {question.key: i for i, question in enumerate(situation.questions)}
    done: set[str] = set()
    for first in index:
        trail: list[tuple[str, int]] = [(first, 0)] if first not in done else []
        while trail:
            key, position = trail.pop()
            options = situation.questions[index[key]].options
            if position == len(options):
                done.add(key)
                continue
            trail.append((key, position + 1))
            target = options[position].next
            on_trail = [name for name, _ in trail]
            if target in on_trail:
                names = [*on_trail[on_trail.index(target) :], target]
                return names, _at("questions", index[key], "options", position, "next")
            if target is not None and target not in done:
                trail.append((target, 0))
    return None


def _unreachable(situation: Situation) -> Iterator[Problem]:
    by_key = {question.key: question for question in situation.questions}
    reached: set[str] = set()
    ends: set[str] = set()
    queue = [situation.start]
    while queue:
        key = queue.pop()
        if key in reached:
            continue
        reached.add(key)
        for option in by_key[key].options:
            if option.next is not None:
                queue.append(option.next)
            elif option.end is not None:
                ends.add(option.end)
    for i, question in enumerate(situation.questions):
        if question.key not in reached:
            yield Problem(
                _at("questions", i, "key"), f"没有选项通向问题“{question.key}”。", "请接上它，或删去它。"
            )
    for i, outcome in enumerate(situation.outcomes):
        if outcome.key not in ends:
            yield Problem(
                _at("outcomes", i, "key"), f"没有选项通向结果“{outcome.key}”。", "请接上它，或删去它。"
            )


def _repeated_elements(situation: Situation) -> Iterator[Problem]:
    """One path that answers an element twice could contradict itself."""
    reported: set[str] = set()
    position = {question.key: i for i, question in enumerate(situation.questions)}
    for path in paths(situation):
        elements: dict[str, str] = {}
        for question, _ in path:
            first = elements.setdefault(question.element, question.key)
            if first != question.key and question.key not in reported:
                reported.add(question.key)
                yield Problem(
                    _at("questions", position[question.key], "element"),
                    f"同一路径上“{first}”和“{question.key}”都回答数据元“{question.element}”，可能互相矛盾。",
                    "请让每个数据元在一条路径上只问一次。",
                )


def paths(situation: Situation) -> Iterator[list[tuple[SituationQuestion, Option]]]:
    """Every path from the start to an outcome, at most PATH_LIMIT; the situation must have no cycle."""
    by_key = {question.key: question for question in situation.questions}
    count = 0
    stack: list[tuple[str, list[tuple[SituationQuestion, Option]]]] = [(situation.start, [])]
    while stack and count < PATH_LIMIT:
        key, trail = stack.pop()
        question = by_key[key]
        for option in question.options:
            longer = [*trail, (question, option)]
            if option.next is not None:
                stack.append((option.next, longer))
            else:
                count += 1
                yield longer
