"""代为申请: a system of an agency hands in for a person or an enterprise, as the agency's window would.

The system knows the party's number and name; it learns nothing that it did not bring. Every look is kept, every
command carries an idempotency key, and only what came in through the API can be supplemented or withdrawn there.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import BinaryIO

from django.db import transaction

from yueban.accounts.services import api_keys as keys
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ApplicationState
from yueban.cases.errors import TooManyFinds
from yueban.cases.models import Application, ApplicationFile, Case, MaterialFile
from yueban.catalogue import selectors as catalogue
from yueban.flows import apply, assist, find_person, prove, supplement
from yueban.flows.api_keys import CHANNEL, KeyHolder
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.parties import services as parties_write
from yueban.parties.choices import PartyKind
from yueban.parties.models import Party

PURPOSE = "其他系统代为申请"
SOURCE = "其他系统申报（未核对原件）"


@dataclass(frozen=True)
class Applicant:
    """For whom it is asked: a kind, a name and a number that belong together, a phone if there is one."""

    kind: str
    name: str
    id_number: str
    phone: str = ""


@dataclass(frozen=True)
class Request:
    """What is asked: the item, where it is handed in, how the situation was answered, and the form."""

    applicant: Applicant
    item_key: str
    division: str
    answers: Mapping[str, str]
    form: Mapping[str, object]


def start(holder: KeyHolder, request: Request, idempotency_key: str) -> Application:
    """Begin an application, or give the one that this very command began before."""
    party = _party(holder.actor, request.applicant)
    digest = keys.digest_of("start", asdict(request))

    def begin() -> str:
        version = catalogue.get_published(request.item_key, request.division or holder.agency.division.code)
        begun = assist.begin(holder.actor, party.number, version.pk, request.answers)
        apply.save_draft(assist.filling_for(holder.actor, party), begun.number, request.form, None)
        return begun.number

    return get_application(holder, _once(holder, idempotency_key, digest, begin))


def _once(holder: KeyHolder, idempotency_key: str, digest: str, act: Callable[[], str]) -> str:
    """Carry a command out in one transaction, or give what came of it before."""
    with transaction.atomic():
        command = keys.begin_command(key=holder.key, idempotency_key=idempotency_key, digest=digest)
        if not command.reference:
            keys.end_command(command=command, reference=act())
        return command.reference


def _party(actor: Actor, applicant: Applicant) -> Party:
    """The party; nobody goes through the register by trying numbers and names."""
    if not cases_read.may_find_people(actor.user_id):
        raise TooManyFinds(
            "一小时内对不上的号码和姓名太多，暂停核对。", hint="请核对数据，过一小时再试；或联系系统管理员。"
        )
    try:
        return find_party(actor, applicant)
    except Invalid:
        cases.record_find(user_id=actor.user_id)
        raise


@transaction.atomic
def find_party(actor: Actor, applicant: Applicant) -> Party:
    """The party of this number and name, as the window finds or registers it; that it was looked up is kept."""
    if applicant.kind == PartyKind.PERSON:
        party = find_person.register(
            actor,
            name=applicant.name,
            id_number=applicant.id_number,
            phone=applicant.phone,
            source=SOURCE,
        )
    else:
        party = find_person.register_enterprise(
            actor, name=applicant.name, code=applicant.id_number, source=SOURCE
        )
    parties_write.record_look(party=party, actor=actor, what=["名称", "证件号码（核对）"], purpose=PURPOSE)
    return party


def get_application(holder: KeyHolder, number: str) -> Application:
    """An application that this key began; CaseNotFound for any other."""
    return cases_read.get_assisted(holder.actor, number)


def readiness(application: Application) -> cases_read.Readiness:
    """What is still missing before it may be handed in."""
    if application.state != ApplicationState.DRAFT:
        return cases_read.Readiness(())
    return cases_read.readiness(application)


def save(holder: KeyHolder, number: str, form: Mapping[str, object], revision: int | None) -> Application:
    """Replace what was filled in."""
    acting = _filling(holder, number)
    apply.save_draft(acting, number, form, revision)
    return get_application(holder, number)


def attach(holder: KeyHolder, number: str, material_key: str, upload: BinaryIO, name: str) -> ApplicationFile:
    """Put a file to one material of an application."""
    return apply.attach_file(_filling(holder, number), number, material_key, upload, name)


def _filling(holder: KeyHolder, number: str) -> Actor:
    return assist.filling_for(holder.actor, get_application(holder, number).party)


def submit(holder: KeyHolder, number: str, idempotency_key: str) -> Case:
    """Hand it in at the key's agency, whose window receives it as any other; once, however often it is sent."""
    application = get_application(holder, number)
    prove.ask_sources(assist.filling_for(holder.actor, application.party), number)

    def hand_in() -> str:
        application = cases.lock_assisted(holder.actor, number)
        wrong = assist.account_changed_from_afar(application)
        if wrong:
            raise Invalid.of_fields(wrong)
        return apply.hand_in(assist.filling_for(holder.actor, application.party), number).number

    done = _once(holder, idempotency_key, keys.digest_of("submit", number), hand_in)
    return cases_read.get_case(holder.actor, done)


def attach_supplement(
    holder: KeyHolder, number: str, material_key: str, upload: BinaryIO, name: str
) -> MaterialFile:
    """A file for a material that the notice asks for."""
    return supplement.attach(_acting_on(holder, number), number, material_key, upload, name)


def supply(holder: KeyHolder, number: str, revision: int | None, idempotency_key: str) -> Case:
    """Send the answer to the notice of what is missing."""
    return _act(holder, number, supplement.supply, revision, idempotency_key)


def withdraw(holder: KeyHolder, number: str, revision: int | None, idempotency_key: str) -> Case:
    """Take the application back, possible until the decision."""
    return _act(holder, number, apply.withdraw, revision, idempotency_key)


def _act(
    holder: KeyHolder, number: str, act: Callable[..., Case], revision: int | None, idempotency_key: str
) -> Case:
    acting = _acting_on(holder, number)
    digest = keys.digest_of(act.__name__, [number, revision])
    _once(holder, idempotency_key, digest, lambda: act(acting, number, revision=revision).number)
    return cases_read.get_case(holder.actor, number)


def _acting_on(holder: KeyHolder, number: str) -> Actor:
    """As whom the system acts on a case: for its party, where it was handed in through this agency's API."""
    case = cases_read.get_case(holder.actor, number)
    if case.application.channel != CHANNEL or case.intake_agency.code != holder.agency.code:
        raise NotAllowed(
            "这件办件不是由本单位的系统提交的，不能通过接口补正或撤回。", hint="请由申请人或收件的窗口办理。"
        )
    return assist.filling_for(holder.actor, case.party)
