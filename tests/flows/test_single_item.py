"""One case from application to delivered certificate, as the law tells it."""

import io

import pytest

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.audit.selectors import verify_chain
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState, MaterialState
from yueban.cases.errors import ApplicationInvalid, CaseMoveNotPossible, CaseStale, SupplementAlreadyAsked
from yueban.cases.models import Case
from yueban.cases.selectors import next_step, timeline
from yueban.certificates import selectors as certificates
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.documents import selectors as documents
from yueban.flows import apply, deliver, review, supplement
from yueban.kernel.errors import NotAllowed, NotFound
from yueban.kernel.reference import Reference
from yueban.notifications.selectors import messages_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accepted_once")]


def reference(case: Case) -> Reference:
    return Reference("case", case.number)


def task(case: Case, username: str, kind: TaskKind):
    return approvals.inbox(people.actor(username)).get(reference_number=case.number, kind=kind)


def finish_stage_one(case: Case, outcome: TaskOutcome = TaskOutcome.CONFORMS) -> None:
    review.finish_task(
        people.actor(people.VEHICLE_CHECKER),
        task(case, people.VEHICLE_CHECKER, TaskKind.CHECK).pk,
        outcome=outcome,
        opinion="登记与填报核对完毕",
    )
    review.finish_task(
        people.actor(people.QUALIFICATION_CHECKER),
        task(case, people.QUALIFICATION_CHECKER, TaskKind.CHECK).pk,
        outcome=TaskOutcome.CONFORMS,
    )
    review.finish_task(
        people.actor(people.REVIEWER),
        task(case, people.REVIEWER, TaskKind.REVIEW).pk,
        outcome=TaskOutcome.CONFORMS,
        opinion="符合条件，建议准予。",
    )


def live_kinds(case: Case) -> set[str]:
    rows = Clock.objects.filter(reference_number=case.number, state="running")
    return set(rows.values_list("kind", flat=True))


def test_an_application_becomes_a_certificate_that_anyone_verifies():
    case = people.submitted()
    clerk = people.actor(people.CLERK)
    review.receive(clerk, case.number)
    review.request_supplement(clerk, case.number, [{"material": "safety-rules", "what": "缺少本单位盖章"}])
    owner = people.actor(people.OWNER)
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"new"), "制度（盖章）.pdf")
    supplement.supply(owner, case.number)
    review.accept(clerk, case.number)
    assert live_kinds(case) == {ClockKind.PROMISE, ClockKind.STATUTORY}
    finish_stage_one(case)
    case = review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    assert case.state == CaseState.READY
    (certificate,) = certificates.certificates_for(reference(case))
    assert certificates.verify(certificate.identifier).is_valid
    case = deliver.deliver(clerk, case.number, method="窗口领取", proof="本人签收")
    assert case.state == CaseState.DELIVERED
    assert live_kinds(case) == set()
    assert [d.kind for d in documents.documents_of(reference(case))] == [
        "receipt",
        "supplement_notice",
        "acceptance",
        "decision_grant",
        "certificate",
        "collection_slip",
        "delivery_receipt",
    ]
    assert verify_chain(reference(case)).ok
    assert [e.kind for e in timeline(case)][:6] == [
        "submit",
        "receive",
        "request_supplement",
        "supply",
        "accept",
        "begin_review",
    ]


def test_review_and_checks_run_in_parallel_and_the_decision_waits_for_all():
    case = people.accepted()
    for username, kind in (
        (people.REVIEWER, TaskKind.REVIEW),
        (people.VEHICLE_CHECKER, TaskKind.CHECK),
        (people.QUALIFICATION_CHECKER, TaskKind.CHECK),
    ):
        assert task(case, username, kind)
    assert not approvals.inbox(people.actor(people.DECIDER)).filter(reference_number=case.number).exists()
    finish_stage_one(case)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING
    assert task(case, people.DECIDER, TaskKind.DECIDE)


def test_a_confirmed_check_satisfies_the_material_it_stands_for():
    case = people.accepted()
    finish_stage_one(case)
    ways = {s.material_key: s.way for s in certificates.satisfactions_of(reference(case))}
    assert ways["business-licence"] == "certificate"
    assert ways["vehicle-licence"] == "check"
    assert ways["driver-qualification"] == "check"
    assert ways["safety-rules"] == "upload"
    assert case.materials.get(key="vehicle-licence").state == MaterialState.SATISFIED


def test_a_refusal_states_reasons_and_remedies_and_gives_no_certificate():
    case = people.accepted()
    finish_stage_one(case, TaskOutcome.DEVIATES)
    decider = people.actor(people.DECIDER)
    with pytest.raises(CaseMoveNotPossible, match="不支持准予"):
        review.decide(decider, case.number, is_granted=True)
    case = review.decide(decider, case.number, is_granted=False, reason="车辆检验有效期已过。")
    assert case.state == CaseState.REFUSED
    decision = documents.documents_of(reference(case)).get(kind="decision_refuse")
    assert decision.content["reasons"] == ["车辆检验有效期已过。"]
    assert any("行政复议" in line for line in decision.content["remedies"])
    assert not certificates.certificates_for(reference(case)).exists()


def test_a_refusal_without_reason_is_not_taken():
    case = people.accepted()
    finish_stage_one(case)
    with pytest.raises(Exception, match="填写项需要修改"):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=False, reason="  ")
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING


