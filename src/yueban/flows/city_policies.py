"""The policies of a city pack: a folder each, with its dates, its text and its offers, checked before any is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yueban.expressions import Vocabulary
from yueban.flows.city_pack import Document, PackProblem, read_model, read_yaml
from yueban.policies.services import (
    OfferRow,
    PolicyRow,
    PolicyStandard,
    faults_of,
    place_words,
    take_quotes,
    with_parameters,
)
from yueban.policies.standard import OfferStandard

FOLDER = "policies"
TEXTS = ("text.md", "text.txt")


@dataclass
class PolicyFile:
    """One policy with the documents it stands in."""

    document: Document
    standard: PolicyStandard | None
    text: str
    offers: list[tuple[Document, OfferRow]] = field(default_factory=list)

    @property
    def row(self) -> PolicyRow:
        """As it is stored."""
        assert self.standard is not None
        return PolicyRow(self.standard, self.text, [row for _, row in self.offers])


def read_policies(root: Path) -> tuple[list[PolicyFile], list[PackProblem]]:
    """Every folder of ``policies/`` that has a policy.yaml, and what is wrong with them; a city may have none."""
    files: list[PolicyFile] = []
    problems: list[PackProblem] = []
    for path in sorted((root / FOLDER).glob("*/policy.yaml")):
        file = _read_policy(root, path.parent)
        problems += file.document.problems
        problems += [problem for document, _ in file.offers for problem in document.problems]
        files.append(file)
    return files, problems


def _read_policy(root: Path, folder: Path) -> PolicyFile:
    base = f"{FOLDER}/{folder.name}"
    document = read_yaml(root, f"{base}/policy.yaml")
    standard = None if document.problems else read_model(document, PolicyStandard, document.content)
    if standard is not None and standard.key != folder.name:
        document.problems.append(
            document.problem(("key",), f"政策 key 应与文件夹“{folder.name}”同名。", "请改正。")
        )
    text = _read_text(folder, document)
    file = PolicyFile(document, standard, text)
    values = {one.name: one.value for one in standard.parameters} if standard else {}
    for path in sorted((folder / "offers").glob("*.yaml")):
        _read_offer(root, f"{base}/offers/{path.name}", file, values)
    return file


def _read_text(folder: Path, document: Document) -> str:
    path = next((folder / name for name in TEXTS if (folder / name).exists()), None)
    if path is None:
        document.problems.append(document.problem((), "没有正文。", "请在同一文件夹里放 text.md。"))
        return ""
    return path.read_text(encoding="utf-8")


def _read_offer(root: Path, name: str, file: PolicyFile, values: Mapping[str, Any]) -> None:
    """One offer; its quoted words become places in the text, mistakes stay with its document."""
    document = read_yaml(root, name)
    if document.problems or not isinstance(document.content, dict):
        file.document.problems += document.problems
        return
    content, quotes = take_quotes(document.content)
    standard = read_model(document, OfferStandard, with_parameters(content, values))
    if standard is None:
        file.document.problems += document.problems
        return
    places, faults = place_words(file.text, standard.clause, quotes) if file.text else ([], [])
    document.problems += [document.problem(fault.path, fault.message, fault.hint) for fault in faults]
    if file.standard is not None and standard.policy != file.standard.key:
        document.problems.append(
            document.problem(("policy",), f"应写“{file.standard.key}”。", "事项属于它所在文件夹的政策。")
        )
    written = content if with_parameters(content, values) != content else None
    file.offers.append((document, OfferRow(standard, tuple(places), written)))


def check_policies(
    files: Sequence[PolicyFile], vocabulary: Vocabulary, *, agencies: Mapping[str, str]
) -> Iterator[PackProblem]:
    """Rules and figures held against the pack's elements, departments against its agencies (code → kind)."""
    keys: dict[str, str] = {}
    known = {file.standard.key for file in files if file.standard is not None}
    for file in files:
        stated = file.standard
        if stated is not None and stated.agency is not None and stated.agency not in agencies:
            yield file.document.problem(
                ("agency",), f"没有部门“{stated.agency}”。", "请与 agencies.csv 核对。"
            )
        for key in stated.supersedes if stated is not None else ():
            if key not in known:
                yield file.document.problem(("supersedes",), f"没有政策“{key}”。", "请改正，或先收入它。")
        for document, row in file.offers:
            yield from _offer_problems(document, row.standard, vocabulary, set(agencies.values()))
            other = keys.setdefault(row.standard.key, document.file)
            if other != document.file:
                yield document.problem(("key",), f"事项 key 与 {other} 相同。", "每个 key 应唯一。")


def _offer_problems(
    document: Document, offer: OfferStandard, vocabulary: Vocabulary, kinds: set[str]
) -> Iterator[PackProblem]:
    if offer.department_kind not in kinds:
        yield document.problem(
            ("department_kind",),
            f"没有“{offer.department_kind}”这类部门。",
            "请与 agencies.csv 的 kind 核对。",
        )
    for kind in offer.joint_kinds:
        if kind not in kinds or kind == offer.department_kind:
            yield document.problem(
                ("joint_kinds",),
                f"联审部门“{kind}”没有或与主管部门相同。",
                "请与 agencies.csv 的 kind 核对。",
            )
    for fault in faults_of(offer, vocabulary):
        if fault.path[0] != "unresolved":
            yield document.problem(fault.path, fault.message, fault.hint)
