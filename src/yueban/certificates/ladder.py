"""免证阶梯: for each required material the first rung that holds now, and what was tried in vain above it.

cancelled by rule → e-certificate → data share → check with the owner department → earlier material → promise →
upload. A source that does not answer is no reason to wait: the next rung holds, and the last always does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from yueban.catalogue.selectors import (
    ByCancellation,
    ByCertificate,
    ByCheck,
    ByPromise,
    ByShare,
    ByUpload,
    PlannedMaterial,
    Rung,
)
from yueban.certificates import holdings, promises
from yueban.certificates.choices import FAULT_WORDS, ExchangeResult
from yueban.certificates.connectors.registry import Ladder, can_ask, ladder
from yueban.certificates.models import Certificate, Exchange, Holding, Promise, PromiseBar
from yueban.certificates.validity import valid_by_type
from yueban.kernel import clock
from yueban.kernel.reference import Reference

# After a fault a source is not asked again for the same material before this.
ASK_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Evidence:
    """What is known of one matter and its party when the ladder is climbed; empty for a draft just begun."""

    applicant: Mapping[str, Certificate] = field(default_factory=dict)
    handler: Mapping[str, Certificate] = field(default_factory=dict)
    exchanges: Mapping[str, Sequence[Exchange]] = field(default_factory=dict)
    """By material, the newest first."""
    promises: Mapping[str, Promise] = field(default_factory=dict)
    reusable: Mapping[str, Holding] = field(default_factory=dict)
    """By canonical material."""
    bar: PromiseBar | None = None
    unconfirmed: Collection[str] = ()
    """Materials that a department was asked about and did not confirm, or not in time."""
    contradicted: Collection[str] = ()
    """Those of which it says the contrary."""

    def by(self, way: ByCertificate) -> Certificate | None:
        """The certificate that this way relies on."""
        return (self.handler if way.holder == "handler" else self.applicant).get(way.certificate_type)


@dataclass(frozen=True)
class Tried:
    """A rung that does not hold: what was asked of whom, and why it does not."""

    way: str
    text: str
    at: datetime | None = None
    is_fault: bool = False
    exchange: str = ""
    """The answer that said so: its owner may object to it."""


@dataclass(frozen=True)
class Climbed:
    """One material on its rung, with the evidence that the rung has so far."""

    planned: PlannedMaterial
    tried: tuple[Tried, ...] = ()
    certificate: Certificate | None = None
    exchange: Exchange | None = None
    promise: Promise | None = None
    holding: Holding | None = None
    """A file that could serve again, if its owner agrees."""
    bar: PromiseBar | None = None

    @property
    def key(self) -> str:
        """The material."""
        return self.planned.material.key

    @property
    def sentence(self) -> str:
        """How it is met, after what did not come of asking; an apology where that was no fault of the person's."""
        said = "".join(f"{one.text}{'，很抱歉' if one.is_fault else ''}。" for one in self.tried)
        if self.exchange is not None:
            return f"{said}已向{self.exchange.source}查询：{self.exchange.get_result_display()}，不用您交。"
        if self.promise is not None:
            return f"{said}您已经书面承诺，部门事后核查。"
        return f"{said}{self.planned.how}"


def evidence_for(*, party_id: int, person_id: int, reference: Reference | None) -> Evidence:
    """What is known for a party and the person who applies for it; the questions do not grow with the materials."""
    held = valid_by_type({party_id, person_id})
    found = Evidence(
        applicant=held[party_id],
        handler=held[person_id],
        reusable=holdings.reusable(party_id),
        bar=promises.find_bar(party_id),
    )
    if reference is None:
        return found
    exchanges: dict[str, list[Exchange]] = {}
    for row in Exchange.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number
    ).order_by("-asked_at", "-pk"):
        exchanges.setdefault(row.material_key, []).append(row)
    signed = Promise.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number, taken_back_at=None
    )
    return replace(found, exchanges=exchanges, promises={row.material_key: row for row in signed})


def climb(planned: Iterable[PlannedMaterial], evidence: Evidence | None) -> list[Climbed]:
    """Each material on the rung that holds; without evidence the best is assumed of what this city can ask."""
    stated = ladder()
    return [_climb(one, evidence or Evidence(), stated) for one in planned]


def _climb(planned: PlannedMaterial, evidence: Evidence, stated: Ladder) -> Climbed:
    tried: list[Tried] = []
    rungs = list(_rungs(planned, evidence, stated))
    for position, way in enumerate(rungs):
        refused = _refusal(way, planned, evidence)
        if refused is None:
            below = tuple(rungs[position + 1 :])
            return _standing(replace(planned, rung=way, fallbacks=below), tried, evidence)
        if refused.text:
            tried.append(refused)
    return _standing(replace(planned, rung=ByUpload(way="upload"), fallbacks=()), tried, evidence)


