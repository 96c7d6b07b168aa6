"""设立: granting a registration makes a new enterprise: its code, its party, its licence, who stands for it.

All of it in the deciding transaction. Which registration founds one is read from its form: it proposes a name for a
business licence and holds no code yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yueban.accounts import walls
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.certificates import services as certificates
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties import services as parties_write
from yueban.parties.choices import IdKind, PartyKind, Relation
from yueban.parties.models import Party

LICENCE = "business-licence"
SOURCE = "市场监督管理部门登记信息（演示）"
CODE, DIVISION = "enterprise.uscc", "premises.division"
COMPANY, TRADER = "91", "92"  # what the registrar's codes begin with (GB 32100)


@dataclass(frozen=True)
class Founding:
    """What a form says of the enterprise to be, in the words of its licence."""

    kind: str
    name: str
    scope: str
    responsible: str
    responsible_id: str


def register(case: Case) -> None:
    """Put what the licence says into the facts of the case, with a new 统一社会信用代码; once for each decision.

    Nothing where the case founds nothing, or where only the registrar's own system assigns codes. Raises
    CaseMoveNotPossible where the form names no legal representative.
    """
    found = _read(case)
    if found is None or CODE in case.facts:
        return
    if not found.responsible:
        raise CaseMoveNotPossible(
            "申请表没有写明法定代表人，不能登记。",
            hint="法定代表人是法定登记事项；请作不予登记的决定并写明理由。",
        )
    code = certificates.assign_enterprise_code(type_key=LICENCE, kind=found.kind)
    if code is None:
        return
    facts = {
        "enterprise.name": found.name,
        CODE: code,
        "enterprise.legal_person_name": found.responsible,
        "enterprise.address": str(case.facts.get("premises.address", "")),
        "enterprise.scope": found.scope,
        "enterprise.founded_on": clock.today().isoformat(),
    }
    cases.keep_facts(case=case, facts=facts)


def enterprise_of(case: Case, actor: Actor) -> Party | None:
    """The enterprise that this grant registers, made at the first call; None for every other case."""
    found = _read(case)
    code = str(case.facts.get(CODE, ""))
    if found is None or not code:
        return None
    known = parties.find_enterprise_by_code(code)
    if known is not None:
        return known
    division = str(case.facts.get(DIVISION) or case.division_code)
    party = parties_write.save_party(
        number=parties_write.new_number(),
        kind=PartyKind.ENTERPRISE,
        name=found.name,
        id_kind=IdKind.USCC,
        id_number=code,
        phone=str(case.facts.get("contact.phone", "")),
        division_code=division,
    )
    facts = {key: value for key, value in case.facts.items() if key.startswith("enterprise.")}
    facts["enterprise.division"] = division
    parties_write.save_profile(party=party, source=SOURCE, facts=facts, as_of=clock.today())
    data = {"agency": case.agency.name, "case": case.number}
    audit.record(Reference("party", party.number), "registered", actor=actor, data=data)
    return party


def hand_over(case: Case) -> None:
    """Its legal representative may act for it from now on, where he has an account; nobody else.

    With the result: what is held for joint issue is not told this way either.
    """
    found = _read(case)
    code = str(case.facts.get(CODE, ""))
    if found is None or not code:
        return
    with walls.platform():
        party = parties.find_enterprise_by_code(code)
        person = parties.find_person_by_id(found.responsible_id)
        user_id = parties.user_of_person(person.pk) if person is not None else None
        if party is not None and user_id is not None:
            parties_write.save_representation(user_id=user_id, party=party, relation=Relation.LEGAL_PERSON)


def _read(case: Case) -> Founding | None:
    """What the form founds; None for every case that founds nothing."""
    if case.item_version.compiled.guide.result.certificate_type != LICENCE:
        return None
    told = case.form
    if told.get("company.proposed_name"):
        legal = _legal_representative(told)
        return Founding(
            COMPANY,
            str(told["company.proposed_name"]),
            str(told.get("enterprise.scope", "")),
            str(legal.get("officer.name", "")),
            str(legal.get("officer.id_number", "")),
        )
    if told.get("sole.scope"):
        trader = str(told.get("contact.name", ""))
        return Founding(
            TRADER,
            str(told.get("sole.name") or trader),
            str(told["sole.scope"]),
            trader,
            str(told.get("contact.id_number", "")),
        )
    return None


def _legal_representative(form: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = (row for section in form.values() if isinstance(section, list) for row in section)
    found = (
        row for row in rows if isinstance(row, dict) and row.get("officer.post") == "legal_representative"
    )
    return next(found, {})
