"""找人: who stands before the desk, what he has, what runs, and what he could apply for; every look is recorded.

Companies, too: a window finds them by their 统一社会信用代码 or by name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import TooManyFinds
from yueban.cases.models import BundleCase, Case
from yueban.cases.selectors import AnyApplication
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import BundleVersion
from yueban.catalogue.selectors import FoundItem
from yueban.certificates import selectors as certificates_read
from yueban.certificates.models import Certificate
from yueban.divisions import selectors as divisions
from yueban.divisions.selectors import prefix_of
from yueban.flows import assist, due_things
from yueban.flows.due_things import DueThing
from yueban.kernel import clock, masking, roles
from yueban.kernel.actor import Actor
from yueban.kernel.codes import resident_id, uscc
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties import services as parties_write
from yueban.parties.choices import IdKind, PartyKind
from yueban.parties.models import Mandate, Party

ID_LIKE = re.compile(r"[0-9]{14,18}[0-9X]?")
CODE_LIKE = re.compile(r"[0-9A-Z]{18}")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
MOST_SHOWN = 20
MOST_BUNDLES = 6
PURPOSE = "帮办受理"
AT_THE_WINDOW = "窗口核对身份证"
BY_LICENCE = "窗口核对营业执照"
LEGAL_PERSON, ADDRESS = "enterprise.legal_person_name", "enterprise.address"
LOOK_HOLDS = timedelta(minutes=30)  # one look, however many pages follow it


@dataclass(frozen=True)
class PersonLine:
    """One of several of the same name: enough to tell them apart, no more."""

    number: str
    name: str
    id_tail: str
    born_year: int | None
    place: str


@dataclass(frozen=True)
class Elsewhere:
    """Somebody whom this helper does not serve, and who does."""

    place: str
    helpers: tuple[str, ...]
    window: str


@dataclass(frozen=True)
class Found:
    """What a search gave: people of this desk, or where the person belongs."""

    people: tuple[PersonLine, ...] = ()
    elsewhere: Elsewhere | None = None
    was_id: bool = False
    was_code: bool = False


@dataclass(frozen=True)
class PersonCard:
    """All that helps to help: what he has, what is due, what runs."""

    party: Party
    masked_id: str
    masked_phone: str
    age: int | None
    place: str
    certificates: tuple[Certificate, ...] = ()
    due: tuple[DueThing, ...] = ()
    cases: tuple[Case, ...] = ()
    bundle_cases: tuple[BundleCase, ...] = ()
    drafts: tuple[AnyApplication, ...] = ()
    mandates: tuple[Mandate, ...] = field(default=())
    legal_person: str = ""


@transaction.atomic
def find(actor: Actor, text: str) -> Found:
    """By identity number or credit code (exactly), or by name within the desk's own division."""
    post = assist.post_of(actor)
    typed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not typed:
        raise Invalid.of_fields({"who": "请输入身份证号、信用代码、姓名或企业名称。"})
    _count(actor)
    if ID_LIKE.fullmatch(typed) and not uscc.is_valid(typed):
        return _by_id(actor, typed)
    if CODE_LIKE.fullmatch(typed):
        return _by_code(actor, typed)
    people = parties.people_named(typed, prefix_of(post.division))
    if not assist.is_helper(actor):
        people += parties.enterprises_named(typed, prefix_of(post.division))
    people = people[:MOST_SHOWN]
    if len(people) > 1:
        for party in people:
            _look(actor, party, ["姓名", "身份证号后四位", "出生年份"])
    return Found(tuple(_line(party) for party in people))


def _by_id(actor: Actor, typed: str) -> Found:
    party = parties.find_person_by_id(typed)
    if party is None:
        return Found(was_id=True)
    if not assist.serves(actor, party):
        _look(actor, party, ["查找（不在服务区域）"])
        return Found(elsewhere=_elsewhere(party), was_id=True)
    return Found((_line(party),), was_id=True)


def _by_code(actor: Actor, typed: str) -> Found:
    if assist.is_helper(actor):
        raise Invalid.of_fields({"who": "代办员只帮居民；企业的事请到政务服务窗口办。"})
    party = parties.find_enterprise_by_code(typed)
    return Found((_line(party),) if party else (), was_code=True)


def _count(actor: Actor) -> None:
    """Nobody goes through the register number by number; raises TooManyFinds."""
    if not cases_read.may_find_people(actor.user_id):
        raise TooManyFinds(
            "一小时内查找的人太多，暂停查找。", hint="请过一小时再查；确有需要的，请联系安全管理员。"
        )
    cases.record_find(user_id=actor.user_id)


