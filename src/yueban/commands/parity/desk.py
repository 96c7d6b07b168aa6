"""The desk as two channels: the window with the person before it, and the village helper on his way to a mandate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import reverse

from yueban.catalogue import selectors as catalogue
from yueban.commands.parity import pages
from yueban.commands.parity.applicants import EVERYBODY
from yueban.commands.parity.markup import Node
from yueban.commands.parity.places import Crew, Desk, Person, Place
from yueban.commands.parity.portal import END_OF_WORD, MOST_QUESTIONS, WAY_OF_WORD, Told, end_in
from yueban.commands.parity.reading import End, MaterialSeen, PageUnread, Question, Reading
from yueban.commands.parity.visiting import visitor

OPTIONAL = "非必要"
PAGES = {"item": "desk:intake-item", "bundle": "desk:intake-bundle"}


@dataclass(frozen=True)
class Intake:
    """Taking in at a desk; ``levels`` are those at which this kind of desk stands."""

    key: str
    name: str
    levels: tuple[str, ...]
    family: str = "desk"
    kinds: tuple[str, ...] = EVERYBODY

    def spots(self, place: Place) -> list[Desk | None]:
        """One desk a level that takes the item in."""
        return [desk for desk in place.desks if desk.level in self.levels and desk.level in place.taken_in]

    def read(self, crew: Crew, person: Person, desk: Desk | None) -> Reading:
        """The questions on the clerk's screen, then the one page of the draft, pressed to submit unread-out."""
        assert desk is not None  # spots gives desks only
        clerk = visitor(crew.staff(desk))
        address = reverse(PAGES[crew.place.kind], args=[person.party.number, crew.place.item])

        def see(told: Told) -> Node:
            """What was asked of one applicant after these answers is asked of the next one, too: seen once."""
            key = (f"{self.key} {desk.level} {person.applicant.kind}", urlencode(told))
            if key not in crew.seen:
                where = f"{address}?{urlencode(told)}" if told else address
                crew.seen[key] = clerk.see(where).expect(200).page()
            return crew.seen[key]

        questions, page = _questions(see, person.applicant.answers)
        end = _end_on(page)
        if not person.applicant.reaches_form:
            return Reading(questions, end)
        begun = clerk.send(address, dict(person.applicant.answers)).expect(302)
        draft = urlsplit(begun.location).path
        number = draft.rstrip("/").rpartition("/")[2]
        typed = catalogue.flat(crew.place.compiled, person.applicant.form)
        # Pressed before the declaration was read out: the page says all that is wrong and submits nothing.
        shown = clerk.send(draft, {**typed, "submit": "1"}).expect(422).page(number=number)
        return Reading(
            questions=questions,
            end=end,
            sections=pages.sections_on(shown),
            materials=materials_on(shown),
            errors=pages.errors_on(shown),
            missing=missing_on(shown),
            versions={"申请表": pages.version_on(shown)},
        )


def _questions(see: Callable[[Told], Node], answers: Mapping[str, str]) -> tuple[tuple[Question, ...], Node]:
    asked: list[Question] = []
    told: Told = ()
    for _ in range(MOST_QUESTIONS):
        page = see(told)
        question = _question_on(page)
        if question is None:
            return tuple(asked), page
        if question.key not in answers:
            raise PageUnread(f"问了不该问的“{question.text}”")
        asked.append(question)
        told = (*told, (question.key, answers[question.key]))
    raise PageUnread("问题没有尽头")


def _question_on(page: Node) -> Question | None:
    heading = next((node for node in page.all("h2") if node.get("id") == "question"), None)
    card = next(
        (node for node in page.all("section") if heading is not None and heading in node.walk()), None
    )
    if heading is None or card is None:
        return None
    rows, key = [], ""
    for link in card.all("a", "choice"):
        key, value = parse_qsl(urlsplit(link.get("href")).query)[-1]
        words = link.first("span")
        rows.append((value, words.text() if words else ""))
    hint = card.first("p", "muted")
    is_help = hint is not None and "keys" not in hint.classes
    return Question(key, heading.text(), hint.text() if hint is not None and is_help else "", tuple(rows))


def _end_on(page: Node) -> End:
    box = page.first("div", "situation")
    heads = [(card, card.first("h2")) for card in (box.children if box else ()) if isinstance(card, Node)]
    for card, head in heads:
        if head is not None:
            return end_in(card, END_OF_WORD.get(head.text(), head.text()))
    raise PageUnread("问题答完了，页面没有说结果")


def materials_on(page: Node) -> tuple[MaterialSeen, ...]:
    """The list of materials beside the form."""
    found = []
    for listed in page.all("ul", "materials-list"):
        for line in (child for child in listed.children if isinstance(child, Node)):
            name, free = line.first("b"), line.first("span", "free")
            word = free.text() if free else ""
            head = line.first("div")
            found.append(
                MaterialSeen(
                    key=line.get("id").removeprefix("m-"),
                    name=name.text() if name else "",
                    way=WAY_OF_WORD.get(word, word) if free else "upload",
                    required=None if free else head is not None and OPTIONAL not in head.text(),
                )
            )
    return tuple(found)


def missing_on(page: Node) -> frozenset[str]:
    """The materials that the list of what is wrong leads to."""
    links = [link.get("href") for box in page.all(cls="errors") for link in box.all("a")]
    return frozenset(link.removeprefix("#m-") for link in links if link.startswith("#m-"))
