"""Reads of 一件事 for flows: what the sweep must look at, and the draft behind a page."""

from datetime import date

from django.db.models import QuerySet

from yueban.cases.bundle_rules import settle
from yueban.cases.bundle_visibility import bundle_applications_visible_to
from yueban.cases.choices import ApplicationState, ChildState
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import BundleApplication, BundleCase, BundleChildCase
from yueban.kernel.actor import Actor


def get_bundle_application(actor: Actor, number: str) -> BundleApplication:
    """The draft or submission; CaseNotFound for a wrong number and for somebody else's alike."""
    rows = bundle_applications_visible_to(actor).select_related("party", "bundle_version__bundle")
    application = rows.filter(number=number).first()
    if application is None:
        raise CaseNotFound("没有找到这份申请。", hint="请从“我的办件”进入；只有本人能看到自己的申请。")
    return application


def bundle_drafts_of(actor: Actor) -> QuerySet[BundleApplication]:
    """What has been begun and not sent, the latest first."""
    rows = bundle_applications_visible_to(actor).filter(state=ApplicationState.DRAFT)
    return rows.select_related("bundle_version__bundle", "party").order_by("-saved_at")


def open_numbers_of_bundle(bundle_case_id: int) -> list[str]:
    """Numbers of the cases of its children that have begun and have no outcome yet."""
    rows = BundleChildCase.objects.filter(bundle_case_id=bundle_case_id, state=ChildState.STARTED)
    return list(rows.order_by("case_id").values_list("case__number", flat=True))


def numbers_of_bundle(bundle_case: BundleCase) -> list[str]:
    """Numbers of all its cases, in the order in which they are locked."""
    rows = bundle_case.children.exclude(case=None).order_by("case_id")
    return list(rows.values_list("case__number", flat=True))


def waiting_children(bundle_case_id: int) -> int:
    """How many of its children have not begun and still may."""
    return BundleChildCase.objects.filter(bundle_case_id=bundle_case_id, state=ChildState.WAITING).count()


def waiting_on_granted() -> list[int]:
    """Parents with a child that waits although what it waits for is there: begun again by the sweep."""
    parents = BundleCase.objects.filter(children__state=ChildState.WAITING).distinct()
    rows = parents.select_related("bundle_version").prefetch_related("children").order_by("pk")
    return [parent.pk for parent in rows if _has_one_to_begin(parent)]


def _has_one_to_begin(parent: BundleCase) -> bool:
    children, compiled = list(parent.children.all()), parent.bundle_version.compiled_bundle
    policies = {child.key: str(child.on_refusal) for child in compiled.children}
    return bool(settle(children, compiled.edges, policies).begin)


def held_too_long(day: date) -> list[int]:
    """Parents whose longest hold was over before this day."""
    return list(BundleCase.objects.filter(hold_until__lt=day).order_by("pk").values_list("pk", flat=True))
