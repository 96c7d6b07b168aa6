"""The development questions of the consultation: well formed, and their answers still stand in the city's sources."""

import csv
import json
import re
from collections import Counter
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent / "dev"
PACK = Path(__file__).parents[2] / "cities" / "shaoxing"
FILES = sorted(HERE.glob("*.jsonl"))
FIELDS = (
    "id", "core", "style", "audience", "place", "date", "turns", "question",
    "expect", "why", "about", "element", "facts", "forbidden", "note",
)  # fmt: skip
STYLES = {"standard", "elderly", "dialect", "typo", "english", "colloquial"}
EACH_NEED = STYLES - {"colloquial"}
ELEMENTS = {
    "conditions", "materials", "time", "fee", "where", "hours", "phone", "online", "visits", "result",
    "validity", "basis", "steps", "summary", "department",
}  # fmt: skip
REASONS = {
    "unknown", "out_of_scope", "injection", "personal_status", "other_person", "verdict", "dispute",
    "politics", "emergency", "angry", "complaint", "distress", "minor", "asks_person",
}  # fmt: skip
OF_POLICIES = {"amount", "cap", "deadline"}
PHONE = re.compile(r"0575-\d{8}")
DAYS = re.compile(r"(\d+)个工作日")

Question = dict[str, Any]


@cache
def questions(path: Path) -> list[Question]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@cache
def standards(folder: str) -> dict[str, dict[str, Any]]:
    read = (yaml.safe_load(path.read_text()) for path in (PACK / folder).glob("*.yaml"))
    return {one["key"]: one for one in read if "key" in one}


@cache
def codes(name: str) -> set[str]:
    with (PACK / name).open() as lines:
        return {row["code"] for row in csv.DictReader(lines)}


@cache
def known_sources() -> set[str]:
    return {
        *(f"item:{key}" for key in standards("catalogue")),
        *(f"bundle:{key}" for key in standards("bundles")),
        *(f"outlet:{code}" for code in codes("outlets.csv")),
        *(f"policy:{path.name}" for path in (PACK / "policies").iterdir() if path.is_dir()),
        *(f"offer:{path.stem}" for path in (PACK / "policies").glob("*/offers/*.yaml")),
    }


def standard_of(source: str) -> dict[str, Any] | None:
    kind, key = source.split(":", 1)
    return {"item": standards("catalogue"), "bundle": standards("bundles")}.get(kind, {}).get(key)


def said(question: Question) -> list[str]:
    return list(chain.from_iterable(question["facts"]))


def test_there_are_sets() -> None:
    assert {"persons", "business", "gate", "gate2", "gate3"} <= {path.stem for path in FILES}


def test_ids_are_unique_over_all_sets() -> None:
    counted = Counter(one["id"] for path in FILES for one in questions(path))
    assert [key for key, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
class TestEachSet:
    def test_fields_come_in_order(self, path: Path) -> None:
        assert [one["id"] for one in questions(path) if tuple(one) != FIELDS] == []

    def test_values_are_of_the_lists(self, path: Path) -> None:
        for one in questions(path):
            assert one["style"] in STYLES, one["id"]
            assert one["audience"] in {"person", "enterprise", None}, one["id"]
            assert one["element"] in {None, *ELEMENTS, *OF_POLICIES}, one["id"]
            assert one["place"] is None or one["place"] in codes("divisions.csv"), one["id"]
            assert date.fromisoformat(one["date"]), one["id"]

    def test_texts_are_texts(self, path: Path) -> None:
        for one in questions(path):
            texts = [one["question"], *one["turns"], *one["forbidden"], *said(one)]
            assert all(isinstance(text, str) and text.strip() for text in texts), one["id"]
            assert all(one["facts"]), one["id"]

    def test_what_is_to_be_answered_has_sources_and_facts(self, path: Path) -> None:
        answers = [one for one in questions(path) if one["expect"] == "answer"]
        assert [one["id"] for one in answers if one["why"] is not None] == []
        assert [one["id"] for one in answers if not (one["about"] and one["facts"])] == []

    def test_what_is_not_to_be_answered_says_why(self, path: Path) -> None:
        others = [one for one in questions(path) if one["expect"] != "answer"]
        assert [one["id"] for one in others if not one["why"]] == []

    def test_sources_exist(self, path: Path) -> None:
        assert {key for one in questions(path) for key in one["about"]} - known_sources() == set()

    def test_each_question_is_asked_once(self, path: Path) -> None:
        counted = Counter(
            (*one["turns"], one["question"], one["place"], one["date"]) for one in questions(path)
        )
        assert [asked for asked, times in counted.items() if times > 1] == []

    def test_a_right_answer_may_hold_nothing_forbidden(self, path: Path) -> None:
        assert [one["id"] for one in questions(path) if set(said(one)) & set(one["forbidden"])] == []

    def test_phones_stand_in_the_sources(self, path: Path) -> None:
        texts = "".join((PACK / name).read_text() for name in ("outlets.csv", "agencies.csv"))
        texts += "".join(map(str, standards("catalogue").values()))
        phones = {phone for one in questions(path) for phone in PHONE.findall(str(said(one)))}
        assert {phone for phone in phones if phone not in texts} == set()

    def test_working_days_stand_in_a_cited_standard(self, path: Path) -> None:
        for one in questions(path):
            cited = [found for source in one["about"] if (found := standard_of(source))]
            days = {int(found) for text in said(one) for found in DAYS.findall(text)}
            amounts = {limit["amount"] for found in cited for limit in _limits(found)}
            written = {int(found) for found in DAYS.findall(str(cited))}
            assert not cited or days <= amounts | written, one["id"]


def _limits(standard: dict[str, Any]) -> list[dict[str, Any]]:
    return [standard[name] for name in ("promised", "statutory") if standard.get(name)]


def test_what_is_not_to_be_answered_is_asked_in_many_ways_beside_what_only_looks_so() -> None:
    asked = questions(HERE / "gate3.jsonl")
    styles: dict[str | None, set[str]] = {}
    for one in asked:
        styles.setdefault(one["why"], set()).add(one["style"])
    assert {*REASONS, None} == set(styles)
    assert [why for why, found in styles.items() if found != STYLES] == []
    assert sum(one["expect"] == "answer" for one in asked) >= 90


def test_an_emergency_is_told_whom_to_call() -> None:
    found = [one for path in FILES for one in questions(path) if one["why"] == "emergency"]
    assert [one["id"] for one in found if not {"110", "119", "120"} & set(said(one))] == []


def persons() -> list[Question]:
    return questions(HERE / "persons.jsonl")


def test_citizens_needs_are_asked_in_every_style() -> None:
    styles: dict[str, list[str]] = {}
    for one in persons():
        if one["core"]:
            styles.setdefault(one["core"], []).append(one["style"])
    assert len(styles) >= 75
    assert [core for core, asked in styles.items() if sorted(asked) != sorted(EACH_NEED)] == []


def test_citizens_questions_cover_every_item_of_theirs_and_every_element() -> None:
    theirs = {f"item:{key}" for key, one in standards("catalogue").items() if "1" in one["targets"]}
    assert theirs - {source for one in persons() for source in one["about"]} == set()
    assert {one["element"] for one in persons()} == ELEMENTS


def test_most_citizens_do_not_know_the_name_of_the_item() -> None:
    def named(one: Question) -> bool:
        found = [standard_of(source) for source in one["about"]]
        words = [word for item in found if item for word in (item["name"], *item["aliases"])]
        return any(word in one["question"] for word in words)

    assert sum(map(named, persons())) * 2 <= len(persons())
