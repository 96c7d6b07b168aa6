"""Storing whole policies as a city pack states them; the same again changes nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference
from yueban.policies.choices import UNSIGNED, OfferState, PolicyState
from yueban.policies.documents import PolicyStandard
from yueban.policies.models import Offer, OfferVersion, Parameter, Policy, PolicyVersion
from yueban.policies.places import Placed
from yueban.policies.standard import OfferStandard
from yueban.policies.standards import definition_of, hash_of

PACK = "城市资料"


@dataclass(frozen=True)
class OfferRow:
    """An offer with the places its fields were read from; ``written`` where it speaks of parameters by name."""

    standard: OfferStandard
    spans: Sequence[Placed] = ()
    written: Mapping[str, Any] | None = None

    @property
    def definition(self) -> dict[str, Any]:
        """As it is stored."""
        return dict(self.written) if self.written is not None else definition_of(self.standard)


@dataclass(frozen=True)
class PolicyRow:
    """A policy with its text and offers."""

    standard: PolicyStandard
    text: str
    offers: Sequence[OfferRow] = ()


@transaction.atomic
def store_policies(*, rows: Sequence[PolicyRow], actor: Actor, signed_name: str = PACK) -> Changes:
    """Store policies with their offers; what is there already stays, what changed becomes a new version.

    An offer with nothing unresolved is signed in the name given; the others wait as drafts. What an editor has
    written is his: a pack does not write over it.
    """
    changes = Changes()
    events: list[audit.NewEvent] = []
    offices = agencies.agencies_named({row.standard.agency for row in rows if row.standard.agency})
    for row in rows:
        version, is_new = _store_policy(row, offices)
        changes += Changes(created=1) if is_new else Changes(unchanged=1)
        changes += _store_offers(row, version, signed_name, events)
    _store_parameters(rows)
    _supersede(rows)
    audit.record_many(events, actor=actor)
    return changes


def _store_policy(row: PolicyRow, offices: Mapping[str, Agency]) -> tuple[PolicyVersion, bool]:
    stated = row.standard
    policy, _ = Policy.objects.update_or_create(
        key=stated.key,
        defaults={
            "title": stated.title,
            "document_number": stated.document_number or "",
            "level": stated.level,
            "division_code": stated.division,
            "issuers": list(stated.issuers),
            "agency": offices.get(stated.agency or ""),
        },
    )
    definition = stated.model_dump(mode="json", exclude_defaults=True)
    digest = sha_of(row.text)
    last = policy.versions.order_by("-number").first()
    if last is not None and (last.text_sha, last.definition) == (digest, definition):
        return last, False
    version = PolicyVersion.objects.create(
        policy=policy,
        number=(last.number if last else 0) + 1,
        text=row.text,
        text_sha=digest,
        definition=definition,
        written_on=stated.written_on,
        published_on=stated.published_on,
        effective_on=stated.effective_on,
        expires_on=stated.expires_on,
        created_at=clock.now(),
    )
    policy.versions.filter(state=PolicyState.PUBLISHED, number__lt=version.number).update(
        state=PolicyState.SUPERSEDED
    )
    return version, True


def sha_of(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _store_offers(
    row: PolicyRow, version: PolicyVersion, signed_name: str, events: list[audit.NewEvent]
) -> Changes:
    known = {offer.key: offer for offer in version.policy.offers.all()}
    latest = {
        one.offer_id: one
        for one in OfferVersion.objects.filter(offer__policy=version.policy).order_by("number")
    }
    changes = Changes()
    for stated in row.offers:
        offer = known.get(stated.standard.key) or Offer.objects.create(
            key=stated.standard.key, policy=version.policy
        )
        last = latest.get(offer.pk)
        spans = [placed.to_json() for placed in stated.spans]
        definition = stated.definition
        digest = hash_of(definition, spans)
        if last is not None and (last.content_hash == digest or last.author_id is not None):
            changes += Changes(unchanged=1)
            continue
        made = new_version(offer, version, stated.standard, spans, definition)
        made.number = (last.number if last else 0) + 1
        if not stated.standard.unresolved:
            made.signed_name = signed_name
            put_in_force(made)
            events.append(event_of("signed", made))
        made.save()
        changes += Changes(created=1) if last is None else Changes(changed=1)
    return changes


def new_version(
    offer: Offer,
    policy_version: PolicyVersion,
    standard: OfferStandard,
    spans: list[dict[str, Any]],
    definition: dict[str, Any],
) -> OfferVersion:
    """A draft version with this content, neither numbered nor saved yet."""
    return OfferVersion(
        offer=offer,
        policy_version=policy_version,
        name=standard.name,
        redemption=standard.redemption,
        department_kind=standard.department_kind,
        clause=standard.clause,
        definition=definition,
        spans=spans,
        content_hash=hash_of(definition, spans),
    )


def put_in_force(version: OfferVersion) -> None:
    """Signed: in force from the policy's first day, or from today where it follows another version.

    The version before ends the day before; one that would only have begun later never comes into force.
    """
    before = OfferVersion.objects.filter(offer=version.offer, state=OfferState.SIGNED)
    starts = version.policy_version.effective_on
    if before.exists():
        starts = max(starts, clock.today())
    before.filter(in_force_from__gte=starts).update(state=OfferState.SUPERSEDED)
    last_day = starts - timedelta(days=1)
    before.filter(Q(in_force_to__isnull=True) | Q(in_force_to__gt=last_day)).update(in_force_to=last_day)
    version.state = OfferState.SIGNED
    version.in_force_from = starts
    version.in_force_to = version.policy_version.expires_on
    version.signed_at = clock.now()


def _store_parameters(rows: Iterable[PolicyRow]) -> None:
    stated = [
        Parameter(name=one.name, from_on=one.starts_on, value=one.value, source=one.source or "")
        for row in rows
        for one in row.standard.parameters
    ]
    Parameter.objects.bulk_create(
        stated,
        update_conflicts=True,
        unique_fields=["name", "from_on"],
        update_fields=["value", "source"],
    )


def _supersede(rows: Iterable[PolicyRow]) -> None:
    """What another policy takes the place of ends the day before this one begins."""
    for row in rows:
        last_day = row.standard.effective_on - timedelta(days=1)
        for key in row.standard.supersedes:
            PolicyVersion.objects.filter(policy__key=key, state=PolicyState.PUBLISHED).update(
                state=PolicyState.SUPERSEDED, expires_on=last_day
            )
            OfferVersion.objects.filter(offer__policy__key=key, state=OfferState.SIGNED).exclude(
                in_force_to__lte=last_day
            ).update(in_force_to=last_day)


def reference_of(version: OfferVersion) -> Reference:
    """The chain of events of an offer."""
    return Reference("offer", version.offer.key)


def event_of(kind: str, version: OfferVersion) -> audit.NewEvent:
    """What happened to a version."""
    data = {
        "number": version.number,
        "hash": version.content_hash,
        "policy": version.policy_version.policy.key,
    }
    return audit.NewEvent(reference_of(version), kind, data)


def is_unsigned(version: OfferVersion) -> bool:
    """Whether it is still being written or reviewed."""
    return version.state in UNSIGNED
