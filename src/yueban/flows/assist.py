"""帮办受理: a clerk with the person before him, or a helper on a mandate, fills in and hands in for somebody.

Who helps stays himself: his user and posts, the person as his only party. A clerk needs no mandate while the
person stands by; a helper submits, supplements and collects only on one, checked at every act.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from django.db import transaction

from yueban.accounts import selectors as accounts
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ApplicationState, CaseState
from yueban.cases.models import Application, BundleApplication, BundleCase, Case
from yueban.cases.selectors import AnyApplication
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import BundleVersion, ItemVersion
from yueban.divisions import selectors as divisions
from yueban.files import services as files
from yueban.files.models import StoredFile
from yueban.flows import (
    apply,
    bundle,
    bundle_window,
    deliver,
    hand_over,
    identify,
    mandates,
    prove,
    review,
    supplement,
)
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PartyHeld, PostHeld
from yueban.kernel.errors import Invalid, NotAllowed, NotFound, ServiceError
from yueban.parties import selectors as parties
from yueban.parties.choices import MandateKind, MandateWay, PartyKind, Power, Relation
from yueban.parties.models import Mandate, Party

PRESENT = "present"  # the person stands at the window and signs himself
MONTHS_OF_A_MANDATE = 6


class MandateMissing(NotAllowed):
    """A helper acts for somebody who has given him no mandate for this."""

    code = "assist.mandate_missing"


class NotOfferedHere(NotAllowed):
    """The item is not handed in at a desk of this level."""

    code = "assist.not_offered_here"


class PersonNotFound(NotFound):
    """No such person, or not one this desk serves: one answer for both."""

    code = "assist.person_not_found"


def post_of(actor: Actor) -> PostHeld:
    """The post at which he takes applications in: a helper's before a clerk's. Raises NotAllowed without one."""
    posts = sorted(cases_read.intake_posts(actor), key=lambda post: post.role != roles.HELPER)
    if not posts:
        raise NotAllowed("受理只对窗口人员和代办员开放。", hint="请用窗口或代办岗位的账号登录。")
    return posts[0]


def is_helper(actor: Actor) -> bool:
    """Whether he acts on mandates."""
    return post_of(actor).role == roles.HELPER


def serves(actor: Actor, party: Party) -> bool:
    """A window serves whoever comes, companies too; a helper the people of his own division."""
    if post_of(actor).role != roles.HELPER:
        return True
    return party.kind == PartyKind.PERSON and mandates.helps_in(actor, party.division_code)


def get_person(actor: Actor, number: str) -> Party:
    """A person this desk serves; PersonNotFound otherwise."""
    post_of(actor)
    party = parties.parties_by_number([number]).get(number)
    if party is None or not serves(actor, party):
        raise PersonNotFound("没有找到这位办事人。", hint="请回到“受理”，用身份证号或姓名重新查找。")
    return party


def takes_in(actor: Actor, version: ItemVersion) -> bool:
    """Whether the item is handed in at desks of this level, by its offerings."""
    place = post_of(actor).division
    level = divisions.level_of(place)
    return any(
        one.does == "intake"
        and one.level == level
        and (not one.within or any(divisions.is_within(place, whole) for whole in one.within))
        for one in catalogue.offerings_of(version)
    )


def takes_in_bundles(actor: Actor, versions: Collection[BundleVersion]) -> list[BundleVersion]:
    """Those of these 一件事 every item of which is handed in at desks of this level; one query."""
    behind = catalogue.items_behind(versions)
    return [one for one in versions if all(takes_in(actor, item) for item in behind[one.pk])]


def filling_for(actor: Actor, party: Party) -> Actor:
    """Who helps, as himself, with the person as his only party."""
    if not serves(actor, party):
        raise PersonNotFound("没有找到这位办事人。", hint="请回到“受理”，用身份证号或姓名重新查找。")
    relation = Relation.PRINCIPAL if is_helper(actor) else PRESENT
    held = PartyHeld(party.pk, party.number, party.kind, party.name, relation)
    return replace(actor, posts=(post_of(actor),), parties=(held,))


@transaction.atomic
def begin(actor: Actor, person_number: str, version_id: int, answers: Mapping[str, str]) -> Application:
    """Begin a draft for somebody, or go on with the one there is."""
    party = get_person(actor, person_number)
    if not takes_in(actor, catalogue.get_version(version_id)):
        raise NotOfferedHere(
            "这个事项不在您这一级受理。", hint="办事指南写明了在哪里办，请告诉办事人就近的窗口。"
        )
    return apply.start(filling_for(actor, party), version_id, answers, party.pk)


@transaction.atomic
def begin_bundle(
    actor: Actor, person_number: str, version_id: int, answers: Mapping[str, str]
) -> BundleApplication:
    """The same for a 一件事: one draft for all of its items."""
    party = get_person(actor, person_number)
    if not takes_in_bundles(actor, [catalogue.bundle_version(version_id)]):
        raise NotOfferedHere(
            "这件一件事里有事项不在您这一级受理。",
            hint="请到县区政务服务中心窗口一次办，或者把能在这里办的事项分开办。",
        )
    return bundle.start(filling_for(actor, party), version_id, answers, party.pk)


def open_draft(actor: Actor, number: str) -> AnyApplication:
    """His draft as its page shows it; one that was handed over to him counts as opened."""
    application = cases_read.get_any_assisted(actor, number)
    hand_over.note_opened(actor, number)
    return application


def draft_actor(actor: Actor, number: str) -> Actor:
    """As whom he works on this draft."""
    return filling_for(actor, cases_read.get_any_assisted(actor, number).party)


def find_mandate(actor: Actor, party: Party, item_keys: Collection[str], power: str) -> Mandate | None:
    """His mandate of this person for these items and the act, if it stands today."""
    rows = parties.mandates_held_by(actor.user_id or 0).filter(principal=party, kind=MandateKind.HELPER)
    today = clock.today()
    return next(
        (
            row
            for row in rows
            if row.is_live(today) and set(item_keys) <= set(row.items) and power in row.powers
        ),
        None,
    )


def on_mandate(actor: Actor, party: Party, item_keys: Sequence[str], power: str) -> Actor:
    """As whom he acts for this person now: at the window as he is, a helper on his mandate.

    Raises MandateMissing, or why the mandate there is does not allow it. Call it inside the act's transaction.
    """
    filling = filling_for(actor, party)
    if not is_helper(actor):
        return filling
    found = find_mandate(actor, party, item_keys, power) or _nearest(actor, party, item_keys)
    if found is None:
        raise MandateMissing(
            f"{party.name}还没有委托您办这件事。",
            hint="请打印授权委托书，由委托人签名后拍照，或在手写板上签名。",
        )
    acting = identify.on_behalf(filling, found.number)
    for item_key in item_keys:
        mandates.check_power(acting, party.pk, item_key, power)
    # The items were checked just now: what follows concerns this one draft or case only.
    return replace(acting, parties=(replace(acting.parties[0], items=None),))


@transaction.atomic
def why_not_on_mandate(actor: Actor, application: AnyApplication) -> str:
    """In words why a helper may not hand this draft in now; empty where he may."""
    try:
        on_mandate(actor, application.party, cases_read.asked_items(application), Power.SUBMIT)
    except ServiceError as error:
        return f"{error.message}{error.hint}"
    return ""


def _nearest(actor: Actor, party: Party, item_keys: Collection[str]) -> Mandate | None:
    """The mandate whose refusal says most: the newest for the items, else the newest."""
    rows = list(parties.mandates_held_by(actor.user_id or 0).filter(principal=party, kind=MandateKind.HELPER))
    return next((row for row in rows if set(item_keys) <= set(row.items)), rows[0] if rows else None)


@transaction.atomic
def give_mandate(
    actor: Actor,
    number: str,
    *,
    way: MandateWay,
    signature: tuple[BinaryIO | bytes, str] | None,
    powers: list[str],
    ends_on: date,
) -> Mandate:
    """Write down the mandate a villager gives for the item of this draft, or all of its 一件事, with his signature."""
    application = cases.lock_any_assisted(actor, number)
    user = accounts.find_user(actor.user_id or 0)
    if user is None or not is_helper(actor):
        raise NotAllowed("只有代办员需要登记委托。", hint="本人在窗口办理的，由本人签名即可。")
    stored: StoredFile | None = None
    if signature is not None:
        content, name = signature
        stored = files.store_file(content=content, name=name, actor=actor)
    return mandates.give(
        actor,
        principal=application.party,
        agent=user,
        kind=MandateKind.HELPER,
        items=cases_read.asked_items(application),
        powers=powers,
        starts_on=clock.today(),
        ends_on=ends_on,
        way=way,
        signature=stored,
    )


def submit(actor: Actor, number: str, *, shown: str = "") -> Case:
    """提交并收件: one transaction after the sources were asked; a repeated request gets the same case.

    `shown` is the mandate that who comes for a company shows at the window; none where its legal representative
    comes himself.
    """
    prove.ask_sources(draft_actor(actor, number), number)
    return _hand_in(actor, number, shown)


@transaction.atomic
def _hand_in(actor: Actor, number: str, shown: str) -> Case:
    application = cases.lock_assisted(actor, number)
    if application.state == ApplicationState.SUBMITTED:
        return application.cases.get()
    acting = _handing_in(actor, application, shown)
    case = apply.hand_in(acting, number)
    return review.receive(acting, case.number) if case.state == CaseState.APPLIED else case


def submit_bundle(actor: Actor, number: str, *, shown: str = "") -> BundleCase:
    """The same for a 一件事: handed in once, every child received, one receipt that lists them all."""
    prove.ask_sources(draft_actor(actor, number), number)
    return _hand_in_bundle(actor, number, shown)


@transaction.atomic
def _hand_in_bundle(actor: Actor, number: str, shown: str) -> BundleCase:
    application = cases.lock_any_assisted(actor, number)
    assert isinstance(application, BundleApplication)  # its number says so
    if application.state == ApplicationState.SUBMITTED:
        return application.case
    acting = _handing_in(actor, application, shown)
    made = bundle.hand_in(acting, number)
    return bundle_window.receive_all(acting, made.number, accepts=False).bundle_case


def _handing_in(actor: Actor, application: AnyApplication, shown: str) -> Actor:
    """As whom this draft is handed in now; the mandate stands on the draft, and in every event that follows."""
    wrong = account_changed(actor, application)
    if wrong:
        raise Invalid.of_fields(wrong)
    asked = cases_read.asked_items(application)
    acting = on_mandate(actor, application.party, asked, Power.SUBMIT)
    if shown and application.party.kind == PartyKind.ENTERPRISE:
        mandates.check_shown(shown, application.party_id, asked, Power.SUBMIT)
        acting = replace(acting, mandate=shown)
    if acting.mandate:
        cases.set_mandate(application=application, number=acting.mandate)
    return acting


@transaction.atomic
def attach_supplement(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> None:
    """A file for a material that the notice asks for, handed in for the person."""
    case = cases.lock_case(number=number, actor=actor)
    supplement.attach(_for_case(actor, case, Power.SUPPLEMENT), number, material_key, upload, name)


@transaction.atomic
def supply(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """The person's answer to the notice of what is missing, sent for him."""
    case = cases.lock_case(number=number, actor=actor)
    acting = _for_case(actor, case, Power.SUPPLEMENT)
    return supplement.supply(acting, number, revision=revision, key=key)


