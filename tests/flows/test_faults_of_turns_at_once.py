"""Two people turn the same case at the same moment: one of them is told that it has moved."""

import pytest

from tests import people
from tests.flows.moments import at_once
from yueban.cases.models import Case, SpecialProcedure
from yueban.cases.selectors import running_procedure
from yueban.flows import review, special
from yueban.kernel.errors import ServiceError

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_reviewers_begin_one_special_procedure():
    case = people.accepted()
    reviewers = [people.actor(people.REVIEWER), people.actor("reviewer-feng")]

    def begin(actor):
        return lambda: special.suspend(
            actor, case.number, name="专家评审", reason="需要评审", days="5", revision=case.revision
        )

    outcomes = at_once([begin(actor) for actor in reviewers])
    refused = [one for one in outcomes if isinstance(one, ServiceError)]
    assert len(refused) == 1
    assert refused[0].status == 409
    assert SpecialProcedure.objects.filter(case__number=case.number).count() == 1


def test_a_decision_and_a_suspension_at_once_leave_one_of_them():
    case = people.deciding()
    outcomes = at_once(
        [
            lambda: review.decide(people.actor(people.DECIDER), case.number, is_granted=True),
            lambda: special.suspend(
                people.actor(people.REVIEWER), case.number, name="检验", reason="需要检验", days="5"
            ),
        ]
    )
    assert sum(isinstance(one, Case) for one in outcomes) == 1
    refused = [one for one in outcomes if isinstance(one, ServiceError)]
    assert [one.status for one in refused] == [409]
    now = Case.objects.get(pk=case.pk)
    assert (now.state == "suspended") == (running_procedure(now) is not None)