def _line(party: Party) -> PersonLine:
    tail = masking.mask("id_number_tail", parties.id_number_of(party)).lstrip("*")
    year = party.born_on.year if party.born_on else None
    return PersonLine(party.number, party.name, tail, year, place_of(party))


def place_of(party: Party) -> str:
    """Where he lives, from the county down."""
    return place_named(party.division_code)


def place_named(division_code: str) -> str:
    """The names from the county down: 越城区鉴湖街道坡塘村."""
    chain = divisions.ancestry(division_code)[:-1] if division_code else ()
    names = divisions.divisions_named(chain)
    return "".join(divisions.plain_name(names[code].name) for code in reversed(chain) if code in names)


def _elsewhere(party: Party) -> Elsewhere:
    helpers = agencies.serving(roles.HELPER, party.division_code)
    hall = agencies.find_agency_of_kind("town-government", party.division_code)
    hall = hall or agencies.find_agency_of_kind("government-services", party.division_code)
    window = f"{hall.name}（{hall.phone or '12345'}）" if hall else "就近的政务服务窗口"
    return Elsewhere(place_of(party), tuple(row.user.name for row in helpers[:3]), window)


@transaction.atomic
def card(actor: Actor, number: str) -> PersonCard:
    """Everything about one person whom this desk serves; that it was looked at is recorded."""
    party = assist.get_person(actor, number)
    _look(actor, party, ["姓名", "证照目录", "已知信息", "在办事项", "委托"])
    mandates = parties.mandates_given_by(party.pk)
    if assist.is_helper(actor):
        mandates = mandates.filter(agent_id=actor.user_id)
    visible = cases_read.cases_visible_to(actor).filter(party=party, in_bundle=False)
    bundles = cases_read.bundle_cases_visible_to(actor).filter(party=party)
    is_enterprise = party.kind == PartyKind.ENTERPRISE
    number = parties.id_number_of(party)
    facts = parties.known_facts(party.pk) if is_enterprise else {}
    return PersonCard(
        party=party,
        # A credit code is public; a person's number is not.
        masked_id=number if is_enterprise else masking.mask("id_number_tail", number),
        masked_phone=masking.mask("phone", parties.phone_of(party)),
        age=_age(party.born_on),
        place=str(facts[ADDRESS].value) if ADDRESS in facts else place_of(party),
        legal_person=str(facts[LEGAL_PERSON].value) if LEGAL_PERSON in facts else "",
        certificates=tuple(certificates_read.certificates_of([party.pk])),
        due=tuple(due_things.due_for(party)),
        cases=tuple(visible.select_related("agency", "item_version").order_by("-applied_at")[:10]),
        bundle_cases=tuple(bundles.order_by("-submitted_at")[:10]),
        drafts=tuple(cases_read.drafts_of(actor, party.pk)),
        mandates=tuple(mandates[:10]),
    )


def _age(born_on: date | None) -> int | None:
    return None if born_on is None else clock.years_since(born_on)


@transaction.atomic
def open_person(actor: Actor, number: str) -> Party:
    """A person of this desk for a page behind the first; who comes here by an address of his own has looked, too."""
    party = assist.get_person(actor, number)
    if not parties.has_looked(actor.user_id, party.pk, clock.now() - LOOK_HOLDS):
        _look(actor, party, ["姓名", "已知信息"])
    return party


def _look(actor: Actor, party: Party, what: Sequence[str]) -> None:
    post = assist.post_of(actor)
    parties_write.record_look(party=party, actor=replace(actor, posts=(post,)), what=what, purpose=PURPOSE)


