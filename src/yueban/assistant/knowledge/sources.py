"""Everything published, as pieces: read from the catalogue, the policies and the outlets, set-wise."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pydantic import ValidationError

from yueban.agencies import selectors as agencies
from yueban.assistant.knowledge.bundles import bundle_pieces
from yueban.assistant.knowledge.items import ItemSource, item_pieces
from yueban.assistant.knowledge.offers import OfferSource, PolicySource, offer_pieces, policy_pieces
from yueban.assistant.knowledge.outlets import OutletSource, outlet_pieces
from yueban.assistant.knowledge.piece import Piece
from yueban.catalogue import selectors as catalogue
from yueban.elements import selectors as elements
from yueban.outlets import selectors as outlets
from yueban.outlets.models import Outlet
from yueban.policies import selectors as policies
from yueban.policies.documents import PolicyStandard
from yueban.policies.models import OfferVersion, PolicyVersion

log = logging.getLogger(__name__)


def all_pieces(on: date) -> list[Piece]:
    """What may be said on a day and what had been in force before it, each key once."""
    kinds = dict(agencies.kinds())
    found = [*_items(on, kinds), *_bundles(on), *_policies(), *_offers(kinds), *_outlets()]
    return sorted({piece.key: piece for piece in found}.values(), key=lambda piece: piece.key)


def _items(on: date, kinds: dict[str, str]) -> Iterator[Piece]:
    versions = list(catalogue.versions_in_force(on).defer("compiled_json"))
    by_item: dict[str, list[Piece]] = defaultdict(list)
    places: dict[str, set[str]] = defaultdict(set)
    for version in versions:
        source = ItemSource(
            standard=catalogue.standard_of(version),
            agency=version.agency.code,
            agency_name=version.agency.name,
            division=version.agency.division.code,
            division_name=version.agency.division.name,
            number=version.number,
            effective_on=version.effective_on.isoformat(),
            valid_to=version.effective_until.isoformat() if version.effective_until else "",
        )
        places[version.item.key].add(source.division)
        by_item[version.item.key].extend(item_pieces(source, kinds))
    for key, pieces in by_item.items():
        yield from joined(pieces, places[key])


def _bundles(on: date) -> Iterator[Piece]:
    by_bundle: dict[str, list[Piece]] = defaultdict(list)
    places: dict[str, set[str]] = defaultdict(set)
    for version in catalogue.bundle_versions_in_force(on):
        places[version.bundle.key].add(version.division_code)
        by_bundle[version.bundle.key].extend(
            bundle_pieces(
                version.compiled_bundle,
                number=version.number,
                division=version.division_code,
                effective_on=version.effective_on.isoformat(),
                valid_to=version.effective_until.isoformat() if version.effective_until else "",
            )
        )
    for key, pieces in by_bundle.items():
        yield from joined(pieces, places[key])


def joined(pieces: Iterable[Piece], places: set[str]) -> Iterator[Piece]:
    """What every place says alike is said once for all; what they say differently stays theirs."""
    alike: dict[tuple[object, ...], list[Piece]] = defaultdict(list)
    for piece in pieces:
        alike[piece.element, piece.part, piece.sentences].append(piece)
    for group in alike.values():
        if {piece.division for piece in group} >= places:
            first = min(group, key=lambda piece: piece.division)
            yield replace(first, division="", valid_from=max(piece.valid_from for piece in group))
        else:
            yield from group


def _policies() -> Iterator[Piece]:
    for version in policies.newest_texts():
        standard = _policy(version)
        if standard is not None:
            yield from policy_pieces(PolicySource(standard, version.text, version.number))


def _offers(kinds: dict[str, str]) -> Iterator[Piece]:
    vocabulary = elements.vocabulary()
    for version in policies.newest_signed():
        standard = policies.standard_of(version)
        policy = _policy(version.policy_version)
        if policy is None:
            continue
        source = OfferSource(
            standard,
            policy,
            version.number,
            version.in_force_from.isoformat() if version.in_force_from else "",
            version.in_force_to.isoformat() if version.in_force_to else "",
            _clause(version),
        )
        yield from offer_pieces(source, vocabulary, kinds)


def _policy(version: PolicyVersion) -> PolicyStandard | None:
    """What a policy says of itself; one that cannot be read leaves everything else to be said."""
    try:
        return PolicyStandard.model_validate(version.definition, strict=False)
    except ValidationError as wrong:
        log.warning("policy %s cannot be read: %d faults", version.policy_id, wrong.error_count())
        return None


def _clause(version: OfferVersion) -> str:
    """The clause it was read from, word for word; empty where nobody has marked it."""
    span = next((one for one in version.spans if one["for"] == "clause"), None)
    return version.policy_version.text[span["start"] : span["end"]].strip() if span else ""


def _outlets() -> Iterator[Piece]:
    for outlet in outlets.outlets().order_by("code"):
        yield from outlet_pieces(_outlet(outlet))


def _outlet(outlet: Outlet) -> OutletSource:
    return OutletSource(
        code=outlet.code,
        name=outlet.name,
        name_en=outlet.name_en,
        division=outlet.division.code,
        agency=outlet.agency.code,
        address=outlet.address,
        phone=outlet.phone,
        spans=tuple(outlet.timetable.spans),
        equipment=tuple(map(str, outlet.equipment)),
        accessibility=tuple(map(str, outlet.accessibility)),
    )
