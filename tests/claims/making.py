"""Offers, facts, money and people for tests of claims: an industry bureau of 越城区 and the cast's two companies."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests import people
from tests.flows.moments import set_now
from yueban.agencies import selectors as agencies
from yueban.flows import claim, enterprise_facts
from yueban.flows.claim import Handed
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.matching import services as matching
from yueban.parties.models import EnterpriseFacts, FactSource, Party
from yueban.payments import budgets
from yueban.payments.models import BudgetLine
from yueban.policies.choices import OfferState, PolicyLevel
from yueban.policies.models import Offer, OfferVersion, Policy, PolicyVersion

COUNTY, BUREAU, LINE = "330602000000", "yuecheng-economy-it", "digital-transformation"
ACCOUNT, AUTHORITY, OWN_WORD = "6222999900001234", "经信部门认定和统计", "企业填报"
SHARE = {
    "key": "share",
    "label": "数字化投入的30%",
    "gives": {"kind": "ratio", "rate": "0.3", "of": "enterprise.digital_investment"},
    "cap": "1000000",
}
HONOUR = {"fact": "enterprise.honours_this_year", "op": "contains", "value": "smart-factory.provincial"}


def stars(*amounts: int) -> list[dict[str, Any]]:
    """三星、四星、五星 of a park, each with its prize."""
    return [
        {
            "key": f"star-{grade}",
            "label": f"{grade}星",
            "when": {"fact": "enterprise.honours_this_year", "op": "contains", "value": f"sme-park.{grade}"},
            "gives": {"kind": "fixed", "amount": str(amount)},
        }
        for grade, amount in zip((3, 4, 5), amounts, strict=True)
    ]


def offer(key: str = "digital", **changes: Any) -> OfferVersion:
    """A signed offer in force: 数字化投入 from 10 万, 30 % to 100 万, 快申快享, unless changed."""
    definition = {
        "key": key,
        "name": "企业数字化投入补助",
        "summary": "当年数字化投入10万元以上，补助30%，最高100万元。",
        "policy": "manufacturing",
        "clause": "第一条",
        "department_kind": "economy-it",
        "redemption": "fast",
        "conditions": {"all": [{"fact": "enterprise.digital_investment", "op": "ge", "value": 100000}]},
        "benefits": [SHARE],
        "budget_line": LINE,
    } | changes
    policy, _ = Policy.objects.get_or_create(
        key="manufacturing",
        defaults={
            "title": "制造业强区若干政策（测试）",
            "level": PolicyLevel.COUNTY,
            "division_code": COUNTY,
        },
    )
    version, _ = PolicyVersion.objects.get_or_create(
        policy=policy,
        number=1,
        defaults={
            "text": "第一条 当年数字化投入10万元以上的企业，按30%补助，最高不超过100万元。",
            "text_sha": "0" * 64,
            "definition": {},
            "effective_on": date(2025, 1, 1),
            "created_at": clock.now(),
        },
    )
    quoted = "当年数字化投入10万元以上的企业，按30%补助，最高不超过100万元"
    start = version.text.index(quoted)
    return OfferVersion.objects.create(
        spans=[{"for": "conditions", "start": start, "end": start + len(quoted)}],
        offer=Offer.objects.create(key=key, policy=policy),
        policy_version=version,
        number=1,
        state=OfferState.SIGNED,
        name=definition["name"],
        redemption=definition["redemption"],
        department_kind=definition["department_kind"],
        clause="第一条",
        definition=definition,
        content_hash="1" * 64,
        in_force_from=date(2025, 1, 1),
        signed_at=clock.now(),
    )


def told(party: Party, facts: dict[str, Any], *, source: str = AUTHORITY, **more: Any) -> None:
    """What a source says of an enterprise, by element without its first word."""
    FactSource.objects.get_or_create(
        name=source, defaults={"rank": 10, "is_authoritative": source != OWN_WORD}
    )
    codes = {f"enterprise.{name}": value for name, value in facts.items()}
    enterprise_facts.record(
        party=party, source=source, facts=codes, as_of=more.pop("as_of", date(2026, 10, 1)), **more
    )


def nothing_known() -> None:
    """What the cast brings with it is forgotten: a test says itself what is known."""
    EnterpriseFacts.objects.all().delete()
    matching.all_changed()


def company(username: str = people.OWNER) -> Party:
    """The enterprise that a member of the cast stands for."""
    return Party.objects.get(pk=people.company_of(people.actor(username)))


def at_bureau(username: str, role: str, code: str = BUREAU) -> Actor:
    """A member of the cast with a post at the bureau."""
    agency = agencies.get_agency(code)
    return replace(
        people.actor(username, channel="desk"), posts=(agencies.post_at(agency, role),), parties=()
    )


def checker() -> Actor:
    """Who makes the first check."""
    return at_bureau("reviewer-zheng", "reviewer")


def expert() -> Actor:
    """Who reviews."""
    return at_bureau("reviewer-feng", "reviewer")


def inspector() -> Actor:
    """Who looks at the place."""
    return at_bureau("reviewer-tao", "reviewer")


def decider() -> Actor:
    """Who agrees."""
    return at_bureau("decider-chu", "decider")


def money(total: str = "1000000", *, year: int = 2026, key: str = LINE) -> BudgetLine:
    """A budget line with its allotment."""
    line, _ = budgets.open_line(
        key=key,
        name="数字化改造专项",
        year=year,
        agency_id=agencies.get_agency(BUREAU).pk,
        division_code=COUNTY,
        shortfall="first_come",
        total=Decimal(total),
    )
    return line


def figures(key: str = LINE) -> tuple[str, ...]:
    """Balance, reserved, frozen and spent."""
    row = BudgetLine.objects.get(key=key, year=2026)
    return tuple(f"{value:.0f}" for value in (row.balance, row.reserved, row.frozen, row.spent))


def handed(username: str = people.OWNER, **changes: Any) -> Handed:
    """A form filled in as it should be."""
    given = {"account": ACCOUNT, "holder": company(username).name, "agrees": True, "key": uuid.uuid4().hex}
    return Handed(**(given | changes))


def submitted(username: str = people.OWNER, key: str = "digital", **changes: Any):
    """A claim that was handed in."""
    actor = people.actor(username)
    return claim.submit(actor, key, company(username).pk, handed(username, **changes))


def task_of(number: str, key: str) -> int:
    """The open task of a claim."""
    from yueban.approvals.models import Task

    rows = Task.objects.filter(reference_number=number, key__startswith=key, state="open")
    return rows.get().pk


def november(day: int = 23) -> None:
    """The day on which tests are."""
    set_now(2026, 11, day)


def checker_agency():
    """The bureau."""
    return agencies.get_agency(BUREAU)
