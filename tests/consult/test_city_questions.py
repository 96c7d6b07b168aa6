"""The city's approved questions and its lexicon hold together, and say only what their sources say."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
HEADER = [
    "key",
    "question",
    "variants",
    "answer",
    "sources",
    "audience",
    "division",
    "owner",
    "review_on",
    "drafted_by",
    "approved_by",
]
ELEMENTS = {
    "summary",
    "conditions",
    "materials",
    "time",
    "fee",
    "where",
    "hours",
    "phone",
    "online",
    "visits",
    "result",
    "validity",
    "basis",
    "steps",
    "amount",
    "cap",
    "deadline",
    "department",
    "situation",
    "faq",
}
KINDS = {"dialect", "old_name", "colloquial", "typo", "pinyin", "english"}
NUMBER = re.compile(r"\d+(?:[.:]\d+)?")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def read(path: Path) -> Any:
    """One yaml file of the city."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Every approved question."""
    with (CITY / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def lexicon() -> tuple[dict[str, Any], ...]:
    """Every entry of the lexicon."""
    return tuple(read(CITY / "synonyms.yaml"))


def keyed(kind: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Each thing of the city with a key, and the text that stands for it."""
    for path in CITY.glob(pattern):
        found = read(path)
        entries = found if isinstance(found, list) else [found]
        for entry in entries:
            if "key" in entry:
                yield f"{kind}:{entry['key']}", path.read_text(encoding="utf-8")


@cache
def sources() -> dict[str, str]:
    """The text behind each source an answer may cite."""
    found = dict(keyed("item", "catalogue/*.yaml")) | dict(keyed("offer", "policies/*/offers/*.yaml"))
    found |= dict(keyed("bundle", "bundles/*.yaml"))
    for path in CITY.glob("policies/*/policy.yaml"):
        found[f"policy:{path.parent.name}"] = (path.parent / "text.txt").read_text(encoding="utf-8")
    hours = (CITY / "outlets.yaml").read_text(encoding="utf-8")
    with (CITY / "outlets.csv").open(encoding="utf-8", newline="") as stream:
        found |= {f"outlet:{row['code']}": hours + ",".join(row.values()) for row in csv.DictReader(stream)}
    return found


def cited(row: dict[str, str]) -> list[tuple[str, str]]:
    """The sources of one answer: what is cited, and which part of it."""
    pairs = [source.partition("#") for source in row["sources"].split(";")]
    return [(thing, part) for thing, _, part in pairs]


def variants(row: dict[str, str]) -> list[str]:
    """The other ways of asking."""
    return row["variants"].split("｜")


def wordings() -> list[str]:
    """Every way of asking, of every question."""
    return [text for row in rows() for text in (row["question"], *variants(row))]


def test_the_file_has_its_columns_and_enough_questions() -> None:
    """The header is the one the loader reads."""
    assert list(rows()[0]) == HEADER
    assert len(rows()) >= 330
    assert not [row["key"] for row in rows() if None in row or None in row.values()]


def test_keys_are_unique_slugs() -> None:
    """A key names one question for good."""
    keys = [row["key"] for row in rows()]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_nothing_is_asked_twice() -> None:
    """One way of asking leads to one answer."""
    assert [text for text, count in Counter(wordings()).items() if count > 1] == []


def test_each_question_is_asked_in_three_to_five_ways() -> None:
    """The question and two to four other wordings, none empty."""
    assert [row["key"] for row in rows() if not 2 <= len(variants(row)) <= 4 or "" in variants(row)] == []


def test_every_source_exists() -> None:
    """A cited item, offer, bundle, policy clause or outlet is in the city's folder."""
    missing = [(row["key"], thing) for row in rows() for thing, _ in cited(row) if thing not in sources()]
    assert missing == []


def test_every_cited_part_is_one_that_exists() -> None:
    """A policy is cited by a clause that stands in its text, an outlet whole, all else by an element."""
    assert [
        (row["key"], part) for row in rows() for thing, part in cited(row) if not sound(thing, part)
    ] == []


def sound(thing: str, part: str) -> bool:
    """Whether this part of this thing can be cited."""
    if thing.startswith("outlet:"):
        return part == ""
    if thing.startswith("policy:"):
        return part in sources()[thing]
    return part in ELEMENTS


def test_every_placeholder_resolves() -> None:
    """What the program fills in names an item's or offer's published value that the answer cites."""
    allowed = {"item": {"promised", "fee", "name", "result"}, "offer": {"name"}}
    wrong = []
    for row in rows():
        for inner in PLACEHOLDER.findall(row["answer"]):
            thing, _, value = inner.rpartition(".")
            known = thing in {source for source, _ in cited(row)}
            if not known or value not in allowed.get(thing.partition(":")[0], set()):
                wrong.append((row["key"], inner))
    assert wrong == []
    assert not [row["key"] for row in rows() if re.search(r"[{}]", PLACEHOLDER.sub("", row["answer"]))]


def test_every_number_stands_in_a_source() -> None:
    """No amount, time, age or phone is in an answer that its sources do not have."""
    invented = []
    for row in rows():
        there = set(NUMBER.findall("\n".join(sources()[thing] for thing, _ in cited(row))))
        numbers = NUMBER.findall(PLACEHOLDER.sub("", row["answer"]))
        invented += [(row["key"], number) for number in numbers if number not in there]
    assert invented == []


def test_every_item_has_three_questions() -> None:
    """No item of the catalogue is left without approved answers."""
    counts = Counter(thing for row in rows() for thing in {thing for thing, _ in cited(row)})
    assert [thing for thing in sources() if thing.startswith("item:") and counts[thing] < 3] == []


def test_one_person_drafts_and_another_approves() -> None:
    """Both are in the cast."""
    cast = {user["username"] for user in read(CITY / "cast.yaml")["users"]}
    assert [row["key"] for row in rows() if row["drafted_by"] == row["approved_by"]] == []
    assert {row[column] for row in rows() for column in ("drafted_by", "approved_by")} - cast == set()


def test_owner_audience_and_review_day_are_sound() -> None:
    """A question is owned by a kind of department the city has, and looked at again within 2027."""
    with (CITY / "agencies.csv").open(encoding="utf-8", newline="") as stream:
        kinds = {agency["kind"] for agency in csv.DictReader(stream)}
    assert {row["owner"] for row in rows()} - kinds == set()
    assert {row["audience"] for row in rows()} <= {"person", "enterprise", ""}
    assert {date.fromisoformat(row["review_on"]).year for row in rows()} == {2027}


def test_the_lexicon_has_its_shape() -> None:
    """Each entry says what people say, what it means, and of what kind it is."""
    assert len(lexicon()) >= 300
    assert [entry for entry in lexicon() if set(entry) != {"say", "means", "kind"} or not entry["say"]] == []
    assert {entry["kind"] for entry in lexicon()} == KINDS
    assert all(isinstance(word, str) for entry in lexicon() for word in (*entry["say"], entry["means"]))


def test_a_word_means_one_thing() -> None:
    """The same saying is not listed twice."""
    said = Counter(word.lower() for entry in lexicon() for word in entry["say"])
    assert [word for word, count in said.items() if count > 1] == []


def test_no_saying_can_match_inside_what_it_means() -> None:
    """A saying is no part of its meaning, and only words of dialect are one character long."""
    assert [
        (word, entry["means"])
        for entry in lexicon()
        for word in entry["say"]
        if word.lower() in entry["means"].lower() or (len(word) < 2 and entry["kind"] != "dialect")
    ] == []