def test_all_that_is_missing_is_told_once():
    case = people.received()
    clerk, owner = people.actor(people.CLERK), people.actor(people.OWNER)
    review.request_supplement(clerk, case.number, [{"material": "safety-rules", "what": "缺盖章"}])
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"2"), "a.pdf")
    supplement.supply(owner, case.number)
    with pytest.raises(SupplementAlreadyAsked):
        review.request_supplement(clerk, case.number, [{"material": "safety-rules", "what": "再补一次"}])


def test_a_supplement_without_the_new_file_is_not_sent():
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺盖章"}]
    )
    with pytest.raises(ApplicationInvalid, match="还有材料没有补上"):
        supplement.supply(people.actor(people.OWNER), case.number)


def test_submitting_twice_gives_the_same_case():
    application = people.draft()
    owner = people.actor(people.OWNER)
    assert apply.submit(owner, application.number).pk == apply.submit(owner, application.number).pk
    assert Case.objects.filter(application=application).count() == 1


def test_a_double_click_changes_nothing_and_says_nothing_wrong():
    case = people.submitted()
    clerk = people.actor(people.CLERK)
    first = review.receive(clerk, case.number, revision=case.revision, key="k1")
    again = review.receive(clerk, case.number, revision=case.revision, key="k1")
    assert first.revision == again.revision
    assert documents.documents_of(reference(case)).filter(kind="receipt").count() == 1


def test_a_stale_page_gets_a_clear_answer():
    case = people.submitted()
    review.receive(people.actor(people.CLERK), case.number, revision=case.revision, key="a")
    with pytest.raises(CaseStale, match="已变为“已收件，待受理”"):
        review.receive(people.actor(people.OTHER_CLERK), case.number, revision=case.revision, key="b")


def test_an_incomplete_draft_is_not_submitted_and_keeps_what_was_typed():
    owner = people.actor(people.OWNER)
    application = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    half = {"contact.name": "陈示例"}
    saved = apply.save_draft(owner, application.number, half, None)
    assert saved.errors
    with pytest.raises(ApplicationInvalid, match="没有填好"):
        apply.submit(owner, application.number)
    assert cases.get_application(owner, application.number).form == half


def test_a_form_of_endless_length_is_not_saved_and_the_saved_one_stays():
    application = people.draft()
    owner = people.actor(people.OWNER)
    with pytest.raises(ApplicationInvalid, match="太多"):
        apply.save_draft(owner, application.number, {"contact.name": "甲" * 500_000}, None)
    assert cases.get_application(owner, application.number).form["contact.name"] == "陈示例"


def test_nobody_applies_in_the_name_of_another_company():
    stranger, owner = people.actor(people.STRANGER), people.actor(people.OWNER)
    with pytest.raises(NotAllowed):
        apply.start(stranger, people.freight().pk, people.ANSWERS, people.company_of(owner))


@pytest.mark.parametrize("username", [people.STRANGER, people.CITIZEN, people.OTHER_COUNTY, people.EDITOR])
def test_outsiders_find_nothing(username):
    case = people.accepted()
    outsider = people.actor(username)
    assert not cases.cases_visible_to(outsider).exists()
    with pytest.raises(NotFound):
        cases.get_case(outsider, case.number)
    with pytest.raises(NotFound):
        review.receive(outsider, case.number)


@pytest.mark.parametrize(
    "username",
    [
        people.OWNER,
        people.CLERK,
        people.OTHER_CLERK,
        people.REVIEWER,
        people.DECIDER,
        people.SUPERVISOR,
        people.VEHICLE_CHECKER,
        people.QUALIFICATION_CHECKER,
    ],
)
def test_those_concerned_see_it(username):
    case = people.accepted()
    assert cases.get_case(people.actor(username), case.number) == case


def test_a_checker_sees_a_case_only_once_he_is_asked():
    case = people.received()
    with pytest.raises(NotFound):
        cases.get_case(people.actor(people.VEHICLE_CHECKER), case.number)


def test_the_supervisor_sees_and_does_not_decide():
    case = people.accepted()
    finish_stage_one(case)
    with pytest.raises(NotAllowed):
        review.decide(people.actor(people.SUPERVISOR), case.number, is_granted=True)


def test_withdrawing_ends_the_tasks_and_the_clocks():
    case = people.accepted()
    owner = people.actor(people.OWNER)
    case = apply.withdraw(owner, case.number)
    assert case.state == CaseState.WITHDRAWN
    assert live_kinds(case) == set()
    assert not approvals.inbox(people.actor(people.REVIEWER)).filter(reference_number=case.number).exists()


def test_each_move_tells_the_applicant_once():
    case = people.accepted()
    titles = [
        m.title for m in messages_visible_to(people.actor(people.OWNER)) if m.reference_number == case.number
    ]
    assert titles == ["已受理", "已收件", "已提交"]
    assert not messages_visible_to(people.actor(people.STRANGER)).exists()


def test_the_page_says_in_one_sentence_what_comes_next():
    case = people.submitted()
    assert "收件" in next_step(case).sentence
    case = review.receive(people.actor(people.CLERK), case.number)
    assert "核对材料" in next_step(case).sentence
    case = review.accept(people.actor(people.CLERK), case.number)
    assert next_step(case).due_on == case.promised_on