@transaction.atomic
def collect(
    actor: Actor, number: str, *, method: str, proof: str, revision: int | None = None, key: str = ""
) -> Case:
    """领取: a helper takes the result for his principal; at the window it is handed to the person himself."""
    case = cases.lock_case(number=number, actor=actor)
    acting = _for_case(actor, case, Power.COLLECT) if is_helper(actor) else actor
    return deliver.deliver(acting, number, method=method, proof=proof, revision=revision, key=key)


def _for_case(actor: Actor, case: Case, power: Power) -> Actor:
    post = post_of(actor)
    if post.agency != case.intake_agency.code or not divisions.is_within(case.intake_division, post.division):
        raise NotAllowed("这件办件不是在您这里提交的。", hint="请由收件的窗口或代办点办理。")
    return on_mandate(actor, case.party, [case.item_version.item.key], power)


def may_assist(actor: Actor, case: Case | BundleCase) -> bool:
    """Whether it was handed in at this person's own desk; what his mandate allows shows at the act."""
    posts = cases_read.intake_posts(actor)
    return any(
        post.agency == case.intake_agency.code and divisions.is_within(case.intake_division, post.division)
        for post in posts
    )


def readiness(actor: Actor, number: str) -> cases_read.Readiness:
    """What is still missing before it may be handed in."""
    ready = cases_read.readiness(cases_read.get_any_assisted(actor, number))
    wrong = account_changed(actor, cases_read.get_any_assisted(actor, number))
    return replace(ready, errors={**ready.errors, **wrong})


