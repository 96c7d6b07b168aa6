"""数据异议: from the person to the department that answers for the source, and back to him by a day."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates_read
from yueban.certificates import services as certificates
from yueban.certificates.errors import ObjectionInvalid, ObjectionNotFound
from yueban.certificates.models import DataObjection, Exchange
from yueban.elements import selectors as elements
from yueban.flows import auto_holds, family_facts
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties
from yueban.parties.enterprise_facts import facts_of
from yueban.parties.models import Party

DISPUTED = "，有异议"


@transaction.atomic
def to_value(actor: Actor, party_id: int, element: str, text: str) -> DataObjection:
    """A prefilled value is wrong; the one objection under way is given back. Raises ObjectionInvalid."""
    party = _own(actor, party_id)
    known = known_of(party_id).get(element) or enterprise_fact(party_id, element)
    if known is None:
        raise ObjectionInvalid("没有这项已知信息。", hint="请从“我的信息”重新打开。")
    standing = certificates_read.find_objection(party_id, known.source, element)
    if standing is not None:
        return standing
    row = elements.dictionary().elements.get(element)
    about = row.name if row else element
    made = _make(actor, party, source=known.source, about=about, text=text, element=element)
    auto_holds.hold(party_id, about)
    return made


def enterprise_fact(party_id: int, element: str) -> parties.KnownFact | None:
    """What a source says of an enterprise; what was worked out is objected to where it comes from."""
    known = facts_of(party_id, clock.today()).get(element)
    return None if known is None or known.basis else parties.KnownFact(known.value, known.source, known.as_of)


def known_of(party_id: int) -> dict[str, parties.KnownFact]:
    """What forms are filled in with: the party's own data, and what is asked of its family."""
    return family_facts.known_of_family(party_id) | parties.known_facts(party_id)


@transaction.atomic
def to_answer(actor: Actor, number: str, text: str) -> DataObjection:
    """What a source answered is wrong; the one objection under way is given back."""
    exchange = get_exchange(actor, number)
    standing = certificates_read.find_objection_to(exchange)
    if standing is not None:
        return standing
    party = _own(actor, exchange.party_id)
    about = f"{exchange.source}：{exchange.get_result_display()}"
    return _make(actor, party, source=exchange.source, about=about, text=text, exchange=exchange)


@transaction.atomic
def to_record(actor: Actor, number: str, key: str, text: str) -> DataObjection:
    """A record that a department reports is wrong; the department that reports it looks at it again."""
    case, line, agency = record_of(actor, number, key)
    source = f"{line.name}（{case.number}）"
    standing = certificates_read.find_objection(case.party_id, source, "")
    if standing is not None:
        return standing
    about = f"{line.name}：{line.late_word or line.word}"
    return _make(actor, case.party, source=source, about=about, text=text, agency=agency)


def record_of(actor: Actor, number: str, key: str) -> tuple[Case, cases_read.RecordLine, Agency]:
    """A record that stands in a case of the actor's, and whose it is; raises ObjectionNotFound for any other."""
    case = cases_read.get_case(actor, number)
    line = next((one for one in cases_read.record_lines(case) if one.key == key and one.has_record), None)
    task = next((one for one in approvals_read.tasks_of(Reference("case", number)) if one.key == key), None)
    if line is None or task is None or actor.held(case.party_id) is None:
        raise ObjectionNotFound("没有找到这条记录。", hint="请从办件页面的核查结果重新打开。")
    return case, line, task.agency


def get_exchange(actor: Actor, number: str) -> Exchange:
    """An answer about the actor or whom he stands for; raises ObjectionNotFound for any other."""
    found = certificates_read.find_exchange(number)
    if found is None or actor.held(found.party_id) is None:
        raise ObjectionNotFound("没有找到这次查询。", hint="请从申请的材料页重新打开。")
    return found


def _own(actor: Actor, party_id: int) -> Party:
    held, party = actor.held(party_id), parties.find_party(party_id)
    if held is None or party is None:
        raise NotAllowed("只能对自己的数据提出异议。", hint="请用本人账号，或由法定代表人登录后办理。")
    return party


