"""The Q&A and the lexicon of a city pack: ``questions.csv`` and ``synonyms.yaml``, held against what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yueban.assistant.selectors import SOURCE, faults_in, placeholders_in, source_fault
from yueban.assistant.services import QuestionRow, TermRow, save_answers, save_terms
from yueban.flows.city_pack import Document, PackProblem, read_model, read_yaml
from yueban.flows.city_tables import Table, read_table
from yueban.kernel.changes import Changes

QUESTIONS, SYNONYMS, CAST = "questions.csv", "synonyms.yaml", "cast.yaml"


@dataclass
class KnowledgeFiles:
    """Both files read; a city may have neither."""

    questions: Table[QuestionRow] = field(default_factory=lambda: Table(QUESTIONS))
    terms: list[tuple[int, TermRow]] = field(default_factory=list)
    # Names of the cast by username: who wrote and approved is told by name.
    names: dict[str, str] = field(default_factory=dict)
    problems: list[PackProblem] = field(default_factory=list)


def read_knowledge(root: Path) -> KnowledgeFiles:
    """Read both; what is wrong with them stands in ``problems``."""
    files = KnowledgeFiles()
    if (root / QUESTIONS).exists():
        files.questions = read_table(root, QUESTIONS, QuestionRow, key="key")
        files.problems += files.questions.problems
        files.names = _names(root)
    if (root / SYNONYMS).exists():
        document = read_yaml(root, SYNONYMS)
        files.terms = list(_terms(document))
        files.problems += document.problems
    return files


def _names(root: Path) -> dict[str, str]:
    if not (root / CAST).exists():
        return {}
    content = read_yaml(root, CAST).content
    people = content.get("people", []) if isinstance(content, Mapping) else []
    return {
        str(one["username"]): str(one["name"])
        for one in people
        if isinstance(one, Mapping) and "username" in one and "name" in one
    }


def _terms(document: Document) -> Iterator[tuple[int, TermRow]]:
    if document.problems:
        return
    if not isinstance(document.content, list):
        hint = "写作 - {say: [医保本], means: 社保卡, kind: old_name}。"
        document.problems.append(document.problem((), "文件应是列表，逐行以 - 开头。", hint))
        return
    for index, content in enumerate(document.content):
        row = read_model(document, TermRow, content, (index,))
        if row is not None:
            yield document.line_of((index,)), row


def check_knowledge(
    files: KnowledgeFiles, known: Mapping[str, set[str]], kinds: set[str]
) -> Iterator[PackProblem]:
    """Against the pack: ``known`` holds the keys of each kind of source, ``kinds`` the kinds of departments."""
    table = files.questions
    yield from table.repeated("key")
    for line, row in table.rows:
        for name, message, hint in _faults(row, known, kinds):
            yield table.problem(line, name, message, hint)
    said: dict[str, int] = {}
    for line, term in files.terms:
        for word in term.say:
            first = said.setdefault(word, line)
            if first != line:
                yield PackProblem(SYNONYMS, line, "say", f"“{word}”与第 {first} 行重复。", "请只留一处。")
            if word == term.means or not 0 < len(word) <= 60:
                yield PackProblem(SYNONYMS, line, "say", f"“{word}”不能这样写。", "请改成与 means 不同的词。")


def _faults(
    row: QuestionRow, known: Mapping[str, set[str]], kinds: set[str]
) -> Iterator[tuple[str, str, str]]:
    if row.drafted_by == row.approved_by:
        yield "approved_by", "起草和复核不能是同一个人。", "请改正；还没有复核的留空。"
    if row.owner not in kinds:
        yield "owner", f"没有“{row.owner}”类部门。", "请与 agencies.csv 的 kind 核对。"
    for source in row.source_keys:
        match = SOURCE.fullmatch(source)
        if (fault := source_fault(source)) is not None or match is None:
            yield "sources", fault or "", "请改正。"
        elif match["key"] not in known[match["kind"]]:
            yield "sources", f"没有“{match['kind']}:{match['key']}”。", "请与城市资料核对。"
    for fault in faults_in(row.answer):
        yield "answer", fault, "请改正。"
    for one in placeholders_in(row.answer):
        if one.is_known and one.key not in known[one.kind]:
            yield "answer", f"{one} 没有这个{'事项' if one.kind == 'item' else '惠企事项'}。", "请改正。"


def store_knowledge(files: KnowledgeFiles) -> dict[str, Changes]:
    """Write both."""
    rows = [
        row.model_copy(
            update={
                "drafted_by": files.names.get(row.drafted_by, row.drafted_by),
                "approved_by": files.names.get(row.approved_by, row.approved_by),
            }
        )
        for _, row in files.questions.rows
    ]
    return {"questions": save_answers(rows=rows), "terms": save_terms(rows=[row for _, row in files.terms])}
