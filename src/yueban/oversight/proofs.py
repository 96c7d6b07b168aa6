"""免证: how the materials of decided cases were met, how the interfaces answered, and what people objected to."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yueban.cases.choices import MaterialState
from yueban.cases.models import Case, CaseMaterial
from yueban.certificates import selectors as certificates
from yueban.certificates.choices import WITHOUT_HANDING_IN, ExchangeResult, ObjectionState, SatisfactionWay
from yueban.certificates.models import DataObjection, Exchange, Satisfaction
from yueban.oversight.spans import Span
from yueban.ratings.selectors import Share


def asks(**detail: str) -> Exists:
    """Whether a case required a material of this class or source."""
    return Exists(_materials(detail))


def hands_in(**detail: str) -> Exists:
    """Whether one of those was met in no other way than by handing it in, or not at all."""
    spared = Satisfaction.objects.filter(
        reference_kind="case",
        reference_number=OuterRef("case__number"),
        material_key=OuterRef("key"),
        superseded_at=None,
        way__in=list(WITHOUT_HANDING_IN),
    )
    return Exists(_materials(detail).exclude(Exists(spared)))


def _materials(detail: dict[str, str]) -> QuerySet[CaseMaterial]:
    stated = {f"detail__{name}": value for name, value in detail.items()}
    return CaseMaterial.objects.filter(case=OuterRef("pk"), **stated)


@dataclass(frozen=True)
class WayLine:
    """One rung: how many materials stand on it, of how many required."""

    name: str
    count: int


@dataclass(frozen=True)
class SourceLine:
    """One data source: how often it was asked and gave an answer, and how fast."""

    source: str
    answered: Share


@dataclass(frozen=True)
class ProofFigures:
    """What stands beside the two figures: 免提交率, each rung, each interface, objections."""

    spared: Share
    ways: tuple[WayLine, ...]
    answered: Share
    sources: tuple[SourceLine, ...]
    objections: tuple[tuple[str, int], ...]


def proofs_of(cases: QuerySet[Case], span: Span) -> ProofFigures:
    """Of the cases decided in the span, and of what was asked for them; five queries whatever their number."""
    decided = cases.filter(span.within("decided_at"), ended_at__isnull=False)
    materials = CaseMaterial.objects.filter(case__in=decided.order_by().values("pk")).exclude(way="form")
    required = materials.exclude(is_required=False, state=MaterialState.PROVIDED, files=None).count()
    rows = Satisfaction.objects.filter(
        reference_kind="case",
        reference_number__in=decided.order_by().values("number"),
        superseded_at=None,
    )
    counted = dict(rows.order_by().values_list("way").annotate(count=Count("pk")))
    spared = sum(counted.get(way, 0) for way in WITHOUT_HANDING_IN)
    ways = tuple(WayLine(str(way.label), counted[way]) for way in SatisfactionWay if counted.get(way))
    asked = _asked(cases, span)
    total = [sum(one.answered.part for one in asked), sum(one.answered.whole for one in asked)]
    return ProofFigures(
        spared=Share(
            "spared", "免提交率", "不用申请人交的材料 ÷ 要的材料（在线填写生成的不算）", spared, required
        ),
        ways=ways,
        answered=Share("answered", "接口成功率", "得到可信答复的查询 ÷ 全部查询", *total),
        sources=asked,
        objections=_objections(asked),
    )


def _asked(cases: QuerySet[Case], span: Span) -> tuple[SourceLine, ...]:
    own = cases.order_by()
    # Of a child the source was asked once for the whole 一件事.
    of_bundle = own.filter(in_bundle=True).values("bundle_child__bundle_case__application__number")
    rows = Exchange.objects.filter(
        Q(reference_number__in=own.values("application__number")) | Q(reference_number__in=of_bundle),
        span.within("asked_at"),
        reference_kind="application",
    )
    counted = (
        rows.order_by()
        .values("source")
        .annotate(whole=Count("pk"), part=Count("pk", filter=~Q(result=ExchangeResult.FAILED)))
    )
    return tuple(
        SourceLine(row["source"], Share("answered", row["source"], "", row["part"], row["whole"]))
        for row in counted.order_by("source")
    )


def _objections(asked: tuple[SourceLine, ...]) -> tuple[tuple[str, int], ...]:
    """Objections to the sources that were asked and to records that departments report, by where they stand."""
    names = [one.source for one in asked] + [one.source for one in certificates.city_ladder().facts]
    is_of_records = Q(element="", exchange=None)
    rows = DataObjection.objects.filter(Q(source__in=names) | is_of_records).order_by()
    counted = dict(rows.values_list("state").annotate(count=Count("pk")))
    return tuple((str(state.label), counted.get(state, 0)) for state in ObjectionState)
