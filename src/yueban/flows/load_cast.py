"""The demo cast of a city pack: people who can be signed in as with one click, only in demo settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from yueban.accounts import services as accounts
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies_read
from yueban.agencies import services as agencies
from yueban.certificates import services as certificates
from yueban.flows import enterprise_facts
from yueban.kernel.actor import SYSTEM
from yueban.kernel.codes import resident_id, uscc
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties_read
from yueban.parties import services as parties
from yueban.parties.choices import MandateKind, MandateWay
from yueban.parties.models import Party


@dataclass
class CastReport:
    """How many of each were created or refreshed."""

    users: int = 0
    parties: int = 0
    certificates: int = 0
    names: list[str] = field(default_factory=list)


@transaction.atomic
def load_cast(path: Path) -> CastReport:
    """Load `cast.yaml` of a pack; a second time changes nothing. Refused outside demo settings."""
    if not settings.YUEBAN_DEMO:
        raise NotAllowed("演示人物只能装进演示环境。", hint="正式环境请不要装载 cast.yaml。")
    pack = yaml.safe_load((path / "cast.yaml").read_text(encoding="utf-8"))
    report = CastReport()
    known = {row["key"]: _save_party(row, report) for row in pack["parties"]}
    users = {row["username"]: _save_user(row, known, report) for row in pack["users"]}
    for row in pack.get("kin", ()):
        _save_kinship(row, known)
    for row in pack.get("mandates", ()):
        _give_mandate(row, known, users)
    for row in pack.get("barred_from_promising", ()):
        certificates.bar_from_promising(
            party=known[row["party"]],
            source=row["source"],
            starts_on=date.fromisoformat(row["starts_on"]),
            ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        )
    return report


def _save_party(row: Mapping[str, Any], report: CastReport) -> Party:
    if row["id_kind"] == "uscc":
        uscc.check(row["id_number"], profile=Profile.DEMO)
    else:
        resident_id.check(row["id_number"], profile=Profile.DEMO)
    party = parties.save_party(
        number=row["key"],
        kind=row["kind"],
        name=row["name"],
        id_kind=row["id_kind"],
        id_number=row["id_number"],
        phone=row["phone"],
        division_code=row["division"],
    )
    for profile in row["profiles"]:
        parties.save_profile(
            party=party,
            source=profile["source"],
            facts=profile["facts"],
            as_of=date.fromisoformat(profile["as_of"]),
        )
    for told in row.get("enterprise_facts", ()):
        enterprise_facts.record(
            party=party,
            source=told["source"],
            facts=told["facts"],
            as_of=date.fromisoformat(told["as_of"]),
            expires_on=date.fromisoformat(told["expires_on"]) if told.get("expires_on") else None,
        )
    for held in row["certificates"]:
        _issue(party, held)
        report.certificates += 1
    report.parties += 1
    return party


def _issue(party: Party, held: Mapping[str, Any]) -> None:
    certificates.issue_certificate(
        type_key=held["type"],
        holder=party,
        agency=agencies_read.get_agency(held["issuer"]),
        data=held["fields"],
        valid_from=date.fromisoformat(held["issued_on"]),
        subject=Reference("cast", f"{party.number}-{held['type']}"),
        actor=SYSTEM,
    )


def _save_kinship(row: Mapping[str, Any], known: Mapping[str, Party]) -> None:
    parties.save_kinship(
        party=known[row["party"]],
        relative=known[row["relative"]],
        relation=row["relation"],
        source=row["source"],
        as_of=date.fromisoformat(row["as_of"]),
    )


def _give_mandate(row: Mapping[str, Any], known: Mapping[str, Party], users: Mapping[str, User]) -> None:
    """An online mandate between members of the cast; one that there is, revoked or not, stays as it is."""
    principal, agent = known[row["principal"]], users[row["agent"]]
    if parties_read.mandates_given_by(principal.pk).filter(agent=agent).exists():
        return
    parties.give_mandate(
        principal=principal,
        agent=agent,
        kind=MandateKind.MANDATARY,
        items=row["items"],
        powers=row["powers"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        way=MandateWay.ONLINE,
        signature=None,
        actor=SYSTEM,
        division_code=principal.division_code,
    )


def _save_user(row: Mapping[str, Any], known: Mapping[str, Party], report: CastReport) -> User:
    note = f"{row['role']}。{row['try']}"
    user = accounts.save_demo_user(username=row["username"], name=row["name"], note=note, order=row["order"])
    for post in row["posts"]:
        agencies.give_post(
            user=user,
            role=post["role"],
            agency=post["agency"],
            actor=SYSTEM,
            division=post.get("division"),
        )
    for held in row["parties"]:
        parties.save_representation(user_id=user.pk, party=known[held["party"]], relation=held["relation"])
    report.users += 1
    report.names.append(user.username)
    return user
