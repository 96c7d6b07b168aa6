"""Pieces of an item: one for each element a person asks about, out of the standard as it was published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.wording import english_limit, limit_words, sentence, steps_words
from yueban.catalogue.selectors import ByCancellation, ByUpload, ItemStandard, Material, Situation

PHONE_OF_THE_CITY = "12345"


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One version in force of an item at one agency."""

    standard: ItemStandard
    agency: str
    agency_name: str
    division: str
    division_name: str
    number: int
    effective_on: str
    valid_to: str = ""


def item_pieces(source: ItemSource, kinds: Mapping[str, str]) -> Iterator[Piece]:
    """All that may be said of an item at one agency; ``kinds`` are the names of kinds of agencies."""
    yield from _Item(source, kinds).pieces()


class _Item:
    """The pieces of one source; each method is one element."""

    def __init__(self, source: ItemSource, kinds: Mapping[str, str]) -> None:
        self.source, self.kinds, self.standard = source, kinds, source.standard

    def pieces(self) -> Iterator[Piece]:
        """Every element that says something."""
        for element, make in (
            (Element.SUMMARY, self._summary),
            (Element.CONDITIONS, self._conditions),
            (Element.MATERIALS, self._materials),
            (Element.TIME, self._time),
            (Element.FEE, self._fee),
            (Element.WHERE, self._where),
            (Element.HOURS, self._hours),
            (Element.PHONE, self._phone),
            (Element.ONLINE, self._online),
            (Element.VISITS, self._visits),
            (Element.RESULT, self._result),
            (Element.VALIDITY, self._validity),
            (Element.BASIS, self._basis),
            (Element.STEPS, self._steps),
            (Element.DEADLINE, self._periods),
            (Element.DEPARTMENT, self._department),
        ):
            said, english = make()
            if said:
                yield self._piece(element, said, english)
        yield from self._questions()
        if self.standard.situation is not None:
            yield from self._situations(self.standard.situation)

    def _piece(
        self,
        element: Element,
        said: list[str],
        english: list[str] | None = None,
        *,
        part: str = "",
        asked: tuple[str, ...] = (),
    ) -> Piece:
        standard, source = self.standard, self.source
        audiences = standard.audiences
        return Piece(
            subject=f"item:{standard.key}",
            element=element,
            name=standard.name,
            name_en=standard.name_en or "",
            names=standard.aliases,
            title=f"{standard.name} · {element.label}",
            sentences=tuple(sentence(one) for one in said),
            sentences_en=tuple(english or ()),
            asked=asked,
            division=source.division,
            audience=next(iter(audiences)) if len(audiences) == 1 else "",
            version=f"第{source.number}版",
            owner=standard.agency_kind,
            valid_from=source.effective_on,
            valid_to=source.valid_to,
            part=part,
        )

    def _summary(self) -> tuple[list[str], list[str]]:
        english = [self.standard.summary_en] if self.standard.summary_en else []
        return [self.standard.summary], english

    def _conditions(self) -> tuple[list[str], list[str]]:
        conditions = self.standard.conditions
        if len(conditions) == 1:
            return [f"条件是：{conditions[0]}"], []
        return [f"要符合这些条件：{_listed(conditions)}"], []

    def _materials(self) -> tuple[list[str], list[str]]:
        needed = [one for one in self.standard.materials if not _is_cancelled(one)]
        if not needed:
            return ["不用交材料，填好表就可以"], ["No documents are needed; just fill in the form."]
        plain = [one for one in needed if one.when is None]
        special = [one for one in needed if one.when is not None]
        said = []
        if plain:
            said.append(f"材料共{len(plain)}样：{_listed(_material(one) for one in plain)}")
        if special:
            said.append(f"看情况还要：{_listed(_material(one) for one in special)}")
        english = [one.name_en for one in plain if one.name_en]
        return said, [f"Documents: {', '.join(english)}."] if len(english) == len(plain) and english else []

    def _time(self) -> tuple[list[str], list[str]]:
        promised, statutory = self.standard.promised, self.standard.statutory
        said = [
            f"承诺办结时限是{limit_words(promised.limit)}" + (f"，{promised.note}" if promised.note else "")
        ]
        if statutory.by_law and statutory.amount:
            said.append(f"法定办结时限是{limit_words(statutory.limit)}")
        return said, [f"Promised time: {english_limit(promised.limit)}."]

    def _fee(self) -> tuple[list[str], list[str]]:
        fee = self.standard.fee
        if not fee.charged:
            return ["不收费"], ["Free of charge."]
        said = [f"收费：{'；'.join(f'{one.name}{one.standard}' for one in fee.items)}"]
        said += [f"{one.name}{one.reduction}" for one in fee.items if one.reduction]
        said.append("可以网上缴费" if fee.pay_online else "在窗口缴费")
        return said, ["A fee is charged."]

    def _where(self) -> tuple[list[str], list[str]]:
        windows = self._windows()
        said = [
            f"{self.source.division_name}在{one.name}办" + (f"，地址：{one.address}" if one.address else "")
            for one in windows
        ]
        levels = {one.level for one in self.standard.offerings if one.does == "intake"}
        near = [
            name
            for level, name in (("village", "村社便民服务点"), ("town", "镇街便民服务中心"))
            if level in levels
        ]
        if near:
            said.append(f"{'、'.join(near)}也可以收件")
        if self.standard.reach and said:
            said.append("、".join(self.standard.reach))
        return said, []

    def _windows(self) -> list["_Window"]:
        source = self.source
        return [
            _Window(one.name, one.address or "", one.phone or "", one.hours or "")
            for one in self.standard.windows
            if one.agency in (None, source.agency) and one.division in (None, source.division)
        ]

    def _hours(self) -> tuple[list[str], list[str]]:
        return [f"{one.name}的办公时间：{one.hours}" for one in self._windows() if one.hours], []

    def _phone(self) -> tuple[list[str], list[str]]:
        said = [f"{one.name}的电话：{one.phone}" for one in self._windows() if one.phone]
        if not said and self.standard.consult.phone:
            said = [f"咨询电话：{self.standard.consult.phone}"]
        return said, []

    def _online(self) -> tuple[list[str], list[str]]:
        online = self.standard.online
        if not online.available:
            return ["不能网上办，要到窗口办"], ["This cannot be done online; please go to a window."]
        return ["可以网上办，手机、电脑都能填表和交材料"], [
            "Yes, you can apply online, on a phone or a computer."
        ]

    def _visits(self) -> tuple[list[str], list[str]]:
        visits = self.standard.visits
        if visits.count == 0:
            return ["到现场0次，一次都不用跑"], ["No visit is needed (0 visits)."]
        why = f"：{visits.reason}" if visits.reason else ""
        times = "once" if visits.count == 1 else f"{visits.count} times"
        return [f"最多到现场{visits.count}次{why}"], [f"You go in person {times}."]

    def _result(self) -> tuple[list[str], list[str]]:
        result = self.standard.result
        said = [f"办成后给您：{result.name}", f"领取方式：{'、'.join(self.standard.delivery)}"]
        return said, [f"Result: {result.name_en}."] if result.name_en else []

    def _validity(self) -> tuple[list[str], list[str]]:
        validity = self.standard.result.validity
        if validity is None:
            return [f"{self.standard.result.name}没有规定有效期"], []
        words = f"{validity.amount}{validity.unit}" if validity.unit != "月" else f"{validity.amount}个月"
        return [f"{self.standard.result.name}的有效期是{words}"], []

    def _basis(self) -> tuple[list[str], list[str]]:
        said = [f"依据《{one.law.strip('《》')}》{one.article or ''}" for one in self.standard.basis]
        return said, []

    def _steps(self) -> tuple[list[str], list[str]]:
        return [f"办理的步骤：{steps_words(self.standard)}"], []

    def _periods(self) -> tuple[list[str], list[str]]:
        return [
            f"{one.name}：{one.opens_on}至{one.closes_on}" + (f"（{one.note}）" if one.note else "")
            for one in self.standard.intake_periods
        ], []

    def _department(self) -> tuple[list[str], list[str]]:
        kind = self.kinds.get(self.standard.agency_kind, "")
        said = [f"由{self.source.agency_name}办理"]
        if kind and kind not in self.source.agency_name:
            said.append(f"主管部门是{kind}")
        if self.standard.division_of_power:
            said.append(self.standard.division_of_power)
        return said, []

    def _questions(self) -> Iterator[Piece]:
        for number, question in enumerate(self.standard.faq, 1):
            yield self._piece(Element.FAQ, [question.a], part=str(number), asked=(question.q,))
        more = {
            "rights": self.standard.rights,
            "duties": self.standard.duties,
        }
        for part, said in more.items():
            for number, one in enumerate(said, 1):
                yield self._piece(Element.FAQ, [one], part=f"{part}{number}")
        for material in self.standard.materials:
            words = [f"{material.name}：{material.notes}"] if material.notes else []
            if material.acceptance:
                words.append(f"{material.name}要看：{'；'.join(material.acceptance)}")
            if words:
                yield self._piece(Element.FAQ, words, part=f"material-{material.key}", asked=(material.name,))

    def _situations(self, situation: Situation) -> Iterator[Piece]:
        ends: dict[str, list[str]] = {}
        for question in situation.questions:
            if question.help:
                asked = (question.text, *(option.label for option in question.options))
                yield self._piece(
                    Element.SITUATION, [question.help], part=f"help-{question.key}", asked=asked
                )
            for option in question.options:
                if option.end:
                    ends.setdefault(option.end, []).append(f"{question.text}{option.label}")
        for outcome in situation.outcomes:
            if outcome.message:
                yield self._piece(
                    Element.SITUATION,
                    [outcome.message],
                    [outcome.message_en] if outcome.message_en else None,
                    part=outcome.key,
                    asked=tuple(ends.get(outcome.key, ())),
                )


@dataclass(frozen=True, slots=True)
class _Window:
    name: str
    address: str
    phone: str
    hours: str


def _is_cancelled(material: Material) -> bool:
    return all(isinstance(way, ByCancellation) for way in material.satisfy)


def _material(material: Material) -> str:
    """Its name, and that nobody has to bring it where that is so."""
    ways = [way for way in material.satisfy if not isinstance(way, ByUpload)]
    if any(way.way == "form" for way in ways):
        return f"{material.name}（网上填写后自动生成）"
    if any(way.way in {"certificate", "share"} for way in ways):
        return f"{material.name}（系统能查到的不用交）"
    if any(way.way == "check" for way in ways):
        return f"{material.name}（由部门核对，查不到再交）"
    if any(way.way == "promise" for way in ways):
        return f"{material.name}（可以书面承诺代替）"
    return material.name


def _listed(words: "Iterator[str] | tuple[str, ...]") -> str:
    return "；".join(f"{number}. {one.rstrip('。；')}" for number, one in enumerate(words, 1))