@transaction.atomic
def register(
    actor: Actor, *, name: str, id_number: str, phone: str = "", source: str = AT_THE_WINDOW
) -> Party:
    """Somebody nobody knows yet, at a window: name, checked identity number, a phone if he has one."""
    post = assist.post_of(actor)
    if assist.is_helper(actor):
        raise NotAllowed(
            "代办员只帮本服务区域已登记的居民办事。", hint="新来的居民请到镇街便民服务中心窗口登记一次。"
        )
    problems: dict[str, str] = {}
    try:
        name = clean_line(name, 100)
    except TextInvalid as error:
        problems["name"] = f"{error.message}{error.hint}"
    if not name and "name" not in problems:
        problems["name"] = "请输入姓名，与身份证一致。"
    typed = "".join(unicodedata.normalize("NFKC", id_number).split()).upper()
    if not resident_id.is_valid(typed):
        problems["id_number"] = "身份证号码不对，请对照身份证逐位核对，最后一位可能是 X。"
    number_of_phone = "".join(unicodedata.normalize("NFKC", phone).split())
    if number_of_phone and not MOBILE.fullmatch(number_of_phone):
        problems["phone"] = "手机号码应是 11 位数字；没有手机可以不填。"
    if problems:
        raise Invalid.of_fields(problems)
    known = parties.find_person_by_id(typed)
    if known is not None:
        if known.name != name:
            raise Invalid.of_fields({"name": "这个身份证号已登记为另一个姓名，请对照身份证核对。"})
        return known
    party = parties_write.save_party(
        number=parties_write.new_number(),
        kind=PartyKind.PERSON,
        name=name,
        id_kind=IdKind.RESIDENT,
        id_number=typed,
        phone=number_of_phone,
        division_code="",
    )
    audit.record(Reference("party", party.number), "registered", actor=actor, data={"agency": post.agency})
    facts: dict[str, object] = {
        "contact.name": name,
        "contact.id_type": "resident_id",
        "contact.id_number": typed,
    }
    if number_of_phone:
        facts["contact.phone"] = number_of_phone
    parties_write.save_profile(party=party, source=source, facts=facts, as_of=clock.today())
    return party


@transaction.atomic
def register_enterprise(actor: Actor, *, name: str, code: str, source: str = BY_LICENCE) -> Party:
    """A company nobody knows yet, from its licence: name and checked credit code."""
    post = assist.post_of(actor)
    if assist.is_helper(actor):
        raise NotAllowed("代办员只帮居民登记。", hint="企业的事请到政务服务窗口办。")
    typed = "".join(unicodedata.normalize("NFKC", code).split()).upper()
    problems: dict[str, str] = {}
    try:
        name = clean_line(name, 200)
    except TextInvalid as error:
        problems["name"] = f"{error.message}{error.hint}"
    if not name and "name" not in problems:
        problems["name"] = "请填写企业名称，与营业执照一致。"
    if not uscc.is_valid(typed):
        problems["id_number"] = "统一社会信用代码不对，请对照营业执照逐位核对。"
    if problems:
        raise Invalid.of_fields(problems)
    known = parties.find_enterprise_by_code(typed)
    if known is not None:
        if known.name != name:
            raise Invalid.of_fields({"name": "这个信用代码已登记为另一个名称，请对照营业执照核对。"})
        return known
    party = parties_write.save_party(
        number=parties_write.new_number(),
        kind=PartyKind.ENTERPRISE,
        name=name,
        id_kind=IdKind.USCC,
        id_number=typed,
    )
    audit.record(Reference("party", party.number), "registered", actor=actor, data={"agency": post.agency})
    facts: dict[str, object] = {"enterprise.name": name, "enterprise.uscc": typed}
    parties_write.save_profile(party=party, source=source, facts=facts, as_of=clock.today())
    return party


def bundles_for(actor: Actor, party: Party, text: str) -> list[BundleVersion]:
    """一件事 by name or two pinyin letters, of those whose items are all handed in at this level."""
    place = place_for(actor, party)
    found = catalogue.search_bundles(text, audience=party.kind, division=place, limit=MOST_BUNDLES)
    near = {one.bundle.key: one for one in catalogue.bundles_in_force(place)} if found else {}
    return assist.takes_in_bundles(actor, [near[one.key] for one in found])


def items_for(actor: Actor, party: Party, text: str, limit: int = 12) -> list[FoundItem]:
    """Items by name or two pinyin letters, of those offered here: the desk's own division and what serves it."""
    post, place = assist.post_of(actor), place_for(actor, party)
    found = catalogue.search_items(text, audience=party.kind, division=place, limit=limit * 2)
    near = {
        one.version_id: one
        for one in found
        if divisions.is_within(post.division, one.division)
        or divisions.is_within(one.division, post.division)
    }
    offered = [one.pk for one in catalogue.versions_by_id(near) if assist.takes_in(actor, one)]
    return [one for key, one in near.items() if key in offered][:limit]


def place_for(actor: Actor, party: Party) -> str:
    """The division for which an item is looked up: where the person lives, if this desk serves it, else the desk's."""
    own = assist.post_of(actor).division
    at_home = party.division_code and divisions.is_within(party.division_code, own)
    return party.division_code if at_home else own
