"""The kiosk as a channel: a registered terminal in this process, and every screen that a person passes there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from yueban.catalogue import selectors as catalogue
from yueban.channels.kiosk.access import COOKIE
from yueban.commands.parity import pages
from yueban.commands.parity.applicants import EVERYBODY
from yueban.commands.parity.markup import Node
from yueban.commands.parity.places import Crew, Desk, Person, Place
from yueban.commands.parity.portal import WAY_OF_WORD, Told, end_on, questions_of
from yueban.commands.parity.reading import MaterialSeen, PageUnread, Reading, SectionSeen, VersionSeen
from yueban.commands.parity.visiting import Answer, Visitor, visitor

MOST_SCREENS = 400
PAGES = {
    "item": ("kiosk:guide", "kiosk:situation", "kiosk:start"),
    "bundle": ("kiosk:bundle", "kiosk:bundle-questions", "kiosk:bundle-start"),
}


@dataclass(frozen=True)
class Kiosk:
    """A self-service terminal at an outlet of each level that takes the item in."""

    key: str
    name: str
    family: str = "kiosk"
    kinds: tuple[str, ...] = EVERYBODY

    def spots(self, place: Place) -> list[Desk | None]:
        """One terminal a level."""
        return list(place.desks)

    def read(self, crew: Crew, person: Person, desk: Desk | None) -> Reading:
        """The questions, each screen of the form answered and sent, the materials, the look at everything."""
        assert desk is not None  # spots gives desks only
        place, applicant = crew.place, person.applicant
        guide, situation, start = (reverse(name, args=[place.item]) for name in PAGES[place.kind])
        terminal = crew.terminal(desk)

        def see(address: str, told: Told = ()) -> Node:
            """A screen before a card is read: the same for everybody, asked for once."""
            where = f"{address}?{urlencode(told)}" if told else address
            key = (f"{self.key} {desk.level}", where)
            if key not in crew.seen:
                crew.seen[key] = visitor(None, **{COOKIE: terminal}).see(where).expect(200).page()
            return crew.seen[key]

        first = see(guide)
        questions, page = questions_of(lambda told: see(situation, told), applicant.answers)
        so_far = Reading(questions, end_on(page), versions={"办事指南": pages.version_on(first)})
        if not applicant.reaches_form:
            return so_far
        browser = visitor(person.at_kiosk, **{COOKIE: terminal})
        begun = {
            "apply.version": pages.hidden_on(page, "apply.version"),
            "apply.party": str(person.party.pk),
        }
        begins = browser.send(start, {**applicant.answers, **begun}).expect(302)
        walk = _Walk(browser, catalogue.flat(place.compiled, applicant.form))
        walk.through(begins.location)
        return replace(
            walk.reading(urlsplit(begins.location).path),
            questions=questions,
            end=so_far.end,
            versions={**so_far.versions, "申请表": walk.version},
        )


@dataclass
class _Walk:
    """One draft at one terminal, screen by screen, and what was seen on the way."""

    browser: Visitor
    typed: Mapping[str, Any]
    sections: dict[str, SectionSeen] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)  # the sections in the order in which they are asked
    looked_over: set[str] = field(default_factory=set)
    version: VersionSeen | None = None

    def through(self, address: str) -> None:
        """Every screen until the materials."""
        form = urlsplit(address).path
        number = _number(form)
        for _ in range(MOST_SCREENS):
            page = self.browser.see(address).expect(200).page(number=number)
            is_looked_over = any(node.get("name") == "is_read_back" for node in page.all("input"))
            if is_looked_over:
                # What is known is shown as text; its controls are seen by whoever presses 有不对的，改.
                page = self.browser.see(f"{form}?at=known&edit=1").expect(200).page(number=number)
            self._look(page, is_looked_over=is_looked_over)
            self.version = self.version or pages.version_on(page)
            address = self._sent(form, page, number).location
            if urlsplit(address).path != form:
                return
        raise PageUnread("屏幕没有尽头")

    def _look(self, page: Node, *, is_looked_over: bool) -> None:
        """What stands on a screen; of a part that is filled several times only the first row counts."""
        parts = [_section(part) for part in page.all("section", "screen-part")]
        if not parts:
            raise PageUnread("屏幕上没有问什么")
        for part in parts:
            known = self.sections.setdefault(part.key, replace(part, fields=()))
            names = {one.name for one in known.fields}
            is_other_row = part.repeat and not part.fields[0].name.startswith(f"{part.key}-0-")
            new = () if is_other_row else tuple(one for one in part.fields if one.name not in names)
            self.sections[part.key] = replace(known, fields=(*known.fields, *new))
            if is_looked_over:
                self.looked_over |= {one.name for one in part.fields}
            else:
                self.asked[part.key] = None

    def _sent(self, form: str, page: Node, number: str) -> Answer:
        """The screen as it is typed and pressed on; what is refused is read, and the rest is filled in first."""
        body = self._body(page)
        answer = self.browser.send(form, body).expect(302, 422)
        if answer.status == 302:
            return answer
        again = answer.page(number=number)
        self.errors |= _errors(again)
        return self.browser.send(form, {**self._body(again), "go": "skip"}).expect(302)

    def _body(self, page: Node) -> dict[str, Any]:
        names = dict.fromkeys(node.get("name") for node in page.walk() if node.tag in pages.CONTROLS)
        hidden = {
            node.get("name"): node.get("value") for node in page.all("input") if node.get("type") == "hidden"
        }
        filled = {name: self.typed[name] for name in names if name in self.typed}
        return {**hidden, **filled, "go": self._go(page)}

    def _go(self, page: Node) -> str:
        """Another row where there is more to fill in, else on."""
        part = page.first("section", "screen-part")
        line = part.first("p", "lead") if part else None
        if part is None or line is None:
            return "next"
        rows = re.search(r"\d+", line.text())
        key = _heading(part).get("id").removeprefix("s-")
        is_more = rows and any(name.startswith(f"{key}-{rows[0]}-") for name in self.typed)
        return "add" if is_more else "next"

    def reading(self, form: str) -> Reading:
        """What was asked, with the materials and what is missing before it may be submitted."""
        number = _number(form)
        materials = self.browser.see(f"{form}materials").expect(200).page(number=number)
        review = self.browser.see(f"{form}review").expect(200).page(number=number)
        only_looked_over = self.sections.keys() - self.asked.keys()
        return Reading(
            sections=tuple(self.sections[key] for key in (*self.asked, *only_looked_over)),
            materials=materials_on(materials),
            errors=self.errors,
            missing=missing_on(review),
            looked_over=frozenset(self.looked_over | only_looked_over),
        )


def _number(form: str) -> str:
    return form.rstrip("/").rpartition("/")[2]


def _heading(part: Node) -> Node:
    found = next((node for node in part.walk() if node.get("id").startswith("s-")), None)
    if found is None:
        raise PageUnread("屏幕上的一部分没有标题")
    return found


def _section(part: Node) -> SectionSeen:
    heading, row = _heading(part), part.first(cls="row-label")
    return SectionSeen(
        key=heading.get("id").removeprefix("s-"),
        title=heading.text(),
        repeat=re.sub(r"\s*\d+$", "", row.text()) if row else "",
        fields=pages.fields_in(part),
    )


def _errors(page: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in page.all("section", "screen-part"):
        key, own = _heading(part).get("id").removeprefix("s-"), part.first("p", "error-line")
        found |= {key: own.text()} if own is not None else pages.field_errors_in(part, own=key)
    return found


def materials_on(page: Node) -> tuple[MaterialSeen, ...]:
    """The screen of all materials: those to be laid under the camera, those that are seen to."""
    return tuple(_materials(page))


def _materials(page: Node) -> Iterator[MaterialSeen]:
    for line in page.all("li", "material"):
        name, how = line.first("b"), line.first("span", "how")
        word = how.text() if how else ""
        key = line.get("id").removeprefix("m-")
        told = name.text() if name else ""
        if how is None:
            yield MaterialSeen(key, told, "upload", required=line.first(cls="tag") is None)
        else:
            yield MaterialSeen(key, told, WAY_OF_WORD.get(word, word))


def missing_on(page: Node) -> frozenset[str]:
    """The materials that the look at everything leads back to."""
    links = [link.get("href") for box in page.all("section", "errors") for link in box.all("a")]
    return frozenset(link.partition("/materials?at=")[2] for link in links if "/materials?at=" in link)
