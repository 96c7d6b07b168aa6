"""人群包: enterprises chosen by tags, place and size, among those that stand to an offer in one way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from django.db import transaction

from yueban.accounts import walls
from yueban.elements import selectors as elements
from yueban.expressions import All, FactKind, Node, None_, Predicate, parse
from yueban.expressions import Any as AnyOf
from yueban.expressions.columns import Bits, Judge, rows_of
from yueban.kernel import clock
from yueban.matching.choices import PushFit
from yueban.matching.errors import SegmentInvalid, SegmentNotFound
from yueban.matching.models import Segment
from yueban.matching.near import movable
from yueban.matching.table import current_profiles
from yueban.parties import tags
from yueban.parties.choices import TagKind
from yueban.parties.models import Tag
from yueban.policies.models import OfferVersion
from yueban.policies.standards import standard_of

DIVISION: Final = "enterprise.division"
SIZE: Final = "enterprise.size"
LONGEST_NAME: Final = 60


@dataclass(frozen=True)
class Choice:
    """All of these tags, any of those, none of the others; within a division, of some sizes."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    place: str = ""
    sizes: tuple[str, ...] = ()
    fit: str = str(PushFit.MEETS)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From what was kept or typed: only the parts there are."""
        lists = {name: tuple(kept.get(name) or ()) for name in ("all_of", "any_of", "none_of", "sizes")}
        fit = kept.get("fit", "")
        return cls(
            **lists,
            place=str(kept.get("place") or ""),
            fit=fit if fit in PushFit.values else str(PushFit.MEETS),
        )

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def rule_of(choice: Choice) -> Node:
    """The choice as one rule; raises SegmentInvalid for a tag, size or place that is not there."""
    known = {tag.key: _rule(tag) for tag in tags.all_tags()}
    wrong = {
        name: "标签目录里没有这个标签，请重新选择。"
        for name in ("all_of", "any_of", "none_of")
        if set(getattr(choice, name)) - known.keys()
    }
    if set(choice.sizes) - {code.code for code in elements.dictionary().codes_of(SIZE)}:
        wrong["sizes"] = "没有这种企业规模，请重新选择。"
    if choice.place and not choice.place.isdecimal():
        wrong["place"] = "没有这个地方，请重新选择。"
    if wrong:
        raise SegmentInvalid.of_fields(wrong)
    parts: list[Node] = [known[key] for key in choice.all_of]
    if choice.any_of:
        parts.append(AnyOf(tuple(known[key] for key in choice.any_of)))
    if choice.none_of:
        parts.append(None_(tuple(known[key] for key in choice.none_of)))
    if choice.sizes:
        parts.append(Predicate(SIZE, "in", choice.sizes))
    if choice.place:
        parts.append(Predicate(DIVISION, "prefix", (choice.place,)))
    return All(tuple(parts))


def _rule(tag: Tag) -> Node:
    """When an enterprise has the tag; where a source says yes or no, only a yes is one."""
    if tag.kind == TagKind.SOURCE and elements.vocabulary().get_fact(tag.element).kind is FactKind.BOOLEAN:
        return Predicate(tag.element, "eq", value=True)
    return tags.rule_of(tag)


def chosen_parties(version: OfferVersion, choice: Choice) -> list[int]:
    """The enterprises of the table that the choice certainly fits and that stand to the offer as it says."""
    with walls.platform():  # the table is of everybody; who is shown of it is decided by who asks
        profiles = current_profiles()
    vocabulary = elements.vocabulary()
    judge = Judge(profiles.table, vocabulary, profiles.on)
    rule = parse(standard_of(version, profiles.on).conditions)
    where = Predicate(DIVISION, "prefix", (version.offer.policy.division_code,))
    within = judge.decide(All((rule_of(choice), where))).true
    found = _standing(judge, rule, choice.fit) & within & profiles.alive
    parties: list[int] = profiles.party_ids[rows_of(found)].tolist()
    return [party for party in parties if party]


def _standing(judge: Judge, rule: Node, fit: str) -> Bits:
    verdicts = judge.decide(rule)
    unknown = ~verdicts.true & ~verdicts.false
    match fit:
        case PushFit.NEAR:
            return judge.near(rule, movable(judge.vocabulary)) & ~unknown
        case PushFit.UNKNOWN:
            return unknown
    return verdicts.true


def segments_of(agency_codes: Iterable[str]) -> list[Segment]:
    """The segments of these agencies, by name."""
    rows = Segment.objects.filter(agency_code__in=list(agency_codes)).select_related("owner")
    return list(rows.order_by("name", "pk"))


def get_segment(pk: int, agency_codes: Sequence[str]) -> Segment:
    """One of theirs; raises SegmentNotFound."""
    found = Segment.objects.filter(pk=pk, agency_code__in=agency_codes).select_related("owner").first()
    if found is None:
        raise SegmentNotFound("没有这个人群包。", hint="请从列表中重新选择。")
    return found


@transaction.atomic
def save_segment(*, agency_code: str, name: str, choice: Choice, owner_id: int) -> Segment:
    """Keep a choice under a name; the same name of the same agency is written over by its owner alone."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise SegmentInvalid.of_fields({"name": f"请写人群包的名称，最多{LONGEST_NAME}个字。"})
    rule_of(choice)
    found, is_new = Segment.objects.get_or_create(
        agency_code=agency_code,
        name=name,
        defaults={"owner_id": owner_id, "chosen": choice.to_json(), "saved_at": clock.now()},
    )
    if not is_new:
        found = Segment.objects.select_for_update().get(pk=found.pk)
        if found.owner_id != owner_id:
            raise SegmentInvalid.of_fields({"name": "同事已经用了这个名称，请换一个。"})
        found.chosen, found.saved_at = choice.to_json(), clock.now()
        found.save(update_fields=["chosen", "saved_at"])
    return found


def delete_segment(segment: Segment) -> None:
    """Keep it no longer; what was sent by it stays as it was."""
    segment.delete()
