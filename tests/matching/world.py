"""Firms, what sources say of them, and offers in force, for the tests of matching."""

from datetime import date

from tests.policies.pack import KEY, OFFER, write_pack
from yueban.flows import enterprise_facts
from yueban.flows.city_policies import read_policies
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.matching import selectors
from yueban.parties import services as parties
from yueban.parties.models import EnterpriseFacts, Party
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion
from yueban.policies.services import store_policies

TAX, REGISTER = "税务部门申报信息（演示）", "市场监督管理部门登记信息（演示）"
AS_OF = date(2026, 1, 1)
DIGITAL = {"fact": "enterprise.digital_investment", "op": "ge", "value": "100000"}
HIRES = {"fact": "enterprise.new_hires", "op": "ge", "value": 3}
YOUNG = {"fact": "enterprise.founded_on", "op": "years_less_than", "value": 3}


def firm(number: int) -> Party:
    return parties.save_party(
        number=f"e-match-{number}",
        kind="enterprise",
        name=f"虚构匹配{number}号有限公司",
        id_kind="uscc",
        id_number=f"91999999MA99M{number:05d}",
    )


def tell(party: Party, source: str = TAX, *, expires_on: date | None = None, **facts) -> None:
    stated = {f"enterprise.{name}": value for name, value in facts.items()}
    enterprise_facts.record(party=party, source=source, facts=stated, as_of=AS_OF, expires_on=expires_on)


def offers(root, *, agency: str = "", **conditions) -> dict[str, OfferVersion]:
    """An offer in force for each name with these conditions; by name. The policy is kept by the agency."""
    rows = [
        OFFER | {"key": f"try-{name}", "name": f"试行{name}", "conditions": rule}
        for name, rule in conditions.items()
    ]
    files, problems = read_policies(
        write_pack(root, offers=rows, policy={"agency": agency} if agency else None)
    )
    assert problems == []
    store_policies(rows=[file.row for file in files], actor=SYSTEM)
    return {name: policies.offer_by_key(f"try-{name}") for name in conditions}


def alone() -> None:
    """Of nobody else anything is told."""
    EnterpriseFacts.objects.all().delete()


def standing(versions):
    """By offer who meets it and of whom too little is known, as the kept runs say."""
    return {
        name: (
            set(selectors.matched_parties(version)),
            set(selectors.matched_parties(version, "unknown")),
        )
        for name, version in versions.items()
    }


def from_facts(versions, firms):
    """The same by the facts of each firm this moment."""
    found = {name: (set(), set()) for name in versions}
    names = {version.pk: name for name, version in versions.items()}
    for one in firms:
        for match in selectors.matches_of(one.pk, clock.today(), list(versions.values())):
            if match.value != "false":
                found[names[match.offer_version_id]][match.value == "unknown"].add(one.pk)
    return found


__all__ = [
    "AS_OF",
    "DIGITAL",
    "HIRES",
    "KEY",
    "REGISTER",
    "TAX",
    "YOUNG",
    "alone",
    "firm",
    "from_facts",
    "offers",
    "standing",
    "tell",
]
