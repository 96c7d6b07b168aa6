"""补办: an item of a 一件事 that was not granted is applied for again, with what is known filled in.

Where the bundle says so (`can_redo`) the new case takes the old one's place, and what waits for it goes on.
"""

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import CaseMoveNotPossible, CaseNotFound
from yueban.cases.models import Application
from yueban.catalogue import selectors as catalogue
from yueban.flows import apply, handing_in
from yueban.kernel.actor import Actor


@transaction.atomic
def begin(actor: Actor, number: str, case_number: str) -> Application:
    """A draft for the one item; again gives the same draft. Raises CaseMoveNotPossible for what cannot be redone."""
    bundle_case = cases_read.get_bundle_case(actor, number)
    handing_in.applicant(actor, bundle_case.party_id)
    case = cases_read.get_case(actor, case_number)
    child = cases.child_of(case)
    if child is None or child.bundle_case_id != bundle_case.pk:
        raise CaseNotFound("这件一件事里没有这一项。", hint="请从一件事的页面重新打开。")
    if not cases_read.may_redo(child):
        raise CaseMoveNotPossible("这一项现在不能补办。", hint="没有办成的，才能重新申请；请刷新页面。")
    version = catalogue.find_published(child.item_key, case.agency.division.code)
    if version is None:
        raise CaseMoveNotPossible("这个事项现在没有受理单位。", hint="请向窗口询问，或拨打12345。")
    asked = version.compiled.situations.questions
    answers = {key: str(value) for key, value in case.answers.items() if key in asked}
    draft = apply.start(actor, version.pk, answers, case.party_id)
    cases.fill_again(application=draft, case=case, child=child)
    return draft
