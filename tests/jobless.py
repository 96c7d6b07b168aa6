"""A registration of unemployment, whose one proof climbs the whole ladder: 终止、解除劳动关系证明."""

from tests import people
from tests.law.test_every_item_can_be_handed_in import filled
from yueban.accounts.services import save_demo_user
from yueban.agencies import services as agency_services
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.cases.models import Application, Case
from yueban.cases.selectors import MaterialStatus
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.flows import apply, deliver, review
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.parties.models import Party

ITEM, PROOF, SOURCE, CONNECTOR = (
    "unemployment-registration",
    "end-of-work",
    "社会保险参保信息",
    "social-insurance-status",
)
ANSWERS = {"age": "yes", "state": "left_job", "job": "no"}
# Of whom the register says: conforms, 查无; and who is on the list of serious dishonesty.
WORKED, UNKNOWN, BARRED = "zhao", "wang", "sun"


def version() -> ItemVersion:
    """The item as 越城区 publishes it."""
    return catalogue.get_published(ITEM, "330602000000")


def person_of(actor: Actor) -> Party:
    """The person himself."""
    return Party.objects.get(pk=next(held.id for held in actor.parties if held.relation == "self"))


def draft(username: str = WORKED) -> Application:
    """A draft with its form filled; nothing is asked and nothing uploaded."""
    actor = people.actor(username)
    begun = apply.start(actor, version().pk, ANSWERS, person_of(actor).pk)
    facts = dict(catalogue.walk(begun.item_version.compiled, ANSWERS).facts)
    apply.save_draft(actor, begun.number, filled(begun.item_version.compiled, facts), begun.revision)
    return begun


def proof(username: str, number: str) -> MaterialStatus:
    """How the one proof stands now."""
    ready = apply.check(people.actor(username), number)
    return next(one for one in ready.materials if one.key == PROOF)


CHECKER, REVIEWER, DECIDER = "checker-qi", "test-reviewer-jobs", "test-decider-jobs"


def settle() -> None:
    """Somebody at the employment service reviews, and somebody decides."""
    for username, name, role in (
        (REVIEWER, "审示例", roles.REVIEWER),
        (DECIDER, "决示例", roles.DECIDER),
    ):
        user = save_demo_user(username=username, name=name, note="", order=910)
        agency_services.give_post(user=user, role=role, agency=version().agency.code, actor=SYSTEM)


def submitted(username: str = WORKED) -> Case:
    """Handed in as it stands: the sources are asked, what is missing is not uploaded."""
    return apply.submit(people.actor(username), draft(username).number)


def accepted(username: str = WORKED) -> Case:
    """Taken in and accepted by the window."""
    settle()
    case = submitted(username)
    clerk = people.actor(people.CLERK, channel="desk")
    review.receive(clerk, case.number)
    return review.accept(clerk, case.number)


def check_task(case: Case) -> Task:
    """The check of the social insurance office."""
    return Task.objects.get(reference_number=case.number, key="check-social-insurance", state="open")


def answer_check(case: Case, outcome: TaskOutcome) -> None:
    """Its answer."""
    checker = people.actor(CHECKER, channel="desk")
    review.finish_task(checker, check_task(case).pk, outcome=outcome, opinion="已查系统。")
    case.refresh_from_db()


def granted(case: Case) -> Case:
    """Decided in the applicant's favour."""
    return review.decide(
        people.actor(DECIDER, channel="desk"), case.number, is_granted=True, reason="材料齐全。"
    )


def closed(case: Case) -> Case:
    """Granted and handed out."""
    granted(case)
    method = case.item_version.compiled.guide.delivery[0]
    clerk = people.actor(people.CLERK, channel="desk")
    return deliver.deliver(clerk, case.number, method=method, proof="本人签收")
