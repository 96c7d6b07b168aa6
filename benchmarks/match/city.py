"""Matching end to end in a kept city: the full run by its parts, signings until the push list, pages after a change.

Run as a program in the instance's environment. ``full`` runs before the worker starts; ``ends`` beside the site and
the worker as they stand, each figure over the clock from the transaction that begins it.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from yueban.commands.django_setup import set_up_django

PERSON = "chen"
BROAD = 100_000
PATIENCE_S = 60.0
PAUSE_S = 0.005
NAME = "测速事项（合成）"
ENOUGH, TOO_LITTLE = 500_000, 500
SOURCE = "经信部门认定和统计（演示）"


def main() -> None:
    """One part, printed as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("full", "ends"))
    parser.add_argument("--address", default="")
    parser.add_argument("--times", type=int, default=24)
    arguments = parser.parse_args()
    set_up_django()
    found = full() if arguments.part == "full" else ends(arguments.address, arguments.times)
    print(json.dumps(found))


def full() -> dict[str, Any]:
    """Everybody read from the database, decided and stored; the parts are those of the one run."""
    from yueban.matching import runs, services

    parts: dict[str, tuple[float, float]] = {}
    for name in ("rebuilt", "put", "_decide"):
        setattr(runs, name, _timed(name, getattr(runs, name), parts))
    begun, cpu = time.perf_counter(), time.process_time()
    run = services.run_all()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    named = {"rebuilt": "read", "put": "store_table", "_decide": "decide_and_store"}
    return {
        "enterprises": run.enterprises,
        "offers": run.offers,
        "full_s": round(wall, 3),
        "full_cpu_s": round(cpu, 3),
        **{f"full_{named[name]}_s": round(one[0], 3) for name, one in parts.items()},
        **{f"full_{named[name]}_cpu_s": round(one[1], 3) for name, one in parts.items()},
    }


def _timed(name: str, act: Callable[..., Any], parts: dict[str, tuple[float, float]]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        begun, cpu = time.perf_counter(), time.process_time()
        found = act(*arguments)
        parts[name] = (time.perf_counter() - begun, time.process_time() - cpu)
        return found

    return timed


def ends(address: str, times: int) -> dict[str, Any]:
    """Signings, then changes of one profile."""
    waited, broadest, pushed, are_pushes_right = signings(times)
    page = pages(address, times)
    return {
        "push_p95_s": _p95(waited),
        "push_median_s": round(statistics.median(waited), 3),
        "push_signings": len(waited),
        "push_listed": pushed,
        **broadest,
        "page_p95_s": _p95(page["seconds"]),
        "page_median_s": round(statistics.median(page["seconds"]), 3),
        "page_changes": len(page["seconds"]),
        "is_right": are_pushes_right and page["is_right"],
    }


def _p95(seconds: list[float]) -> float:
    return round(sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)], 3)


def signings(times: int) -> tuple[list[float], dict[str, Any], int, bool]:
    """Each of the city's rules that somebody meets, signed as a new offer, until just those stand in the push list."""
    from yueban.kernel import clock
    from yueban.matching.models import Push
    from yueban.matching.selectors import current_profiles, matched_parties
    from yueban.policies import selectors as policies

    current_profiles()
    rules: list[tuple[Any, set[int]]] = []
    for version in policies.offers_in_force(clock.today()):
        if policies.standard_of(version).beneficiary == "enterprise" and NAME not in version.name:
            found = set(matched_parties(version))
            if found:
                rules.append((version, found))
    rules.sort(key=lambda rule: len(rule[1]))
    usual = [rule for rule in rules if len(rule[1]) <= BROAD]
    seconds: list[float] = []
    pushed, is_right, broadest = 0, True, {}
    for number in range(times + (len(usual) < len(rules))):
        is_broadest = number == times
        model, wanted = rules[-1] if is_broadest else usual[number % len(usual)]
        begun = time.perf_counter()
        key = signed(model, f"bench-{int(time.time() * 1000)}-{number}")
        while Push.objects.filter(offer_key=key).count() < len(wanted):
            if time.perf_counter() - begun > PATIENCE_S:
                is_right = False
                break
            time.sleep(PAUSE_S)
        waited = time.perf_counter() - begun
        told(f"signing {number + 1}: {len(wanted)} enterprises, {waited:.3f} s")
        listed = set(Push.objects.filter(offer_key=key).values_list("party_id", flat=True))
        is_right = is_right and listed == wanted
        pushed += len(listed)
        if is_broadest:
            broadest = {"push_broadest_s": round(waited, 3), "push_broadest_enterprises": len(wanted)}
        else:
            seconds.append(waited)
    return seconds, broadest, pushed, is_right


def signed(model: Any, key: str) -> str:
    """A new offer with the rule of another, signed and handed to matching as a signature does."""
    from django.db import transaction

    from yueban.kernel import clock
    from yueban.matching import services as matching
    from yueban.policies.models import Offer, OfferVersion
    from yueban.policies.standards import hash_of

    definition = {**model.definition, "key": key, "name": f"{NAME}{key}"}
    with transaction.atomic():
        version = OfferVersion.objects.create(
            offer=Offer.objects.create(key=key, policy=model.offer.policy),
            policy_version=model.policy_version,
            number=1,
            state="signed",
            name=definition["name"],
            redemption=model.redemption,
            department_kind=model.department_kind,
            clause=model.clause,
            definition=definition,
            spans=model.spans,
            content_hash=hash_of(definition, model.spans),
            in_force_from=clock.today(),
            signed_at=clock.now(),
        )
        matching.offer_signed(version)
    return key


def pages(address: str, times: int) -> dict[str, Any]:
    """One figure of the enterprise changes to and fro; its page must show the offer in the other group."""
    from yueban.accounts.models import User
    from yueban.commands.visitor import Visitor
    from yueban.flows import enterprise_facts
    from yueban.kernel import clock
    from yueban.parties import selectors as parties
    from yueban.policies import selectors as policies

    party = next(
        one
        for one in parties.parties_of_user(User.objects.get(username=PERSON).pk)
        if one.kind == "enterprise"
    )
    company = parties.parties_by_id([party.id])[0]
    model = next(
        one
        for one in policies.offers_in_force(clock.today())
        if company.division_code.startswith(one.offer.policy.division_code.rstrip("0"))
    )
    model.definition = {
        **model.definition,
        "conditions": {"fact": "enterprise.digital_investment", "op": "ge", "value": 100_000},
    }
    key = signed(model, f"bench-page-{int(time.time() * 1000)}")
    visitor = Visitor(address)
    page = visitor.get("/sign-in")
    visitor.send(page, next(form for form in page.forms if form.fields.get("username") == [PERSON]))
    seconds, is_right = [], True
    for number in range(times + 2):
        value, group = ((ENOUGH + number, "eligible"), (TOO_LITTLE + number, "near"))[number % 2]
        begun = time.perf_counter()
        enterprise_facts.record(
            party=company,
            source=SOURCE,
            facts={"enterprise.digital_investment": value},
            as_of=clock.today(),
        )
        shown = visitor.get(f"/my/policies/?group={group}&q={quote(key)}").text
        seconds.append(time.perf_counter() - begun)
        is_there = f"/policies/{key}/" in shown
        is_right = is_right and is_there
        told(f"page {number + 1}: {seconds[-1]:.3f} s, {group}: {is_there}")
    return {"seconds": seconds[2:], "is_right": is_right}


def told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
