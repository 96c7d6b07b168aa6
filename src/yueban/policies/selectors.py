"""Reads of policies and offers."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from yueban.policies.choices import UNSIGNED, OfferState, PolicyState
from yueban.policies.errors import OfferNotFound, PolicyNotFound
from yueban.policies.models import Gate, OfferVersion, Parameter, Policy, PolicyVersion
from yueban.policies.standards import parameters_on as parameters_on
from yueban.policies.standards import standard_of as standard_of


def in_force(on: date) -> Q:
    """Versions of offers that hold on a day."""
    return Q(state=OfferState.SIGNED, in_force_from__lte=on) & (
        Q(in_force_to__isnull=True) | Q(in_force_to__gte=on)
    )


def offers_in_force(on: date) -> list[OfferVersion]:
    """The signed versions that hold on a day, in the order they were first written; one query."""
    return list(_versions().filter(in_force(on)).order_by("offer_id"))


def keys_in_force(on: date) -> tuple[tuple[int, str], ...]:
    """The same as ids with the hash of what they say: to see whether anything has changed."""
    rows = OfferVersion.objects.filter(in_force(on)).order_by("offer_id")
    return tuple(rows.values_list("pk", "content_hash"))


def offers_found(on: date, words: str = "") -> list[tuple[int, str]]:
    """Offers in force that hold every one of these words, as ids with the division where their policy holds."""
    rows = OfferVersion.objects.filter(in_force(on))
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(definition__summary__icontains=word)
            | Q(definition__name_en__icontains=word)
            | Q(offer__policy__title__icontains=word)
        )
    return list(rows.order_by("offer_id").values_list("pk", "offer__policy__division_code"))


def offer_version(pk: int) -> OfferVersion:
    """One version with its offer and policy; raises OfferNotFound."""
    found = _versions().filter(pk=pk).first()
    if found is None:
        raise OfferNotFound("没有这个惠企事项的版本。", hint="请从列表中重新选择。")
    return found


def offer_versions(pks: Iterable[int]) -> list[OfferVersion]:
    """Some versions with their offers and policies; one query."""
    return list(_versions().filter(pk__in=list(pks)).order_by("offer_id", "number"))


def offer_by_key(key: str, on: date | None = None) -> OfferVersion:
    """The version of an offer that holds on a day, or else its newest signed one; raises OfferNotFound."""
    rows = _versions().filter(offer__key=key)
    found = rows.filter(in_force(on)).first() if on is not None else None
    found = found or rows.filter(signed_at__isnull=False).order_by("-number").first()
    if found is None:
        raise OfferNotFound(f"没有惠企事项“{key}”。", hint="请从政策列表中重新选择。")
    return found


def versions_of(key: str) -> list[OfferVersion]:
    """Every version of an offer, the newest first."""
    return list(_versions().filter(offer__key=key).order_by("-number"))


def policy_by_key(key: str) -> Policy:
    """A policy; raises PolicyNotFound."""
    found = Policy.objects.select_related("agency").filter(key=key).first()
    if found is None:
        raise PolicyNotFound("没有这个政策文件。", hint="请从政策列表中重新选择。")
    return found


def current_version(policy: Policy) -> PolicyVersion:
    """The newest version of a policy's text; raises PolicyNotFound."""
    found = PolicyVersion.objects.select_related("policy").filter(policy=policy).order_by("-number").first()
    if found is None:
        raise PolicyNotFound("这个政策文件还没有正文。", hint="请先导入正文。")
    return found


def policies_in_force(on: date) -> QuerySet[PolicyVersion]:
    """The published versions of policies that hold on a day."""
    rows = PolicyVersion.objects.select_related("policy").filter(
        state=PolicyState.PUBLISHED, effective_on__lte=on
    )
    return rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on)).order_by("policy_id", "-number")


def parameter_values(name: str) -> list[Parameter]:
    """The values of a parameter with their days, the newest first."""
    return list(Parameter.objects.filter(name=name).order_by("-from_on"))


def _versions() -> QuerySet[OfferVersion]:
    return OfferVersion.objects.select_related("offer__policy", "policy_version__policy")


def all_policies(*, text: str = "", level: str = "", state: str = "", on: date) -> QuerySet[Policy]:
    """Policies with how many offers of each are in force and being written, the newest first; searched by name."""
    signed = in_force(on)
    held = Q(offers__versions__state=OfferState.SIGNED, offers__versions__in_force_from__lte=on) & (
        Q(offers__versions__in_force_to__isnull=True) | Q(offers__versions__in_force_to__gte=on)
    )
    rows = Policy.objects.select_related("agency").annotate(
        in_force=Count("offers__versions", filter=held, distinct=True),
        unsigned=Count("offers__versions", filter=Q(offers__versions__state__in=UNSIGNED), distinct=True),
        effective_on=Max("versions__effective_on"),
    )
    if text:
        named = OfferVersion.objects.filter(signed | Q(state__in=UNSIGNED), name__icontains=text)
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(document_number__icontains=text)
            | Q(pk__in=named.values_list("offer__policy_id", flat=True))
        )
    if level:
        rows = rows.filter(level=level)
    if state == "writing":
        rows = rows.filter(unsigned__gt=0)
    elif state == "in_force":
        rows = rows.filter(in_force__gt=0)
    elif state == "none":
        rows = rows.filter(in_force=0, unsigned=0)
    return rows.order_by("-effective_on", "key")


def newest_versions(policy: Policy) -> list[OfferVersion]:
    """Of each offer of a policy the newest version; one query."""
    rows = _versions().filter(offer__policy=policy).order_by("offer_id", "-number").distinct("offer_id")
    return list(rows)


def gates_of(version: OfferVersion) -> list[Gate]:
    """The gates of a version with who passed them."""
    return list(Gate.objects.select_related("done_by").filter(offer_version=version).order_by("kind"))


def newest_texts() -> list[PolicyVersion]:
    """Of every policy the newest published version, whether it still holds or has ended; one query."""
    rows = PolicyVersion.objects.select_related("policy").filter(state=PolicyState.PUBLISHED)
    return list(rows.order_by("policy_id", "-number").distinct("policy_id"))


def newest_signed() -> list[OfferVersion]:
    """Of every offer the newest signed version, whether it still holds or has ended; one query."""
    rows = _versions().filter(state=OfferState.SIGNED)
    return list(rows.order_by("offer_id", "-number").distinct("offer_id"))
