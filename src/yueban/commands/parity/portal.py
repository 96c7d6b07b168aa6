"""The portal as one channel: on a computer, on a phone, in 长辈版; the pages that a person goes through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from yueban.catalogue import selectors as catalogue
from yueban.commands.parity import pages
from yueban.commands.parity.applicants import EVERYBODY
from yueban.commands.parity.markup import Node
from yueban.commands.parity.places import Crew, Desk, Person, Place
from yueban.commands.parity.reading import End, MaterialSeen, PageUnread, Question, Reading
from yueban.commands.parity.visiting import Visitor, visitor

END_OF_WORD = {
    "可以办": "proceed",
    "不用办": "not_needed",
    "现在还不能办": "not_eligible",
    "要到别处办": "elsewhere",
}
WAY_OF_WORD = {
    "在线填写生成": "form",
    "承诺代替": "promise",
    "为您免交 · 电子证照": "certificate",
    "为您免交 · 数据共享": "share",
    "为您免交 · 部门核验": "check",
    "为您免交 · 材料复用": "reuse",
    "为您免交 · 依规取消": "cancelled",
}
WHERE = "去哪里办："
MOST_QUESTIONS = 90
PAGES = {
    "item": ("portal:guide", "portal:situation", "portal:start"),
    "bundle": ("portal:bundle", "portal:bundle-questions", "portal:bundle-start"),
}
Told = tuple[tuple[str, str], ...]
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@dataclass(frozen=True)
class Portal:
    """The portal as one kind of device shows it; ``view`` is the look that its cookie asks for."""

    key: str
    name: str
    view: str = ""
    agent: str = ""
    family: str = "portal"
    kinds: tuple[str, ...] = EVERYBODY

    def spots(self, place: Place) -> list[Desk | None]:
        """Once, at the agency's own level."""
        return [None] if place.is_online else []

    def read(self, crew: Crew, person: Person, _desk: Desk | None) -> Reading:
        """The questions, then the form filled in and sent, the materials, the last look before submitting."""
        place, applicant = crew.place, person.applicant
        guide_page, situation, start_page = PAGES[place.kind]
        guide = self._see(crew, reverse(guide_page, args=[place.item]) + _query(place))
        address = reverse(situation, args=[place.item]) + _query(place)
        questions, page = questions_of(
            lambda told: self._see(crew, address + ("&" + urlencode(told) if told else "")), applicant.answers
        )
        so_far = Reading(questions, end_on(page), versions={"办事指南": pages.version_on(guide)})
        if not applicant.reaches_form:
            return so_far
        browser = self._visitor(person)
        begun = {
            "apply.version": pages.hidden_on(page, "apply.version"),
            "apply.party": str(person.party.pk),
        }
        start = reverse(start_page, args=[place.item])
        begins = browser.send(start, {**applicant.answers, **begun}).expect(302)
        filled = self._filled(browser, urlsplit(begins.location).path, crew, person)
        return replace(
            filled, questions=questions, end=so_far.end, versions={**so_far.versions, **filled.versions}
        )

    def _visitor(self, person: Person | None) -> Visitor:
        found = visitor(person.who if person else None, **({"yueban_view": self.view} if self.view else {}))
        if self.agent:
            found.defaults["HTTP_USER_AGENT"] = self.agent
        return found

    def _see(self, crew: Crew, address: str) -> Node:
        """A page that is the same for every visitor of this channel; asked for once a place."""
        key = (self.key, address)
        if key not in crew.seen:
            crew.seen[key] = self._visitor(None).see(address).expect(200).page()
        return crew.seen[key]

    def _filled(self, browser: Visitor, form: str, crew: Crew, person: Person) -> Reading:
        """The form sent as it is typed, then shown as it was kept, and what comes after it."""
        number = form.rstrip("/").rpartition("/")[2]
        typed = catalogue.flat(crew.place.compiled, person.applicant.form)
        sent = browser.send(form, {**typed, "go": "next"}).expect(302, 422)
        shown = sent if sent.status == 422 else browser.see(form).expect(200)
        page = shown.page(number=number)
        materials = browser.see(f"{form}materials").expect(200).page(number=number)
        missing = None
        if sent.status != 422:
            missing = missing_on(browser.see(f"{form}preview").expect(200).page(number=number))
        return Reading(
            sections=pages.sections_on(page),
            materials=materials_on(materials),
            errors=pages.errors_on(page),
            missing=missing,
            versions={"申请表": pages.version_on(page)},
        )


def questions_of(
    see: Callable[[Told], Node], answers: Mapping[str, str]
) -> tuple[tuple[Question, ...], Node]:
    """Each question on its screen, answered as it is asked, and the page after the last."""
    asked: list[Question] = []
    told: Told = ()
    for _ in range(MOST_QUESTIONS):
        page = see(told)
        if page.first("form", "question") is None:
            return tuple(asked), page
        question = question_on(page)
        if question.key not in answers:
            raise PageUnread(f"问了不该问的“{question.text}”")
        asked.append(question)
        told = (*told, (question.key, answers[question.key]))
    raise PageUnread("问题没有尽头")


def question_on(page: Node) -> Question:
    """The question of a page of questions."""
    heading, hint = page.first("h1"), next((n for n in page.walk() if n.get("id") == "question-help"), None)
    boxes = [node for node in page.all("input") if node.get("type") == "radio"]
    if heading is None or not boxes:
        raise PageUnread("页面上没有问题")
    rows = []
    for label in page.all("label", "choice"):
        box, words = label.first("input"), label.first("span")
        rows.append((box.get("value") if box else "", words.text() if words else ""))
    return Question(boxes[0].get("name"), heading.text(), hint.text() if hint else "", tuple(rows))


def end_on(page: Node) -> End:
    card = page.first("div", "next-step")
    word = card.first("p") if card else None
    if card is None or word is None:
        raise PageUnread("问题答完了，页面没有说结果")
    return end_in(card, END_OF_WORD.get(word.text(), word.text()))


def end_in(card: Node, kind: str) -> End:
    """What a card says of an end besides its kind."""
    message = where = ""
    for line in card.children:
        if isinstance(line, Node) and line.tag == "p":
            text = line.text()
            if "told" in line.classes:
                message = text
            elif text.startswith(WHERE):
                where = text.removeprefix(WHERE)
    return End(kind, message, where)


def materials_on(page: Node) -> tuple[MaterialSeen, ...]:
    """Those that are seen to, and those to hand in."""
    found = []
    for line in page.all("li", "material"):
        name, how = line.first("b"), line.first("span", "how")
        word = how.text() if how else ""
        key = line.get("id").removeprefix("m-")
        found.append(MaterialSeen(key, name.text() if name else "", WAY_OF_WORD.get(word, word)))
    for card in page.all("div", "leaf"):
        title = card.first("h3")
        if title is not None and card.get("id").startswith("m-"):
            is_required = title.first(cls="tag") is None
            key = card.get("id").removeprefix("m-")
            found.append(MaterialSeen(key, title.text(without="tag"), "upload", is_required))
    return tuple(found)


def missing_on(page: Node) -> frozenset[str]:
    """The materials that are still to be handed in, as the last look says."""
    links = [link.get("href") for card in page.all("section", "errors") for link in card.all("a")]
    return frozenset(link.partition("#m-")[2] for link in links if "#m-" in link)


def _query(place: Place) -> str:
    return f"?{urlencode({'division': place.division})}"