def account_changed(actor: Actor, application: AnyApplication) -> dict[str, str]:
    """What is wrong where a helper has put another account than the one on record: money goes to nobody else."""
    return _other_account(application, "代办员不能改收款账户。") if is_helper(actor) else {}


def account_changed_from_afar(application: Application) -> dict[str, str]:
    """The same for a system that hands in for a person who does not stand by."""
    return _other_account(application, "其他系统不能改收款账户。")


def _other_account(application: AnyApplication, who_may_not: str) -> dict[str, str]:
    known = parties.known_facts(application.party_id)
    wrong = {}
    for element in _accounts_of(application):
        on_record = known.get(element)
        if on_record is None or str(application.form.get(element, "")) == str(on_record.value):
            continue
        wrong[element] = f"与登记的账户不一样，{who_may_not}请改回登记的账户；账户换了的，请本人到窗口办理。"
    return wrong


def _accounts_of(application: AnyApplication) -> list[str]:
    """The fields that say where money goes, of the item or of every item of the 一件事."""
    if not isinstance(application, BundleApplication):
        rule = application.item_version.compiled.payment
        return [rule.account_element] if rule else []
    children = application.bundle_version.compiled_bundle.child_by_key
    found = set()
    for key, version in catalogue.item_versions_of(application.bundle_version).items():
        if rule := version.compiled.payment:
            named = {own: merged for one in children[key].sections for own, merged in one.elements.items()}
            found.add(named.get(rule.account_element, rule.account_element))
    return sorted(found)
