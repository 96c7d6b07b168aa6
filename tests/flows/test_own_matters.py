"""回避: nobody acts in office in a matter of his own; and messages reach only who may still act for the party."""

import pytest

from tests import benefits, people, village
from yueban.accounts.models import User
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases.models import Case
from yueban.flows import hearing, identify, mandates, message_texts, notice, pay, review
from yueban.flows.recusal import OwnMatter
from yueban.notifications.models import Message
from yueban.parties.choices import Relation
from yueban.parties.errors import MandateOutOfScope
from yueban.parties.models import Mandate, Party, Representation

pytestmark = pytest.mark.django_db


def own(username: str, party: Party) -> None:
    """The member of staff turns out to be the legal person of the applicant."""
    user, _ = User.objects.get_or_create(username=username, defaults={"name": username})
    Representation.objects.create(user=user, party=party, relation=Relation.LEGAL_PERSON)


def test_the_clerk_neither_receives_nor_accepts_his_own_application():
    case = people.submitted()
    own(people.CLERK, case.party)
    with pytest.raises(OwnMatter, match="回避"):
        review.receive(people.actor(people.CLERK), case.number)


def test_the_reviewer_neither_takes_nor_finishes_a_review_of_his_own_matter():
    case = people.accepted()
    own(people.REVIEWER, case.party)
    worker = people.actor(people.REVIEWER)
    task = approvals.inbox(worker).get(reference_number=case.number)
    with pytest.raises(OwnMatter):
        review.take(worker, task.pk)
    with pytest.raises(OwnMatter):
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)


def test_the_decider_grants_himself_nothing():
    case = people.deciding()
    own(people.DECIDER, case.party)
    with pytest.raises(OwnMatter):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=True)


def test_nobody_approves_a_payment_to_himself():
    case, order = benefits.granted()
    own("pays-one", case.party)
    with pytest.raises(OwnMatter):
        pay.approve(benefits.payer("pays-one"), order.number)
    pay.approve(benefits.payer("pays-two"), order.number)


def test_who_applied_does_not_answer_the_objection_against_himself():
    benefits.publish()
    case, found = benefits.announced()
    notice.object_to(
        people.actor(people.CITIZEN), found.number, name="李旁观", contact="", text="车辆已经报废。"
    )
    own(people.REVIEWER, case.party)
    reviewer = people.actor(people.REVIEWER)
    task = approvals.inbox(reviewer).get(reference_number=case.number, kind=TaskKind.OBJECTION)
    with pytest.raises(OwnMatter):
        notice.answer(reviewer, task.pk, is_upheld=False, reasons="已核实。")


def recipients(case: Case) -> list[str]:
    rows = Message.objects.filter(reference_number=case.number, event="delivered")
    return sorted(rows.values_list("user__username", flat=True))


def test_after_the_mandate_was_taken_back_the_helper_gets_no_more_messages():
    village.settle()
    case = village.handed_in()
    mandates.revoke(village.actor(village.HELPER), case.mandate_number)
    message_texts.delivered(case)
    assert recipients(case) == []


def test_the_helper_is_told_and_so_is_the_person_himself():
    case = village.handed_in()
    own_account = User.objects.create(username="lin-himself", name="林示意")
    Representation.objects.create(user=own_account, party=case.party, relation=Relation.SELF)
    message_texts.delivered(case)
    assert recipients(case) == [village.HELPER, "lin-himself"]


def test_who_no_longer_stands_for_the_company_is_not_told_but_who_does():
    case = people.submitted()
    Representation.objects.filter(user=people.user(people.OWNER), party=case.party).delete()
    own(people.CITIZEN, case.party)
    message_texts.delivered(case)
    assert recipients(case) == [people.CITIZEN]


def test_who_may_only_collect_the_result_does_not_ask_for_a_hearing():
    case = village.handed_in()
    acting = identify.on_behalf(village.actor(village.HELPER), case.mandate_number)
    Mandate.objects.filter(number=case.mandate_number).update(powers=["collect"])
    with pytest.raises(MandateOutOfScope, match="提交申请"):
        hearing.ask(acting, case.number)
