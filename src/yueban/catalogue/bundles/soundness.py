"""Whether a bundle as written can be merged at all: its children, edges, answers and conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from yueban.catalogue import rules, situations
from yueban.catalogue.bundles.child import Child
from yueban.catalogue.bundles.ordering import AFTER, KIND_NAMES, find_loop, loop_problem, sources_of
from yueban.catalogue.bundles.standard import NUMBER, BundleStandard
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.problems import Problem
from yueban.catalogue.rules import RuleAt
from yueban.catalogue.situations import text_of
from yueban.catalogue.workdays import workdays
from yueban.elements.selectors import Dictionary
from yueban.expressions import Vocabulary

MOST_HELD = 10  # working days


def check_names(
    standard: BundleStandard, items: Mapping[str, Compiled], dictionary: Dictionary
) -> Iterator[Problem]:
    """What the bundle names must be there, and be there once."""
    yield from _children(standard, items)
    yield from _edges(standard)
    yield from _joint_issue(standard)
    if standard.situation is not None:
        yield from situations.check(standard.situation, dictionary)


def _children(standard: BundleStandard, items: Mapping[str, Compiled]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, child in enumerate(standard.children):
        if child.key in seen:
            yield Problem(("children", i, "key"), f"子事项“{child.key}”重复。", "请换一个 key。")
        seen.add(child.key)
        if child.item not in items:
            message = f"没有在用的事项“{child.item}”。"
            yield Problem(("children", i, "item"), message, "请写目录中已有的事项，或先发布它。")
        if child.need == "conditional" and child.when is None:
            message = f"子事项“{child.key}”是按条件办理，但没有写条件。"
            yield Problem(("children", i, "when"), message, "请写 when，或改为 mandatory、optional。")


def _edges(standard: BundleStandard) -> Iterator[Problem]:
    keys = {child.key for child in standard.children}
    for i, edge in enumerate(standard.edges):
        for name, key in (("source", edge.source), ("target", edge.target)):
            if key not in keys:
                message = f"“{KIND_NAMES[edge.kind]}”指向不存在的子事项“{key}”。"
                yield Problem(("edges", i, name), message, f"可用：{'、'.join(sorted(keys))}。")
        if edge.source == edge.target:
            message = f"“{edge.source}”不能等自己。"
            yield Problem(("edges", i), message, "请改 source 或 target。")


def _joint_issue(standard: BundleStandard) -> Iterator[Problem]:
    joint = standard.joint_issue
    if joint is None:
        return
    keys = {child.key for child in standard.children}
    for i, key in enumerate(joint.children):
        if key not in keys:
            message = f"同步发证里的“{key}”不是子事项。"
            yield Problem(("joint_issue", "children", i), message, f"可用：{'、'.join(sorted(keys))}。")
    repeats = {child.key for child in standard.children if child.repeat is not None}
    if len(set(joint.children)) == 1 and not set(joint.children) & repeats:
        message = "同步发证只有一个子事项，没有可以一起等的。"
        yield Problem(("joint_issue", "children"), message, "请至少写两个，或去掉 joint_issue。")
    if workdays(joint.hold) > MOST_HELD:
        message = f"同步发证最长等{MOST_HELD}个工作日：决定作出后十日内要送达（行政许可法第四十四条）。"
        yield Problem(("joint_issue", "hold"), message, "请缩短最长等候。")
    for i, edge in enumerate(standard.edges):
        if (
            edge.kind == "result_input"
            and edge.source in joint.children
            and edge.target not in joint.children
        ):
            message = f"“{edge.source}”同步发证前不对外，它的结果却带入不同步发证的“{edge.target}”。"
            yield Problem(("edges", i), message, "请把两个都写进 joint_issue，或都不写。")


def check_children(standard: BundleStandard, children: Sequence[Child]) -> Iterator[Problem]:
    """What is said of each child must fit its item; nobody may wait for himself."""
    by_key = {child.key: child for child in children}
    for child in children:
        yield from _answers(child)
        yield from _repeat(child)
        yield from _promise(child)
        yield from _issued(child, standard)
    for i, edge in enumerate(standard.edges):
        source, target = by_key[edge.source], by_key[edge.target]
        if edge.kind == "result_input" and edge.element is not None:
            yield from _flow(i, edge.element, edge.result_field or "", source, target)
    names = {child.key: child.name for child in children}
    loop = find_loop(sources_of(list(by_key), standard.edges))
    if loop:
        yield loop_problem(loop, names, standard.edges)


def _answers(child: Child) -> Iterator[Problem]:
    questions = child.compiled.situations.questions
    for field in ("answers", "settles"):
        for key in getattr(child.declared, field):
            if key not in questions:
                message = f"“{child.name}”没有情形问题“{key}”。"
                known = "、".join(questions) or "（它不问情形）"
                yield child.problem(message, f"可用：{known}。", field, key)
    for key, value in child.declared.answers.items():
        options = [text_of(option.value) for option in questions[key].options] if key in questions else []
        if options and text_of(value) not in options:
            message = f"“{child.name}”的问题“{questions[key].text}”没有选项“{text_of(value)}”。"
            yield child.problem(message, f"可用：{'、'.join(options)}。", "answers", key)
    both = set(child.declared.answers) & set(child.declared.settles)
    for key in sorted(both):
        message = f"“{child.name}”的问题“{key}”既写了 answers 又写了 settles。"
        yield child.problem(message, "请只留一处。", "settles", key)


def _repeat(child: Child) -> Iterator[Problem]:
    key = child.declared.repeat
    if key is None:
        return
    own = next((s for s in child.compiled.form.sections if s.key == key and s.repeat is not None), None)
    if own is None or own.repeat is None:
        message = f"“{child.name}”的表单没有可以逐条填写的部分“{key}”，不能按它一条一件。"
        yield child.problem(message, "请写这个事项里重复部分的 key。", "repeat")
    elif own.repeat.min > 1:
        message = f"“{child.name}”的“{own.title}”至少要填{own.repeat.min}条，不能一条一件。"
        yield child.problem(message, "请去掉 repeat，或改事项的最少条数。", "repeat")


def _promise(child: Child) -> Iterator[Problem]:
    promised = child.declared.promised
    if promised is not None and workdays(promised) > workdays(child.compiled.guide.promised):
        message = f"“{child.name}”在一件事里承诺的时限比它单独办理还长。"
        yield child.problem(message, f"单独办理承诺{child.compiled.guide.promised_text}。", "promised")


def _issued(child: Child, standard: BundleStandard) -> Iterator[Problem]:
    before = {e.source for e in standard.edges if e.target == child.key and e.kind in AFTER}
    materials = {material.key for material in child.compiled.materials}
    for material, source in child.declared.issued_by.items():
        if material not in materials:
            message = f"“{child.name}”没有材料“{material}”。"
            yield child.problem(message, f"可用：{'、'.join(sorted(materials))}。", "issued_by", material)
        elif source not in before:
            message = f"“{child.name}”的材料“{material}”要由“{source}”的结果代替，但它不等“{source}”办好。"
            hint = "请在 edges 里加上 approve_start 或 result_input。"
            yield child.problem(message, hint, "issued_by", material)


def _flow(place: int, element: str, result_field: str, source: Child, target: Child) -> Iterator[Problem]:
    if source.compiled.guide.result.certificate_type is None:
        message = f"“{source.name}”不发证照，没有结果可以带入“{target.name}”。"
        yield Problem(("edges", place, "source"), message, "请改用 approve_start，或给事项写明证照类型。")
    fields = [f for s in target.compiled.form.sections if s.repeat is None for f in s.fields]
    wanted = next((field for field in fields if field.element == element), None)
    if wanted is None:
        message = f"“{target.name}”的表单没有“{element}”这一项。"
        yield Problem(("edges", place, "element"), message, "请写它表单里的数据元。")
        return
    flowing = source.compiled.facts.get(result_field)
    is_text = result_field == NUMBER or flowing is None
    if wanted.type != ("text" if is_text else flowing.type if flowing else ""):
        message = f"带入“{wanted.label}”的结果（{result_field}）类型不同。"
        yield Problem(("edges", place, "result_field"), message, "请改用同一类型的结果字段。")


def check_rules(
    children: Sequence[Child], asked: Collection[str], filled: Collection[str], vocabulary: Vocabulary
) -> Iterator[Problem]:
    """The bundle's own conditions can be read, and rest on what is asked or filled in."""
    for child in children:
        when = child.declared.when
        if when is None:
            continue
        path = ("children", child.place, "when")
        wrong = rules.problems_of(RuleAt(path, when), vocabulary)
        yield from wrong
        unknown = [] if wrong else sorted(set(rules.facts_of(when, vocabulary)) - set(asked) - set(filled))
        if unknown:
            names = "、".join(f"{vocabulary[code].name}（{code}）" for code in unknown)
            message = f"办不办“{child.name}”的条件用到没有人问的数据元：{names}。"
            yield Problem(path, message, "请增加情形问题，或改写条件。")
