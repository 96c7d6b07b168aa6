"""The freight permit turned, for tests, into an item with a public notice and a payment after the grant."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests import people
from yueban.accounts.models import User
from yueban.approvals import selectors as approvals
from yueban.approvals import services as approvals_writes
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import PublicNotice, Task
from yueban.cases.models import Application, Case
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import Directory
from yueban.catalogue.selectors import ItemStandard
from yueban.flows import apply, review
from yueban.flows.publish_item import draft_item, publish_item, submit_item
from yueban.flows.sweep import sweep
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.reference import Reference
from yueban.kernel.writes import together
from yueban.payments import services as payments
from yueban.payments.models import PaymentOrder
from yueban.prepared import run_prepared
from yueban.ratings import services as ratings
from yueban.ratings.models import RateableService, Rating

AGENCY, DIVISION = "yuecheng-transport", "330602000000"
ACCOUNT = "6222000000001234"
PAYMENT = {
    "name": "运力更新补贴",
    "amount": {"element": "subsidy.paid_amount", "ratio": "2/3", "cap": None},
    "account_element": "person.social_card_account",
    "funded_by": None,
    "payer_kind": None,
}
NOTICE_NOT_COUNTED = {"name": "公示", "days": 5, "basis": "办事指南：公示时间不计入", "counted": False}


def _editor(username: str) -> Actor:
    user, _ = User.objects.get_or_create(username=username, defaults={"name": username})
    return Actor(user_id=user.pk, name=username, posts=(PostHeld(roles.EDITOR, AGENCY, AGENCY, DIVISION),))


def payer(username: str) -> Actor:
    """Somebody who pays for the bureau."""
    user, _ = User.objects.get_or_create(username=username, defaults={"name": username})
    return Actor(
        user_id=user.pk,
        name=username,
        posts=(PostHeld(roles.PAYER, AGENCY, "交通运输局", DIVISION),),
        channel="desk",
    )


def publish(
    *,
    days: int = 5,
    notice: dict[str, Any] | None = NOTICE_NOT_COUNTED,
    payment: dict[str, Any] | None = None,
) -> None:
    """Put the changed permit in force: reviews and checks, then the notice, then the decision; a form with an account."""
    definition = catalogue.standard_of(people.freight()).model_dump(mode="json", by_alias=True)
    definition["route"] = [
        step | {"stage": 3} if step["kind"] == "decide" else step for step in definition["route"]
    ]
    definition["route"].append(
        {"key": "notice", "stage": 2, "kind": "publicity", "name": "公示", "role": "reviewer", "days": days}
    )
    definition["special_procedures"] = [notice] if notice else []
    definition["payment"] = payment
    definition["form"]["sections"].append(
        {
            "key": "account",
            "title": "收款账户",
            "fields": [
                {"element": "subsidy.paid_amount", "required": True},
                {"element": "person.social_card_account", "required": True},
            ],
        }
    )
    # The bureau's own item: what a directory allows its adopters to change is tested elsewhere.
    Directory.objects.filter(item__key=people.freight().item.key).update(is_current=False)
    standard = ItemStandard.model_validate_json(json.dumps(definition))
    writer = _editor("writes")
    draft = draft_item(standard=standard, agency=AGENCY, effective_on=date(2026, 1, 1), actor=writer)
    submit_item(writer, draft.pk)
    publish_item(draft_id=draft.pk, actor=_editor("checks"))


def draft(amount: str = "1000.00", account: str = ACCOUNT) -> Application:
    """A filled-in draft of the changed permit."""
    application = people.draft()
    extra = {"subsidy.paid_amount": amount, "person.social_card_account": account}
    apply.save_draft(people.actor(people.OWNER), application.number, people.FORM | extra, None)
    return application


def announced(amount: str = "1000.00", account: str = ACCOUNT) -> tuple[Case, PublicNotice]:
    """A case whose reviews and checks are done and whose notice runs."""
    case = apply.submit(people.actor(people.OWNER), draft(amount, account).number)
    review.receive(people.actor(people.CLERK), case.number)
    review.accept(people.actor(people.CLERK), case.number)
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = people.actor(person)
        task = approvals.inbox(worker).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    case.refresh_from_db()
    return case, PublicNotice.objects.get(reference_number=case.number)


def granted(amount: str = "1000.00", account: str = ACCOUNT) -> tuple[Case, PaymentOrder]:
    """A granted case with its payment order, which waits for the payers."""
    publish(payment=PAYMENT)
    case, notice = announced(amount, account)
    moment = clock.now().replace(
        year=notice.ends_on.year, month=notice.ends_on.month, day=notice.ends_on.day
    ) + timedelta(days=1)
    clock.set_source(lambda: moment)
    sweep()
    case = review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    return case, PaymentOrder.objects.get(reference_number=case.number)


def notice_of(case: Case) -> PublicNotice:
    """A notice that runs beside a case, whatever its item says."""
    task = Task.objects.create(
        reference_kind="case",
        reference_number=case.number,
        key="notice",
        kind=TaskKind.NOTICE,
        stage=9,
        name="公示",
        title=case.item_name,
        applicant_name=case.applicant_name,
        agency=case.agency,
        role=roles.REVIEWER,
        division_code=case.division_code,
        due_on=clock.today() + timedelta(days=7),
        opened_at=clock.now(),
    )
    return approvals_writes.publish_notice(task=task, title="公示", lines=[["申请人", case.applicant_name]])


def order_of(case: Case, account: str = ACCOUNT) -> PaymentOrder:
    """A payment order for a case, whatever its item says."""
    return payments.prepare_order(
        reference=Reference("case", case.number),
        name="补贴",
        payee=case.party,
        account=account,
        amount=Decimal("666.67"),
        basis={"value": "1000", "ratio": "2/3", "cap": "", "rounding": "四舍五入到分"},
        payer_agency_id=case.agency_id,
        funded_by_id=None,
        division_code=case.division_code,
        actor=people.actor(people.DECIDER),
    )


def rating_of(case: Case) -> Rating:
    """A bad rating of a case with its follow-up."""
    new = ratings.NewService(
        reference=Reference("case", case.number),
        item_key="road-freight-permit",
        item_name=case.item_name,
        agency_id=case.agency_id,
        division_code=case.division_code,
        party_id=case.party_id,
        is_offline=False,
    )
    run_prepared(*together([ratings.opened([new])]))
    service = RateableService.objects.get(reference_number=case.number)
    rating = ratings.rate(service=service, level=4, channel="qr", text="等了两个小时。")
    ratings.open_follow_up(rating=rating)
    return rating