def _rungs(planned: PlannedMaterial, evidence: Evidence, stated: Ladder) -> Iterator[Rung]:
    """The item's own ways, with what the city adds: a cancellation first, the owner's people after its interface."""
    material = planned.material
    for one in stated.cancelled:
        if one.canonical == material.canonical:
            yield ByCancellation(way="cancelled", basis=one.basis)
    own: tuple[Rung, ...] = (planned.rung, *planned.fallbacks)
    has_check = any(isinstance(way, ByCheck) for way in own)
    for way in own:
        yield way
        if isinstance(way, ByShare) and not has_check:
            source = stated.find(way.source)
            # Only where the interface was asked and gave no answer: nobody is asked who cannot be told of whom.
            if source is not None and evidence.exchanges.get(material.key):
                yield ByCheck(
                    way="check",
                    agency_kind=source.agency_kind,
                    subject=f"{way.source}（{way.subject or material.name}）",
                )


def _refusal(way: Rung, planned: PlannedMaterial, evidence: Evidence) -> Tried | None:
    """Why a rung does not hold; without words where it was never there. None where it holds."""
    key = planned.material.key
    match way:
        case ByShare():
            return _share_refusal(way, evidence.exchanges.get(key, ()))
        case ByCheck() if key in evidence.unconfirmed:
            return Tried("check", "部门核验没有确认")
        case ByPromise() if evidence.bar is not None:
            return Tried("promise", f"因“{evidence.bar.source}”不能以承诺代替")
        case ByPromise() if (
            key in evidence.contradicted or _says(evidence.exchanges.get(key, ())) == DEVIATES
        ):
            return Tried("promise", "查询结果与填报不符，不能以承诺代替")
    return None


DEVIATES = ExchangeResult.DEVIATES


def _share_refusal(way: ByShare, asked: Sequence[Exchange]) -> Tried | None:
    if not can_ask(way.source):
        return Tried("share", "")
    if not asked:
        return None
    said, latest = _says(asked), asked[0]
    if said == ExchangeResult.CONFORMS:
        return None
    if said is None and _answers(asked):
        return Tried("share", f"{latest.source}前后答复不一致", latest.asked_at, is_fault=True)
    if said is None:
        why = FAULT_WORDS.get(latest.fault, "没有查到")
        return Tried("share", f"{latest.source}暂时查不到（{why}）", latest.asked_at, is_fault=True)
    text = f"{latest.source}查询结果：{ExchangeResult(said).label}"
    return Tried("share", text, latest.asked_at, exchange=_answers(asked)[0].number)


def _answers(asked: Iterable[Exchange]) -> list[Exchange]:
    return [one for one in asked if one.is_answer]


def _says(asked: Sequence[Exchange]) -> str | None:
    """What the source says; None where it gave no answer, or one answer after another."""
    said = {one.result for one in _answers(asked)}
    return said.pop() if len(said) == 1 else None


def _standing(planned: PlannedMaterial, tried: Sequence[Tried], evidence: Evidence) -> Climbed:
    key, way = planned.material.key, planned.rung
    is_share, is_promise = isinstance(way, ByShare), isinstance(way, ByPromise)
    asked = _answers(evidence.exchanges.get(key, ())) if is_share else []
    return Climbed(
        planned,
        tuple(tried),
        certificate=evidence.by(way) if isinstance(way, ByCertificate) else None,
        exchange=asked[0] if asked else None,
        promise=evidence.promises.get(key) if is_promise else None,
        holding=evidence.reusable.get(planned.material.canonical)
        if is_promise or isinstance(way, ByUpload)
        else None,
        bar=evidence.bar,
    )


def to_ask(planned: Iterable[PlannedMaterial], evidence: Evidence) -> list[tuple[str, ByShare]]:
    """The materials whose source is to be asked now: no answer that still stands, no fault a moment ago."""
    stated, now = ladder(), clock.now()
    wanted = []
    for one in planned:
        way = _asked_way(one, evidence, stated)
        if way is None:
            continue
        source = stated.find(way.source)
        asked = evidence.exchanges.get(one.material.key, ())
        if source is not None and not _is_fresh(asked, timedelta(hours=source.valid_hours), now):
            wanted.append((one.material.key, way))
    return wanted


def _asked_way(planned: PlannedMaterial, evidence: Evidence, stated: Ladder) -> ByShare | None:
    """The source that stands on the way down to what holds; what a better rung holds is asked of nobody."""
    for way in _rungs(planned, evidence, stated):
        if isinstance(way, ByShare):
            if can_ask(way.source):
                return way
            continue
        if _refusal(way, planned, evidence) is None:
            return None
    return None


def _is_fresh(asked: Sequence[Exchange], stands: timedelta, now: datetime) -> bool:
    if not asked:
        return False
    latest = asked[0]
    return now - latest.asked_at < (stands if latest.is_answer else ASK_AGAIN_AFTER)
