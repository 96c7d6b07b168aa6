"""The API as a channel: what a system of an agency reads of an item, and what it is answered when it applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from yueban.catalogue import selectors as catalogue
from yueban.commands.parity.applicants import EVERYBODY
from yueban.commands.parity.places import Crew, Desk, Person, Place
from yueban.commands.parity.reading import (
    End,
    FieldSeen,
    MaterialSeen,
    Question,
    Reading,
    SectionSeen,
    VersionSeen,
)
from yueban.commands.parity.visiting import visitor
from yueban.expressions import Truth, Vocabulary, evaluate, parse
from yueban.kernel import clock

BASE = "/api/v1"
CONTROL_OF_FORMAT = {"mobile": "tel", "phone": "tel", "email": "email", "paragraphs": "long"}
CONTROL_OF_TYPE = {
    "integer": "integer",
    "decimal": "decimal",
    "money": "decimal",
    "date": "date",
    "boolean": "boolean",
    "code": "choice",
    "codes": "choices",
    "division": "choice",
}
NUMBERS = count(1)


@dataclass(frozen=True)
class Api:
    """Another system, in the name of the first desk that takes the item in."""

    key: str
    name: str
    family: str = "api"
    kinds: tuple[str, ...] = EVERYBODY

    def spots(self, place: Place) -> list[Desk | None]:
        """Once, at the desk nearest to the agency's own level; bundles are not applied for by machines."""
        return list(place.desks[:1]) if place.kind == "item" else []

    def read(self, crew: Crew, person: Person, desk: Desk | None) -> Reading:
        """The item as it is published, its rules applied as any reader of the description would, then the answer."""
        assert desk is not None  # spots gives desks only
        place, applicant = crew.place, person.applicant
        item = _item(place)
        questions, end, facts = _walked(item["situations"], applicant.answers)
        versions = {"事项": _version(item, "version", "hash")}
        if end.kind != "proceed":
            return Reading(questions, end, versions=versions)
        body = {
            "applicant": {"kind": applicant.kind, "name": applicant.name, "id_number": applicant.id_number},
            "item": place.item,
            "division": place.division,
            "answers": dict(applicant.answers),
            "form": dict(applicant.form),
            "consent": True,
        }
        headers = {
            "authorization": f"Bearer {crew.secret(desk)}",
            "idempotency-key": f"parity-{next(NUMBERS)}",
        }
        answer = visitor().call(f"{BASE}/applications", body, headers).expect(201).json()
        typed = catalogue.validate_form(place.compiled, applicant.form, facts, partial=True).cleaned
        asked = _Asked({**facts, **typed}, applicant.form, place.compiled.vocabulary)
        return Reading(
            questions=questions,
            end=end,
            sections=tuple(asked.sections(item["form"]["sections"])),
            materials=tuple(_material(one) for one in answer["materials"]),
            errors=answer["errors"],
            missing=frozenset(one["key"] for one in answer["materials"] if one["is_missing"]),
            versions={**versions, "申请": _version(answer, "item_version", "item_version_hash")},
        )


def _item(place: Place) -> Any:
    address = f"{BASE}/items/{place.item}?{urlencode({'division': place.division})}"
    return visitor().see(address).expect(200).json()


def _version(row: Mapping[str, Any], number: str, digest: str) -> VersionSeen | None:
    return VersionSeen(row[number], row[digest]) if row.get(number) and row.get(digest) else None


def _walked(
    tree: Mapping[str, Any], answers: Mapping[str, str]
) -> tuple[tuple[Question, ...], End, dict[str, Any]]:
    """The questions one after the other as the tree leads, and the facts they settle."""
    asked, facts = [], {}
    key = tree["start"]
    while key is not None:
        one = tree["questions"][key]
        rows = tuple((_text(option["value"]), option["label"]) for option in one["options"])
        asked.append(Question(key, one["text"], one["help"] or "", rows))
        option = next(option for option in one["options"] if _text(option["value"]) == answers[key])
        facts[one["element"]] = option["value"]
        if option["end"] is not None:
            end = tree["outcomes"][option["end"]]
            return tuple(asked), End(end["kind"], end["message"] or "", end["where"] or ""), facts
        key = option["next"]
    return tuple(asked), End("proceed"), facts


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class _Asked:
    """Which parts of a described form concern an applicant."""

    facts: Mapping[str, Any]
    form: Mapping[str, Any]
    vocabulary: Vocabulary

    def sections(self, rows: list[Any]) -> list[SectionSeen]:
        found = []
        for row in rows:
            if not self._holds(row["when"], self.facts):
                continue
            filled = self.form.get(row["key"]) if row["repeat"] else None
            facts = {**self.facts, **(filled[0] if filled else {})}
            prefix = f"{row['key']}-0-" if row["repeat"] else ""
            fields = tuple(_field(one, prefix) for one in row["fields"] if self._holds(one["when"], facts))
            if fields or row["repeat"]:
                label = row["repeat"]["label"] if row["repeat"] else ""
                found.append(SectionSeen(row["key"], row["title"], label, fields))
        return found

    def _holds(self, rule: Any, facts: Mapping[str, Any]) -> bool:
        if rule is None:
            return True
        found = evaluate(parse(rule), facts, on=clock.today(), vocabulary=self.vocabulary)
        return found.value is Truth.TRUE


def _field(one: Mapping[str, Any], prefix: str) -> FieldSeen:
    choices = tuple((row["value"], row["label"]) for row in one["choices"])
    control = CONTROL_OF_FORMAT.get(one["format"]) or CONTROL_OF_TYPE.get(one["type"], "text")
    if control == "choice" and not choices:
        control = "text"
    return FieldSeen(
        name=prefix + one["element"],
        label=one["label"],
        help=one["help"] or "",
        required=one["required"],
        control=control,
        unit=one["unit"],
        max_length=one["max_length"] if control in ("text", "long", "tel", "email") else None,
        choices=choices,
    )


def _material(one: Mapping[str, Any]) -> MaterialSeen:
    # Until a promise is signed the pages ask for the paper, or for the signature in its place.
    way = "upload" if one["is_to_sign"] else one["way"]
    return MaterialSeen(one["key"], one["name"], way, one["is_required"] if way == "upload" else None)
