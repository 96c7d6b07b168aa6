"""撤销、注销: what was granted ends later by the decider's word, with reason and rule; its certificate ends with it."""

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, RevocationKind
from yueban.cases.errors import CaseInputInvalid
from yueban.cases.models import Case
from yueban.certificates import services as certificates
from yueban.certificates.choices import CertificateStatus
from yueban.flows import bundle_steps, clicks, stand_in, turn_messages
from yueban.kernel.actor import Actor

STATUSES = {
    RevocationKind.ANNULLED: CertificateStatus.ANNULLED,
    RevocationKind.CANCELLED: CertificateStatus.CANCELLED,
}


@transaction.atomic
def revoke(
    actor: Actor,
    number: str,
    *,
    kind: str,
    reason: str,
    basis: str,
    revision: int | None = None,
    key: str = "",
) -> Case:
    """撤销 (it should not have been granted) or 注销 (it has come to its end)."""
    case, done = clicks.begin(actor, number, revision, key, "revoke")
    if done:
        return case
    stand_in.check_separate(case, actor)
    chosen, text, rule = _checked(kind, reason, basis)
    word = str(chosen.label)
    cases.move(case=case, event=CaseEvent.REVOKE, actor=actor, word=word, reason=text, basis=rule)
    revocation = cases.record_revocation(case=case, actor=actor, kind=chosen, reason=text, basis=rule)
    certificates.end_certificates(
        source=cases.reference_of(case), status=STATUSES[chosen], reason=text, actor=actor
    )
    cases.issue_revocation(case, revocation, actor)
    approvals.cancel_open(reference=cases.reference_of(case))
    turn_messages.revoked(case, word)
    bundle_steps.after(case, actor)
    return clicks.end(case, actor, key, "revoke")


def _checked(kind: str, reason: str, basis: str) -> tuple[RevocationKind, str, str]:
    """What was chosen and written; raises CaseInputInvalid with everything that is wrong at once."""
    wrong: dict[str, str] = {}
    for check, typed in (
        (cases_read.checked_revocation, kind),
        (cases_read.checked_basis, basis),
        (cases_read.checked_reason, reason),
    ):
        try:
            check(typed)
        except CaseInputInvalid as error:
            wrong |= error.fields
    if wrong:
        raise CaseInputInvalid.of_fields(wrong)
    return (
        cases_read.checked_revocation(kind),
        cases_read.checked_reason(reason),
        cases_read.checked_basis(basis),
    )
