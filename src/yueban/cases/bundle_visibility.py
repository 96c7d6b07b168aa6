"""Who may see which 一件事: the applicant and who acts for him, who took it in, whoever may see one of its cases."""

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.cases.choices import ApplicationState
from yueban.cases.models import BundleApplication, BundleCase, BundleChildCase
from yueban.cases.visibility import cases_visible_to
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.parties import selectors as parties


def bundle_applications_visible_to(actor: Actor) -> QuerySet[BundleApplication]:
    """Drafts and submissions of the parties this person acts for; a mandate must cover every item."""
    rows = BundleApplication.objects.filter(_of_parties(actor, is_case=False))
    return rows.exclude(state=ApplicationState.DISCARDED)


def bundle_cases_visible_to(actor: Actor) -> QuerySet[BundleCase]:
    """His parties' own; at the desk those taken in at his post, and those with a case that he may see."""
    allowed = _of_parties(actor, is_case=True)
    for post in actor.posts:
        at_intake = agencies.reached_by(post, "intake_agency") & divisions.within(
            "intake_division", post.division
        )
        if post.role == roles.CLERK:
            allowed |= at_intake
        elif post.role == roles.HELPER:
            allowed |= at_intake & Q(mandate_number__in=parties.standing_mandates().values("number"))
    if actor.is_staff:
        allowed |= Q(pk__in=_with_visible_child(actor))
    return BundleCase.objects.filter(allowed)


def own_bundles(actor: Actor) -> QuerySet[BundleCase]:
    """Those of the parties the actor acts for, whatever his posts show him besides."""
    return BundleCase.objects.filter(_of_parties(actor, is_case=True))


def bundles_of_party(rows: QuerySet[BundleCase], party_id: int) -> QuerySet[BundleCase]:
    """Those begun in this name, and those of which it has a case: an enterprise that was registered in one."""
    children = BundleChildCase.objects.filter(case__party_id=party_id).values("bundle_case_id")
    return rows.filter(Q(party_id=party_id) | Q(pk__in=children))


def _with_visible_child(actor: Actor) -> QuerySet[BundleCase, int]:
    children = cases_visible_to(actor).filter(in_bundle=True)
    return BundleCase.objects.filter(children__case__in=children.values("pk")).values_list("pk", flat=True)


def _of_parties(actor: Actor, *, is_case: bool) -> Q:
    allowed = Q(party_id__in=actor.party_ids)
    for held in actor.parties:
        own = Q(party_id=held.id)
        if held.items is not None:
            own &= Q(item_keys__contained_by=list(held.items))
        if held.is_served:
            allowed |= own & Q(assisted_by_id=actor.user_id)
        elif held.items is not None:
            allowed |= own if is_case else own & Q(assisted_by=None)
    return allowed