def _make(
    actor: Actor,
    party: Party,
    *,
    source: str,
    about: str,
    text: str,
    element: str = "",
    exchange: Exchange | None = None,
    agency: Agency | None = None,
) -> DataObjection:
    words = cases_read.checked_words(text)
    if not words:
        raise ObjectionInvalid.of_fields({"text": "请写明哪里不对、正确的是什么。"})
    row = certificates.make_objection(
        party=party,
        source=source,
        about=about,
        text=words,
        agency=agency or _owner_of(source, party),
        actor=actor,
        element=element,
        exchange=exchange,
    )
    certificates.schedule_objection(row, due_on=_plan(row, party).due_on)
    return row


def _plan(row: DataObjection, party: Party) -> Task:
    subject = approvals.Subject(
        reference=row.reference,
        title=f"数据异议：{row.about}"[:200],
        applicant_name=party.name,
        division_code=row.agency.division.code,
    )
    plan = approvals.TaskPlan(
        key="data",
        kind=TaskKind.DATA,
        name="核实数据异议",
        agency_id=row.agency_id,
        role=roles.CHECKER,
        days=certificates_read.city_ladder().objection_days,
    )
    with walls.platform():  # the task is the department's: who objects does not see it
        (task,) = approvals.plan_tasks(subject=subject, plans=[plan], open_stage=0)
    return task


def _owner_of(source: str, party: Party) -> Agency:
    """The nearest office of the department that answers for the source."""
    kind = certificates_read.city_ladder().owner_of(source)
    found = agencies.find_agency_of_kind(kind, party.division_code) if kind else None
    if found is None:
        raise ObjectionInvalid(
            f"还没有登记“{source}”由哪个部门负责。", hint="请拨打12345，说明哪一项不对、正确的是什么。"
        )
    return found


def get_for_staff(actor: Actor, number: str) -> tuple[DataObjection, Task]:
    """An objection with its task, for whose post it is; raises ObjectionNotFound for any other."""
    rows = approvals_read.tasks_visible_to(actor).filter(kind=TaskKind.DATA, reference_number=number)
    task = rows.select_related("agency", "done_by", "taken_by").first()
    row = certificates_read.find_objection_by_number(number) if task is not None else None
    if row is None or task is None:
        raise ObjectionNotFound("没有找到这条数据异议。", hint="请从待办列表重新打开。")
    return row, task


@transaction.atomic
def answer(actor: Actor, number: str, *, is_upheld: bool, text: str) -> DataObjection:
    """核实: the department corrects its data, or says why they are right; the person is told."""
    row = certificates.lock_objection(number)
    task = approvals.lock_task(task_id=get_for_staff(actor, number)[1].pk, actor=actor)
    words = cases_read.checked_words(text)
    if not words:
        raise ObjectionInvalid.of_fields({"text": "请写明查了什么、结论是什么。"})
    certificates.answer_objection(row, is_upheld=is_upheld, text=words, actor=actor)
    outcome = TaskOutcome.UPHELD if is_upheld else TaskOutcome.DISMISSED
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=words)
    if row.element:
        auto_holds.release(row.party_id)
    if row.made_by_user_id is not None:
        notifications.notify(
            user_id=row.made_by_user_id,
            reference=row.reference,
            event="answered",
            title=str(row.get_state_display()),
            body=f"您对“{row.about}”的数据异议，{row.agency.short_name}答复：{words}"[:500],
        )
    return row


def marked(known: Mapping[int, Mapping[str, parties.KnownFact]]) -> dict[str, parties.KnownFact]:
    """Known facts of parties, the last word counting; those under objection are marked 有异议 beside their source."""
    disputed = certificates_read.disputed_of(known)
    return {
        code: replace(fact, source=f"{fact.source}{DISPUTED}")
        if (id_, fact.source, code) in disputed
        else fact
        for id_, facts in known.items()
        for code, fact in facts.items()
    }
