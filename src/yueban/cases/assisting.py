"""Drafts that a clerk or a helper fills in for somebody: whose desk they lie on, and how they pass to a colleague."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from yueban.accounts import walls
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.cases.choices import ENDED, ApplicationState, CaseState, ChildState
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import Application, BundleApplication, BundleChildCase, Case
from yueban.cases.numbering import is_of_bundle
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld

# After a decision nobody is told to apply for the same again before this has passed.
SETTLED_FOR = timedelta(days=365)
AnyApplication = Application | BundleApplication
INTAKE_ROLES = frozenset({roles.CLERK, roles.HELPER})


def intake_posts(actor: Actor) -> tuple[PostHeld, ...]:
    """The posts at which this person takes applications in."""
    return tuple(post for post in actor.posts if post.role in INTAKE_ROLES)


def _at_his_desk(actor: Actor) -> Q:
    allowed = Q(pk__in=[])
    for post in intake_posts(actor):
        within = divisions.within("assist_division", post.division)
        allowed |= agencies.held_at(post, "assist_agency") & within
    return allowed & Q(assisted_by_id=actor.user_id) & ~Q(state=ApplicationState.DISCARDED)


def assisted_by(actor: Actor) -> QuerySet[Application]:
    """What this person fills in for others, where he still serves; a moved clerk leaves his drafts behind."""
    rows = Application.objects.filter(_at_his_desk(actor)).select_related(
        "party", "item_version__item", "item_version__agency__division", "assist_agency"
    )
    return rows.defer("item_version__definition", "item_version__compiled_json")


def bundles_assisted_by(actor: Actor) -> QuerySet[BundleApplication]:
    """The same of 一件事."""
    rows = BundleApplication.objects.filter(_at_his_desk(actor))
    rows = rows.select_related("party", "bundle_version__bundle", "assist_agency")
    return rows.defer("bundle_version__definition", "bundle_version__compiled_json")


def drafts_of(actor: Actor, party_id: int | None = None) -> list[AnyApplication]:
    """His open drafts, of items and of 一件事, the last touched first; those for one person, where he is named."""
    chosen = Q(state=ApplicationState.DRAFT)
    if party_id is not None:
        chosen &= Q(party_id=party_id)
    found: list[AnyApplication] = [
        *assisted_by(actor).filter(chosen),
        *bundles_assisted_by(actor).filter(chosen),
    ]
    return sorted(found, key=lambda one: (one.saved_at, one.number), reverse=True)


def get_assisted(actor: Actor, number: str) -> Application:
    """One of them; CaseNotFound for a wrong number and for a colleague's alike."""
    found = assisted_by(actor).filter(number=number).first()
    if found is None:
        raise CaseNotFound("没有找到这份草稿。", hint="请从“受理”页面重新打开；已移交同事的，由同事接着办。")
    return found


def get_any_assisted(actor: Actor, number: str) -> AnyApplication:
    """One of them, of an item or of a 一件事, by its number."""
    if not is_of_bundle(number):
        return get_assisted(actor, number)
    found = bundles_assisted_by(actor).filter(number=number).first()
    if found is None:
        raise CaseNotFound("没有找到这份草稿。", hint="请从“受理”页面重新打开；已移交同事的，由同事接着办。")
    return found


def lock_any_assisted(actor: Actor, number: str) -> AnyApplication:
    """The same, locked for this transaction."""
    if not is_of_bundle(number):
        return lock_assisted(actor, number)
    get_any_assisted(actor, number)
    rows = BundleApplication.objects.select_for_update(of=("self",))
    return rows.select_related("party", "bundle_version__bundle").get(number=number)


def lock_assisted(actor: Actor, number: str) -> Application:
    """One of an item, locked for this transaction."""
    get_assisted(actor, number)
    rows = Application.objects.select_for_update(of=("self",)).select_related("party", "item_version__item")
    rows = rows.defer("item_version__definition", "item_version__compiled_json")
    return rows.get(number=number)


def lock_drafts_with(user_id: int, numbers: Iterable[str]) -> list[AnyApplication]:
    """Those of these drafts that still lie with this user, locked for the transaction."""
    chosen = Q(number__in=list(numbers), assisted_by_id=user_id, state=ApplicationState.DRAFT)
    items = Application.objects.select_for_update(of=("self",)).filter(chosen)
    bundles = BundleApplication.objects.select_for_update(of=("self",)).filter(chosen)
    return [
        *items.select_related("assist_agency").order_by("number"),
        *bundles.select_related("assist_agency").order_by("number"),
    ]


def set_mandate(*, application: AnyApplication, number: str) -> None:
    """The mandate on which it is submitted."""
    application.mandate_number = number
    application.save(update_fields=["mandate_number"])


def pass_on(*, applications: Iterable[AnyApplication], to: User) -> None:
    """Another person goes on with these drafts; the caller has locked them and knows that he may."""
    for application in applications:
        application.user = application.assisted_by = to
        application.saved_at = clock.now()
        application.revision += 1
        application.save(update_fields=["user", "assisted_by", "saved_at", "revision"])


def same_drafts(applications: Iterable[AnyApplication], user_id: int) -> set[str]:
    """Numbers of those for whose person and matter the other already has a draft of his own."""
    wanted = {_matter(one): one.number for one in applications}
    parties = {party for _, party, _ in wanted}
    chosen = Q(assisted_by_id=user_id, state=ApplicationState.DRAFT, party_id__in=parties)
    with walls.platform():
        theirs = {
            *(("item", *row) for row in _pairs(Application, chosen, "item_version_id")),
            *(("bundle", *row) for row in _pairs(BundleApplication, chosen, "bundle_version_id")),
        }
    return {number for matter, number in wanted.items() if matter in theirs}


def _matter(application: AnyApplication) -> tuple[str, int, int]:
    if isinstance(application, BundleApplication):
        return "bundle", application.party_id, application.bundle_version_id
    return "item", application.party_id, application.item_version_id


def _pairs(
    model: type[Application] | type[BundleApplication], chosen: Q, version: str
) -> list[tuple[int, int]]:
    return list(model.objects.filter(chosen).values_list("party_id", version))


def items_under_way(party_ids: Iterable[int]) -> set[tuple[int, str]]:
    """(party, item) of every case that has not ended, was decided lately, or begins by itself in a 一件事.

    Two queries however many parties.
    """
    parties = list(party_ids)
    lately = Q(state=CaseState.DELIVERED, ended_at__gt=clock.now() - SETTLED_FOR)
    rows = Case.objects.filter(~Q(state__in=ENDED) | lately, party_id__in=parties)
    waiting = BundleChildCase.objects.filter(state=ChildState.WAITING, bundle_case__party_id__in=parties)
    with walls.platform():  # what runs elsewhere runs too
        return {
            *rows.values_list("party_id", "item_version__item__key"),
            *waiting.values_list("bundle_case__party_id", "item_key"),
        }
